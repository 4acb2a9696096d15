"""How the web server of the recorder writes its answers (§2)."""

import json

from tests.simulators.dvro.faults import Booleans, Faults, Framing, JsonStyle
from tests.simulators.messages import REASONS, Headers, Reply, chunks

_SERVER: Headers = (("Server", "EmbedIO/3.5.2"),)
_JSON = "application/json; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_BOM = b"\xef\xbb\xbf"


def done(faults: Faults) -> Reply:
    """Answer a command: nothing at all."""
    return Reply(headers=_SERVER, length=-1 if faults.empty_length else None)


def say(faults: Faults, text: str, content_type: str = _JSON) -> Reply:
    """Answer with a text, delimited as the switches say."""
    return raw(faults, (_BOM if faults.bom else b"") + text.encode(), content_type)


def raw(faults: Faults, body: bytes, content_type: str = _JSON) -> Reply:
    """Answer with bytes as they are."""
    headers = (*_SERVER, ("Content-Type", content_type))
    if faults.framing is Framing.CHUNKED:
        body = chunks(body, faults.chunk)
        return Reply(
            body=body, headers=headers, length=None, chunked=True, fragment=faults.fragment
        )
    length = -1 if faults.framing is Framing.LENGTH else None
    return Reply(body=body, headers=headers, length=length, fragment=faults.fragment)


def say_object(faults: Faults, members: dict[str, object], printed: str) -> Reply:
    """Answer with an object, spaced as printed or otherwise."""
    match faults.json:
        case JsonStyle.COMPACT:
            text = json.dumps(members, separators=(",", ":"))
        case JsonStyle.PRETTY:
            text = json.dumps(members, indent=2).replace("\n", "\r\n")
        case JsonStyle.PRINTED:
            text = printed
    return say(faults, text)


def say_flag(faults: Faults, name: str, value: bool) -> Reply:
    """Answer with an object of one boolean."""
    return say_object(faults, {name: value}, f'{{ "{name}": {_word(value)} }}')


def say_bare(faults: Faults, name: str, value: bool) -> Reply:
    """Answer with a boolean alone, or as the switches say."""
    if faults.booleans is Booleans.OBJECT:
        return say_flag(faults, name, value)
    text = {
        Booleans.BARE: _word(value),
        Booleans.CAPITAL: str(value),
        Booleans.QUOTED: f'"{_word(value)}"',
    }[faults.booleans]
    return say(faults, text, faults.boolean_type)


def refuse(faults: Faults, status: int) -> Reply:
    """Answer with an error and a page about it."""
    words = f"{status} - {REASONS[status]}"
    page = f"<html><head><title>{words}</title></head><body><h1>{words}</h1>"
    if faults.html_pages:
        page += '<p>Is it recording? true</p><pre>{ "Ping": true, "IsRecording": true }</pre>'
    body = f"{page}</body></html>\r\n".encode()
    return Reply(status, body, (*_SERVER, ("Content-Type", _HTML)))


def _word(value: bool) -> str:
    return "true" if value else "false"
