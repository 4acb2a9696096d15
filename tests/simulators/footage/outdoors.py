"""Scenes outside: a front door, a driveway, a garden at night, a street at dusk."""

import math

from .build import (
    ball,
    box,
    bush,
    car,
    cat,
    floor,
    gable,
    paint,
    person,
    rod,
    shine,
    tree,
    window,
    woods,
)
from .film import Lens, Scene
from .light import Body, Lamp, Material, Sky, World
from .texture import asphalt, bricks, grass, ground, plain, planks, tiles


def front_door() -> Scene:
    """Someone brings a parcel to a porch in the evening sun."""
    lawn = grass((0.15, 0.25, 0.06))
    path = tiles((0.36, 0.33, 0.29), (0.16, 0.15, 0.13), 0.62, 0.3)
    lawn_and_road = Material(
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
        floor(lawn_and_road),
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
    bodies += woods(44, 56, 8.0, (0.07, 0.12, 0.04), seed=5)
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
        Lamp((-0.62, 0.46, 0.16), (4.6, 3.1, 1.75), far=True, spread=0.012),
        Lamp((0.0, 3.2, 0.9), (3.2, 2.0, 0.95), shadows=False),
    ]
    sky = Sky((0.13, 0.24, 0.55), (0.80, 0.60, 0.44), (0.13, 0.11, 0.085), 0.9)

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
        World(bodies, lamps, sky, 0.0035),
        Lens((1.5, 2.85, -1.2), (-0.35, 0.85, 5.2), 88, 0.06),
        movers,
        clouds=0.25,
        exposure=0.66,
    )


def driveway() -> Scene:
    """Two cars stand before a house at noon, and another one drives past."""
    slabs = tiles((0.42, 0.40, 0.37), (0.22, 0.21, 0.2), 1.6, 0.22)
    pavement = tiles((0.34, 0.34, 0.33), (0.2, 0.2, 0.2), 1.0)
    surface = ground(
        grass((0.14, 0.25, 0.05)),
        ((-4.2, 2.8, -5, 11.5), slabs),
        ((-80, 80, 11.5, 13.2), pavement),
        ((-80, 80, 13.2, 20), asphalt()),
        ((-80, 80, 20, 21.6), pavement),
    )
    white = paint((0.66, 0.65, 0.62))
    stone = Material(bricks((0.40, 0.36, 0.31), (0.3, 0.28, 0.25), 0.5, 0.2))
    fence = Material(planks((0.33, 0.22, 0.13), 0.16, upright=True))
    slate = Material(tiles((0.20, 0.13, 0.11), (0.1, 0.07, 0.06), 0.4, 0.4))
    bodies: list[Body] = [
        floor(Material(surface)),
        box((-80, 80), (0, 0.12), (13.1, 13.25), paint((0.4, 0.4, 0.4))),
        box((-4.6, -4.3), (0, 1.7), (-4, 9.0), fence),
        box((-4.75, -4.2), (0, 1.1), (9.0, 9.6), stone),
        box((-4.85, -4.1), (1.1, 1.18), (8.9, 9.7), white),
        box((2.9, 3.45), (0, 1.1), (10.6, 11.2), stone),
        box((2.8, 3.55), (1.1, 1.18), (10.5, 11.3), white),
        box((3.3, 3.5), (0.95, 1.25), (9.9, 10.3), paint((0.05, 0.08, 0.05))),
        box((3.36, 3.44), (0, 0.95), (10.05, 10.15), fence),
    ]
    bodies += car(-2.6, 5.4, 88, (0.45, 0.47, 0.50))
    bodies += car(1.1, 7.0, 91, (0.05, 0.11, 0.26))
    for number, colour in enumerate(((0.05, 0.12, 0.06), (0.06, 0.09, 0.17), (0.12, 0.07, 0.03))):
        x, z = 4.0 + number * 0.72, 3.1
        bodies.append(box((x, x + 0.58), (0.06, 1.0), (z, z + 0.66), paint(colour)))
        bodies.append(box((x - 0.03, x + 0.61), (1.0, 1.07), (z - 0.04, z + 0.7), paint(colour)))
    for number in range(4):
        bodies += bush(-5.6, 9.5 - number * 1.3, 1.0, 1.3, seed=20 + number)
    for number in range(3):
        bodies += bush(4.6 + number * 1.5, 10.6, 1.3, 1.0, (0.12, 0.2, 0.05), seed=30 + number)
    bodies += tree(7.2, 7.2, 5.6, 2.1, (0.13, 0.22, 0.04), seed=3)
    bodies += woods(46, 60, 7.5, (0.07, 0.13, 0.045), seed=4)
    for x, size, seed in ((-13, 4.0, 41), (12, 3.8, 42)):
        bodies += tree(x, 24.5, 8.4, size, (0.09, 0.16, 0.04), seed=seed)
    bodies += [
        box((-9, 4), (0, 4.4), (27, 35), Material(planks((0.60, 0.57, 0.50), 0.24))),
        gable((-9.7, 4.7), (26.2, 35.8), 4.3, 7.8, slate),
        box((4, 9), (0, 2.9), (27.5, 34), Material(bricks((0.34, 0.14, 0.09), (0.4, 0.37, 0.33)))),
        gable((3.9, 9.6), (26.8, 34.6), 2.9, 4.9, slate),
        box((4.9, 8.1), (0, 2.2), (27.4, 27.6), Material(planks((0.62, 0.62, 0.60), 0.4))),
        box((-2.2, -1.1), (0, 2.2), (26.9, 27.1), paint((0.12, 0.2, 0.13))),
        box((-28, -12), (0, 4.6), (29, 36), paint((0.50, 0.36, 0.26))),
        gable((-28.7, -11.3), (28.2, 36.8), 4.5, 8.0, slate),
        box((12, 30), (0, 4.6), (30, 37), paint((0.46, 0.49, 0.47))),
        gable((11.3, 30.7), (29.2, 37.8), 4.5, 7.6, slate),
    ]
    for x in (-7.8, -5.2, 0.6):
        bodies += window((x, x + 1.5), (1.0, 2.6), 27)
    bodies.append(rod((-9.6, 0, 21.0), (-9.6, 6.8, 21.0), 0.1, paint((0.2, 0.2, 0.2))))
    lamps = [Lamp((-0.62, 0.66, -0.28), (3.7, 3.4, 2.9), far=True, spread=0.012)]
    sky = Sky((0.16, 0.33, 0.75), (0.62, 0.72, 0.85), (0.17, 0.16, 0.13), 0.9)

    def movers(moment: float) -> list[Body]:
        along = -26 + (moment - 0.12) * 62
        parts: list[Body] = []
        if -30 < along < 30:
            parts += car(along, 15.2, 0, (0.55, 0.08, 0.05), roll=along / 0.33)
        return parts + cat(
            3.6 - moment * 7.4, 3.2 + moment * 1.4, 170, moment * 14, (0.28, 0.14, 0.05)
        )

    return Scene(
        "DRIVEWAY",
        "2026-06-14 13:20:44",
        World(bodies, lamps, sky, 0.004),
        Lens((0.7, 3.6, -1.6), (-0.5, 0.6, 8.0), 84, 0.06),
        movers,
        clouds=0.45,
        exposure=0.6,
    )


def garden() -> Scene:
    """A garden by night in the camera's own infrared light, and a cat that crosses it."""
    terrace = tiles((0.36, 0.34, 0.31), (0.15, 0.15, 0.14), 0.7, 0.25)
    fence = Material(planks((0.34, 0.26, 0.18), 0.17, upright=True))
    shed = Material(planks((0.42, 0.34, 0.26), 0.16))
    dark, white = paint((0.1, 0.1, 0.1)), paint((0.6, 0.6, 0.58))
    bodies: list[Body] = [
        floor(Material(ground(grass((0.24, 0.30, 0.12)), ((-4.5, 4.5, -3, 3.4), terrace)))),
        box((-9.2, -9.0), (0, 1.8), (-2, 15), fence),
        box((9.0, 9.2), (0, 1.8), (-2, 15), fence),
        box((-9.2, 9.2), (0, 1.8), (15, 15.2), fence),
        box((3.4, 7.0), (0, 2.2), (10.4, 13.6), shed),
        gable(
            (3.1, 7.3),
            (10.0, 14.0),
            2.15,
            3.3,
            Material(tiles((0.14, 0.14, 0.14), (0.07, 0.07, 0.07), 0.3)),
        ),
        box((4.4, 5.5), (0, 1.9), (10.33, 10.42), paint((0.25, 0.2, 0.15))),
        rod((5.35, 1.0, 10.3), (5.35, 1.1, 10.3), 0.03, white),
    ]
    bodies += window((5.9, 6.6), (1.0, 1.7), 10.4, bars=0)
    bodies += tree(-4.8, 9.2, 5.2, 2.0, (0.22, 0.26, 0.1), seed=51)
    for number in range(6):
        bodies += bush(
            -8.1,
            3.5 + number * 1.7,
            1.0,
            0.9 + 0.3 * (number % 2),
            (0.2, 0.25, 0.1),
            seed=60 + number,
        )
    for number in range(3):
        bodies += bush(-1.6 + number * 1.6, 14.0, 1.2, 1.2, (0.2, 0.25, 0.1), seed=70 + number)
    bodies += woods(21, 30, 6.0, (0.2, 0.25, 0.1), seed=6)
    # Table and chairs on the terrace.
    bodies.append(box((1.5, 3.1), (0.72, 0.76), (1.5, 2.5), white))
    for x in (1.6, 3.0):
        bodies += [rod((x, 0, z), (x, 0.72, z), 0.03, white) for z in (1.6, 2.4)]
    for x, z in ((1.9, 2.9), (2.7, 2.9), (0.95, 2.0)):
        bodies.append(box((x - 0.22, x + 0.22), (0.42, 0.46), (z - 0.22, z + 0.22), dark))
        back = (z + 0.2, z + 0.24) if z > 2.5 else (z - 0.22, z + 0.22)
        side = (x - 0.22, x + 0.22) if z > 2.5 else (x - 0.24, x - 0.2)
        bodies.append(box(side, (0.46, 0.95), back, dark))
        bodies += [
            rod((x + a, 0, z + b), (x + a, 0.44, z + b), 0.018, dark)
            for a in (-0.2, 0.2)
            for b in (-0.2, 0.2)
        ]
    # A swing for the children.
    for x in (-0.9, 1.7):
        bodies.append(rod((x, 0, 10.0), (x, 2.3, 10.7), 0.045, shed))
        bodies.append(rod((x, 0, 11.4), (x, 2.3, 10.7), 0.045, shed))
    bodies.append(rod((-0.9, 2.3, 10.7), (1.7, 2.3, 10.7), 0.05, shed))
    bodies += [rod((x, 0.55, 10.7), (x, 2.3, 10.7), 0.012, white) for x in (0.15, 0.65)]
    bodies.append(box((0.1, 0.7), (0.5, 0.55), (10.55, 10.85), dark))
    lamps = [
        Lamp((0.35, 3.15, -1.4), (70, 70, 70), aim=(-0.6, 0.2, 7.5), cone=0.5, spread=0.004),
        Lamp((5.2, 2.7, 9.6), (1.6, 1.6, 1.6), shadows=False),
    ]
    sky = Sky((0.008, 0.008, 0.008), (0.035, 0.035, 0.035), (0.01, 0.01, 0.01), 0.4)

    def movers(moment: float) -> list[Body]:
        return cat(
            -4.8 + moment * 10.5,
            5.2 + 1.1 * math.sin(moment * 4),
            0,
            moment * 15,
            (0.5, 0.48, 0.45),
        )

    return Scene(
        "GARDEN",
        "2026-06-15 02:13:20",
        World(bodies, lamps, sky),
        Lens((0.5, 3.0, -1.6), (-0.3, 0.5, 6.2), 88, 0.07),
        movers,
        exposure=1.15,
        infrared=True,
        noise=5.0,
    )


def street() -> Scene:
    """A wet street after sunset; a car comes along with its lights on."""
    wet = Material(
        ground(
            tiles((0.20, 0.20, 0.21), (0.1, 0.1, 0.1), 0.9, 0.3),
            ((-4.6, 4.6, -20, 120), asphalt((0.06, 0.062, 0.07))),
            ((-0.1, 0.1, -20, 120), plain((0.32, 0.32, 0.30), 0.5)),
            ((-4.35, -4.25, -20, 120), plain((0.32, 0.32, 0.30), 0.5)),
            ((4.25, 4.35, -20, 120), plain((0.32, 0.32, 0.30), 0.5)),
        ),
        mirror=0.42,
    )
    bodies: list[Body] = [floor(wet)]
    kerb = paint((0.25, 0.25, 0.25), 0.3)
    bodies += [box((x, x + 0.2), (0, 0.14), (-10, 90), kerb) for x in (-4.9, 4.7)]
    walls = (
        Material(bricks((0.26, 0.12, 0.09), (0.22, 0.2, 0.18))),
        paint((0.34, 0.31, 0.27), 0.2),
        Material(bricks((0.22, 0.19, 0.17), (0.16, 0.15, 0.14))),
        paint((0.25, 0.28, 0.31), 0.2),
    )
    warm = ((1.1, 0.62, 0.22), (0.7, 0.45, 0.22), (0.25, 0.36, 0.6))
    dark = Material(plain((0.02, 0.025, 0.035), 0), mirror=0.8)
    number = 0
    for side in (-1, 1):
        near = 2.0
        for house in range(5):
            deep, tall = 7.5 + 1.5 * ((house * 3 + side) % 3), 8.0 + 2.2 * ((house * 2 + side) % 3)
            inner, outer = side * 7.4, side * 14
            wall = walls[(house + (side > 0)) % 4]
            bodies.append(
                box((min(inner, outer), max(inner, outer)), (0, tall), (near, near + deep), wall)
            )
            bodies.append(
                box(
                    (min(inner - side * 0.25, outer), max(inner - side * 0.25, outer)),
                    (tall, tall + 0.3),
                    (near, near + deep),
                    kerb,
                )
            )
            for floor_ in range(int(tall // 2.9)):
                for place in range(3):
                    number += 1
                    low, start = 0.9 + floor_ * 2.8, near + 0.8 + place * (deep - 1.0) / 3
                    pick = number * 7 % 11
                    glass = shine(warm[pick % 3]) if pick in (0, 3, 4, 7) else dark
                    face = sorted((inner - side * 0.02, inner + side * 0.1))
                    sill = sorted((inner - side * 0.12, inner))
                    bodies.append(
                        box((face[0], face[1]), (low, low + 1.5), (start, start + 1.15), glass)
                    )
                    bodies.append(
                        box((sill[0], sill[1]), (low - 0.1, low), (start - 0.1, start + 1.25), kerb)
                    )
            near += deep
        bodies.append(box((side * 7 - 30, side * 7 + 30), (0, 9), (58, 64), walls[2]))
    iron = paint((0.06, 0.06, 0.065))
    lamps = [Lamp((-3.7, 5.3, 9.0), (10, 6.6, 3.2), spread=0.02)]
    for far in (9.0, 25.0, 41.0):
        for side in (-1, 1):
            z = far + (8 if side > 0 else 0)
            bodies += [
                rod((side * 5.6, 0, z), (side * 5.6, 5.5, z), 0.07, iron),
                rod((side * 5.6, 5.5, z), (side * 3.9, 5.65, z), 0.05, iron),
                ball((side * 3.8, 5.58, z), (0.3, 0.09, 0.14), shine((9.0, 6.0, 2.8))),
            ]
            if (side, far) != (-1, 9.0):
                lamps.append(Lamp((side * 3.7, 5.3, z), (10, 6.6, 3.2), shadows=False))
    for z, angle, colour in (
        (8.5, 90, (0.30, 0.31, 0.33)),
        (14.2, 90, (0.05, 0.1, 0.06)),
        (27, 90, (0.2, 0.03, 0.03)),
    ):
        bodies += car(3.75, z, angle, colour)
    bodies += car(-3.8, 19.0, -90, (0.04, 0.05, 0.09))
    bodies += tree(6.3, 12.4, 4.6, 1.3, (0.08, 0.12, 0.03), seed=81)
    bodies += tree(-6.3, 15.5, 4.8, 1.3, (0.08, 0.12, 0.03), seed=82)
    sky = Sky((0.018, 0.04, 0.13), (0.085, 0.085, 0.16), (0.015, 0.015, 0.02), 0.6)

    def ahead(moment: float) -> float:
        return 50 - (moment - 0.05) * 66

    def movers(moment: float) -> list[Body]:
        parts = person(5.75, 3.5 + moment * 13, -90, moment * 9, (0.25, 0.05, 0.05))
        far = ahead(moment)
        if -8 < far < 56:
            parts += car(-1.9, far, 90, (0.40, 0.40, 0.42), lamps=True, roll=far / 0.33)
        return parts

    def headlights(moment: float) -> list[Lamp]:
        far = ahead(moment)
        if not -8 < far < 56:
            return []
        return [
            Lamp((x, 0.62, far - 2.3), (16, 15, 13), aim=(x, 0.2, far - 14), cone=0.9)
            for x in (-2.5, -1.3)
        ]

    return Scene(
        "STREET",
        "2026-06-14 22:07:12",
        World(bodies, lamps, sky, 0.006),
        Lens((1.6, 5.0, -3.0), (-0.8, 1.2, 12.0), 78, 0.05),
        movers,
        exposure=1.25,
        noise=3.5,
        headlights=headlights,
    )
