"""Moving the camera and its lens."""

from typing import Final

from .row import Kind, Row, Unit, switch

ROWS: Final = (
    # --- moving the camera
    Row("pan_left", Kind.BUTTON, "Turn left for a step"),
    Row("pan_right", Kind.BUTTON, "Turn right for a step"),
    Row("tilt_up", Kind.BUTTON, "Turn up for a step"),
    Row("tilt_down", Kind.BUTTON, "Turn down for a step"),
    Row("zoom_in", Kind.BUTTON, "Zoom in for a step"),
    Row("zoom_out", Kind.BUTTON, "Zoom out for a step"),
    Row("ptz_home", Kind.BUTTON, "Go to the home position"),
    Row("ptz_step", Kind.NUMBER, "How long a step is", Unit.SECONDS, minor=True),
    Row("preset", Kind.CHOICE, "The stored position the camera was sent to"),
    Row("ptz_command", Kind.CHOICE, "A command of the camera's drive", minor=True),
    Row(
        "cruise",
        Kind.CHOICE,
        "How the camera looks around by itself",
        options=("off", "presets", "circle"),
    ),
    Row("pan", Kind.MEASURE, "Where the camera looks, left and right", Unit.DEGREES, minor=True),
    Row("tilt", Kind.MEASURE, "Where the camera looks, up and down", Unit.DEGREES, minor=True),
    Row("zoom_position", Kind.MEASURE, "How far the camera is zoomed", minor=True),
    switch("autofocus", "The camera focuses by itself"),
    switch("autoiris", "The camera sets its iris by itself", minor=True),
    switch("digital_zoom", "The zoom goes on digitally", minor=True),
    switch("auto_homing", "The camera returns by itself when nobody moves it", minor=True),
    switch("wiper", "The wiper wipes"),
    Row("focus", Kind.NUMBER, "Where the lens is focused", Unit.PERCENT),
    Row("zoom", Kind.NUMBER, "How far the lens is zoomed", Unit.PERCENT),
    Row("zoom_speed", Kind.NUMBER, "How fast the lens zooms", minor=True),
    Row("homing_delay", Kind.NUMBER, "When the camera returns by itself", Unit.SECONDS, minor=True),
    Row(
        "focus_mode",
        Kind.CHOICE,
        "When the lens focuses by itself",
        options=("auto", "semi_auto", "manual"),
        minor=True,
    ),
    Row(
        "idle_action",
        Kind.CHOICE,
        "What the camera does when nobody moves it",
        options=("none", "scan", "preset", "pattern", "tour"),
        minor=True,
    ),
    Row("tour", Kind.CHOICE, "The tour that the camera makes", options=("off",)),
    Row("focus_now", Kind.BUTTON, "Focus now"),
    Row("wipe", Kind.BUTTON, "Wipe once"),
)
