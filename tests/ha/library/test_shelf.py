"""Small files on disk: kept over restarts, bounded, removed with their owner."""

from pathlib import Path

from custom_components.cctv.shelf import Shelf

NAMES = [f"{number:032x}" for number in range(20)]


def shelf(folder: Path, files: int = 10) -> Shelf:
    """Return a shelf with room for ten thousand bytes."""
    return Shelf(folder, most_bytes=10_000, most_files=files)


def test_what_is_put_is_there_also_after_a_restart(tmp_path: Path) -> None:
    shelf(tmp_path).put("me", NAMES[0], b"picture")
    assert shelf(tmp_path).get("me", NAMES[0]) == b"picture"
    assert shelf(tmp_path).get("you", NAMES[0]) is None
    assert shelf(tmp_path).get("me", NAMES[1]) is None


def test_what_was_wanted_last_stays(tmp_path: Path) -> None:
    kept = shelf(tmp_path, files=3)
    for name in NAMES[:3]:
        kept.put("me", name, b"x")
    kept.get("me", NAMES[0])
    kept.put("me", NAMES[3], b"x")
    assert [kept.get("me", name) for name in NAMES[:4]] == [b"x", None, b"x", b"x"]
    assert len(list(tmp_path.glob("*/*"))) == 3


def test_large_files_take_the_room_of_many(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    for name in NAMES[:5]:
        kept.put("me", name, b"x" * 1_500)
    kept.put("me", NAMES[5], b"y" * 6_000)
    assert [kept.get("me", name) is not None for name in NAMES[:6]] == [False] * 3 + [True] * 3
    kept.put("me", NAMES[6], b"z" * 20_000)
    assert kept.get("me", NAMES[6]) is None


def test_an_owners_files_go_together(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    kept.put("me", NAMES[0], b"x")
    kept.put("you", NAMES[0], b"x")
    kept.forget("me")
    assert (kept.get("me", NAMES[0]), kept.get("you", NAMES[0])) == (None, b"x")


def test_what_was_not_finished_goes(tmp_path: Path) -> None:
    folder = tmp_path / "me"
    folder.mkdir()
    (folder / f"{NAMES[0]}.12ab").write_bytes(b"half")
    assert shelf(tmp_path).get("me", NAMES[0]) is None
    assert list(folder.iterdir()) == []


def test_a_file_that_vanished_is_not_there(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    kept.put("me", NAMES[0], b"x")
    (tmp_path / "me" / NAMES[0]).unlink()
    assert kept.get("me", NAMES[0]) is None


def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "me").write_bytes(b"a file where a folder should be")
    kept = shelf(tmp_path)
    kept.put("me", NAMES[0], b"x")
    assert kept.get("me", NAMES[0]) is None
