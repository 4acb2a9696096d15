"""All scenes by name."""

from collections.abc import Callable
from typing import Final

from .film import Scene
from .indoors import garage, hallway, living_room, warehouse
from .outdoors import driveway, front_door, garden, street

SCENES: Final[dict[str, Callable[[], Scene]]] = {
    "front_door": front_door,
    "driveway": driveway,
    "garden": garden,
    "garage": garage,
    "living_room": living_room,
    "warehouse": warehouse,
    "street": street,
    "hallway": hallway,
}
