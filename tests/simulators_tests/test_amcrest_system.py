"""Accounts, log, backup and factory settings of the Amcrest simulator, as the sheet writes them."""

from datetime import timedelta

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.answers.care import Factory, read_backup
from tests.simulators.amcrest.answers.log import Journal
from tests.simulators.amcrest.answers.users import Account, Active, Users
from tests.simulators.wire import Mode
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import PASSWORD, USER, Answer, Raw, basic, cgi

pytestmark = pytest.mark.usefixtures("socket_enabled")

OK = b"OK\r\n"
EVER = "condition.StartTime=2001-01-01%2000:00:00&condition.EndTime=2037-12-31%2023:59:59"


async def config(box: AmcrestSimulator, change: str) -> Answer:
    return await cgi(box, f"configManager.cgi?action=setConfig&{change}")


# Accounts, §4.12


async def test_users_and_groups_are_listed(start: Start) -> None:
    box = await start("ipc")
    one = await cgi(box, f"userManager.cgi?action=getUserInfo&name={USER}")
    assert one.lines[:2] == [
        "user.AuthorityList[0]=AuthUserMag",
        "user.AuthorityList[1]=AuthSysCfg",
    ]
    assert one.lines[-6:] == [
        "user.Group=admin",
        "user.Id=1",
        "user.Memo=",
        "user.Name=admin",
        "user.Reserved=true",
        "user.Sharable=true",
    ]
    everybody = (await cgi(box, "userManager.cgi?action=getUserInfoAll")).values
    assert everybody["users[0].Name"] == USER
    group = await cgi(box, "userManager.cgi?action=getGroupInfo&name=user")
    assert group.body == (
        b"group.AuthorityList[0]=Monitor_01\r\ngroup.AuthorityList[1]=Replay_01\r\n"
        b"group.Id=2\r\ngroup.Memo=user group\r\ngroup.Name=user\r\n"
    )
    groups = (await cgi(box, "userManager.cgi?action=getGroupInfoAll")).values
    assert [groups[f"groups[{i}].Name"] for i in (0, 1)] == ["admin", "user"]
    assert (await cgi(box, "userManager.cgi?action=getUserInfo&name=nobody")).status == 400
    assert (await cgi(box, "userManager.cgi?action=getGroupInfo&name=nobody")).status == 400


async def test_who_is_logged_in(start: Start) -> None:
    box = await start("ipc")
    read = "userManager.cgi?action=getActiveUserInfoAll"
    assert (await cgi(box, read)).body == (
        b"users[0].ClientAddress=192.168.1.20\r\nusers[0].ClientType=Web3.0\r\n"
        b"users[0].Group=admin\r\nusers[0].LoginTime=2026-11-20 08:15:00\r\nusers[0].Name=admin\r\n"
    )
    box.device.of(Users).active.append(Active("guest", "192.168.1.77", group="user"))
    assert (await cgi(box, read)).values["users[1].Name"] == "guest"


async def test_an_account_is_opened_used_changed_and_closed(start: Start) -> None:
    box = await start("ipc")
    box.gate.policy = box.gate.policy.__class__(schemes=("Basic",))
    rest = (
        "userManager.cgi?action=addUser&user.Name=guest&user.Password=pass-1"
        "&user.Group=user&user.Sharable=true&user.Reserved=false&user.Memo=For%20visits"
    )
    assert (await cgi(box, rest)).body == OK
    assert (await cgi(box, rest)).status == 400, "the name is taken"
    assert box.device.of(Users).account("guest") == Account(2, "guest", "user", "For visits")

    async def as_guest(password: str, target: str) -> Answer:
        async with await Raw.connect(box) as raw:
            return await raw.ask(f"/cgi-bin/{target}", basic("guest", password))

    assert (await as_guest("pass-1", "magicBox.cgi?action=getSerialNo")).status == 200
    refused = await as_guest("pass-1", "userManager.cgi?action=deleteUser&name=guest")
    assert (refused.status, refused.body) == (403, b"Authority:check failure.")
    change = "userManager.cgi?action=modifyUser&name=guest&user.Memo=Gone"
    assert (await cgi(box, change)).body == OK
    read = "userManager.cgi?action=getUserInfo&name=guest"
    assert (await cgi(box, read)).values["user.Memo"] == "Gone"
    password = "userManager.cgi?action=modifyPassword&name=guest&pwd=pass-2&pwdOld={}"
    assert (await cgi(box, password.format("wrong"))).status == 400
    assert (await cgi(box, password.format("pass-1"))).body == OK
    assert (await as_guest("pass-1", "magicBox.cgi?action=getSerialNo")).status == 401
    assert (await as_guest("pass-2", "magicBox.cgi?action=getSerialNo")).status == 200
    assert (await cgi(box, "userManager.cgi?action=deleteUser&name=guest")).body == OK
    assert box.users == {USER: PASSWORD}


@pytest.mark.parametrize(
    "rest",
    [
        "addUser&user.Name=a&user.Password=b&user.Group=nogroup",
        "addUser&user.Name=a&user.Group=user",
        "deleteUser&name=admin",
        "deleteUser&name=nobody",
        "modifyUser&name=nobody&user.Memo=x",
        "modifyUser&name=admin&user.Group=nogroup",
        "modifyPassword&name=nobody&pwd=a&pwdOld=b",
    ],
)
async def test_what_cannot_be_done_with_accounts(start: Start, rest: str) -> None:
    box = await start("nvr")
    assert (await cgi(box, f"userManager.cgi?action={rest}")).status == 400
    assert box.users == {USER: PASSWORD}


# The log, §4.13


async def test_the_log_is_read_page_by_page(start: Start) -> None:
    box = await start("ipc")
    begun = await cgi(box, f"log.cgi?action=startFind&{EVER}")
    assert begun.body == b"token=4097\r\n"
    counted = await cgi(await start("wizsense"), f"log.cgi?action=startFind&{EVER}")
    assert counted.body == b"token=4097\r\ncount=230\r\n"
    page = "log.cgi?action=doFind&token=4097&count=100"
    first = await cgi(box, page)
    assert first.lines[:5] == [
        "found=100",
        "items[0].Detail.Address=192.168.1.20",
        "items[0].Detail.Type=CGI",
        "items[0].Level=0",
        f"items[0].Time={box.device.of(Journal).entries[0].time}",
    ]
    assert first.lines[5:7] == ["items[0].Type=Login", "items[0].User=admin"]
    found = [(await cgi(box, page)).lines[0] for _ in range(3)]
    assert found == ["found=100", "found=30", "found=0"]
    assert (await cgi(box, "log.cgi?action=stopFind&token=4097")).body == OK
    assert (await cgi(box, page)).status == 400
    assert (await cgi(box, "log.cgi?action=doFind&token=4097&count=101")).status == 400
    assert box.device.of(Journal).open == 0


async def test_the_log_grows_is_searched_by_kind_and_cleared(start: Start) -> None:
    box = await start("wizsense")
    await config(box, "MotionDetect[0].Enable=false&RecordMode[0].Mode=1")
    await config(box, "MotionDetect[0].Enable=false")
    box.reboot()
    await box.until(lambda: box.mode is Mode.RESET)
    box.faults.reboot_drop = box.faults.reboot_refuse = 0.0
    for kind, count in (("Config", 2), ("System", 1), ("Account", 230), ("SaveConfig", 2)):
        begun = box.device.of(Journal).search(
            box.device.clock.now() - timedelta(days=9), box.device.clock.now(), kind
        )
        assert begun is not None
        assert begun[1] == count, kind


async def test_clearing_and_the_backup_of_the_log(start: Start) -> None:
    box = await start("ipc")
    blob = await cgi(box, f"Log.backup?action=All&{EVER}")
    assert blob.header("Content-Type") == "application/octet-stream"
    assert blob.body.count(b"\r\n") == 230
    assert (await cgi(box, "Log.backup?action=All")).status == 400
    assert (await cgi(box, "log.cgi?action=clear")).body == OK
    begun = await cgi(box, f"log.cgi?action=startFind&{EVER}")
    empty = await cgi(box, f"log.cgi?action=doFind&token={begun.values['token']}&count=100")
    assert empty.body == b"found=0\r\n"


async def test_forgotten_searches_run_out(start: Start) -> None:
    box = await start("ipc")
    begin = f"log.cgi?action=startFind&{EVER}"
    assert [(await cgi(box, begin)).status for _ in range(17)] == [200] * 16 + [400]


# Backup and factory settings, §4.6.21-23


async def test_a_backup_holds_the_tables(start: Start) -> None:
    box = await start("nvr")
    blob = await cgi(box, "Config.backup?action=All")
    assert blob.header("Content-Type") == "application/octet-stream"
    assert dict(read_backup(blob.body)) == dict(box.config)


async def test_tables_go_back_to_what_they_were(start: Start) -> None:
    box = await start("ipc")
    changes = "MotionDetect[0].Enable=false&RecordMode[0].Mode=2&ChannelTitle[0].Name=Shed"

    async def changed() -> tuple[str, str, str]:
        table = box.config
        keys = ("MotionDetect[0].Enable", "RecordMode[0].Mode", "ChannelTitle[0].Name")
        return table[keys[0]], table[keys[1]], table[keys[2]]

    await config(box, changes)
    rest = "magicBox.cgi?action=restore&names[0]=MotionDetect"
    assert (await cgi(box, rest)).body == OK
    assert await changed() == ("true", "2", "Shed")
    rest = "magicBox.cgi?action=restoreExcept&names[0]=ChannelTitle&names[1]=Network"
    assert (await cgi(box, rest)).body == OK
    assert await changed() == ("true", "0", "Shed")
    await config(box, changes)
    assert (await cgi(box, "magicBox.cgi?action=restore&names[0]=All")).body == OK
    assert await changed() == ("true", "0", "Front Door")
    assert box.device.of(Factory).restored == ["MotionDetect", "ChannelTitle,Network", "all"]
    for bad in ("restore", "restore&names[0]=NoTable", "restoreExcept", "resetSystemEx&type=9"):
        assert (await cgi(box, f"magicBox.cgi?action={bad}")).status == 400, bad


async def test_a_reset_restarts_and_a_shut_down_does_not(start: Start) -> None:
    box = await start("ipc")
    box.faults.reboot_drop = box.faults.reboot_refuse = 0.0
    await config(box, "ChannelTitle[0].Name=Shed")
    assert (await cgi(box, "magicBox.cgi?action=resetSystemEx&type=0")).body == OK
    await box.until(lambda: box.device.reboots == 1)
    assert box.config["ChannelTitle[0].Name"] == "Front Door"
    assert (await cgi(box, "magicBox.cgi?action=shutdown")).body == OK
    await box.until(lambda: box.mode is Mode.REFUSE)
    await box.come_back()
    assert (await cgi(box, "magicBox.cgi?action=getSerialNo")).status == 200


async def test_only_who_may_can_restore(start: Start) -> None:
    box = await start("ipc")
    users = box.device.of(Users)
    users.accounts  # noqa: B018
    users.change(Account(1, USER, "user"))
    for verb in ("restore&names[0]=All", "restoreExcept&names[0]=Network", "shutdown"):
        assert (await cgi(box, f"magicBox.cgi?action={verb}")).status == 403, verb


# The network, §4.7


async def test_ports_that_are_forwarded(start: Start) -> None:
    box = await start("ipc")
    read = "netApp.cgi?action=getUPnPStatus"
    assert (await cgi(box, read)).body == (
        b"status[0].InnerPort=80\r\nstatus[0].OuterPort=8080\r\nstatus[0].Protocol=TCP\r\n"
        b"status[0].ServiceName=HTTP\r\nstatus[0].Status=Disable\r\n"
    )
    await config(box, "UPnP.Enable=true")
    assert (await cgi(box, read)).values["status[0].Status"] == "Success"
    assert (await cgi(await start("legacy"), read)).status == 400


async def test_what_is_in_the_air(start: Start) -> None:
    box = await start("ipc")
    scan = "wlan.cgi?action=scanWlanDevices&SSID={}"
    assert (await cgi(box, scan.format(""))).lines[0] == "found=2"
    one = (await cgi(box, scan.format("Home"))).values
    assert (one["found"], one["wlanDevice[0].LinkQuality"]) == ("1", "78")
    assert (await cgi(await start("nvr"), scan.format(""))).status == 400


async def test_versions_of_what_it_speaks(start: Start) -> None:
    box = await start("dome")
    version = "IntervideoManager.cgi?action=getVersion&Name={}"
    assert (await cgi(box, version.format("CGI"))).body == b"version=2.84\r\n"
    assert (await cgi(box, version.format("Onvif"))).body == b"version=16.12\r\n"
    assert (await cgi(box, version.format("Other"))).status == 400
    caps = await cgi(box, "magicBox.cgi?action=getLanguageCaps")
    assert caps.lines == ["Languages=SimpChinese,English,French,German,Spanish,Italian"]
