"""input.cgi, output.cgi and port.cgi: ask, watch and switch (S-5)."""

from tests.simulators.open_api.answers.video import delimiter, stream_head
from tests.simulators.open_api.device import Device
from tests.simulators.open_api.faults import Idle, IoStyle, Said
from tests.simulators.open_api.grammar import OK, Answer, Call, Refused, encode, whole
from tests.simulators.open_api.ports import INPUT, OUTPUT, Change, Watch, read_action
from tests.simulators.wire import Connection

BOUNDARY = "ioboundary"

type _Port = tuple[str, int]


async def inputs(device: Device, call: Call, connection: Connection) -> Answer | None:
    """Ask for inputs, or watch them (S-5.2)."""
    own = [(INPUT, index) for index in range(len(device.ports.inputs))]
    return await _ask(device, call, connection, own, INPUT)


async def outputs(device: Device, call: Call, connection: Connection) -> Answer | None:
    """Ask for outputs, watch them, or run a sequence on one (S-5.3)."""
    own = [(OUTPUT, index) for index in range(len(device.ports.outputs))]
    action = call.get("action")
    if action is None:
        return await _ask(device, call, connection, own, OUTPUT)
    if (trouble := _act(device, own, action)) is not None:
        return Answer(f"Error:{trouble}\r\n")
    match device.faults.output_says:
        case Said.OK:
            return OK
        case Said.EMPTY:
            return Answer(b"")
        case Said.NO_CONTENT:
            return Answer(b"", status=204)


async def ports(device: Device, call: Call, connection: Connection) -> Answer | None:
    """The same for all ports, inputs first (S-5.1)."""
    own = [(INPUT, index) for index in range(len(device.ports.inputs))]
    own += [(OUTPUT, index) for index in range(len(device.ports.outputs))]
    action = call.get("action")
    if action is not None:
        trouble = _act(device, own, action)
        return Answer(b"" if trouble is None else f"Error:{trouble}\r\n")
    for name in ("checkactive", "checkdirection"):
        if (said := call.get(name)) is not None:
            found = _named(device, own, said)
            return Answer("".join(_about(device, name, own, port) for port in found))
    return await _ask(device, call, connection, own, "port")


async def _ask(
    device: Device, call: Call, connection: Connection, own: list[_Port], word: str
) -> Answer | None:
    check, monitor = call.get("check"), call.get("monitor")
    if check is not None:
        found = _named(device, own, check)
        return Answer("".join(_checked(device, own, port, word) for port in found))
    if monitor is None:
        raise Refused(400)
    # A unit that counts from 0 tells all of its ports, whichever were asked for (A).
    found = _named(device, own, monitor) if device.faults.io_base else own
    if len({kind for kind, _ in found}) > 1:
        return Answer("Error:inputs and outputs cannot be monitored together\r\n")
    await _watch(device, connection, own, found, word)
    return None


def _named(device: Device, own: list[_Port], said: str) -> list[_Port]:
    """The ports that are asked for."""
    base = device.faults.io_base
    numbers = [whole(word) - base if word.isdigit() else -1 for word in said.split(",")]
    if any(not 0 <= number < len(own) for number in numbers):
        raise Refused(400)
    return [own[number] for number in numbers]


def _act(device: Device, own: list[_Port], action: str) -> str | None:
    """Begin what an action says; what is wrong, if anything is."""
    read = read_action(action)
    if read is None:
        return f"bad action {action}"
    number = device.faults.io_base if read[0] is None else read[0]
    place = number - device.faults.io_base
    if read[0] is None:
        place = next(key for key, (kind, _) in enumerate(own) if kind == OUTPUT)
    if not 0 <= place < len(own) or own[place][0] != OUTPUT:
        return f"no output {number}"
    device.ports.run(own[place][1], read[1])
    device.log(f"output {own[place][1] + 1}: {action}")
    return None


# How a port is spelt


def _checked(device: Device, own: list[_Port], port: _Port, word: str) -> str:
    number = own.index(port) + device.faults.io_base
    if word == "port":
        return f"port{number}={int(device.ports.closed(*port))}\r\n"
    active = device.ports.state(*port)
    if device.faults.io_style is IoStyle.AXIS:
        return f"{word}{number}={int(active)}\r\n"
    return f"IO{number}:{'H' if active else 'L'}\r\n"


def _about(device: Device, name: str, own: list[_Port], port: _Port) -> str:
    number = own.index(port) + device.faults.io_base
    active = "active" if device.ports.state(*port) else "inactive"
    return f"port{number}={active if name == 'checkactive' else port[0]}\r\n"


def _told(device: Device, own: list[_Port], port: _Port, sign: str, word: str) -> str:
    number = own.index(port) + device.faults.io_base
    if word == "port" or device.faults.io_style is IoStyle.AXIS:
        return f"{number}{'I' if port[0] == INPUT else 'O'}:{sign}"
    return f"IO{number}:{sign}"


# Monitors


async def _watch(
    device: Device, connection: Connection, own: list[_Port], ports: list[_Port], word: str
) -> None:
    """Tell the state, then every change, and something now and then (S-5.2)."""
    faults = device.faults
    if device.feeds.busy():
        raise Refused(503)
    connection.begin(stream_head(faults, BOUNDARY))
    kind = INPUT if word == INPUT else OUTPUT if word == OUTPUT else "port"
    async with device.feeds.serve(kind, connection) as feed:
        watch = Watch(feed, ports)
        watch.told = {port: device.ports.state(*port) for port in ports}
        device.ports.watches.append(watch)
        first, change, quiet = True, None, False
        try:
            while True:
                lines = [] if quiet else _lines(device, own, watch, change, word)
                text = delimiter(faults, BOUNDARY, first=first)
                text += "Content-Type: text/plain\r\n\r\n"
                blank = "\r\n" if faults.blank_lines else ""
                text += "".join(f"{blank}{line}\r\n{blank}" for line in lines)
                if first or not quiet or faults.idle is not Idle.NOTHING:
                    if not await feed.part(encode(text, faults)):
                        return
                    first = False
                while not watch.waiting:
                    if not await feed.rest(faults.idle_seconds):
                        return
                    if not feed.woken:
                        break
                change = watch.waiting.popleft() if watch.waiting else None
                quiet = change is None and faults.idle is not Idle.STATE
        finally:
            device.ports.watches.remove(watch)


def _lines(
    device: Device, own: list[_Port], watch: Watch, change: Change | None, word: str
) -> list[str]:
    """Every watched port: `/` or a backslash where it has just changed, else H or L."""
    if change is not None:
        watch.told[change.kind, change.index] = change.on
    found = []
    for port in watch.ports:
        on = watch.told[port]
        fresh = change is not None and (change.kind, change.index) == port
        sign = ("/" if on else "\\") if fresh else ("H" if on else "L")
        found.append(_told(device, own, port, sign, word))
    return found
