"""Temperatures, people, cars, monitors and neighbours of the Amcrest simulator, as the sheet."""

import asyncio
from datetime import datetime, timedelta
import struct

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.answers.counting import Counters
from tests.simulators.amcrest.answers.display import Monitors
from tests.simulators.amcrest.answers.parking import Spaces
from tests.simulators.amcrest.heat import Thermal
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import DEADLINE, Raw, cgi, login

pytestmark = pytest.mark.usefixtures("socket_enabled")

OK = b"OK\r\n"
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=myboundary\r\n"
    b"Cache-Control: no-cache\r\nPragma: no-cache\r\nConnection: close\r\n\r\n"
)


async def attached(box: AmcrestSimulator, rest: str) -> Raw:
    """Ask for a stream; its head is read."""
    target = f"/cgi-bin/{rest}"
    header = await login(box, target)
    raw = await Raw.connect(box)
    raw.send(target, header)
    await raw.exactly(HEAD)
    return raw


async def part(raw: Raw) -> bytes:
    """The body of the next part."""
    async with asyncio.timeout(DEADLINE):
        head = await raw.reader.readuntil(b"\r\n\r\n")
        size = int(head.rpartition(b"Content-Length:")[2])
        body = await raw.reader.readexactly(size)
        assert await raw.reader.readexactly(4) == b"\r\n\r\n"
        return body


def span(start: datetime, end: datetime, names: tuple[str, str]) -> str:
    return f"{names[0]}={start:%F%%20%T}&{names[1]}={end:%F%%20%T}"


POINT = "RadiometryManager.cgi?action=getRandomPointTemper&channel={}&coordinate[0]={}"
CONDITION = ("condition.StartTime", "condition.EndTime")


# Temperatures, §10


async def test_the_temperature_of_a_point(start: Start) -> None:
    box = await start("thermal")
    thermal = box.device.of(Thermal)
    thermal.spots[4096, 100] = 67.7
    ask = POINT + "&coordinate[1]=100"
    assert (await cgi(box, ask.format(2, 4096))).body == (
        b"pointTempInfo.TemperAver=67.700000\r\npointTempInfo.TemperatureUnit=Centigrade\r\n"
        b"pointTempInfo.Type=Spot\r\n"
    )
    await cgi(
        box,
        "configManager.cgi?action=setConfig&HeatImagingThermometry[1].TemperatureUnit=Fahrenheit",
    )
    values = (await cgi(box, ask.format(2, 4096))).values
    assert values["pointTempInfo.TemperAver"] == "153.860000"
    assert values["pointTempInfo.TemperatureUnit"] == "Fahrenheit"
    for channel, across in ((1, 5), (2, 8192), (2, -1), (3, 5)):
        assert (await cgi(box, ask.format(channel, across))).status == 400
    assert (await cgi(await start("ipc"), ask.format(2, 5))).status == 400


async def test_numbers_that_are_called_wrongly_and_a_cold_start(start: Start) -> None:
    box = await start("thermal")
    thermal = box.device.of(Thermal)
    thermal.spots[0, 0] = 20.0
    thermal.mislabelled = True
    ask = POINT.format(2, 0) + "&coordinate[1]=0"
    values = (await cgi(box, ask)).values
    assert values["pointTempInfo.TemperAver"] == "68.000000"
    assert values["pointTempInfo.TemperatureUnit"] == "Centigrade"
    thermal.warming = True
    cold = await cgi(box, ask)
    assert (cold.status, cold.body) == (
        200,
        b"Error\r\nErrorID=5, Detail=Server internal error!\r\n",
    )


async def test_a_rule_measures_and_alarms(start: Start) -> None:
    box = await start("thermal")
    ask = "RadiometryManager.cgi?action=getTemper&channel=2&condition.RuleId=4&condition.Type=Area"
    values = (await cgi(box, ask)).values
    assert values["info.Name"] == "Gear; box=2"
    assert values["info.TemperMax"] == "29.000000"
    box.device.of(Thermal).set(4, 40.0, 70.0)
    values = (await cgi(box, ask)).values
    assert (values["info.TemperMin"], values["info.TemperAver"]) == ("40.000000", "55.000000")
    assert box.device.events.active.keys() == {("HeatImagingTemper", 1)}
    box.device.of(Thermal).set(4, 30.0, 50.0)
    assert not box.device.events.active
    assert (await cgi(box, ask.replace("RuleId=4", "RuleId=9"))).status == 400
    table = await cgi(box, "configManager.cgi?action=getConfig&name=ThermometryRule")
    assert table.values["table.ThermometryRule[1][0][2].RuleId"] == "7"


async def test_temperatures_are_subscribed_to(start: Start) -> None:
    box = await start("thermal")
    raw = await attached(box, "RadiometryManager.cgi?action=attachTemper&channel=2&heartbeat=60")
    async with raw:
        first = (await part(raw)).decode()
        assert "info[2].Name=Pipe\r\n" in first
        box.device.of(Thermal).set(7, 30.0, 33.5)
        changed = (await part(raw)).decode()
        assert "info[0].RuleId=7\r\n" in changed
        assert "info[0].TemperMax=33.500000\r\n" in changed


@pytest.mark.parametrize("plain", [False, True])
async def test_radiometry_comes_when_it_is_fetched(start: Start, plain: bool) -> None:
    box = await start("thermal")
    thermal = box.device.of(Thermal)
    thermal.plain = plain
    thermal.spots[0, 0] = 90.0
    rest = "RadiometryManager.cgi?action=attachProc&channel=2&heartbeat=60"
    header = await login(box, f"/cgi-bin/{rest}")
    async with await Raw.connect(box) as raw:
        raw.send(f"/cgi-bin/{rest}", header)
        await raw.head()
        await box.until(lambda: thermal.listening)
        assert (await cgi(box, "RadiometryManager.cgi?action=toFetch&channel=2")).body == OK
        size = 24 + 4 + 64 * 48 * 2 + 8
        async with asyncio.timeout(DEADLINE):
            frame = await raw.reader.readexactly(size) if plain else await part(raw)
    assert (frame[:4], frame[-8:-4], len(frame)) == (b"DHAV", b"dhav", size)
    assert struct.unpack_from("<HHh", frame, 24) == (64, 48, 900)


async def test_temperatures_of_before(start: Start) -> None:
    box = await start("thermal")
    now = datetime.now().replace(microsecond=0)  # noqa: DTZ005
    rest = span(now - timedelta(hours=1), now, CONDITION)
    begun = await cgi(box, f"RadiometryManager.cgi?action=startFind&channel=2&{rest}")
    count = int(begun.values["totalCount"])
    assert count in (36, 39)
    token = begun.values["token"]
    page = f"RadiometryManager.cgi?action=doFind&token={token}&beginNumber=30&count=100"
    values = (await cgi(box, page)).values
    assert int(values["found"]) == count - 30
    assert values["info[0].Name"] == "Bearing"
    stop = f"RadiometryManager.cgi?action=stopFind&token={token}"
    assert (await cgi(box, stop)).body == OK
    assert (await cgi(box, page)).status == 400
    assert (await cgi(box, stop)).status == 400


async def test_the_thermal_lens_itself(start: Start) -> None:
    box = await start("thermal")
    verb = "ThermographyManager.cgi?action={}&channel=2"
    thermal = box.device.of(Thermal)
    assert (await cgi(box, verb.format("doFFC"))).body == OK
    assert (await cgi(box, verb.format("fixFocus"))).body == OK
    assert (await cgi(box, verb.format("enableShutter") + "&enable=true")).body == OK
    assert (thermal.corrected, thermal.focused, thermal.shutter) == (1, 1, True)
    assert (await cgi(box, verb.format("enableShutter") + "&enable=1")).status == 400
    caps = (await cgi(box, verb.format("getCaps"))).values
    assert caps["caps.Colorization[0]"] == "WhiteHot"
    info = (await cgi(box, verb.format("getExternSystemInfo"))).values
    assert info["sysInfo.SerialNumber"] == f"{box.serial}-T"
    preset = await cgi(box, verb.format("getPresetParam") + "&mode=Outdoor")
    assert preset.values["presetInfo.AgcMaxGain"] == "60"
    assert (await cgi(box, verb.format("getPresetParam") + "&mode=Sea")).status == 400
    region = (await cgi(box, verb.format("getOptimizedRegion"))).values
    assert region["optimizedRegion.Regions[0][3]"] == "8191"
    measuring = (await cgi(box, "RadiometryManager.cgi?action=getCaps&channel=2")).values
    assert measuring["caps.MeterInfo.Type[2]"] == "Area"


# People, §8


async def test_people_are_counted_by_rule(start: Start) -> None:
    box = await start("counter")
    ask = "videoStatServer.cgi?action=getSummary&channel=1"
    before = (await cgi(box, ask)).values
    assert before["summary.RuleName"] == "Door"
    assert (before["summary.EnteredSubtotal.Total"], before["summary.InsideSubtotal.Total"]) == (
        "30",
        "2",
    )
    box.device.of(Counters).walk(entered=3, exited=1)
    after = (await cgi(box, ask)).values
    assert after["summary.EnteredSubtotal.Total"] == "33"
    assert after["summary.InsideSubtotal.Total"] == "4"
    assert int(after["summary.EnteredSubtotal.Hour"]) >= 3
    queue = (await cgi(box, f"{ask}&name=Queue")).values
    assert queue["summary.EnteredSubtotal.Total"] == "30"
    assert (await cgi(box, f"{ask}&name=NoRule")).status == 400
    assert (await cgi(box, "videoStatServer.cgi?action=clearSectionStat&channel=1")).body == OK
    cleared = (await cgi(box, ask)).values
    assert cleared["summary.EnteredSubtotal.TotalInTimeSection"] == "0"
    assert cleared["summary.InsideSubtotal.Total"] == "0"
    assert cleared["summary.EnteredSubtotal.Total"] == "33"


async def test_counters_are_subscribed_to(start: Start) -> None:
    box = await start("counter")
    raw = await attached(box, "videoStatServer.cgi?action=attach&channel=1&heartbeat=60")
    async with raw:
        assert b"summary.RuleName=Door\r\n" in await part(raw)
        assert b"summary.RuleName=Queue\r\n" in await part(raw)
        box.device.of(Counters).walk(entered=1)
        assert b"summary.EnteredSubtotal.Total=31\r\n" in await part(raw)
    assert [each.code for each in box.device.events.sent] == ["NumberStat"]


async def test_counts_of_before(start: Start) -> None:
    box = await start("counter")
    now = box.device.clock.now()
    rest = span(now - timedelta(hours=40), now, CONDITION)
    find = f"videoStatServer.cgi?action=startFind&channel=1&{rest}&condition.Granularity="
    begun = await cgi(box, find + "Day")
    assert begun.values["totalCount"] == "4", "two days of two rules"
    token = begun.values["token"]
    page = f"videoStatServer.cgi?action=doFind&token={token}&beginNumber=0&count=10"
    values = (await cgi(box, page)).values
    entered = [int(values[f"info[{i}].EnteredSubtotal"]) for i in (0, 1)]
    assert (values["found"], values["info[0].RuleName"], sum(entered)) == ("4", "Door", 30)
    stop = f"videoStatServer.cgi?action=stopFind&token={token}"
    assert [(await cgi(box, stop)).status for _ in range(2)] == [200, 400]
    assert (await cgi(box, find + "Decade")).status == 400


async def test_where_people_stand(start: Start) -> None:
    box = await start("counter")
    now = box.device.clock.now()
    rest = span(now - timedelta(hours=1), now, ("StartTime", "EndTime"))
    block = await cgi(box, f"videoStatServer.cgi?action=getHeatMap&channel=1&{rest}&PlanID=0")
    assert block.header("Content-Type") == "application/octet-stream"
    assert len(block.body) == 44 * 36
    assert (await cgi(box, "videoStatServer.cgi?action=getHeatMap&channel=1")).status == 400
    caps = (await cgi(box, "devVideoAnalyse.cgi?action=getCaps&channel=1")).values
    assert (caps["caps.MaxRules"], caps["caps.SupportedScene[0]"]) == ("10", "NumberStat")
    assert (await cgi(box, "devVideoAnalyse.cgi?action=getCaps&channel=4")).status == 400


# Cars, §9


async def test_cars_park_and_leave(start: Start) -> None:
    box = await start("traffic")
    ask = "trafficParking.cgi?action=getAllParkingSpaceStatus"
    first = (await cgi(box, ask)).lines
    assert first[:6] == [
        "status[0].Lane=0",
        "status[0].PlateNumber=B-AB 1234",
        "status[0].Status=Park",
        "status[1].Lane=1",
        "status[1].PlateNumber=",
        "status[1].Status=NoPark",
    ]
    spaces = box.device.of(Spaces)
    spaces.park(2, "M-XY 77")
    spaces.park(0, None)
    values = (await cgi(box, ask)).values
    assert [values[f"status[{i}].Status"] for i in range(4)] == [
        "NoPark",
        "NoPark",
        "Park",
        "NoPark",
    ]
    spaces.drive_by("HH-Z 9")
    assert [each.code for each in box.device.events.sent] == [
        "TrafficParkingSpaceParking",
        "TrafficParkingSpaceNoParking",
        "TrafficJunction",
    ]
    one = await cgi(box, "trafficSnap.cgi?action=getParkingSpaceStatus&channel=1&lane=2")
    assert one.values["status[0].PlateNumber"] == "M-XY 77"
    for rest in ("channel=1&lane=9", "channel=2"):
        answer = await cgi(box, f"trafficSnap.cgi?action=getParkingSpaceStatus&{rest}")
        assert answer.status == 400
    assert (await cgi(await start("nvr"), ask)).status == 400


async def test_some_traffic_cameras_give_no_pictures_of_events(start: Start) -> None:
    box = await start("traffic")
    rest = "snapManager.cgi?action=attachFileProc&channel=1&Flags[0]=Event&Events=[All]"
    assert (await cgi(box, rest)).status == 500


# Monitors, §7, and neighbours, §14


async def test_monitors_show_and_tour(start: Start) -> None:
    box = await start("nvr")
    ask = "split.cgi?action=getMode&channel=2"
    assert (await cgi(box, ask)).body == b"group=0\r\nmode=Split4\r\n"
    change = "split.cgi?action=setMode&channel=2&mode={}&group=1"
    assert (await cgi(box, change.format("split9"))).body == OK
    assert (await cgi(box, ask)).body == b"group=1\r\nmode=Split9\r\n"
    assert box.device.of(Monitors).modes == ["Split4", "Split9"]
    assert (await cgi(box, change.format("split7"))).status == 400
    assert (await cgi(box, ask.replace("=2", "=3"))).status == 400
    tour = "split.cgi?action=enableTour&channel=1&enable={}"
    assert (await cgi(box, tour.format("true"))).body == OK
    assert box.config["MonitorTour[0].Enable"] == "true"
    assert (await cgi(box, tour.format("1"))).status == 400
    assert (await cgi(await start("ipc"), ask)).status == 400


async def test_more_neighbours_are_heard_each_time(start: Start) -> None:
    box = await start("nvr")
    ask = "deviceDiscovery.cgi?action=attach"
    heard = [
        sum(line.endswith(".HttpPort=80") for line in (await cgi(box, ask)).lines) for _ in range(4)
    ]
    assert heard == [3, 5, 6, 6]
    stations = (await cgi(box, f"{ask}&DeviceClass=VTO")).values
    assert stations["deviceInfo[0].DeviceType"] == "VTO2000A"
    assert stations["deviceInfo[0].IPv4Address.IPAddress"] == "192.168.1.102"
    everybody = (await cgi(box, ask)).values
    assert everybody["deviceInfo[3].Init"] == "0", "it has no password yet"
