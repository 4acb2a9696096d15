"""Things to build scenes from: boxes, roofs, windows, trees, cars, people."""

import math

import numpy as np

from .light import Ball, Body, Capsule, Colour, Material, Point, Solid
from .noise import Array
from .texture import leaves, plain


def paint(colour: Colour, grain: float = 0.08, mirror: float = 0.0) -> Material:
    """Return a painted surface."""
    return Material(plain(colour, grain), mirror=mirror)


def shine(colour: Colour) -> Material:
    """Return a surface that gives light."""
    return Material(plain((0.9, 0.9, 0.9), 0), glow=colour)


def turn(angle: float) -> Array:
    """Return a turn about the vertical, in degrees."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array(((c, 0, s), (0, 1, 0), (-s, 0, c)), np.float32)


def solid(corners: list[Point], normals: list[Point], material: Material) -> Solid:
    """Return the convex body around corners, with these directions for faces."""
    points = np.array(corners, np.float32)
    faces = np.array(normals, np.float32)
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    offsets = (faces @ points.T).max(axis=1)
    centre = (points.max(axis=0) + points.min(axis=0)) / 2
    radius = float(np.linalg.norm(points - centre, axis=1).max())
    return Solid(faces, offsets, centre, radius, material)


def box(
    x: tuple[float, float],
    y: tuple[float, float],
    z: tuple[float, float],
    material: Material,
    angle: float = 0.0,
    about: Point | None = None,
) -> Solid:
    """Return a box from its extents, turned about its middle or another point."""
    middle = np.array(about or (sum(x) / 2, 0, sum(z) / 2), np.float32)
    spin = turn(angle)
    corners = [
        tuple(spin @ (np.array((a, b, c), np.float32) - middle) + middle)
        for a in x
        for b in y
        for c in z
    ]
    sides = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
    return solid(corners, [tuple(spin @ np.array(side, np.float32)) for side in sides], material)


def ball(centre: Point, radii: Point, material: Material, ragged: float = 0.0) -> Ball:
    """Return an ellipsoid."""
    sizes = np.array(radii, np.float32)
    return Ball(np.array(centre, np.float32), sizes, float(sizes.max()), material, ragged)


def rod(start: Point, end: Point, thickness: float, material: Material) -> Capsule:
    """Return a rod between two points."""
    a, b = np.array(start, np.float32), np.array(end, np.float32)
    reach = float(np.linalg.norm(b - a)) / 2 + thickness
    return Capsule(a, b, thickness, (a + b) / 2, reach, material)


def gable(
    x: tuple[float, float], z: tuple[float, float], low: float, high: float, material: Material
) -> Solid:
    """Return a saddle roof whose ridge runs along x."""
    middle = sum(z) / 2
    corners = [(a, low, c) for a in x for c in z] + [(a, high, middle) for a in x]
    rise, run = high - low, (z[1] - z[0]) / 2
    return solid(
        corners, [(1, 0, 0), (-1, 0, 0), (0, -1, 0), (0, run, rise), (0, run, -rise)], material
    )


def window(
    x: tuple[float, float],
    y: tuple[float, float],
    z: float,
    facing: float = -1,
    glow: Colour | None = None,
    bars: int = 1,
) -> list[Body]:
    """Return a window in a wall that faces along z, with its frame."""
    white = paint((0.75, 0.75, 0.73))
    glass = shine(glow) if glow else Material(plain((0.03, 0.04, 0.05), 0), mirror=0.9)
    front = z + facing * 0.06
    near, far = sorted((z - facing * 0.02, z + facing * 0.025))
    parts: list[Body] = [box(x, y, (near, far), glass)]
    edge = 0.07
    outer = (min(z, front), max(z, front))
    parts += [
        box((x[0] - edge, x[1] + edge), (y[0] - edge, y[0]), outer, white),
        box((x[0] - edge, x[1] + edge), (y[1], y[1] + edge), outer, white),
        box((x[0] - edge, x[0]), y, outer, white),
        box((x[1], x[1] + edge), y, outer, white),
    ]
    for number in range(1, bars + 1):
        place = x[0] + (x[1] - x[0]) * number / (bars + 1)
        parts.append(box((place - 0.025, place + 0.025), y, outer, white))
    middle = (y[0] + y[1]) / 2
    parts.append(box(x, (middle - 0.02, middle + 0.02), outer, white))
    return parts


def tree(
    x: float,
    z: float,
    height: float,
    spread: float,
    colour: Colour = (0.10, 0.19, 0.04),
    seed: int = 1,
) -> list[Body]:
    """Return a broad-leaved tree."""
    rng = np.random.default_rng(seed)
    bark = paint((0.16, 0.12, 0.09), 0.6)
    green = Material(leaves(colour))
    crown = height * 0.62
    parts: list[Body] = [rod((x, 0, z), (x, crown, z), spread * 0.075, bark)]
    for _ in range(4):
        dx, dz = rng.uniform(-0.6, 0.6, 2) * spread
        parts.append(rod((x, crown * 0.6, z), (x + dx, crown, z + dz), spread * 0.035, bark))
    for _ in range(30):
        way = rng.normal(0, 1, 3)
        way /= np.linalg.norm(way)
        place = way * rng.uniform(0.3, 0.95)
        size = spread * rng.uniform(0.22, 0.4)
        centre = (
            float(x + place[0] * spread),
            float(crown + place[1] * spread * 0.75 + spread * 0.2),
            float(z + place[2] * spread),
        )
        parts.append(ball(centre, (size, size * 0.8, size), green, 0.8))
    return parts


def bush(
    x: float,
    z: float,
    width: float,
    height: float,
    colour: Colour = (0.09, 0.17, 0.04),
    seed: int = 1,
) -> list[Body]:
    """Return a shrub."""
    rng = np.random.default_rng(seed)
    green = Material(leaves(colour))
    parts: list[Body] = []
    for _ in range(7):
        dx, dz = rng.uniform(-0.5, 0.5, 2) * width
        size = width * rng.uniform(0.28, 0.42)
        tall = height * rng.uniform(0.42, 0.55)
        parts.append(ball((x + dx, tall * 0.85, z + dz), (size, tall, size), green, 0.75))
    return parts


def woods(far: float, wide: float, height: float, colour: Colour, seed: int = 1) -> list[Body]:
    """Return a line of treetops at the end of the view."""
    rng = np.random.default_rng(seed)
    green = Material(leaves(colour))
    parts: list[Body] = []
    for x in np.arange(-wide, wide, height * 0.55):
        size = height * float(rng.uniform(0.45, 0.75))
        place = float(x + rng.uniform(-1, 1)), size * 0.75, far + float(rng.uniform(-2, 4))
        parts.append(ball(place, (height * 0.5, size, height * 0.5), green, 0.7))
    return parts


def plant(x: float, z: float, height: float, seed: int = 1) -> list[Body]:
    """Return a pot plant."""
    rng = np.random.default_rng(seed)
    green = Material(leaves((0.07, 0.17, 0.05)))
    pot = paint((0.6, 0.58, 0.55))
    parts: list[Body] = [
        rod((x, 0.14, z), (x, 0.3, z), 0.15, pot),
        rod((x, 0.3, z), (x, height * 0.7, z), 0.02, paint((0.15, 0.12, 0.08))),
    ]
    for _ in range(7):
        dx, dy, dz = rng.uniform(-0.5, 0.5, 3) * height * 0.45
        size = height * rng.uniform(0.12, 0.18)
        parts.append(ball((x + dx, height * 0.72 + dy, z + dz), (size, size, size), green, 0.65))
    return parts


def car(
    x: float, z: float, angle: float, colour: Colour, lamps: bool = False, roll: float = 0.0
) -> list[Body]:
    """Return a car whose nose points along +x before it is turned."""
    body = Material(plain(colour, 0.02), mirror=0.55)
    glass = Material(plain((0.02, 0.025, 0.03), 0), mirror=0.85)
    dark = paint((0.03, 0.03, 0.03))
    chrome = paint((0.5, 0.5, 0.52), 0.05, 0.4)
    spin = turn(angle)

    def place(point: Point) -> Point:
        moved = spin @ np.array(point, np.float32)
        return float(moved[0] + x), float(moved[1]), float(moved[2] + z)

    def shape(
        profile: list[tuple[float, float]], inner: float, outer: float, material: Material
    ) -> Body:
        """Return a body from its side view (counter-clockwise), narrower at the top."""
        low = min(height for _, height in profile)
        high = max(height for _, height in profile)
        corners: list[Point] = []
        for along, height in profile:
            half = outer + (inner - outer) * (height - low) / (high - low)
            corners += [(along, height, half), (along, height, -half)]
        faces: list[Point] = []
        for (a, b), (c, d) in zip(profile, [*profile[1:], profile[0]], strict=True):
            faces.append((d - b, a - c, 0))
        lean = (outer - inner) / (high - low)
        faces += [(0, lean, 1), (0, lean, -1)]
        turned = [place_direction(face) for face in faces]
        return solid([place(corner) for corner in corners], turned, material)

    def place_direction(face: Point) -> Point:
        moved = spin @ np.array(face, np.float32)
        return float(moved[0]), float(moved[1]), float(moved[2])

    lower = [
        (-2.15, 0.32),
        (2.1, 0.3),
        (2.2, 0.5),
        (2.12, 0.68),
        (1.1, 0.88),
        (-2.05, 0.92),
        (-2.2, 0.6),
    ]
    cabin = [(-1.85, 0.88), (1.15, 0.86), (0.35, 1.36), (-0.1, 1.43), (-1.0, 1.42), (-1.35, 1.34)]
    roof = [(-1.3, 1.36), (0.32, 1.37), (-0.1, 1.45), (-1.0, 1.445)]
    parts: list[Body] = [
        shape(lower, 0.84, 0.9, body),
        shape(cabin, 0.6, 0.8, glass),
        shape(roof, 0.56, 0.6, body),
    ]
    for side in (1, -1):
        post = place((-0.42, 0.9, side * 0.8)), place((-0.47, 1.38, side * 0.62))
        parts.append(rod(*post, 0.035, body))
        parts.append(
            rod(place((1.12, 0.88, side * 0.78)), place((0.34, 1.36, side * 0.6)), 0.035, body)
        )
        parts.append(
            rod(place((-1.8, 0.9, side * 0.78)), place((-1.3, 1.36, side * 0.6)), 0.05, body)
        )
        parts.append(ball(place((0.85, 0.98, side * 0.98)), (0.1, 0.07, 0.1), body))
        for axle in (1.35, -1.35):
            parts += _wheel(place((axle, 0.33, side * 0.78)), spin, side, dark, chrome, roll)
        front = shine((3.0, 2.8, 2.4)) if lamps else paint((0.8, 0.8, 0.8), 0.02, 0.5)
        back = shine((1.6, 0.05, 0.03)) if lamps else paint((0.35, 0.02, 0.02), 0.02, 0.3)
        parts.append(ball(place((2.08, 0.62, side * 0.62)), (0.14, 0.08, 0.14), front))
        parts.append(ball(place((-2.13, 0.74, side * 0.66)), (0.1, 0.08, 0.1), back))
    return parts


def _wheel(
    centre: Point, spin: Array, side: int, dark: Material, chrome: Material, roll: float
) -> list[Body]:
    """Return a tyre and its rim as short many-sided drums."""
    parts: list[Body] = []
    axis = spin @ np.array((0, 0, side), np.float32)
    middle = np.array(centre, np.float32)
    for size, out, material, count in ((0.33, 0.12, dark, 14), (0.2, 0.135, chrome, 7)):
        faces: list[Point] = [tuple(axis), tuple(-axis)]
        corners: list[Point] = []
        for number in range(count):
            turned = 2 * math.pi * number / count + roll
            way = spin @ np.array((math.cos(turned), math.sin(turned), 0), np.float32)
            faces.append(tuple(way))
            corners += [
                tuple(middle + way * size + axis * out),
                tuple(middle + way * size - axis * out),
            ]
        parts.append(solid(corners, faces, material))
    return parts


def person(
    x: float,
    z: float,
    heading: float,
    step: float,
    coat: Colour = (0.12, 0.16, 0.30),
    legs: Colour = (0.06, 0.06, 0.08),
    parcel: bool = False,
    stride: float = 1.0,
) -> list[Body]:
    """Return someone who walks towards `heading` (degrees from +x); `step` counts paces."""
    spin = turn(heading)
    cloth, jeans = paint(coat, 0.15), paint(legs, 0.15)
    skin, hair, shoe = (
        paint((0.55, 0.36, 0.27)),
        paint((0.07, 0.05, 0.04)),
        paint((0.04, 0.04, 0.04)),
    )
    swing = math.sin(2 * math.pi * step) * 0.5 * stride
    bob = abs(math.cos(2 * math.pi * step)) * 0.03 * stride

    def place(along: float, up: float, aside: float) -> Point:
        moved = spin @ np.array((along, up + bob, aside), np.float32)
        return float(moved[0] + x), float(moved[1]), float(moved[2] + z)

    parts: list[Body] = [
        ball(place(0.03, 1.64, 0), (0.1, 0.125, 0.1), skin),
        ball(place(0.0, 1.68, 0), (0.108, 0.11, 0.108), hair),
        rod(place(0, 1.45, 0), place(0.01, 1.56, 0), 0.055, skin),
        rod(place(0.02, 1.36, 0.12), place(0.02, 1.36, -0.12), 0.105, cloth),
        rod(place(0.0, 1.28, 0.06), place(0, 0.98, 0.05), 0.125, cloth),
        rod(place(0.0, 1.28, -0.06), place(0, 0.98, -0.05), 0.125, cloth),
        rod(place(0.0, 0.93, 0.06), place(0, 0.93, -0.06), 0.12, jeans),
    ]
    for side in (1, -1):
        lift = swing * side
        knee = place(math.sin(lift) * 0.42 + 0.05, 0.9 - math.cos(lift) * 0.42, side * 0.09)
        back = lift - (0.55 * stride if lift < 0 else 0.12) * abs(
            math.cos(2 * math.pi * step * 0.5)
        )
        foot = place(
            math.sin(lift) * 0.42 + math.sin(back) * 0.42,
            0.94 - math.cos(lift) * 0.42 - math.cos(back) * 0.42,
            side * 0.09,
        )
        parts.append(rod(place(0, 0.9, side * 0.09), knee, 0.085, jeans))
        parts.append(rod(knee, foot, 0.062, jeans))
        toe = spin @ np.array((0.13, -0.03, 0), np.float32)
        parts.append(rod(foot, tuple(np.array(foot, np.float32) + toe), 0.05, shoe))
        arm = -swing * side * 0.8
        shoulder = place(0.02, 1.38, side * 0.21)
        if parcel:
            elbow, hand = place(0.1, 1.12, side * 0.24), place(0.36, 1.1, side * 0.18)
        else:
            elbow = place(math.sin(arm) * 0.3, 1.38 - math.cos(arm) * 0.3, side * 0.24)
            hand = place(
                math.sin(arm) * 0.3 + math.sin(arm + 0.35) * 0.26,
                1.38 - math.cos(arm) * 0.3 - math.cos(arm + 0.35) * 0.26,
                side * 0.24,
            )
        parts.append(rod(shoulder, elbow, 0.062, cloth))
        parts.append(rod(elbow, hand, 0.05, cloth))
        parts.append(ball(hand, (0.055, 0.055, 0.055), skin))
    if parcel:
        card = paint((0.42, 0.29, 0.16), 0.1)
        middle = place(0.42, 1.15, 0)
        parts.append(
            box(
                (middle[0] - 0.15, middle[0] + 0.15),
                (middle[1] - 0.13, middle[1] + 0.13),
                (middle[2] - 0.2, middle[2] + 0.2),
                card,
                heading,
            )
        )
    return parts


def cat(x: float, z: float, heading: float, step: float, coat: Colour) -> list[Body]:
    """Return a cat that walks towards `heading`."""
    spin = turn(heading)
    fur = paint(coat, 0.4)

    def place(along: float, up: float, aside: float) -> Point:
        moved = spin @ np.array((along, up, aside), np.float32)
        return float(moved[0] + x), float(moved[1]), float(moved[2] + z)

    parts: list[Body] = [
        rod(place(-0.16, 0.25, 0), place(0.16, 0.26, 0), 0.085, fur),
        ball(place(0.28, 0.33, 0), (0.075, 0.07, 0.075), fur),
        rod(place(-0.2, 0.28, 0), place(-0.34, 0.42, 0.03), 0.025, fur),
        rod(place(-0.34, 0.42, 0.03), place(-0.36, 0.55, 0.05), 0.022, fur),
    ]
    for side in (1, -1):
        parts.append(
            rod(place(0.28, 0.39, side * 0.04), place(0.28, 0.42, side * 0.045), 0.015, fur)
        )
        for end, phase in ((0.14, 0.0), (-0.14, 0.5)):
            swing = math.sin(2 * math.pi * (step + phase + (0.5 if side < 0 else 0))) * 0.09
            parts.append(
                rod(place(end, 0.2, side * 0.05), place(end + swing, 0.03, side * 0.05), 0.028, fur)
            )
    return parts


def floor(material: Material) -> Solid:
    """Return the ground at height 0, without an end."""
    return Solid(
        np.array(((0, 1, 0),), np.float32),
        np.zeros(1, np.float32),
        np.zeros(3, np.float32),
        2000.0,
        material,
    )
