"""Scenes inside: a garage, a living room, a warehouse, a hallway."""

import math

from .build import ball, box, bush, car, cat, floor, paint, person, plant, rod, shine
from .film import Lens, Scene
from .light import Body, Lamp, Material, Sky, World
from .texture import asphalt, bricks, grass, ground, plain, planks, tiles


def garage() -> Scene:
    """A car stands in a workshop under fluorescent tubes, and someone fetches a tool."""
    concrete = Material(asphalt((0.30, 0.30, 0.29)), mirror=0.25)
    wall = Material(bricks((0.52, 0.51, 0.49), (0.4, 0.39, 0.38), 0.45, 0.2))
    wood, steel = Material(planks((0.40, 0.27, 0.15), 0.2)), paint((0.33, 0.34, 0.36), 0.1, 0.15)
    bodies: list[Body] = [
        floor(concrete),
        box((-4.2, -4.0), (0, 3.1), (-2, 8), wall),
        box((4.0, 4.2), (0, 3.1), (-2, 8), wall),
        box((-4.2, 4.2), (0, 3.1), (7.6, 7.8), wall),
        box((-4.2, 4.2), (3.0, 3.2), (-2, 8), paint((0.5, 0.5, 0.48))),
        box((-1.6, 3.2), (0, 2.4), (7.55, 7.62), Material(planks((0.60, 0.59, 0.56), 0.5))),
        box((-1.7, 3.3), (2.4, 2.52), (7.5, 7.62), steel),
    ]
    bodies.append(box((-1.6, -1.52), (2.5, 2.6), (1.0, 7.6), steel))
    bodies += car(1.1, 4.3, 92, (0.42, 0.06, 0.04))
    # A bench with drawers along the left wall, tools above it.
    bodies += [
        box((-4.0, -3.2), (0.86, 0.93), (1.4, 5.6), wood),
        box((-3.98, -3.3), (0.1, 0.86), (1.5, 2.6), paint((0.42, 0.05, 0.04), 0.1, 0.1)),
        box((-3.98, -3.3), (0.0, 0.86), (4.9, 5.5), wood),
        box((-3.99, -3.93), (1.25, 2.35), (1.6, 5.2), Material(plain((0.36, 0.29, 0.2), 0.3))),
        box((-3.75, -3.4), (0.93, 1.12), (3.3, 3.7), paint((0.08, 0.16, 0.3), 0.1, 0.1)),
        box((-3.8, -3.45), (0.93, 1.05), (4.3, 4.9), steel),
    ]
    bodies += [box((-3.32, -3.28), (y, y + 0.02), (1.6, 2.5), steel) for y in (0.3, 0.5, 0.7)]
    for number in range(11):
        z, long = 1.8 + number * 0.3, 0.25 + 0.16 * (number * 5 % 4)
        colour = ((0.5, 0.5, 0.5), (0.55, 0.1, 0.05), (0.6, 0.45, 0.05), (0.1, 0.2, 0.4))[
            number % 4
        ]
        bodies.append(rod((-3.9, 2.2, z), (-3.9, 2.2 - long, z), 0.028, paint(colour)))
        if number % 3 == 0:
            bodies.append(box((-3.93, -3.87), (2.12, 2.24), (z - 0.09, z + 0.09), steel))
    # Shelves at the back.
    for y in (0.15, 0.85, 1.55, 2.2):
        bodies.append(box((-3.95, -1.95), (y, y + 0.04), (6.9, 7.5), steel))
    bodies += [
        rod((x, 0, z), (x, 2.5, z), 0.025, steel) for x in (-3.93, -1.97) for z in (6.92, 7.48)
    ]
    shades = (
        (0.45, 0.31, 0.18),
        (0.12, 0.25, 0.38),
        (0.5, 0.5, 0.48),
        (0.38, 0.1, 0.07),
        (0.4, 0.28, 0.15),
    )
    for number in range(11):
        x = -3.85 + (number % 4) * 0.48 + 0.03 * (number % 3)
        y = (0.19, 0.89, 1.59)[number // 4]
        size = 0.3 + 0.07 * (number % 3)
        bodies.append(box((x, x + 0.4), (y, y + size), (6.95, 7.4), paint(shades[number % 5], 0.2)))
    # Tyres, a ladder, a bicycle's place.
    for number in range(4):
        bodies.append(
            ball(
                (3.45, 0.14 + number * 0.24, 6.7), (0.36, 0.15, 0.36), paint((0.035, 0.035, 0.035))
            )
        )
    for z in (2.2, 2.65):
        bodies.append(rod((3.5, 0, z), (3.9, 2.7, z), 0.03, paint((0.6, 0.45, 0.06))))
    bodies += [
        rod((3.52 + y * 0.14, y, 2.2), (3.52 + y * 0.14, y, 2.65), 0.018, steel)
        for y in (0.4, 0.8, 1.2, 1.6, 2.0, 2.4)
    ]
    lamps = [Lamp((-1.2, 2.75, 3.4), (4.6, 5.0, 5.0), spread=0.05)]
    for x, z in ((-1.2, 3.4), (1.9, 5.0)):
        bodies.append(
            box((x - 0.06, x + 0.06), (2.88, 2.94), (z - 0.7, z + 0.7), shine((4.2, 4.6, 4.6)))
        )
        bodies.append(
            box((x - 0.13, x + 0.13), (2.94, 3.0), (z - 0.75, z + 0.75), paint((0.6, 0.6, 0.6)))
        )
    lamps.append(Lamp((1.9, 2.75, 5.0), (3.2, 3.5, 3.5), shadows=False))

    def movers(moment: float) -> list[Body]:
        # There and back again.
        turned = moment >= 0.5
        share = 2 * (1 - moment) if turned else 2 * moment
        z = 0.9 + share * 4.8
        return person(
            -2.2, z, 90 if turned else -90, moment * 8, (0.10, 0.22, 0.34), (0.1, 0.1, 0.12)
        )

    return Scene(
        "GARAGE",
        "2026-06-14 21:15:02",
        World(bodies, lamps, Sky((0.22, 0.23, 0.23), (0.24, 0.25, 0.25), (0.22, 0.22, 0.21))),
        Lens((3.3, 2.75, -1.0), (-0.9, 0.75, 4.6), 88, 0.08),
        movers,
        exposure=1.1,
    )


def living_room() -> Scene:
    """The sun falls through tall windows into a living room, and the cat patrols."""
    boards = planks((0.42, 0.27, 0.15), 0.16)
    lawn = grass((0.2, 0.34, 0.09))
    wall, white = paint((0.60, 0.57, 0.51), 0.04), paint((0.75, 0.74, 0.71))
    sofa = paint((0.13, 0.22, 0.25), 0.25)
    pillow, dark = paint((0.60, 0.33, 0.10), 0.2), paint((0.045, 0.04, 0.04))
    wood = Material(planks((0.30, 0.18, 0.10), 0.3))
    bodies: list[Body] = [
        floor(Material(ground(lawn, ((-3.6, 60, -60, 60), boards)), mirror=0.2)),
        box((-3.7, -3.5), (0, 0.25), (-2, 8), wall),
        box((-3.7, -3.5), (2.5, 3.0), (-2, 8), wall),
        box((3.5, 3.7), (0, 3.0), (-2, 8), wall),
        box((-3.7, 3.7), (0, 3.0), (7.0, 7.2), paint((0.25, 0.33, 0.32), 0.05)),
        box((-3.7, 3.7), (2.85, 3.1), (-2, 8), white),
        box((-3.5, 3.5), (0, 0.1), (6.96, 7.0), white),
        box((3.46, 3.5), (0, 0.1), (-2, 7), white),
    ]
    for near, far in ((-2, 1.2), (2.9, 3.5), (5.2, 8)):
        bodies.append(box((-3.7, -3.5), (0.25, 2.5), (near, far), wall))
    for near, far in ((1.2, 2.9), (3.5, 5.2)):
        middle = (near + far) / 2
        bodies += [
            box((-3.62, -3.56), (0.25, 2.5), (middle - 0.035, middle + 0.035), white),
            box((-3.62, -3.56), (1.7, 1.75), (near, far), white),
            box((-3.66, -3.42), (0.22, 0.27), (near - 0.06, far + 0.06), white),
            box(
                (-3.46, -3.38),
                (0.05, 2.65),
                (near - 0.32, near + 0.02),
                paint((0.62, 0.56, 0.46), 0.2),
            ),
        ]
    bodies.append(rod((-3.42, 2.66, 0.8), (-3.42, 2.66, 5.6), 0.02, dark))
    # Rug, sofa, table.
    rug = Material(planks((0.50, 0.42, 0.36), 0.24))
    bodies += [
        box((-1.9, 1.5), (0, 0.02), (2.5, 5.1), rug),
        box((-1.8, 1.4), (0.015, 0.025), (2.6, 5.0), Material(plain((0.42, 0.17, 0.13), 0.25))),
        box((-1.5, 1.1), (0.02, 0.03), (2.9, 4.7), rug),
        box((-1.6, 1.2), (0.14, 0.46), (5.3, 6.3), sofa),
        box((-1.6, 1.2), (0.4, 0.92), (6.15, 6.45), sofa),
        box((-1.85, -1.55), (0.14, 0.66), (5.3, 6.45), sofa),
        box((1.15, 1.45), (0.14, 0.66), (5.3, 6.45), sofa),
        ball((-0.9, 0.54, 5.75), (0.62, 0.11, 0.42), sofa),
        ball((0.45, 0.54, 5.75), (0.62, 0.11, 0.42), sofa),
        ball((-1.2, 0.76, 6.0), (0.26, 0.24, 0.12), pillow),
        ball((0.85, 0.75, 6.0), (0.25, 0.23, 0.12), paint((0.6, 0.57, 0.5), 0.2)),
        box((-0.85, 0.45), (0.34, 0.39), (3.4, 4.15), wood),
        box((-0.45, -0.12), (0.39, 0.42), (3.6, 3.85), paint((0.1, 0.25, 0.4))),
        ball((0.15, 0.45, 3.8), (0.14, 0.07, 0.14), paint((0.7, 0.69, 0.66))),
        ball((0.12, 0.5, 3.8), (0.06, 0.05, 0.06), paint((0.6, 0.3, 0.04))),
        ball((0.2, 0.5, 3.83), (0.05, 0.05, 0.05), paint((0.35, 0.5, 0.06))),
    ]
    bodies += [rod((x, 0, z), (x, 0.35, z), 0.025, dark) for x in (-0.8, 0.4) for z in (3.45, 4.1)]
    bodies += [
        part
        for number in range(5)
        for part in bush(-9.5, 0.5 + number * 2.2, 2.4, 2.6, (0.16, 0.28, 0.07), seed=90 + number)
    ]
    # Television and shelf on the right.
    bodies += [
        box((3.0, 3.5), (0.15, 0.5), (2.4, 5.2), wood),
        box(
            (3.38, 3.42),
            (0.72, 1.72),
            (2.7, 4.6),
            Material(plain((0.012, 0.012, 0.015), 0), mirror=0.6),
        ),
        box((3.2, 3.4), (0.5, 0.72), (3.5, 3.8), dark),
        box((2.3, 3.45), (0, 2.2), (6.55, 6.98), wood),
    ]
    for row in range(5):
        y = 0.12 + row * 0.42
        bodies.append(box((2.36, 3.4), (y, y + 0.36), (6.5, 6.56), dark))
        for book in range(9 - row % 3 * 2):
            x = 2.4 + book * 0.085
            colour = (
                (0.4, 0.1, 0.07),
                (0.1, 0.2, 0.3),
                (0.5, 0.42, 0.25),
                (0.12, 0.26, 0.15),
                (0.5, 0.5, 0.48),
            )
            tall = 0.22 + 0.03 * (book * 3 % 4)
            bodies.append(
                box((x, x + 0.07), (y, y + tall), (6.46, 6.58), paint(colour[(book + row * 2) % 5]))
            )
    # Pictures, lamp, plant.
    for x, wide, motif in (
        (-1.5, 0.7, (0.2, 0.34, 0.4)),
        (-0.55, 0.95, (0.55, 0.38, 0.16)),
        (0.7, 0.6, (0.4, 0.16, 0.12)),
    ):
        bodies.append(box((x, x + wide), (1.45, 2.15), (6.95, 7.0), dark))
        bodies.append(box((x + 0.04, x + wide - 0.04), (1.49, 2.11), (6.93, 6.96), white))
        bodies.append(
            box(
                (x + 0.14, x + wide - 0.14),
                (1.59, 2.01),
                (6.92, 6.94),
                Material(plain(motif, 0.9)),
            )
        )
    bodies += [
        rod((1.85, 0.02, 6.3), (1.85, 1.5, 6.3), 0.018, dark),
        ball((1.85, 1.6, 6.3), (0.22, 0.18, 0.22), shine((1.5, 1.15, 0.7))),
        ball((1.85, 0.02, 6.3), (0.16, 0.03, 0.16), dark),
    ]
    bodies += plant(-2.75, 6.2, 1.75, 5)
    bodies += plant(-3.0, 3.2, 0.8, 9)
    lamps = [
        Lamp((-0.80, 0.62, -0.12), (7.5, 6.3, 4.6), far=True, spread=0.006),
        Lamp((-3.3, 1.5, 2.0), (1.3, 1.5, 1.8), shadows=False),
        Lamp((-3.3, 1.5, 4.4), (1.3, 1.5, 1.8), shadows=False),
        Lamp((1.85, 1.7, 6.2), (0.8, 0.55, 0.3), shadows=False),
        Lamp((-0.5, 0.4, 3.2), (0.8, 0.6, 0.42), shadows=False),
    ]
    sky = Sky((0.55, 0.72, 1.0), (0.95, 0.95, 0.9), (0.24, 0.2, 0.16))

    def movers(moment: float) -> list[Body]:
        return cat(
            2.5 - moment * 5.2,
            2.6 - 0.5 * math.sin(moment * 3.1),
            180,
            moment * 14,
            (0.1, 0.09, 0.085),
        )

    return Scene(
        "LIVING ROOM",
        "2026-06-14 10:31:56",
        World(bodies, lamps, sky),
        Lens((3.0, 2.6, -0.9), (-0.7, 0.7, 4.5), 84, 0.06),
        movers,
        exposure=0.62,
    )


def warehouse() -> Scene:
    """A forklift moves through the aisle of a warehouse."""
    surface = ground(
        asphalt((0.34, 0.34, 0.33)),
        ((-2.45, -2.3, -10, 60), plain((0.62, 0.46, 0.04), 0.4)),
        ((2.3, 2.45, -10, 60), plain((0.62, 0.46, 0.04), 0.4)),
    )
    blue, orange = paint((0.05, 0.12, 0.32)), paint((0.62, 0.20, 0.03))
    pallet = Material(planks((0.42, 0.31, 0.19), 0.12))
    shades = (
        (0.46, 0.32, 0.19),
        (0.42, 0.29, 0.17),
        (0.50, 0.37, 0.23),
        (0.55, 0.54, 0.5),
        (0.16, 0.26, 0.36),
    )
    cartons = [paint(colour, 0.2) for colour in shades]
    label = paint((0.75, 0.75, 0.73))
    bodies: list[Body] = [
        floor(Material(surface, mirror=0.35)),
        box((-12, 12), (0, 9), (36, 36.4), paint((0.45, 0.47, 0.48))),
        box((-2, 2), (0, 4.2), (35.9, 36.0), Material(planks((0.55, 0.56, 0.56), 0.4))),
        box((-12, 12), (7.9, 8.3), (-5, 37), paint((0.32, 0.33, 0.34))),
    ]
    girder = paint((0.24, 0.25, 0.26))
    bodies += [box((-12, 12), (7.3, 7.9), (far, far + 0.25), girder) for far in range(2, 36, 6)]
    number = 0
    for side in (-1, 1):
        front, back = side * 2.9, side * 4.2
        for far in range(1, 34, 3):
            bodies += [
                box((x - 0.06, x + 0.06), (0, 6.6), (far - 0.06, far + 0.06), blue)
                for x in (front, back)
            ]
        low, high = min(front, back), max(front, back)
        for y in (1.75, 3.45, 5.15):
            bodies.append(box((front - 0.05, front + 0.05), (y, y + 0.14), (1, 34), orange))
            bodies.append(box((low, high), (y + 0.1, y + 0.14), (1, 34), paint((0.2, 0.2, 0.2))))
        for far in range(1, 34, 3):
            for y in (0.0, 1.89, 3.59, 5.29):
                for half in (0, 1):
                    number += 1
                    if number * 7 % 13 < 2:
                        continue
                    z = far + 0.2 + half * 1.42
                    tall = 0.75 + 0.2 * (number * 5 % 4)
                    bodies.append(box((low, high), (y, y + 0.13), (z, z + 1.2), pallet))
                    load = cartons[number * 3 % 5]
                    bodies.append(
                        box(
                            (low + 0.06, high - 0.06),
                            (y + 0.13, y + 0.13 + tall),
                            (z + 0.04, z + 1.14),
                            load,
                        )
                    )
                    if far < 16:
                        face = front + side * 0.05
                        bodies.append(
                            box(
                                (face - 0.02, face + 0.02),
                                (y + 0.4, y + 0.6),
                                (z + 0.3, z + 0.6),
                                label,
                            )
                        )
    lamps = [Lamp((0, 7.0, 7.0), (24, 25, 26), spread=0.03)]
    for far in range(1, 34, 6):
        bodies.append(box((-0.5, 0.5), (7.2, 7.28), (far - 0.9, far + 0.9), shine((5, 5.2, 5.4))))
        if far != 7:
            lamps.append(Lamp((0, 7.0, far), (17, 18, 19), shadows=False))

    def truck(x: float, z: float) -> list[Body]:
        yellow, black = paint((0.72, 0.42, 0.02), 0.05, 0.2), paint((0.04, 0.04, 0.04))
        parts: list[Body] = [
            box((x - 0.55, x + 0.55), (0.2, 0.95), (z + 0.1, z + 1.7), yellow),
            box((x - 0.5, x + 0.5), (0.95, 1.2), (z + 1.0, z + 1.7), yellow),
            box((x - 0.3, x + 0.3), (0.95, 1.05), (z + 0.4, z + 1.0), black),
            box((x - 0.55, x + 0.55), (2.1, 2.17), (z + 0.2, z + 1.6), black),
            box((x - 0.55, x + 0.55), (0.45, 0.57), (z - 1.3, z - 0.1), pallet),
            box((x - 0.5, x + 0.5), (0.57, 1.35), (z - 1.25, z - 0.15), cartons[0]),
            rod((x + 0.2, 2.22, z + 1.4), (x + 0.2, 2.3, z + 1.4), 0.06, shine((6, 3, 0.2))),
        ]
        for side in (-1, 1):
            parts += [
                rod((x + side * 0.5, 0.9, z + 0.2), (x + side * 0.5, 2.15, z + 0.35), 0.04, black),
                rod((x + side * 0.5, 1.2, z + 1.6), (x + side * 0.5, 2.15, z + 1.5), 0.04, black),
                box(
                    (x + side * 0.3 - 0.05, x + side * 0.3 + 0.05),
                    (0.1, 2.4),
                    (z - 0.08, z + 0.06),
                    black,
                ),
                ball((x + side * 0.52, 0.28, z + 0.4), (0.12, 0.28, 0.28), black),
                ball((x + side * 0.52, 0.25, z + 1.4), (0.12, 0.25, 0.25), black),
            ]
        parts += [
            rod((x, 1.05, z + 0.75), (x, 1.5, z + 0.8), 0.19, paint((0.55, 0.5, 0.03))),
            ball((x, 1.8, z + 0.75), (0.11, 0.13, 0.11), paint((0.55, 0.36, 0.27))),
            ball((x, 1.87, z + 0.75), (0.13, 0.1, 0.14), paint((0.7, 0.7, 0.68))),
        ]
        return parts

    def movers(moment: float) -> list[Body]:
        parts = truck(-0.5, 27 - moment * 25)
        return parts + person(
            1.75, 4 + moment * 12, -90, moment * 9, (0.62, 0.32, 0.02), (0.08, 0.1, 0.16)
        )

    return Scene(
        "WAREHOUSE",
        "2026-06-14 14:48:09",
        World(bodies, lamps, Sky((0.1, 0.1, 0.1), (0.13, 0.135, 0.14), (0.11, 0.11, 0.11)), 0.003),
        Lens((0.9, 5.4, -3.2), (-0.1, 1.1, 8.5), 74, 0.05),
        movers,
        exposure=1.0,
    )


def hallway() -> Scene:
    """Someone walks along an office corridor with a polished floor."""
    wall = paint((0.62, 0.60, 0.55), 0.06)
    low = paint((0.20, 0.30, 0.34), 0.06)
    oak = Material(planks((0.36, 0.22, 0.11), 0.5, upright=True), mirror=0.1)
    steel = paint((0.5, 0.5, 0.5), 0.05, 0.4)
    bodies: list[Body] = [
        floor(Material(tiles((0.34, 0.33, 0.31), (0.2, 0.19, 0.18), 0.6), mirror=0.55)),
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
