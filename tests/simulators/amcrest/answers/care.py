"""Backup, factory settings, switching off, and what the network says (§4.6, §4.7)."""

from base64 import b64decode, b64encode
import json
import zlib

from tests.simulators.amcrest.answers.log import Journal
from tests.simulators.amcrest.answers.users import Users
from tests.simulators.amcrest.config import ConfigTree, table_of
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply

BACKUP_HEAD = b"DHCFG1\n"
_CARE = "AuthMaintence"
_NEIGHBOURS = (("Home", "9c:8e:cd:00:00:01", 78), ("Next door; 2=b", "9c:8e:cd:00:00:02", 31))


class Factory(Section):
    """What the tables were when the box was unpacked."""

    def __init__(self, device: Device) -> None:
        """Look at the tables of now."""
        super().__init__(device)
        self._tables = dict(device.config)
        self.restored: list[str] = []
        """Each order in short, `all` for everything."""

    def restore(self, only: frozenset[str] | None, but: frozenset[str] = frozenset()) -> None:
        """Put tables back: these, or all but those."""
        for key, value in self._tables.items():
            table = table_of(key)
            if (only is None or table in only) and table not in but:
                self.device.config[key] = value
        self.restored.append("all" if only is None and not but else ",".join(sorted(only or but)))
        self.device.changed.poke()


def restore(device: Device, command: Command) -> Reply:
    """§4.6.22 restore&names[0]=All or names of tables."""
    names = frozenset(command.listed("names"))
    if not names or not names <= {"All"} | device.config.tables:
        return device.refuse(Refusal.BAD_REQUEST)
    return _restored(device, command, None if "All" in names else names)


def restore_except(device: Device, command: Command) -> Reply:
    """§4.6.23 restoreExcept&names[0]=Network&names[1]=…: these stay."""
    names = frozenset(command.listed("names"))
    if not names:
        return device.refuse(Refusal.BAD_REQUEST)
    return _restored(device, command, None, names)


def reset_system(device: Device, command: Command) -> Reply:
    """§4.6.22 resetSystemEx&type=0: everything, and a restart."""
    if command.get("type") != "0":
        return device.refuse(Refusal.BAD_REQUEST)
    reply = _restored(device, command, None)
    if reply.status != 200:
        return reply
    return Reply(200, reply.body, reply.headers, close=True, after=lambda: device.on_reboot(0))


def shut_down(device: Device, command: Command) -> Reply:
    """§4.6.9 shutdown: OK, then the port is dark."""
    if not device.of(Users).may(command.user, _CARE):
        return device.refuse(Refusal.NO_RIGHT)
    ok = device.ok()
    return Reply(200, ok.body, ok.headers, close=True, after=device.on_shutdown)


def backup(device: Device, command: Command) -> Reply:
    """§4.6.21 Config.backup?action=All: a blob that only the box can read."""
    body = BACKUP_HEAD + b64encode(zlib.compress(json.dumps(dict(device.config)).encode()))
    return Reply(200, body, (("Content-Type", "application/octet-stream"),))


def read_backup(body: bytes) -> ConfigTree:
    """What is in such a blob, for tests."""
    tree = ConfigTree()
    for key, value in json.loads(
        zlib.decompress(b64decode(body.removeprefix(BACKUP_HEAD)))
    ).items():
        tree[key] = value
    return tree


def upnp_status(device: Device, command: Command) -> Reply:
    """§4.7.9 getUPnPStatus."""
    if "UPnP.MapTable[0].InnerPort" not in device.config:
        return device.missing()
    on = device.config.is_on("UPnP.Enable")
    return device.lines(
        *(
            f"status[0].{name}={device.config[f'UPnP.MapTable[0].{name}']}"
            for name in ("InnerPort", "OuterPort", "Protocol", "ServiceName")
        ),
        f"status[0].Status={'Success' if on else 'Disable'}",
    )


def scan(device: Device, command: Command) -> Reply:
    """§4.7 wlan scanWlanDevices&SSID=: what is in the air, or only one name."""
    if "WLan" not in device.config.tables:
        return device.missing()
    wanted = command.get("SSID") or ""
    seen = [each for each in _NEIGHBOURS if wanted in ("", each[0])]
    lines: list[str] = []
    for i, (name, address, quality) in enumerate(seen):
        lines += [
            f"wlanDevice[{i}].BSSID={address}",
            f"wlanDevice[{i}].EncrType=WPA2-PSK-AES",
            f"wlanDevice[{i}].LinkQuality={quality}",
            f"wlanDevice[{i}].SSID={name}",
        ]
    return device.lines(f"found={len(seen)}", *lines)


def _restored(
    device: Device,
    command: Command,
    only: frozenset[str] | None,
    but: frozenset[str] = frozenset(),
) -> Reply:
    if not device.of(Users).may(command.user, _CARE):
        return device.refuse(Refusal.NO_RIGHT)
    device.of(Factory).restore(only, but)
    device.of(Journal).note("RestoreConfig", command.user)
    return device.ok()


ANSWERS = {
    "magicBox.restore": restore,
    "magicBox.restoreExcept": restore_except,
    "magicBox.resetSystemEx": reset_system,
    "magicBox.shutdown": shut_down,
    "/Config.backup.All": backup,
    "netApp.getUPnPStatus": upnp_status,
    "wlan.scanWlanDevices": scan,
}
