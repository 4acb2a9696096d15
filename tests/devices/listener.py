"""What should never be logged in a storm, by which it is judged."""

import logging
from typing import Final

PASSWORD: Final = "Hush-7-Zx9"
OURS: Final = "custom_components/cctv"


class Listener(logging.Handler):
    """Keeps what should never be logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.bad: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line."""
        said = record.getMessage()
        mine = OURS in record.pathname or record.name == "asyncio"
        if (mine and record.exc_info) or PASSWORD in said or record.levelno >= logging.ERROR:
            self.bad.append(self.format(record))
        # Whoever keeps the record would keep the error's frames, and the bodies in them.
        record.msg, record.args, record.exc_info = said, (), None
