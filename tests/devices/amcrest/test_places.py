"""Parts that tables name: masks, network drives, storage groups, inputs, rules (§4.9, §6, §7.3)."""

import pytest

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.model import Part, PartKind, Scalar

from .conftest import Build, told, topology_of


@pytest.mark.parametrize(
    ("personality", "table", "part", "kind", "name", "key", "value", "path", "text"),
    [
        (
            "ipc",
            "PrivacyMasking",
            "region.mask-2",
            PartKind.REGION,
            "Mask2",
            "mask",
            True,
            "PrivacyMasking[0][1].Enable",
            "true",
        ),
        (
            "ipc",
            "NAS",
            "disk.nas-1",
            PartKind.DISK,
            "FTP1",
            "network_storage",
            True,
            "NAS[0].Enable",
            "true",
        ),
        (
            "nvr",
            "StorageGroup",
            "group.storage-1",
            PartKind.GROUP,
            "ReadWrite",
            "file_hold_time",
            30,
            "StorageGroup[0].FileHoldTime",
            "30",
        ),
        (
            "wizsense",
            "Alarm",
            "input.2",
            PartKind.INPUT,
            None,
            "input_sensor",
            "normally_closed",
            "Alarm[1].SensorType",
            "NC",
        ),
        (
            "wizsense",
            "VideoAnalyseRule",
            "rule.4",
            PartKind.RULE,
            "Lawn; left=right",
            "rule",
            False,
            "VideoAnalyseRule[0][1].Enable",
            "false",
        ),
    ],
)
async def test_a_place_in_a_table_is_a_part_and_is_set_there_alone(
    house: Build,
    personality: str,
    table: str,
    part: str,
    kind: PartKind,
    name: str | None,
    key: str,
    value: Scalar,
    path: str,
    text: str,
) -> None:
    home = await house(personality)
    device = await home.surveyed()
    place = device.box.topology.parts[part]
    assert (place.kind, place.name) == (kind, name)
    assert Set in place.can
    others = dict(home.box.config) | {path: text}
    answer = await device.do(part, Set(key, value))
    assert dict(home.box.config) == others
    assert told(answer.updates) == {f"{part}:{key}": value}
    assert told(await device.read(f"config:{table}"))[f"{part}:{key}"] == value


async def test_what_a_table_lists_anew_is_there_and_what_it_lists_no_more_goes(
    house: Build,
) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    for member, word in (("Enable", "false"), ("Name", "Shed")):
        home.box.config[f"NAS[3].{member}"] = word
    topology = topology_of(await device.read("config:NAS"))
    assert topology.parts["disk.nas-4"] == Part(
        "disk.nas-4", PartKind.DISK, "Shed", can=frozenset({Set})
    )
    for name in [each for each in home.box.config if each.startswith("NAS[0]")]:
        del home.box.config[name]
    for _ in range(2):
        # The second listing confirms it.
        topology = topology_of(await device.read("config:NAS"))
        assert {"disk.nas-4"} == {each for each in topology.parts if "nas" in each}
    batch = await device.read("config:NAS")
    assert told(batch) == {"disk.nas-4:network_storage": False}
    assert len(batch) == 1


async def test_places_without_a_name_are_told_apart_by_their_number(house: Build) -> None:
    home = await house("ipc")
    home.box.config["PrivacyMasking[0][0].Name"] = " "
    home.box.config["NAS[0].Name"] = ""
    home.box.config["StorageGroup[0].Name"] = ""
    device = await home.surveyed()
    parts = device.box.topology.parts
    assert parts["region.mask-1"].name == "1"
    assert parts["disk.nas-1"].name == "NAS 1"
    assert parts["group.storage-1"].name == "1"


async def test_a_table_of_very_many_places_is_cut(house: Build) -> None:
    home = await house("ipc")
    for at in range(100):
        home.box.config[f"NAS[{at}].Enable"] = "false"
    device = await home.surveyed()
    assert len([each for each in device.box.topology.parts if "nas" in each]) == 64
