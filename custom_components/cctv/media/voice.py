"""Sound on its way into MP4: AAC as it is, all else as AAC; all blocks."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
import logging
from typing import TYPE_CHECKING, Final, cast

from . import adts
from .mp4 import Track
from .source import damage
from .units import Sounds, Unit

if TYPE_CHECKING:
    import av

_LOGGER = logging.getLogger(__name__)

NUMBER: Final = 2
BITS_MOST: Final = 64_000
GAP_SECONDS: Final = 0.25
"""So much silence is a gap; less is a clock that trembles."""
AHEAD_SECONDS: Final = 1.0
"""Sound that is so much too early is left out."""
_PLAIN: Final = {"pcm_alaw": 1, "pcm_mulaw": 1, "pcm_s8": 1, "pcm_s16le": 2}
"""Bytes a sample, where any number of bytes can be decoded."""

type Sound = tuple[int, bytes]
"""Where it begins in samples, and 1,024 of them."""


class Voice:
    """The one track of sound of a film, whatever comes in."""

    def __init__(self) -> None:
        """Begin without a track; the first sound makes it."""
        self.track: Track | None = None
        self._rate = 0
        self._channels = 1
        self._config = b""
        self._like = 0
        """The kind of header that frames of the track's own kind have."""
        self._next: int | None = None
        self._coder: _Coder | None = None
        self._dumb: Sounds | None = None
        """What was found to be of no use."""

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._rate or 1

    def feed(self, unit: Unit, offset: int = 0) -> Iterable[Sound]:
        """What goes into the track, so many microseconds later than it says."""
        form = cast("Sounds", unit.form)
        if self._like and form.codec == "aac" and not form.extradata and self._coder is None:
            # Nearly all AAC goes this way.
            bare = adts.alone(unit.data, self._like)
            if bare is not None:
                at = self._place(unit.time + offset, adts.SAMPLES)
                return ((at, bare),) if at is not None else ()
        frames = _bare(form, unit.data) if form.codec == "aac" else []
        if form.codec == "aac" and not frames:
            return ()
        if self.track is None:
            self._open(form, frames)
        time = unit.time + offset
        if not (frames and all(one.config == self._config for one in frames)):
            return self._coded(form, time, unit.data, frames)
        self._like = 0 if form.extradata else adts.kind(unit.data)
        before = [*self.rest()] if self._coder is not None else []
        placed = ((self._place(time, adts.SAMPLES), one.data) for one in frames)
        return before + [(at, data) for at, data in placed if at is not None]

    def rest(self) -> Iterator[Sound]:
        """What is still being coded."""
        coder, self._coder = self._coder, None
        if coder is not None:
            yield from coder.rest()

    def _open(self, form: Sounds, frames: list[adts.Frame]) -> None:
        if frames:
            self._config = frames[0].config
            self._rate, self._channels = frames[0].rate, frames[0].channels
        else:
            self._rate = min((one for one in adts.RATES if one >= form.rate), default=48_000)
            self._channels = min(form.channels, 2)
            self._config = adts.config(self._rate, self._channels)
        description = adts.description(self._config, self._rate, self._channels)
        self.track = Track(NUMBER, self._rate, description)

    def _place(self, time: int, samples: int) -> int | None:
        """Where it goes: on from the last, at its own time after a gap; None when too early."""
        due = time * self._rate // 1_000_000
        at = self._next
        if at is None:
            at = max(0, due)
        elif due - at > self._rate * GAP_SECONDS:
            at = due
        elif at - due > self._rate * AHEAD_SECONDS:
            return None
        self._next = at + samples
        return at

    def _coded(
        self, form: Sounds, time: int, sound: bytes, frames: list[adts.Frame]
    ) -> Iterator[Sound]:
        if form == self._dumb or self._config != adts.config(self._rate, self._channels):
            return
        if self._coder is None or self._coder.form != form:
            yield from self.rest()
            try:
                self._coder = _Coder(form, self._rate, self._channels, frames)
            except damage() as error:
                _LOGGER.debug("A kind of sound is left out: %s", type(error).__name__)
                self._dumb = form
                return
        time -= self._coder.waiting * 1_000_000 // form.rate
        for data in [one.data for one in frames] or [sound]:
            for samples in self._coder.heard(data):
                at = self._place(time, samples.samples)
                if at is not None:
                    yield from self._coder.feed(samples, at)


def _bare(form: Sounds, data: bytes) -> list[adts.Frame]:
    """AAC without headers."""
    if form.extradata:
        return [adts.Frame(form.extradata, form.rate, form.channels, data)] if data else []
    return adts.frames(data)


class _Coder:
    """Decodes sound of one kind and codes it as AAC."""

    def __init__(self, form: Sounds, rate: int, channels: int, frames: list[adts.Frame]) -> None:
        """Prepare. OSError or ValueError."""
        import av  # noqa: PLC0415

        self.form = form
        layout = "stereo" if channels == 2 else "mono"
        self._decoder = cast("av.AudioCodecContext", av.CodecContext.create(form.codec, "r"))
        self._decoder.sample_rate = form.rate
        self._decoder.layout = "stereo" if form.channels == 2 else "mono"
        if frames:
            self._decoder.extradata = frames[0].config
        self._resampler = av.AudioResampler("fltp", layout, rate)
        self._fifo = av.AudioFifo()
        self._encoder = av.CodecContext.create("aac", "w")
        self._encoder.sample_rate = rate
        self._encoder.layout = layout
        self._encoder.format = "fltp"
        self._encoder.time_base = Fraction(1, rate)
        self._encoder.bit_rate = min(BITS_MOST, 4 * rate) * channels
        self._rate = rate
        self._held = bytearray()
        self._sample = _PLAIN.get(form.codec, 0) * form.channels
        self._least = self._sample * adts.SAMPLES
        self._at = 0

    @property
    def waiting(self) -> int:
        """Samples that were gathered, but not yet decoded."""
        return len(self._held) // (self._sample or 1)

    def heard(self, data: bytes) -> Iterator[av.AudioFrame]:
        """Decoded, at the track's rate; plain samples are gathered first, that is faster."""
        import av  # noqa: PLC0415

        if self._least:
            self._held += data
            if len(self._held) < self._least:
                return
            whole = len(self._held) // self._least * self._least
            data = bytes(self._held[:whole])
            del self._held[:whole]
        try:
            decoded = self._decoder.decode(av.Packet(data))
            for frame in decoded:
                frame.pts = None
                yield from self._resampler.resample(frame)
        except damage() as error:
            _LOGGER.debug("A damaged piece of sound is left out: %s", type(error).__name__)

    def feed(self, samples: av.AudioFrame, at: int) -> Iterator[Sound]:
        """What is coded when these samples come in that begin there."""
        # What waits from before is heard first.
        self._at = at - self._fifo.samples
        samples.pts = None
        self._fifo.write(samples)
        while (frame := self._fifo.read(adts.SAMPLES)) is not None:
            frame.pts, frame.time_base = self._at, Fraction(1, self._rate)
            self._at += adts.SAMPLES
            yield from self._packets(self._encoder.encode(frame))

    def rest(self) -> Iterator[Sound]:
        """What is still in it; the last frame ends in silence."""
        frame = self._fifo.read(0, partial=True)
        packets: list[av.Packet[av.AudioStream]] = []
        if frame is not None:
            frame.pts, frame.time_base = self._at, Fraction(1, self._rate)
            packets += self._encoder.encode(frame)
        yield from self._packets([*packets, *self._encoder.encode(None)])

    def _packets(self, packets: list[av.Packet[av.AudioStream]]) -> Iterator[Sound]:
        """Each where it is heard; the first only primes the decoder."""
        for one in packets:
            if one.pts is not None and one.pts >= 0:
                yield one.pts, bytes(one)
