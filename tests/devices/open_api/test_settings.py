"""Parameters as settings: set and read back, shown and changed by name."""

import pytest

from custom_components.cctv.devices.commands import GetConfig, Set, SetConfig
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import BOX, Hint, Value

from .conftest import Build, told, topology_of


@pytest.mark.parametrize(
    ("key", "value", "name", "written"),
    [
        ("brightness", 71, "ImageSource.I0.Sensor.Brightness", "71"),
        ("saturation", 5, "ImageSource.I0.Sensor.ColorLevel", "5"),
        ("white_balance", "hold", "ImageSource.I0.Sensor.WhiteBalance", "hold"),
        ("day_night", "black_white", "ImageSource.I0.DayNight.IrCutFilter", "no"),
        ("day_night", "color", "ImageSource.I0.DayNight.IrCutFilter", "yes"),
        ("compression", 44, "Image.I0.Appearance.Compression", "44"),
        ("rotation", "180", "Image.I0.Appearance.Rotation", "180"),
        ("mirror", True, "Image.I0.Appearance.MirrorEnabled", "yes"),
        ("resolution", "320x180", "Image.I0.Appearance.Resolution", "320x180"),
        ("overlay_text", "Tür = auf & zu", "Image.I0.Text.String", "Tür = auf & zu"),
        ("overlay_clock", False, "Image.I0.Text.ClockEnabled", "no"),
        ("frame_rate", 10, "Image.I0.Stream.FPS", "10"),
    ],
)
async def test_a_setting_is_written_under_its_name(
    house: Build, key: str, value: bool | int | str, name: str, written: str
) -> None:
    home = await house("vapix")
    device, _ = await home.opened()
    answer = await device.do(BOX, Set(key, value))
    assert told(answer.updates)[f":{key}"] == value
    assert home.box.parameters[name] == written


async def test_a_text_is_set_otherwise_where_it_is_no_parameter(house: Build) -> None:
    """§1.11: setosd.cgi, which cannot be read."""
    home = await house()
    values = home.box.parameters.values
    for name in [name for name in values if ".Text." in name]:
        del values[name]
    device, batch = await home.opened()
    feature = topology_of(batch).features[":overlay_text"]
    assert feature.blind
    answer = await device.do(BOX, Set("overlay_text", "Back yard"))
    assert answer.updates == (Value(":overlay_text", "Back yard"),)
    assert home.sent() == ["/setosd.cgi?text=Back%20yard"]
    with pytest.raises(BadInput):
        await device.do(BOX, Set("overlay_text", "two\nlines"))


async def test_a_value_that_the_unit_refuses_is_told_in_its_words(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(Rejected, match="Error setting"):
        await device.do(BOX, SetConfig({"ImageSource.I0.Sensor.Brightness": "200"}))
    assert home.box.parameters["ImageSource.I0.Sensor.Brightness"] == "50"


async def test_a_word_of_the_units_own_is_offered(house: Build) -> None:
    home = await house()
    home.box.parameters["ImageSource.I0.Sensor.Exposure"] = "flickerfree50"
    _, batch = await home.opened()
    feature = topology_of(batch).features[":exposure"]
    assert feature.options == ("auto", "hold", "flickerfree50")
    assert told(batch)[":exposure"] == "flickerfree50"


async def test_a_group_is_shown_and_a_name_changed_back(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    shown = (await device.do(BOX, GetConfig("ImageSource"))).data
    assert isinstance(shown, dict)
    assert shown["ImageSource.I0.Sensor.Sharpness"] == "50"
    name = "ImageSource.I0.Sensor.Sharpness"
    answer = await device.do(BOX, SetConfig({name: "9"}))
    assert answer.data == {name: "50"}
    assert answer.updates == (Hint(("config:ImageSource",)),)
    assert home.box.parameters[name] == "9"


@pytest.mark.parametrize(
    "values",
    [
        {"No.Such.Name": "1"},
        {"ImageSource.I0.Sensor.Sharpness": "******"},
        {"ImageSource.I0.Sensor.Sharpness": "1\n2"},
    ],
)
async def test_a_change_that_cannot_be_is_not_written(house: Build, values: dict[str, str]) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises((BadInput, Unsupported)):
        await device.do(BOX, SetConfig(values))
    assert not [each for each in home.sent() if "action=list" not in each]


@pytest.mark.parametrize("name", ["", "A B", "x\r\ny", "Brand&action=remove", "../etc"])
async def test_a_name_that_is_none_is_not_sent(house: Build, name: str) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, GetConfig(name))
    assert home.sent() == []


async def test_many_changes_go_out_in_several_requests(house: Build) -> None:
    home = await house("server4")
    device, _ = await home.opened()
    names = [f"Image.I{n}.{what}" for n in range(4) for what in ("Name", "Text.String")]
    changes = {name: name + "x" * 225 for name in names}
    await device.unit.box.client.update(changes)
    assert {name: home.box.parameters[name] for name in names} == changes
    sent = [each for each in home.sent() if "action=update" in each]
    assert len(sent) == 2
    assert all(len(each) < 2_000 for each in sent)


async def test_both_spellings_of_several_groups_are_understood(house: Build) -> None:
    """§1.3: the comma form first, the seed's own where that says too little."""
    home = await house()
    device, _ = await home.opened()
    client = device.unit.box.client
    both = await client.parameters("Motion", "Brand")
    assert {name.partition(".")[0] for name in both.values} == {"Motion", "Brand"}
    assert home.sent() == [
        "/config.cgi?action=list&group=Motion,Brand&responseformat=rfc",
    ]
    home.box.wire.clear()
    await client.parameters("Motion", "Nothing")
    spellings = [each.partition("&group=")[2].partition("&")[0] for each in home.sent()]
    assert spellings[0] == "Motion,Nothing"
    await client.remove("Motion.M0", "Motion.M3")
    assert not home.box.levels
