"""The installations that can be simulated; a new one is a file of data and a line here."""

from tests.simulators.ispy.personalities.generations import ANCIENT, G1, G2, G3
from tests.simulators.ispy.personalities.german import GERMAN
from tests.simulators.ispy.personalities.hostile import HOSTILE

PERSONALITIES = {
    personality.name: personality for personality in (G3, G2, G1, GERMAN, HOSTILE, ANCIENT)
}
