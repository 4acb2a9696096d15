"""What the families' speakers take is what can be written for them."""

import ast
from pathlib import Path

import pytest

from custom_components.cctv.media.audio import CODECS

DEVICES = Path(__file__).parents[2] / "custom_components" / "cctv" / "devices"


def speakers() -> dict[str, str]:
    """The codec of each TalkFormat in the families' source, by where it stands."""
    found = {}
    for path in sorted(DEVICES.glob("*/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "TalkFormat":
                named = {one.arg: one.value for one in node.keywords}
                codec = named.get("codec") or node.args[0]
                assert isinstance(codec, ast.Constant), f"{path.name}:{node.lineno}"
                found[f"{path.parent.name}/{path.name}:{node.lineno}"] = str(codec.value)
    return found


def test_there_are_speakers() -> None:
    assert len(speakers()) >= 3


@pytest.mark.parametrize(("where", "codec"), speakers().items())
def test_what_a_speaker_takes_can_be_written(where: str, codec: str) -> None:
    assert codec in CODECS, where
