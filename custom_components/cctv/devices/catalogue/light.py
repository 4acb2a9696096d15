"""Lights, sound and privacy."""

from typing import Final

from .row import Kind, Row, Unit, switch

ROWS: Final = (
    # --- lights, sound, privacy
    Row("floodlight", Kind.LIGHT, "The white lamp"),
    Row("warning_light", Kind.LIGHT, "The lamp that warns off"),
    Row(
        "infrared",
        Kind.CHOICE,
        "When the infrared lamp shines",
        options=("auto", "manual", "off", "zoom"),
    ),
    Row(
        "infrared_level",
        Kind.NUMBER,
        "How bright the infrared lamp shines",
        Unit.PERCENT,
        minor=True,
    ),
    Row(
        "light_scheme",
        Kind.CHOICE,
        "Which lamp lights the night",
        options=("infrared", "white", "smart", "off"),
        minor=True,
    ),
    switch("status_light", "The little lamp on the case"),
    Row("siren", Kind.SIREN, "The siren", rest=False),
    Row("speaker_volume", Kind.NUMBER, "How loud the speaker is", Unit.PERCENT, minor=True),
    Row(
        "microphone_volume",
        Kind.NUMBER,
        "How sensitive the microphone is",
        Unit.PERCENT,
        minor=True,
    ),
    Row("speaker", Kind.SPEAKER, "Plays sounds and speech"),
    switch("listen_at_server", "The recorder's own speakers play the microphone", minor=True),
    switch("talk_from_server", "The recorder's own microphone speaks to the camera", minor=True),
    switch("privacy", "The lens is hidden and nothing is seen"),
    switch("enabled", "The camera is switched on"),
    switch("night_vision", "The picture turns to infrared at night"),
)
