"""What is counted and measured."""

from typing import Final

from .row import Kind, Row, Unit, switch

ROWS: Final = (
    Row("people_entered", Kind.MEASURE, "How many came in today", nested=True),
    Row("people_exited", Kind.MEASURE, "How many went out today", nested=True),
    Row("people_inside", Kind.MEASURE, "How many are inside", nested=True),
    Row("spaces_free", Kind.MEASURE, "How many parking spaces are free"),
    Row("temperature", Kind.MEASURE, "The average temperature", Unit.CELSIUS, nested=True),
    Row("temperature_max", Kind.MEASURE, "The highest temperature", Unit.CELSIUS, nested=True),
    Row(
        "temperature_min",
        Kind.MEASURE,
        "The lowest temperature",
        Unit.CELSIUS,
        minor=True,
        nested=True,
    ),
    switch("count_overlay", "The count is shown in the picture", minor=True),
    switch("thermometry", "The thermal camera measures temperatures", minor=True),
    Row("emissivity", Kind.NUMBER, "How well the surface radiates", minor=True),
    Row("reset_count", Kind.BUTTON, "Begin to count anew", nested=True),
)
