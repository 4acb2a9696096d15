"""A device's own settings by the two actions: the same of every family, on simulated boxes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import logging
from typing import Any, Final

from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.cctv.devices.model import BOX, PartId
from custom_components.cctv.devices.registry import FAMILIES as REGISTERED
from custom_components.cctv.devices.settings import MASK
from tests.devices.traits import TRAITS
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.dvro import DvroSimulator
from tests.simulators.ispy import CAMERA, IspySimulator
from tests.simulators.open_api import OpenApiSimulator
from tests.simulators.yi_hack import YiHackSimulator

from .boxes import LOGIN, BoxDesk, SetUp, drawn, picture

HIDDEN: Final = "hunter2-hidden"
_WPA: Final = "Network.Wireless.WPA.Key"


@dataclass(frozen=True, slots=True)
class Case:
    """A family's box, one of its settings, and a secret where its settings have one."""

    make: Callable[[], Any]
    table: str
    name: str
    text: str
    """Another value than the box begins with."""
    held: Callable[[Any], object]
    """The setting as the box itself has it."""
    part: PartId = BOX
    secret: str | None = None
    """A name beside it, or of a table of its own."""
    hide: Callable[[Any, str], None] = lambda box, text: None
    """Makes this the secret."""
    kept: Callable[[Any], str] = lambda box: ""
    """The secret as the box itself has it."""
    login: tuple[str, str] = LOGIN


CASES: Final[Mapping[str, Case]] = {
    "amcrest": Case(
        lambda: AmcrestSimulator("ipc", *LOGIN, pictures=picture),
        "Email",
        "Email.Port",
        "26",
        lambda box: box.config["Email.Port"],
        secret="Email.Password",
        hide=lambda box, text: box.config.update({"Email.Password": text}),
        kept=lambda box: box.config["Email.Password"],
    ),
    "dvro": Case(
        lambda: DvroSimulator("template_json"),
        "pathtemplate",
        "pathtemplate.EventTemplate",
        "${hh} ${mm} by hand",
        lambda box: box.recorder.templates["EventTemplate"],
        login=("", ""),
    ),
    "ispy": Case(
        lambda: IspySimulator(pictures=drawn),
        "camera:1",
        "camera:1.timelapseframes",
        "5",
        lambda box: str(box.thing(CAMERA, 1).settings.timelapseframes),
        part="camera.1",
        login=("", ""),
    ),
    "open_api": Case(
        lambda: OpenApiSimulator("seed", "root", "root", pictures=drawn),
        "Network",
        "Network.Wireless.ESSID",
        "Attic",
        lambda box: box.parameters["Network.Wireless.ESSID"],
        secret=_WPA,
        hide=lambda box, text: box.parameters.values.update({_WPA: text}),
        kept=lambda box: box.parameters[_WPA],
        login=("root", "root"),
    ),
    "yi_hack": Case(
        lambda: YiHackSimulator("mstar", *LOGIN, pictures=drawn),
        "mqtt",
        "mqtt.MQTT_PREFIX",
        "attic",
        lambda box: box.config["mqtt"]["MQTT_PREFIX"],
        secret="mqtt.MQTT_PASSWORD",
        hide=lambda box, text: box.config["mqtt"].update(MQTT_PASSWORD=text),
        kept=lambda box: box.config["mqtt"]["MQTT_PASSWORD"],
    ),
}


@dataclass(frozen=True, slots=True)
class Clerk:
    """Reads and writes the settings of one box."""

    desk: BoxDesk
    box: Any
    case: Case

    async def read(self, table: str | None = None) -> dict[str, str]:
        """One table."""
        return await self._ask("get_config", name=table or self.case.table)

    async def write(self, values: Mapping[str, str]) -> dict[str, str]:
        """Change names; what they were."""
        return await self._ask("set_config", values=dict(values))

    async def refused(self, values: Mapping[str, str]) -> str:
        """Why a change is not made."""
        with pytest.raises(ServiceValidationError) as caught:
            await self.write(values)
        return str(caught.value)

    async def _ask(self, action: str, **data: Any) -> dict[str, str]:
        device = self.desk.device(self.case.part)
        told = await self.desk.call(action, answer=True, device_id=device, **data)
        (result,) = told["results"]
        found: dict[str, str] = result["data"]
        return found


@pytest.fixture(params=CASES)
async def family(request: pytest.FixtureRequest) -> str:
    """One family after another."""
    name: str = request.param
    return name


@pytest.fixture
async def clerk(set_up: SetUp, family: str) -> Clerk:
    """Return who reads and writes the settings of a family's box."""
    case = CASES[family]
    box = case.make()
    case.hide(box, HIDDEN)
    options = TRAITS[family].options
    return Clerk(await set_up(family, box, lambda: options(box), case.login), box, case)


def test_every_family_is_tried() -> None:
    assert set(CASES) == set(REGISTERED)


async def test_a_setting_is_read_changed_and_put_back(clerk: Clerk) -> None:
    case, box = clerk.case, clerk.box
    before = await clerk.read()
    was = before[case.name]
    assert was == str(case.held(box)) != case.text
    assert await clerk.write({case.name: case.text}) == {case.name: was}
    assert str(case.held(box)) == case.text
    assert await clerk.read() == before | {case.name: case.text}
    assert await clerk.write({case.name: was}) == {case.name: case.text}
    assert str(case.held(box)) == was
    assert await clerk.read() == before


async def test_what_the_device_does_not_list_is_refused_in_words_and_unsent(
    clerk: Clerk, family: str
) -> None:
    case, box = clerk.case, clerk.box
    was = case.held(box)
    strange = f"{case.table}.NoSuchName"
    assert strange in await clerk.refused({case.name: case.text, strange: "1"})
    said = await clerk.refused({case.name: case.text, "NoSuchTable.Name": "1"})
    assert "NoSuchTable" in said or case.table in said
    assert await clerk.refused({case.name: "two\nlines"})
    with pytest.raises(ServiceValidationError):
        await clerk.read("NoSuchTable")
    assert case.held(box) == was
    assert TRAITS[family].changing(box) == []


async def test_a_mask_is_never_written(clerk: Clerk, family: str) -> None:
    """Not where a secret is, nor anywhere else: a whole table as it was read goes nowhere."""
    case, box = clerk.case, clerk.box
    was = case.held(box)
    for name in {case.name, case.secret or case.name}:
        assert name in await clerk.refused({name: MASK})
    if case.secret is not None:
        assert case.secret in await clerk.refused(await clerk.read() | {case.name: case.text})
        assert case.kept(box) == HIDDEN
    assert case.held(box) == was
    assert TRAITS[family].changing(box) == []


@pytest.mark.parametrize("family", [name for name, case in CASES.items() if case.secret])
async def test_a_secret_is_set_and_never_shown(
    clerk: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    case, box = clerk.case, clerk.box
    assert case.secret is not None
    caplog.set_level(logging.DEBUG, logger="custom_components.cctv")
    shown = await clerk.read()
    assert shown[case.secret] == MASK
    told = await clerk.write({case.name: case.text, case.secret: "new-hidden"})
    assert list(told) == [case.name]
    assert case.kept(box) == "new-hidden"
    shown |= await clerk.read()
    said = " ".join(each.getMessage() for each in caplog.records if "cctv" in each.name)
    for secret in (HIDDEN, "new-hidden"):
        assert secret not in f"{shown} {told} {said}"
