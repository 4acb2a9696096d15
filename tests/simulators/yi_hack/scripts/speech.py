"""The loudspeaker's scripts: speak.sh, speaker.sh, speaker_file.sh (§6)."""

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.grammar import (
    Call,
    Printed,
    first,
    first_line,
    members,
    raw_bytes,
    slots,
)
from tests.simulators.yi_hack.sound import (
    LANGUAGE,
    MAX_BYTES_WITHOUT_CARD,
    Played,
    gain,
    pcm,
)

_GAINS = ("vol", "voldb")
_FILE_SECONDS = 2


async def speak(camera: Camera, call: Call) -> Printed:
    """speak.sh?lang=&vol=: the first line of the body, in a voice; echoed as it is."""
    asked = dict(slots(call.query, 2))
    wanted = _gain(asked)
    language = asked.get("lang", "")
    if wanted == () or not LANGUAGE.fullmatch(language):
        return _headless("Invalid parameter")
    if camera.system["SPEAKER_AUDIO"] == "no":
        return _said("true", "Audio input disabled")
    if not camera.faults.tts:
        return _said("true", "TTS engine not found")
    if camera.speaker.playing is not None:
        return _said("true", "Speaker busy")
    text = first_line(call.body)
    await _play(camera, Played("speech", text=text, language=language, gain=wanted or None))
    return _said("false", text)


async def speaker(camera: Camera, call: Call) -> Printed:
    """speaker.sh?vol=: the body as sound."""
    wanted = _gain(dict([first(call.query)]))
    if wanted == ():
        return _headless("Invalid parameter")
    if camera.system["SPEAKER_AUDIO"] == "no":
        return _said("true", "Audio input is not available")
    if not camera.card.present and len(call.body) > MAX_BYTES_WITHOUT_CARD:
        return _said("true", "File is too big")
    sound, wav = pcm(call.body, call.request.header("Content-Type"))
    await _play(camera, Played("pcm", sound, gain=wanted or None, click=wav))
    return _said("false", "")


async def speaker_file(camera: Camera, call: Call) -> Printed:
    """speaker_file.sh?voldb=: a file of the card by its name; errors lack a comma."""
    wanted = _gain(dict(slots(call.query, 2)))
    if wanted == ():
        return _headless("Invalid parameter")
    name = first_line(call.body)
    if ".." in name.split("/"):
        camera.disaster(f"speaker_file.sh {name}")
    elif name in camera.audio and camera.card.present:
        await _play(
            camera, Played("file", bytes(_FILE_SECONDS * 32_000), name, gain=wanted or None)
        )
        return _said("false", "")
    return Printed(b'{\n"error":"true"\n"description":"File not found"\n}')


def _gain(asked: dict[str, str]) -> tuple[str, float] | tuple[()] | None:
    """The gain asked for; None without one, () for a bad one."""
    for name in _GAINS:
        if name in asked:
            return gain(name, asked[name]) or ()
    return None


async def _play(camera: Camera, sound: Played) -> None:
    """Without a card the reply waits for the end; with one, playing goes on behind it."""
    camera.speaker.begin(sound)
    camera.changed.poke()

    async def finish() -> None:
        try:
            await camera.take(sound.seconds)
        finally:
            camera.speaker.end(sound)
            camera.changed.poke()

    if camera.card.present:
        camera.later(finish())
    else:
        await finish()


def _said(error: str, description: str) -> Printed:
    return Printed(raw_bytes(members([("error", error), ("description", description)])))


def _headless(description: str) -> Printed:
    """Bad parameters: the JSON stands where the headers belong (§4)."""
    body = members([("error", "true"), ("description", description)])
    return Printed(raw_bytes(body), headless=True)


SCRIPTS = {"speak.sh": speak, "speaker.sh": speaker, "speaker_file.sh": speaker_file}
