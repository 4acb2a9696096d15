"""Recordings asked for with nothing but sockets: finders, items, and the frames of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
import struct
from urllib.parse import quote

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators_tests.raw import Answer, Raw, cgi, login

DAY = "2026-05-03"
WHOLE_DAY = (f"{DAY} 00:00:00", f"{DAY} 23:59:59")

type Row = dict[str, str]


async def create(box: AmcrestSimulator) -> str:
    """A finder's handle."""
    answer = await cgi(box, "mediaFileFind.cgi?action=factory.create")
    return answer.values["result"]


async def find(
    box: AmcrestSimulator,
    handle: str,
    *more: str,
    channel: int = 1,
    between: tuple[str, str] = WHOLE_DAY,
) -> Answer:
    """Look for what lies in a time; more are conditions as they are written."""
    start, end = (quote(time, safe=":") for time in between)
    parts = [
        f"condition.Channel={channel}",
        f"condition.StartTime={start}",
        f"condition.EndTime={end}",
        *(f"condition.{one}" for one in more),
    ]
    return await cgi(box, f"mediaFileFind.cgi?action=findFile&object={handle}&{'&'.join(parts)}")


async def page(box: AmcrestSimulator, handle: str, count: int = 100) -> Answer:
    """The next items, as they are written."""
    return await cgi(box, f"mediaFileFind.cgi?action=findNextFile&object={handle}&count={count}")


def rows(answer: Answer) -> list[Row]:
    """The items of a page."""
    values = answer.values
    made: list[Row] = [{} for _ in range(int(values.pop("found")))]
    for key, value in values.items():
        place, _, name = key.partition("].")
        made[int(place.removeprefix("items["))][name] = value
    return made


async def everything(
    box: AmcrestSimulator,
    *more: str,
    channel: int = 1,
    between: tuple[str, str] = WHOLE_DAY,
) -> list[Row]:
    """All items of a time, from a finder that is given back."""
    handle = await create(box)
    found: list[Row] = []
    if (await find(box, handle, *more, channel=channel, between=between)).lines == ["OK"]:
        while len(batch := rows(await page(box, handle))) == 100:
            found += batch
        found += batch
    await cgi(box, f"mediaFileFind.cgi?action=destroy&object={handle}")
    return found


def by_name(path: str) -> str:
    """Where a file is fetched, below /cgi-bin/."""
    return f"RPC_Loadfile{quote(path)}"


async def begin(box: AmcrestSimulator, target: str) -> tuple[Raw, bytes]:
    """A connection on which a download has begun, and the head of its answer."""
    whole = f"/cgi-bin/{target}"
    raw = await Raw.connect(box)
    raw.send(whole, await login(box, whole))
    return raw, await raw.head()


@dataclass(frozen=True, slots=True)
class Frame:
    """The header of one DHAV frame (§8)."""

    kind: int
    piece: int
    number: int
    date: str
    counter: int


def frames(data: bytes) -> Iterator[Frame]:
    """The frames of a file, each checked: mark, checksum, trailer."""
    at = 0
    while at < len(data):
        assert data[at : at + 4] == b"DHAV"
        kind, _, _, piece = data[at + 4 : at + 8]
        number, length, date, counter = struct.unpack_from("<IIIH", data, at + 8)
        assert sum(data[at : at + 23]) % 256 == data[at + 23]
        assert data[at + length - 8 : at + length] == b"dhav" + struct.pack("<I", length)
        hours, minutes, seconds = date >> 12 & 31, date >> 6 & 63, date & 63
        day, month, year = date >> 17 & 31, date >> 22 & 15, 2000 + (date >> 26)
        told = f"{year}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}"
        yield Frame(kind, piece, number, told, counter)
        at += length
