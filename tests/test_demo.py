"""The judgement of the demonstration's check; the check itself is run, not tested."""

from pathlib import Path

import pytest

from custom_components.cctv.devices import registry
from scripts.demo.cast import CAST, FAMILIES
from scripts.demo.check import Failed, Proofs, quiet_log
from scripts.demo.home import READY, Home

STAMP = "2026-11-20 16:11:25.996"
HARMLESS = f"""\
{STAMP} WARNING (MainThread) [homeassistant.loader] We found a custom integration cctv
{STAMP} ERROR (MainThread) [haffmpeg.core] FFmpeg fails
Traceback (most recent call last):
  File "/venv/haffmpeg/core.py", line 130, in open
FileNotFoundError: ffmpeg
{STAMP} INFO (MainThread) [custom_components.cctv] Front door does not answer
{STAMP} INFO (MainThread) [homeassistant.bootstrap] {READY} 1.46s
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "/tmp/x/custom_components/cctv/entity.py", line 3, in a
KeyError: 3
"""
MAIN = "(MainThread)"
FAULTS = (
    f"{STAMP} ERROR {MAIN} [custom_components.cctv.coordinator] Something is wrong\n",
    f"{STAMP} ERROR {MAIN} [homeassistant.config_entries] Error setting up x for cctv\n",
    f"{STAMP} ERROR {MAIN} [homeassistant] Error doing job\n{TRACEBACK}",
    f"{STAMP} WARNING {MAIN} [homeassistant.util.loop] Detected blocking call by 'cctv'\n",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Make a house whose log can be written by hand."""
    return Home(tmp_path, 0)


def test_what_others_log_is_not_our_fault(home: Home) -> None:
    home.log.write_text(HARMLESS)
    assert "no error" in quiet_log(home)


@pytest.mark.parametrize("fault", FAULTS)
def test_our_faults_are_found_in_the_log(home: Home, fault: str) -> None:
    home.log.write_text(HARMLESS + fault + HARMLESS)
    with pytest.raises(Failed, match="1 faults"):
        quiet_log(home)


async def test_one_proof_that_fails_fails_the_check() -> None:
    proofs = Proofs()

    async def good() -> str:
        return "seen"

    async def bad() -> str:
        raise Failed("not seen")

    assert not proofs.passed
    await proofs.run("good", good)
    assert proofs.passed
    await proofs.run("bad", bad)
    await proofs.run("good again", good)
    assert not proofs.passed
    assert [row.passed for row in proofs.rows] == [True, False, True]


def test_every_family_plays() -> None:
    assert set(FAMILIES) == {role.family for role in CAST} == set(registry.FAMILIES)
    assert len({role.title for role in CAST}) == len(CAST)
