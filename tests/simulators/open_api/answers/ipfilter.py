"""ipfilter.cgi: who may talk to the camera (S-6)."""

from ipaddress import ip_address, ip_network

from tests.simulators.open_api.device import Device
from tests.simulators.open_api.grammar import OK, Answer, Call, Refused, failed
from tests.simulators.wire import Connection

_ENABLED = "Network.Filter.Enabled"
_ADDRESSES = "Network.Filter.Input.AcceptAddresses"
_POLICY = "Network.Filter.Input.Policy"


def addresses(device: Device) -> list[str]:
    """The addresses of the list."""
    return device.parameters.get(_ADDRESSES).split()


def lets_in(
    device: Device, peer: str, listed: list[str] | None = None, policy: str | None = None
) -> bool:
    """Whether an address gets through, now or with another list."""
    if listed is None and not device.parameters.flag(_ENABLED):
        return True
    own = addresses(device) if listed is None else listed
    found = any(ip_address(peer) in ip_network(each, strict=False) for each in own)
    denies = (policy or device.parameters.get(_POLICY, "allow")) == "deny"
    return found is not denies


async def ipfilter(device: Device, call: Call, connection: Connection) -> Answer:
    """Change the list or the switch, or tell both; nobody locks himself out (S-6)."""
    action = call.get("action")
    if action == "list":
        return Answer(_told(device))
    given = (call.get("ipaddress") or "").split()
    if any(not _is_network(each) for each in given):
        return failed("bad address")
    own = addresses(device)
    match action:
        case "add":
            if not given:
                return failed("no address")
            own += [each for each in given if each not in own]
        case "remove":
            if not given or any(each not in own for each in given):
                return failed("no such address")
            own = [each for each in own if each not in given]
        case "removeall":
            own = []
        case "update":
            own = given or own
        case _:
            raise Refused(400)
    enable, policy = call.get("enable"), call.get("policy")
    if enable not in (None, "yes", "no") or policy not in (None, "allow", "deny"):
        raise Refused(400)
    enabled = device.parameters.flag(_ENABLED) if enable is None else enable == "yes"
    if not own:
        # An empty list switches the filter off, so that nobody is outside.
        enabled = False
    checked = enable == "yes" or call.get("verify") == "yes"
    if enabled and checked and not lets_in(device, call.peer, own, policy):
        return failed(f"{call.peer} would be locked out")
    device.parameters[_ADDRESSES] = " ".join(own)
    device.parameters[_ENABLED] = "yes" if enabled else "no"
    if policy is not None:
        device.parameters[_POLICY] = policy
    device.log("IP filter changed")
    return OK


def _told(device: Device) -> str:
    lines = [f"Accept addresses: {' '.join(addresses(device))}"]
    if device.faults.filter_policy:
        lines.append(f"Input policy: {device.parameters.get(_POLICY, 'allow')}")
    lines.append(f"Enabled: {device.parameters[_ENABLED]}")
    return "".join(f"{line}\r\n" for line in lines)


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
