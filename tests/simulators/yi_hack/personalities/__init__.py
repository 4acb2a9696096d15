"""The cameras that can be simulated; a new one is data and a line here."""

from tests.simulators.yi_hack.personalities.hostile import HOSTILE
from tests.simulators.yi_hack.personalities.older import V4_CAMERA, V5_CAMERA
from tests.simulators.yi_hack.personalities.trio import (
    ALLWINNER_CAMERA,
    ALLWINNER_V2_CAMERA,
    MSTAR_CAMERA,
)

PERSONALITIES = {
    personality.name: personality
    for personality in (
        MSTAR_CAMERA,
        ALLWINNER_CAMERA,
        ALLWINNER_V2_CAMERA,
        V5_CAMERA,
        V4_CAMERA,
        HOSTILE,
    )
}
