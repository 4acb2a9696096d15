"""What the tests of sound share."""

from pathlib import Path

import pytest

from .samples import tone


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Two seconds of a tone."""
    return tone(tmp_path / "tone.wav", "pcm_s16le", rate=16_000, layout="mono")
