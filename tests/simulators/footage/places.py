"""Indoor and outdoor scenes of the demonstration, one function each."""

from collections.abc import Callable
import math
from typing import Final

import numpy as np

from .build import (
    ball,
    box,
    bush,
    car,
    gable,
    paint,
    person,
    plant,
    rod,
    shine,
    tree,
    window,
)
from .film import Lens, Scene
from .light import Body, Lamp, Material, Sky, Solid, World
from .texture import asphalt, bricks, grass, ground, plain, planks, tiles


def _floor(material: Material) -> Solid:
    """Return the ground at height 0, without an end."""
    return Solid(
        np.array(((0, 1, 0),), np.float32),
        np.zeros(1, np.float32),
        np.zeros(3, np.float32),
        2000.0,
        material,
    )


def front_door() -> Scene:
    """Someone brings a parcel to a porch in the evening sun."""
    lawn = grass((0.15, 0.25, 0.06))
    path = tiles((0.36, 0.33, 0.29), (0.16, 0.15, 0.13), 0.62, 0.3)
    floor = Material(
        ground(
            lawn,
            ((-1.1, 1.1, 1.5, 9.0), path),
            ((-30, 30, 9.0, 10.6), tiles((0.3, 0.3, 0.3), (0.18, 0.18, 0.18), 1.2)),
            ((-60, 60, 10.6, 17), asphalt()),
        )
    )
    boards = Material(planks((0.30, 0.20, 0.13), 0.15))
    white = paint((0.72, 0.71, 0.68))
    brick = Material(bricks((0.36, 0.15, 0.10), (0.42, 0.39, 0.35)))
    bodies: list[Body] = [
        _floor(floor),
        box((-3.2, 2.4), (0, 0.16), (-1, 1.5), boards),
        box((-3.3, -3.0), (0, 4), (-1.0, 0.2), brick),
        box((-2.9, -2.72), (0.16, 3.2), (1.2, 1.38), white),
        box((1.9, 2.08), (0.16, 3.2), (1.2, 1.38), white),
        box((-3.0, -2.62), (0.16, 0.34), (1.1, 1.48), white),
        box((1.8, 2.18), (0.16, 0.34), (1.1, 1.48), white),
        box((-0.9, 0.9), (0.162, 0.18), (0.2, 1.0), Material(plain((0.13, 0.10, 0.08), 0.9))),
    ]
    bodies += [
        rod((place, 0.2, 1.29), (place, 1.0, 1.29), 0.028, white)
        for place in (-2.35, -2.05, -1.75, -1.45)
    ]
    bodies.append(box((-2.75, -1.2), (0.98, 1.05), (1.24, 1.34), white))
    bodies += bush(-3.4, 2.6, 1.3, 0.9, seed=4)
    bodies += bush(-2.1, 2.2, 0.9, 0.6, (0.16, 0.2, 0.05), seed=5)
    bodies += bush(2.6, 2.4, 1.2, 0.8, seed=6)
    for side in (1.45, -1.45):
        for far in (3.6, 5.6, 7.6):
            bodies.append(rod((side, 0, far), (side, 0.45, far), 0.035, paint((0.05, 0.05, 0.05))))
            bodies.append(ball((side, 0.5, far), (0.07, 0.07, 0.07), shine((2.2, 1.5, 0.8))))
    bodies += tree(-6.5, 7.5, 6.0, 2.3, seed=2)
    bodies += tree(7.5, 8.2, 6.5, 2.4, (0.17, 0.19, 0.04), seed=8)
    # Across the street.
    cream, slate = (
        paint((0.52, 0.47, 0.38)),
        Material(tiles((0.16, 0.15, 0.16), (0.08, 0.08, 0.08), 0.4, 0.4)),
    )
    bodies += [
        box((-13, -3.5), (0, 4.6), (22, 29), cream),
        gable((-13.6, -2.9), (21.3, 29.7), 4.5, 7.6, slate),
        box((2.5, 12.5), (0, 4.2), (23, 30), Material(planks((0.38, 0.44, 0.48), 0.22))),
        gable((1.9, 13.1), (22.3, 30.7), 4.1, 7.0, slate),
        box(
            (-40, 40),
            (0, 1.1),
            (19.4, 19.6),
            Material(planks((0.30, 0.24, 0.17), 0.18, upright=True)),
        ),
    ]
    for x in (-11.5, -8.3, -5.3):
        bodies += window((x, x + 1.2), (1.2, 2.7), 22, glow=(1.6, 1.0, 0.45) if x == -8.3 else None)
    for x in (4.0, 7.0, 10.0):
        bodies += window((x, x + 1.2), (1.2, 2.6), 23)
    bodies += car(-5.5, 15.2, 0, (0.28, 0.05, 0.04))
    for x, seed in ((-18, 11), (-1, 12), (16, 13), (24, 14)):
        bodies += tree(x, 32, 9.5, 3.6, (0.07, 0.13, 0.04), seed=seed)
    lamps = [
        Lamp((-0.75, 0.42, 0.35), (3.4, 2.35, 1.45), far=True),
        Lamp((0.0, 3.2, 0.9), (3.2, 2.0, 0.95), shadows=False),
    ]
    sky = Sky((0.22, 0.36, 0.68), (0.85, 0.70, 0.56), (0.16, 0.14, 0.11), 0.8)

    def movers(moment: float) -> list[Body]:
        far = 8.6 - moment * 8.4
        return person(
            0.25 + 0.2 * math.sin(moment * 3),
            far,
            90,
            moment * 8.5,
            (0.30, 0.17, 0.05),
            (0.16, 0.12, 0.08),
            parcel=True,
        )

    return Scene(
        "FRONT DOOR",
        "2026-06-14 19:42:07",
        World(bodies, lamps, sky, 0.006),
        Lens((1.5, 2.85, -1.2), (-0.35, 0.85, 5.2), 88, 0.06),
        movers,
        clouds=0.3,
        exposure=0.62,
    )


def hallway() -> Scene:
    """Someone walks along an office corridor with a polished floor."""
    wall = paint((0.62, 0.60, 0.55), 0.06)
    low = paint((0.20, 0.30, 0.34), 0.06)
    oak = Material(planks((0.36, 0.22, 0.11), 0.5, upright=True), mirror=0.1)
    steel = paint((0.5, 0.5, 0.5), 0.05, 0.4)
    bodies: list[Body] = [
        _floor(Material(tiles((0.34, 0.33, 0.31), (0.2, 0.19, 0.18), 0.6), mirror=0.55)),
        box((-1.5, -1.3), (0, 3), (-2, 18), wall),
        box((1.3, 1.5), (0, 3), (-2, 18), wall),
        box((-1.31, -1.28), (0, 1.0), (-2, 18), low),
        box((1.28, 1.31), (0, 1.0), (-2, 18), low),
        box((-1.32, -1.26), (1.0, 1.05), (-2, 18), oak),
        box((1.26, 1.32), (1.0, 1.05), (-2, 18), oak),
        box((-1.5, 1.5), (2.7, 3), (-2, 18), paint((0.7, 0.7, 0.69))),
        box((-1.5, -0.75), (0, 2.8), (16, 16.2), wall),
        box((0.75, 1.5), (0, 2.8), (16, 16.2), wall),
        box((-1.5, 1.5), (2.3, 2.8), (16, 16.2), wall),
        box((-0.75, 0.75), (0, 2.3), (16.1, 16.15), shine((1.5, 1.75, 2.0))),
        box((-0.75, 0.75), (1.05, 1.1), (16, 16.12), steel),
        box((-0.03, 0.03), (0, 2.3), (16, 16.12), steel),
        box((-0.4, 0.4), (2.36, 2.56), (15.9, 16.0), shine((0.12, 0.85, 0.3))),
    ]
    lamps = [Lamp((0, 2.5, 4.0), (1.9, 1.85, 1.7), spread=0.08)]
    for far in (1.0, 4.0, 7.0, 10.0, 13.0):
        bodies.append(
            box((-0.6, 0.6), (2.68, 2.72), (far - 0.3, far + 0.3), shine((2.6, 2.5, 2.3)))
        )
        if far != 4.0:
            lamps.append(Lamp((0, 2.5, far), (1.9, 1.85, 1.7), shadows=False))
    lamps.append(Lamp((0, 1.3, 15.5), (2.0, 2.3, 2.6), shadows=False))
    for far in (2.2, 6.2, 10.2):
        for side in (-1, 1):
            near = far + (1.4 if side > 0 else 0)
            inner, outer = sorted((side * 1.26, side * 1.33))
            bodies.append(
                box((inner, outer), (0, 2.12), (near - 0.08, near + 1.08), paint((0.3, 0.28, 0.25)))
            )
            inner, outer = sorted((side * 1.24, side * 1.33))
            bodies.append(box((inner, outer), (0, 2.05), (near, near + 1.0), oak))
            bodies.append(
                rod((side * 1.2, 1.02, near + 0.12), (side * 1.2, 1.02, near + 0.26), 0.015, steel)
            )
            bodies.append(
                box(
                    (side * 1.235 - 0.01, side * 1.235 + 0.01),
                    (1.5, 1.62),
                    (near + 1.2, near + 1.42),
                    paint((0.08, 0.1, 0.14)),
                )
            )
    bodies += plant(-0.95, 14.8, 1.4, 3)
    bodies += plant(0.98, 5.3, 1.3, 4)
    bodies.append(box((-1.28, -1.2), (0.9, 1.45), (9.0, 9.25), paint((0.55, 0.03, 0.03))))

    def movers(moment: float) -> list[Body]:
        far = 14.5 - moment * 13.5
        return person(
            0.25 * math.sin(moment * 5) - 0.2,
            far,
            90,
            moment * 9,
            (0.45, 0.47, 0.52),
            (0.05, 0.06, 0.11),
        )

    return Scene(
        "HALLWAY",
        "2026-06-14 08:56:31",
        World(bodies, lamps, Sky((0.1, 0.1, 0.1), (0.16, 0.16, 0.16), (0.10, 0.095, 0.09))),
        Lens((-0.85, 2.5, -0.6), (0.15, 1.0, 4.6), 84, 0.07),
        movers,
        exposure=1.1,
    )


SCENES: Final[dict[str, Callable[[], Scene]]] = {
    "front_door": front_door,
    "hallway": hallway,
}
