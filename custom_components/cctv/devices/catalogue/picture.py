"""The picture and its streams."""

from typing import Final

from .row import Kind, Row, Unit, switch

ROWS: Final = (
    # --- the picture
    Row("frame_rate", Kind.NUMBER, "Pictures a second at most", minor=True),
    Row("record_frame_rate", Kind.NUMBER, "Recorded pictures a second at most", minor=True),
    Row("resolution", Kind.CHOICE, "Width and height of the picture", minor=True),
    Row("compression", Kind.NUMBER, "How hard pictures are compressed", Unit.PERCENT, minor=True),
    Row("brightness", Kind.NUMBER, "How bright the picture is", Unit.PERCENT, minor=True),
    Row("contrast", Kind.NUMBER, "How much contrast the picture has", Unit.PERCENT, minor=True),
    Row("saturation", Kind.NUMBER, "How colourful the picture is", Unit.PERCENT, minor=True),
    Row("sharpness", Kind.NUMBER, "How sharp the picture is", Unit.PERCENT, minor=True),
    Row("white_balance", Kind.CHOICE, "What counts as white", minor=True),
    Row("exposure", Kind.CHOICE, "How long a picture is exposed", minor=True),
    Row("rotation", Kind.CHOICE, "How far the picture is turned", minor=True),
    switch("rotate", "The picture stands on its head"),
    switch("mirror", "Left and right are swapped", minor=True),
    Row("overlay_text", Kind.TEXT, "The text in the picture", minor=True),
    switch("overlay_shown", "The text is shown", minor=True),
    switch("overlay_clock", "The time is shown in the picture", minor=True),
    switch("overlay_date", "The date is shown in the picture", minor=True),
    Row("object_name", Kind.TEXT, "What the recorder calls it", minor=True),
    Row("access_groups", Kind.TEXT, "Which groups may see it", minor=True),
    Row("last_picture", Kind.IMAGE, "The picture of the last event"),
    Row("floor_plan", Kind.IMAGE, "A plan of the place", nested=True),
    Row(
        "day_night",
        Kind.CHOICE,
        "When the picture is black and white",
        options=("color", "auto", "black_white"),
    ),
    Row(
        "focus_state",
        Kind.LABEL,
        "Whether the lens is focusing",
        options=("normal", "focusing", "resetting"),
        minor=True,
    ),
    switch("mask", "A part of the picture is covered", minor=True, nested=True),
    switch("sub_stream", "The second stream is sent", minor=True),
    switch("stream_sound", "The main stream has sound", minor=True),
    switch("sub_stream_sound", "The second stream has sound", minor=True),
    switch("smart_codec", "The encoder saves where nothing moves", minor=True),
    switch("overlay_name", "The camera name is shown in the picture", minor=True),
    switch("defog", "Fog is taken out of the picture", minor=True),
    Row("hue", Kind.NUMBER, "How the colours are turned", Unit.PERCENT, minor=True),
    Row("gamma", Kind.NUMBER, "How bright the middle tones are", Unit.PERCENT, minor=True),
    Row("backlight", Kind.NUMBER, "How much backlight is evened out", minor=True),
    Row("bitrate", Kind.NUMBER, "How many bits the main stream has", Unit.KILOBITS, minor=True),
    Row(
        "sub_bitrate", Kind.NUMBER, "How many bits the second stream has", Unit.KILOBITS, minor=True
    ),
    Row("sub_frame_rate", Kind.NUMBER, "Pictures a second of the second stream", minor=True),
    Row(
        "keyframe_interval", Kind.NUMBER, "Pictures from one whole picture to the next", minor=True
    ),
    Row("video_codec", Kind.CHOICE, "How the main stream is encoded", minor=True),
    Row("sub_video_codec", Kind.CHOICE, "How the second stream is encoded", minor=True),
    Row("sub_resolution", Kind.CHOICE, "Width and height of the second stream", minor=True),
    Row(
        "bitrate_control",
        Kind.CHOICE,
        "Whether the bit rate may vary",
        options=("constant", "variable"),
        minor=True,
    ),
    Row("video_standard", Kind.CHOICE, "The mains frequency that pictures follow", minor=True),
    Row(
        "picture_profile",
        Kind.CHOICE,
        "Which set of picture settings counts when",
        options=("fixed", "schedule", "day_night"),
    ),
    Row(
        "floodlight_mode",
        Kind.CHOICE,
        "When the floodlight shines",
        options=("motion", "manual", "schedule", "infrared"),
    ),
    Row("palette", Kind.CHOICE, "The colours of the thermal picture"),
    Row("flat_field", Kind.BUTTON, "Calibrate the thermal sensor"),
)
