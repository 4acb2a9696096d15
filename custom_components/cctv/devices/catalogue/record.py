"""Recording."""

from typing import Final

from .row import Kind, Row, Unit, switch

ROWS: Final = (
    # --- recording
    Row(
        "record_mode",
        Kind.CHOICE,
        "When the device records",
        options=("auto", "on", "off", "detection", "alert"),
    ),
    switch("record", "We ask the device to record"),
    switch("clip", "We ask for an extra clip"),
    switch("record_on_motion", "Only motion is recorded"),
    switch("schedule", "The camera follows its schedule"),
    switch("timelapse", "A time-lapse film is made", minor=True),
    Row("timelapse_interval", Kind.NUMBER, "A picture of it so often", Unit.SECONDS, minor=True),
    Row("timelapse_rate", Kind.NUMBER, "Its pictures a second", minor=True),
    switch("ftp_pictures", "Pictures are sent by FTP", minor=True),
    Row("last_recording", Kind.MOMENT, "When the newest recording began"),
    Row("recordings_today", Kind.MEASURE, "How many recordings began today", minor=True),
    Row(
        "new_recording",
        Kind.EVENT,
        "A recording was finished and can be played",
        options=("recorded",),
    ),
    switch("ftp_recordings", "Recordings are sent by FTP", minor=True),
    switch("save_pictures", "Pictures are stored", minor=True),
    switch("cloud_pictures", "Pictures are sent to the cloud", minor=True),
    switch("cloud_recordings", "Recordings are sent to the cloud", minor=True),
    Row("split_time", Kind.NUMBER, "A new file so often", Unit.MINUTES),
    switch("reevaluate_tags", "Names are worked out anew at each split", minor=True),
    Row("recording_directory", Kind.TEXT, "Where recordings go"),
    Row("inspection_directory", Kind.TEXT, "Where pictures and clips go"),
    Row("file_template", Kind.TEXT, "How files are named", minor=True),
    Row("directory_template", Kind.TEXT, "How folders are named", minor=True),
    Row("picture_template", Kind.TEXT, "How pictures are named", minor=True),
    Row("data_log_template", Kind.TEXT, "How data logs are named", minor=True),
    Row("event_template", Kind.TEXT, "How events are named", minor=True),
    Row("anomaly_template", Kind.TEXT, "How anomalies are named", minor=True),
    switch("overwrite", "A full disk overwrites the oldest", minor=True),
    switch("holiday_recording", "Holidays have a schedule of their own", minor=True),
    switch("network_storage", "A network drive is used", minor=True, nested=True),
    switch("record_snapshot", "Recording stores pictures as well", minor=True),
    Row(
        "pre_record",
        Kind.NUMBER,
        "How long before an event the recording begins",
        Unit.SECONDS,
        minor=True,
    ),
    Row("record_length", Kind.NUMBER, "How long one file is", Unit.MINUTES, minor=True),
    Row(
        "file_hold_time",
        Kind.NUMBER,
        "How long recordings are kept",
        Unit.DAYS,
        minor=True,
        nested=True,
    ),
    Row("record_stream", Kind.CHOICE, "Which stream is recorded", minor=True),
)
