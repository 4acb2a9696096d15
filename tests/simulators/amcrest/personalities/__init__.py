"""The models that can be simulated; a new one is a file of data and a line here."""

from tests.simulators.amcrest.personalities.counter import COUNTER
from tests.simulators.amcrest.personalities.dome import DOME
from tests.simulators.amcrest.personalities.doorbell import DOORBELL
from tests.simulators.amcrest.personalities.floodlight import FLOODLIGHT
from tests.simulators.amcrest.personalities.hostile import HOSTILE
from tests.simulators.amcrest.personalities.ipc import IPC
from tests.simulators.amcrest.personalities.legacy import LEGACY
from tests.simulators.amcrest.personalities.nvr import NVR
from tests.simulators.amcrest.personalities.terminal import TERMINAL
from tests.simulators.amcrest.personalities.thermal import THERMAL
from tests.simulators.amcrest.personalities.traffic import TRAFFIC
from tests.simulators.amcrest.personalities.vto import VTO
from tests.simulators.amcrest.personalities.wizsense import WIZSENSE

PERSONALITIES = {
    personality.name: personality
    for personality in (
        IPC,
        WIZSENSE,
        NVR,
        DOORBELL,
        LEGACY,
        HOSTILE,
        DOME,
        FLOODLIGHT,
        VTO,
        TERMINAL,
        THERMAL,
        COUNTER,
        TRAFFIC,
    )
}
