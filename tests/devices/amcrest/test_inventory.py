"""Which cameras a recorder has, and which streams a camera, from listings alone."""

import pytest

from custom_components.cctv.devices.amcrest import disks, inventory
from custom_components.cctv.devices.amcrest.inventory import Camera
from custom_components.cctv.devices.env import Address
from custom_components.cctv.devices.model import Part, PartKind, Profile

ADDRESS = Address("http://[fe80::1]:8080")
CAMERA = Camera(Part("camera.3", PartKind.CAMERA), 3)


def encode(main: str, sub: str, size: dict[str, str] | None = None) -> dict[str, str]:
    """A channel's table."""
    head = "Encode[2]."
    found = {
        f"{head}MainFormat[0].Video.Compression": main,
        f"{head}ExtraFormat[0].Video.Compression": sub,
        f"{head}ExtraFormat[1].Video.Compression": "H.264",
        f"{head}ExtraFormat[1].VideoEnable": "false",
    }
    return found | {
        f"{head}MainFormat[0].Video.{name}": text for name, text in (size or {}).items()
    }


@pytest.mark.parametrize(
    ("main", "sub", "shown"),
    [
        ("H.264", "H.264", "main"),
        ("H.264H", "MJPG", "main"),
        ("H.265", "H.264B", "sub"),
        ("H.265", "H.265", "main"),
        ("H.265", "MJPG", "main"),
        ("", "", "main"),
        ("SVAC3", "H.264", "main"),
    ],
)
def test_the_stream_for_everybody_is_the_best_that_plays(main: str, sub: str, shown: str) -> None:
    streams = inventory.streams(CAMERA, encode(main, sub), 1, ADDRESS, 554)
    assert [each.profile for each in streams if not each.minor] == [shown]
    assert [each.profile for each in streams] == [Profile.MAIN, Profile.SUB]


def test_streams_are_named_by_channel_and_number() -> None:
    main, sub = inventory.streams(CAMERA, encode("H.264", "H.264"), 2, ADDRESS, 5554)
    assert main.url == "rtsp://[fe80::1]:5554/cam/realmonitor?channel=3&subtype=0"
    assert sub.url == "rtsp://[fe80::1]:5554/cam/realmonitor?channel=3&subtype=1"
    assert sub.id == "camera.3:sub"
    assert sub.still == "still:3"


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ({"Width": "2560", "Height": "1440"}, (2560, 1440)),
        ({"resolution": "1080P"}, (1920, 1080)),
        ({"resolution": "1280x720"}, (1280, 720)),
        ({"CustomResolutionName": "nHD"}, (640, 360)),
        ({"resolution": "huge"}, None),
        ({}, None),
    ],
)
def test_a_size_has_numbers_or_a_name(size: dict[str, str], found: tuple[int, int] | None) -> None:
    streams = inventory.streams(CAMERA, encode("H.264", "H.264", size), 0, ADDRESS, 554)
    assert [each.size for each in streams] == [found]


def test_positions_are_by_channel_and_composed_pictures_are_none() -> None:
    found = inventory.positions(
        {
            0: {"UniqueChannel": "4", "Enable": "true"},
            1: {"UniqueChannel": "5", "Enable": "false"},
            2: {"UniqueChannel": "6", "Type": "Compose"},
            3: {"UniqueChannel": "9999"},
            7: {},
        }
    )
    assert set(found) == {4, 7}


def test_a_recorder_without_states_has_what_has_an_address() -> None:
    """Case 3."""
    rows = {
        0: {"DeviceInfo.Address": "192.168.1.20"},
        1: {"DeviceInfo.Address": "192.168.0.0"},
        2: {"Type": "Analog"},
        3: {"Address": ""},
    }
    assert inventory.present(rows, None, frozenset()) == {0, 2}
    assert inventory.present(rows, None, frozenset({3, 9})) == {0, 2, 3}
    states = {0: "Unconnect", 1: "Connected"}
    assert inventory.present(rows, states, frozenset()) == {1, 2}


def test_an_older_recorder_lists_its_remote_devices() -> None:
    head = "RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_"
    table = {
        f"{head}0.Enable": "true",
        f"{head}0.Address": "192.168.1.20",
        f"{head}0.ProtocolType": "Onvif",
        f"{head}3.Enable": "false",
        f"{head}x.Enable": "true",
        f"{head}99999.Enable": "true",
    }
    rows = inventory.remote_devices(table)
    assert set(rows) == {0}
    camera = inventory.camera(0, rows[0], "Gate")
    assert camera.onvif
    assert camera.part.name == "Gate"


def test_the_filler_of_an_empty_position_is_no_identity() -> None:
    camera = inventory.camera(1, {"DeviceInfo.Mac": "ff:ff:ff:ff:ff:ff"}, None)
    assert camera.part.about is not None
    assert camera.part.about.identities == frozenset()
    assert camera.part.name is None


def test_titles_lose_their_line_breaks() -> None:
    table = {"ChannelTitle[0].Name": "Front|Door ", "ChannelTitle[4].Name": " "}
    assert inventory.titles(table) == {0: "Front Door"}


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"Name": "/dev/sda", "State": "Success", "Detail[0].TotalBytes": "10.000000"}, "normal"),
        ({"Name": "/dev/sda", "State": "Success"}, "unformatted"),
        ({"Name": "/dev/sda", "State": "Degraded"}, "degraded"),
        ({"Name": "/dev/sda", "State": "Failure"}, "failure"),
        ({"Name": "/dev/sda", "State": "Success", "Detail[0].IsError": "true"}, "failure"),
        ({"Name": "/dev/sda", "State": "?", "Detail[0].TotalBytes": "lots"}, "normal"),
    ],
)
def test_a_disk_is_well_or_not(row: dict[str, str], state: str) -> None:
    assert [each.value for each in disks.values({0: row}) if "state" in each.feature] == [state]


def test_a_disk_without_a_name_is_none() -> None:
    assert disks.parts({0: {"State": "Success"}}) == []
    assert disks.values({0: {"State": "Success"}}) == []


def test_a_used_share_is_of_all_partitions() -> None:
    row = {"Name": "/dev/mmc0"}
    for at in range(4):
        row[f"Detail[{at}].TotalBytes"] = "100.000000"
        row[f"Detail[{at}].UsedBytes"] = "25.000000"
    told = {each.feature: each.value for each in disks.values({0: row})}
    assert told["disk.mmc0:storage_used"] == 25.0
    assert told["disk.mmc0:storage_size"] == 400
