"""What a firmware was found to have is kept with it (§5)."""

import pytest

from custom_components.cctv.devices.env import JSON, ShortMemory
from custom_components.cctv.devices.errors import (
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Malformed,
    NoAnswer,
    Rejected,
    Unsaid,
    Unsupported,
)
from custom_components.cctv.devices.verdicts import Verdicts

type Answer = int | list[JSON]


class Question:
    """Something to ask that answers, or fails, as it is told to."""

    def __init__(self, *answers: Answer | DeviceError) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self) -> Answer:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, DeviceError):
            raise answer
        return answer


async def test_a_no_is_not_asked_again_until_the_firmware_is_another() -> None:
    memory = ShortMemory()
    question = Question(Unsupported(), 7)
    assert await Verdicts(memory, "1.0").probe("Lighting", question) is None
    assert await Verdicts(memory, "1.0").probe("Lighting", question) is None
    assert question.asked == 1
    assert await Verdicts(memory, "2.0").probe("Lighting", question) == 7


@pytest.mark.parametrize("error", [Rejected(), Busy(), Malformed(), NoAnswer(), CannotConnect()])
async def test_what_failed_otherwise_is_asked_again(error: DeviceError) -> None:
    memory = ShortMemory()
    verdicts = Verdicts(memory, "1.0")
    question = Question(error, 7)
    assert await verdicts.probe("Lighting", question) is None
    assert verdicts.unknown == {"Lighting"}
    assert await verdicts.probe("Lighting", question) == 7
    assert not verdicts.unknown
    assert verdicts.get("Lighting") is True


async def test_a_word_that_is_always_missing_is_a_no() -> None:
    memory = ShortMemory()
    verdicts = Verdicts(memory, "1.0")
    question = Question(Unsaid(), Unsaid(), Unsaid(), Unsaid())
    for _ in range(3):
        assert await verdicts.probe("getVersion", question) is None
        assert verdicts.unknown == {"getVersion"}
        assert verdicts.get("getVersion") is None
    assert await verdicts.probe("getVersion", question) is None
    assert not verdicts.unknown
    assert Verdicts(memory, "1.0").get("getVersion") is False


async def test_a_fact_that_is_nothing_is_asked_again_before_it_is_kept() -> None:
    memory = ShortMemory()
    verdicts = Verdicts(memory, "1.0")
    question = Question([], ["VideoMotion"])
    assert await verdicts.fact("exposed", question) == []
    assert verdicts.unknown == {"exposed"}
    assert await verdicts.fact("exposed", question) == ["VideoMotion"]
    assert not verdicts.unknown
    assert await Verdicts(memory, "1.0").fact("exposed", question) == ["VideoMotion"]
    assert question.asked == 2


async def test_a_fact_that_is_always_nothing_is_kept() -> None:
    memory = ShortMemory()
    question = Question([], [], [], [])
    verdicts = Verdicts(memory, "1.0")
    for _ in range(4):
        assert await verdicts.fact("exposed", question) == []
    assert not verdicts.unknown
    assert await Verdicts(memory, "1.0").fact("exposed", question) == []
    assert question.asked == 4


async def test_what_was_nothing_once_and_not_later_is_doubted_again() -> None:
    verdicts = Verdicts(ShortMemory(), "1.0")
    question = Question([], [], [], [], [1], [])
    for unknown in (True, True, True, False, False, True):
        await verdicts.probe("disks", question)
        assert bool(verdicts.unknown) is unknown


async def test_what_is_forbidden_is_told_and_asked_again() -> None:
    verdicts = Verdicts(ShortMemory(), "1.0")
    question = Question(Forbidden(), 7)
    assert await verdicts.probe("Record", question) is None
    assert verdicts.forbidden == {"Record"}
    assert await verdicts.probe("Record", question) == 7
    assert not verdicts.forbidden


async def test_two_silences_running_mean_that_nobody_is_there() -> None:
    verdicts = Verdicts(ShortMemory(), "1.0")
    assert await verdicts.probe("A", Question(NoAnswer())) is None
    assert await verdicts.probe("B", Question(1)) == 1
    assert await verdicts.probe("C", Question(CannotConnect())) is None
    with pytest.raises(NoAnswer):
        await verdicts.probe("D", Question(NoAnswer()))


async def test_a_refused_login_ends_all_probing() -> None:
    with pytest.raises(InvalidAuth):
        await Verdicts(ShortMemory(), "1.0").probe("A", Question(InvalidAuth()))


def test_a_verdict_is_kept_changed_and_forgotten() -> None:
    memory = ShortMemory()
    verdicts = Verdicts(memory, "1.0")
    verdicts.put("attach", "half")
    assert Verdicts(memory, "1.0").get("attach") == "half"
    verdicts.put("attach", None)
    verdicts.put("attach", None)
    assert Verdicts(memory, "1.0").get("attach") is None


@pytest.mark.parametrize(
    "kept", [None, 5, [], {"firmware": "1.0"}, {"firmware": "1.0", "names": 3}]
)
def test_a_damaged_memory_is_an_empty_one(kept: object) -> None:
    memory = ShortMemory()
    memory.put("verdicts", kept)  # type: ignore[arg-type]
    assert Verdicts(memory, "1.0").get("A") is None


def test_verdicts_do_not_grow_without_end() -> None:
    verdicts = Verdicts(ShortMemory(), "1.0")
    for number in range(5_000):
        verdicts.put(f"name {number}", verdict=False)
    assert verdicts.get("name 1999") is False
    assert verdicts.get("name 2000") is None
