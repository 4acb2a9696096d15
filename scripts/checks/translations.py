"""The texts, by the rules of hassfest, and the same in every language."""

from collections.abc import Iterator, Mapping
import json
import re
from string import Formatter
from typing import Any

from .tree import Problem, Tree

FOLDER = "custom_components/cctv/translations"
ENGLISH = f"{FOLDER}/en.json"

SECTIONS = frozenset(
    {
        "common",
        "conditions",
        "config",
        "config_subentries",
        "device",
        "device_automation",
        "entity",
        "exceptions",
        "issues",
        "options",
        "preview_features",
        "selector",
        "services",
        "system_health",
        "title",
        "triggers",
    }
)
KEY = re.compile(r"(?![_-])(?!.*[_-]{2})[a-z0-9_-]+(?<![_-])")
URL = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
HTML = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
QUOTED = re.compile(r"'\{[^}]*\}'")

type Texts = Mapping[str, Any]


def check(tree: Tree) -> Iterator[Problem]:
    """Check every language."""
    if tree.has("custom_components/cctv/strings.json"):
        yield Problem("custom_components/cctv/strings.json", "belongs into translations/en.json")
    if not tree.has(ENGLISH):
        return
    english = tree.json(ENGLISH)
    for text in structure_faults(english):
        yield Problem(ENGLISH, text)
    wanted = leaves(english)
    for path in tree.files:
        if not path.startswith(f"{FOLDER}/") or not path.endswith(".json"):
            continue
        language = leaves(tree.json(path))
        for where, text in language.items():
            for fault in text_faults(text):
                yield Problem(path, f"{where}: {fault}")
        if path != ENGLISH:
            for fault in parity_faults(wanted, language):
                yield Problem(path, fault)


def leaves(texts: Texts, prefix: str = "") -> dict[str, Any]:
    """Return every text under its dotted path."""
    found: dict[str, Any] = {}
    for key, value in texts.items():
        where = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= leaves(value, f"{where}.")
        else:
            found[where] = value
    return found


def placeholders(text: str) -> set[str]:
    """Return the names in braces; a text that cannot be formatted raises ValueError."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def text_faults(text: Any) -> Iterator[str]:
    """Say what is wrong with one text."""
    if not isinstance(text, str):
        yield f"{json.dumps(text)} is not a text"
        return
    if not text or text != text.strip():
        yield "is empty, or starts or ends with a space"
    if URL.search(text):
        yield "holds a URL; give it as a placeholder"
    if HTML.search(text):
        yield "holds HTML"
    if QUOTED.search(text):
        yield "puts a placeholder into single quotes"
    if "[%key:" in text:
        yield "refers to another text; custom integrations write it out"
    try:
        names = placeholders(text)
    except ValueError as error:
        yield f"has unmatched braces ({error})"
        return
    for name in sorted(names):
        if not name.isidentifier():
            yield f"has a placeholder that is no name: {{{name}}}"


def parity_faults(english: Texts, other: Texts) -> Iterator[str]:
    """Say where a language differs from English in what it has, or in its placeholders."""
    for where in sorted(english.keys() - other.keys()):
        yield f"{where} is missing"
    for where in sorted(other.keys() - english.keys()):
        yield f"{where} is not in English"
    for where in sorted(english.keys() & other.keys()):
        try:
            same = placeholders(english[where]) == placeholders(other[where])
        except TypeError, ValueError:
            continue  # Reported where the text itself is judged.
        if not same:
            yield f"{where} has other placeholders than English"


def structure_faults(texts: Texts) -> Iterator[str]:
    """Say what is wrong with the shape of the English texts."""
    for section in sorted(texts.keys() - SECTIONS):
        yield f"{section} is not a section that Home Assistant knows"
    yield from _key_faults(texts, "")
    for flow in ("config", "options"):
        yield from _flow_faults(flow, texts.get(flow, {}))
    for kind, flow in texts.get("config_subentries", {}).items():
        where = f"config_subentries.{kind}"
        if "entry_type" not in flow or "user" not in flow.get("initiate_flow", {}):
            yield f"{where} needs entry_type and initiate_flow.user"
        yield from _flow_faults(where, flow)
    for name, issue in texts.get("issues", {}).items():
        if "title" not in issue:
            yield f"issues.{name} needs a title"
        if ("description" in issue) == ("fix_flow" in issue):
            yield f"issues.{name} needs either description or fix_flow"
        yield from _flow_faults(f"issues.{name}.fix_flow", issue.get("fix_flow", {}))
    for name, exception in texts.get("exceptions", {}).items():
        if set(exception) != {"message"}:
            yield f"exceptions.{name} has a message and nothing else"


def _key_faults(texts: Texts, prefix: str) -> Iterator[str]:
    """Say which keys Home Assistant would refuse."""
    for key, value in texts.items():
        where = f"{prefix}{key}"
        if not KEY.fullmatch(key):
            yield f"{where}: a key is lower-case letters, digits, and single _ or - inside"
        if isinstance(value, Mapping):
            yield from _key_faults(value, f"{where}.")


def _flow_faults(where: str, flow: Texts) -> Iterator[str]:
    """Say which fields of a flow are explained but absent, or not explained."""
    for name, step in flow.get("step", {}).items():
        yield from _field_faults(f"{where}.step.{name}", step)
        for section, fields in step.get("sections", {}).items():
            yield from _field_faults(f"{where}.step.{name}.sections.{section}", fields)


def _field_faults(where: str, form: Texts) -> Iterator[str]:
    """Compare the fields of one form with what explains them."""
    fields = form.get("data", {}).keys()
    explained = form.get("data_description", {}).keys()
    for key in sorted(explained - fields):
        yield f"{where}.data_description.{key} explains no field"
    for key in sorted(fields - explained):
        yield f"{where}.data.{key} has no data_description"
