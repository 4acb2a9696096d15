"""The tree itself: what lies where, how long it is, and what it must not mention."""

from collections.abc import Iterator
from pathlib import PurePosixPath
import re

from .tree import Problem, Tree

TOP = frozenset(
    {
        ".ci",
        ".github",
        ".gitignore",
        "LICENSE",
        "README.md",
        "blueprints",
        "custom_components",
        "docs",
        "hacs.json",
        "pyproject.toml",
        "requirements_test.txt",
        "scripts",
        "tests",
    }
)
BINARY = frozenset(
    {".avi", ".dav", ".gif", ".h264", ".ico", ".jpeg", ".jpg", ".mp4", ".png", ".webp"}
)
LARGEST = 2_000_000  # bytes

# A text that is code, and so has readers who want one idea a file.
CODE = frozenset({"", ".css", ".js", ".py", ".sh", ".ts", ".yaml", ".yml"})
LONGEST = 500  # lines
LONG: dict[str, str] = {
    "tests/devices/test_contract.py": "one suite, whose tests share one box of every personality",
}
"""Files of code that are longer, each with the reason."""

# Written so that this file does not find itself.
UNWANTED = {
    r"\.\./share[d]": "points out of the project",
    r"(?<![\w.])/(wor[k]|roo[t])/": "names a folder of one machine",
    r"\b[a-z]+hoste[d]\.org|\bregistr[y]\.[a-z]+\.|\bde[b]\.[a-z]+\.org": "names a package host",
    r"https?://[a-z.]+/simpl[e]/": "names a package host",
}
UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|NotImplementedErro[r])\b")


def check(tree: Tree) -> Iterator[Problem]:
    """Check every file."""
    seen: set[str] = set()
    for path in tree.files:
        top = path.partition("/")[0]
        if top not in TOP and top not in seen:
            seen.add(top)
            yield Problem(top, "does not belong at the top")
        if (tree.root / path).stat().st_size > LARGEST:
            yield Problem(path, f"is larger than {LARGEST} bytes")
        if PurePosixPath(path).suffix not in BINARY:
            yield from text_faults(path, tree.text(path))
    for path in sorted(LONG.keys() - set(tree.files)):
        yield Problem(path, "is excused for its length and not there")


def text_faults(path: str, text: str) -> Iterator[Problem]:
    """Say what is wrong with one text file."""
    lines = text.splitlines()
    suffix = PurePosixPath(path).suffix
    is_code = suffix in CODE and path != "LICENSE"
    if is_code and len(lines) > LONGEST and path not in LONG:
        yield Problem(path, f"has {len(lines)} lines, more than {LONGEST}, and no reason in LONG")
    if len(lines) <= LONGEST and path in LONG:
        yield Problem(path, "is excused for its length and not long")
    for number, line in enumerate(lines, 1):
        for pattern, why in UNWANTED.items():
            if re.search(pattern, line):
                yield Problem(path, why, number)
        if suffix == ".py" and (found := UNFINISHED.search(line)):
            yield Problem(path, f"says {found.group()}: finish it, or say what is so", number)
