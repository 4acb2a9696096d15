"""A recorder with more channels than the model it is made of: the same cameras, again and again."""

from dataclasses import replace
import re

from tests.simulators.amcrest.personality import Personality

_CHANNEL = re.compile(
    r"(RemoteDevice\.uuid:System_CONFIG_NETCAMERA_INFO_|(?:ChannelTitle|Encode|MotionDetect"
    r"|SmartMotionDetect|BlindDetect|LossDetect|Record|RecordMode|Snap|RecordStoragePoint"
    r"|SnapStoragePoint|LeLensMask)\[)(\d+)(.*)"
)


def enlarge(model: Personality, channels: int) -> Personality:
    """A recorder of so many channels; each is like the one as many below it as there were."""
    count = model.channels
    lines = model.config.splitlines()
    for first in range(count, channels, count):
        for line in model.config.splitlines():
            if (found := _CHANNEL.fullmatch(line)) and first + int(found[2]) < channels:
                lines.append(f"{found[1]}{first + int(found[2])}{found[3]}")
    cameras = [slot for slot in model.slots if slot.type != "Compose"][:count]
    others = [slot for slot in model.slots if slot.type == "Compose"]
    return replace(
        model,
        name=f"{model.name}{channels}",
        channels=channels,
        config="\n".join(lines),
        product={**model.product, "MaxRemoteInputChannels": str(channels)},
        answers={**model.answers, "devVideoInput.getCollect": f"result={channels}"},
        slots=(*(replace(cameras[n % count]) for n in range(channels)), *others),
    )
