"""What one version of iSpy does and another does not (the three generations and between)."""

from dataclasses import dataclass
from enum import StrEnum

type Version = tuple[int, ...]


class Generation(StrEnum):
    """The three wire generations."""

    G1 = "G1"
    G2 = "G2"
    G3 = "G3"


@dataclass(frozen=True, slots=True)
class Rules:
    """A version, asked about its habits."""

    version: Version

    @property
    def generation(self) -> Generation:
        """G1 to 6.4.7, G2 to 7.1.5, then G3."""
        if self.version < (6, 4, 8):
            return Generation.G1
        return Generation.G2 if self.version < (7, 1, 6) else Generation.G3

    @property
    def first(self) -> bool:
        """Whether this is G1."""
        return self.generation is Generation.G1

    @property
    def third(self) -> bool:
        """Whether this is G3."""
        return self.generation is Generation.G3

    @property
    def ancient(self) -> bool:
        """The builds of about 2012: fewer fields, lower-cased values, another MJPEG head."""
        return self.version < (5,)

    @property
    def unicode(self) -> bool:
        """UTF-8 answers; before, every other UTF-16 unit is a question mark."""
        return self.version >= (6, 5, 2)

    @property
    def hangs(self) -> bool:
        """An exception leaves the request hanging; before, the socket closes."""
        return self.version >= (6, 5, 2)

    @property
    def bare_gzip(self) -> bool:
        """A compressed body whose Content-Encoding is missing."""
        return (6, 5, 2) <= self.version < (6, 5, 7)

    @property
    def empty_list_denies(self) -> bool:
        """An empty list of allowed addresses shuts out localhost too."""
        return self.version >= (6, 5, 7)

    @property
    def tells_block(self) -> bool:
        """The denial says that the list of addresses was to blame."""
        return self.version >= (6, 5, 2)

    @property
    def snapshot_answers(self) -> bool:
        """Snapshot says OK; before, it ends in the catch-all page."""
        return self.version >= (6, 5, 7)

    @property
    def error_state(self) -> bool:
        """The configuration of an object tells whether its source fails."""
        return self.version >= (7, 1, 8)

    @property
    def plays_plain_names(self) -> bool:
        """Until April 2022 a file could be played by its plain name."""
        return self.version < (7, 2, 5)


ALWAYS: Version = (0,)
G2: Version = (6, 4, 8)
G3: Version = (7, 1, 6)
YEAR_2022: Version = (7, 2, 5)
