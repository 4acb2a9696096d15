"""A small ray caster over convex solids, ellipsoids and capsules, in numpy."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .noise import Array, fbm

FAR: Final = np.float32(1e6)
_DISC: Final = np.array(((1, 0.2, -0.4), (-0.7, 0.5, 0.8), (-0.2, -0.8, -0.5)), np.float32)

type Colour = tuple[float, float, float]
type Point = tuple[float, float, float]
type Texture = Callable[[Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface looks: its texture, what it shines by itself, how much it mirrors."""

    texture: Texture
    glow: Colour = (0.0, 0.0, 0.0)
    mirror: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """The inside of all planes `normals · p <= offsets`."""

    normals: Array
    offsets: Array
    centre: Array
    radius: float
    material: Material

    def hit(self, origin: Array, ray: Array) -> tuple[Array, Array]:
        """Return the distance to the surface, FAR where missed, and the normal there."""
        enter, near = self._cut(origin, ray)
        return near, self.normals[enter.argmax(axis=0)].T

    def meet(self, origin: Array, ray: Array) -> Array:
        """Return the distance to the surface, FAR where missed."""
        return self._cut(origin, ray)[1]

    def _cut(self, origin: Array, ray: Array) -> tuple[Array, Array]:
        """Return where rays enter each plane, and where they enter the body."""
        slope = self.normals @ ray
        reach = self.offsets[:, None] - self.normals @ origin
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = reach / slope
        falling = slope < 0
        enter = np.where(falling, distance, -FAR)
        near = enter.max(axis=0)
        leave = np.where(falling, FAR, distance).min(axis=0)
        near[(near > leave) | (near < 1e-4)] = FAR
        return enter, near


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """An ellipsoid; `ragged` eats holes into it so that it reads as leaves."""

    centre: Array
    radii: Array
    radius: float
    material: Material
    ragged: float = 0.0

    def hit(self, origin: Array, ray: Array) -> tuple[Array, Array]:
        """Return the distance to the surface, FAR where missed, and the normal there."""
        scale = self.radii[:, None]
        start, step = (origin - self.centre[:, None]) / scale, ray / scale
        a = (step * step).sum(axis=0)
        b = (start * step).sum(axis=0)
        c = (start * start).sum(axis=0) - 1
        root = b * b - a * c
        distance = (-b - np.sqrt(np.maximum(root, 0))) / a
        missed = (root < 0) | (distance < 1e-4)
        local = start + step * distance
        normal = local / scale
        normal /= np.sqrt((normal * normal).sum(axis=0)) + 1e-9
        if self.ragged:
            point = origin + ray * distance
            facing = -(normal * ray).sum(axis=0)
            holes = _leaf(point * 6.0) * 0.6 + _leaf(point * 13.0) * 0.4
            missed |= holes > facing * 1.6 + (1 - self.ragged)
            normal = normal + (np.stack([_leaf(point * 31.0 + k) for k in (0, 7, 13)]) - 0.5)
            normal /= np.sqrt((normal * normal).sum(axis=0)) + 1e-9
        return np.where(missed, FAR, distance).astype(np.float32), normal.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Capsule:
    """A rod with round ends; what limbs and poles are made of."""

    start: Array
    end: Array
    thickness: float
    centre: Array
    radius: float
    material: Material

    def hit(self, origin: Array, ray: Array) -> tuple[Array, Array]:
        """Return the distance to the surface, FAR where missed, and the normal there."""
        axis = (self.end - self.start)[:, None]
        offset = origin - self.start[:, None]
        length2 = float((axis * axis).sum())
        along = (axis * ray).sum(axis=0)
        lead = (axis * offset).sum(axis=0)
        a = length2 - along * along
        b = length2 * (ray * offset).sum(axis=0) - lead * along
        c = length2 * ((offset * offset).sum(axis=0) - self.thickness**2) - lead * lead
        root = np.maximum(b * b - a * c, 0)
        distance = (-b - np.sqrt(root)) / np.maximum(a, 1e-9)
        place = np.clip(lead + distance * along, 0, length2)
        # The nearest point of the axis is the centre of a ball that the ray may meet.
        middle = self.start[:, None] + axis * (place / length2)
        away = origin - middle
        b = (away * ray).sum(axis=0)
        root = b * b - (away * away).sum(axis=0) + self.thickness**2
        distance = -b - np.sqrt(np.maximum(root, 0))
        missed = (root < 0) | (distance < 1e-4)
        normal = (away + ray * distance) / self.thickness
        return np.where(missed, FAR, distance).astype(np.float32), normal.astype(np.float32)


type Body = Solid | Ball | Capsule


class Crowd:
    """Bodies with their places and sizes in arrays, to find those that a beam can meet."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.bodies = tuple(bodies)
        self._centres = np.array([body.centre for body in bodies], np.float32).reshape(-1, 3)
        self._radii = np.array([body.radius for body in bodies], np.float32)

    def near(
        self, origin: Array, ray: Array, reach: Array
    ) -> Iterator[tuple[int, NDArray[np.intp], Array]]:
        """Yield each body that rays may meet: its number, those rays, how far they go at least."""
        numbers = self._in_beam(origin, ray, float(reach.max()))
        centres, radii = self._centres[numbers], self._radii[numbers][:, None]
        middle = centres @ ray - (origin * ray).sum(axis=0)
        gap = (centres * centres).sum(axis=1)[:, None] - 2 * (centres @ origin)
        gap = gap + (origin * origin).sum(axis=0) - middle * middle
        first = middle - radii
        meets = (gap < radii * radii + 0.01) & (middle > -radii) & (first < reach)
        for place in np.flatnonzero(meets.any(axis=1)):
            rows = np.flatnonzero(meets[place])
            yield int(numbers[place]), rows, first[place, rows]

    def _in_beam(self, origin: Array, ray: Array, reach: float) -> NDArray[np.intp]:
        """Return the numbers of the bodies within the cone around all these rays."""
        start = origin.mean(axis=1)
        loose = float(np.sqrt(((origin - start[:, None]) ** 2).sum(axis=0).max()))
        away = self._centres - start
        size = self._radii + loose + 0.02
        inside = (away * away).sum(axis=1) < (size + reach) ** 2
        axis = ray.mean(axis=1)
        axis /= np.linalg.norm(axis) + 1e-9
        lengths = np.sqrt((ray * ray).sum(axis=0))
        cosine = min(1.0, float(((axis @ ray) / lengths).min()))
        if cosine > 0.5:
            along = away @ axis
            aside = np.sqrt(np.maximum((away * away).sum(axis=1) - along * along, 0))
            slope = float(np.sqrt(1 - cosine * cosine)) / cosine
            inside &= along > -size
            inside &= aside < size + slope * (np.maximum(along, 0) + size)
        return np.flatnonzero(inside)


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light: at infinity (`spot` is a direction towards it) or at a place."""

    spot: Point
    colour: Colour
    far: bool = False
    aim: Point | None = None
    cone: float = 0.6
    shadows: bool = True
    spread: float = 0.02

    def towards(self, points: Array) -> tuple[Array, Array, Array]:
        """Return direction to the light, distance, and strength (3, n) at each point."""
        spot = np.array(self.spot, np.float32)[:, None]
        colour = np.array(self.colour, np.float32)[:, None]
        if self.far:
            ray = np.broadcast_to(spot / np.linalg.norm(spot), points.shape)
            return (
                ray,
                np.full(points.shape[1], 200, np.float32),
                np.broadcast_to(colour, points.shape),
            )
        way = spot - points
        distance = np.sqrt((way * way).sum(axis=0))
        ray = way / distance
        strength = 1 / (0.3 + distance * distance)
        if self.aim is not None:
            axis = spot - np.array(self.aim, np.float32)[:, None]
            axis /= np.linalg.norm(axis)
            inside = ((ray * axis).sum(axis=0) - self.cone) / (1 - self.cone)
            strength = strength * np.clip(inside * 1.5, 0, 1) ** 1.5
        return ray, distance, colour * strength


@dataclass(frozen=True, slots=True)
class Sky:
    """Light from everywhere: at the zenith, at the horizon, and back from the ground."""

    zenith: Colour
    horizon: Colour
    ground: Colour
    clouds: float = 0.0

    def ambient(self, normals: Array) -> Array:
        """Return the light that falls on surfaces facing so."""
        up = (normals[1] * 0.5 + 0.5)[None]
        top = (np.array(self.zenith, np.float32) + np.array(self.horizon, np.float32)) / 2
        result: Array = top[:, None] * up + np.array(self.ground, np.float32)[:, None] * (1 - up)
        return result

    def seen(self, rays: Array) -> Array:
        """Return what is seen where nothing is hit."""
        height = np.clip(rays[1], 0, 1)[None] ** 0.5
        zenith = np.array(self.zenith, np.float32)[:, None]
        horizon = np.array(self.horizon, np.float32)[:, None]
        colour = horizon + (zenith - horizon) * height
        if self.clouds:
            flat = np.maximum(rays[1], 0.04)
            mist = np.clip(fbm(rays[0] / flat * 0.06, rays[2] / flat * 0.06) * 2.2 - 0.7, 0, 1)
            white = horizon.mean() * 1.25 + zenith * 0.15
            colour = colour + (white - colour) * (mist * self.clouds)[None]
        result: Array = colour.astype(np.float32)
        return result


@dataclass(slots=True)
class World:
    """All that stands still in one scene."""

    bodies: list[Body]
    lamps: list[Lamp]
    sky: Sky
    haze: float = 0.0
    sharp: bool = False
    crowd: Crowd = field(init=False)
    _rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def __post_init__(self) -> None:
        """Make the bodies quick to search."""
        self.crowd = Crowd(self.bodies)

    def trace(self, origin: Array, ray: Array) -> tuple[Array, NDArray[np.int16], Array]:
        """Return distance, index of the body hit (-1 for none) and normal of every ray."""
        return trace(self.crowd, origin, ray)

    def look(
        self, origin: Array, ray: Array, open_: Array | None = None, bounce: bool = True
    ) -> tuple[Array, Array, Array, NDArray[np.int16], Array]:
        """Return light without the key lamp, light of the key lamp, distance, body, normal."""
        distance, found, normal = self.trace(origin, ray)
        soft, key = self.shade(origin, ray, distance, found, normal, open_, bounce)
        return soft, key, distance, found, normal

    def shade(
        self,
        origin: Array,
        ray: Array,
        distance: Array,
        found: NDArray[np.int16],
        normal: Array,
        open_: Array | None,
        bounce: bool,
    ) -> tuple[Array, Array]:
        """Light the points hit; `open_` is how much of the surroundings each one sees."""
        soft = np.zeros_like(ray)
        key = np.zeros_like(ray)
        nothing = np.flatnonzero(found < 0)
        soft[:, nothing] = self.sky.seen(ray[:, nothing])
        hit = np.flatnonzero(found >= 0)
        if not hit.size:
            return soft, key
        way, face = ray[:, hit], normal[:, hit]
        start = origin if origin.shape[1] == 1 else origin[:, hit]
        points = start + way * distance[hit]
        albedo, glow, mirror = _surface(self.bodies, found[hit], points, face)
        ambient = self.sky.ambient(face)
        if open_ is not None:
            ambient = ambient * open_[hit]
        light = ambient * albedo + glow
        lifted = points + face * 0.012
        for number, lamp in enumerate(self.lamps):
            to_lamp, reach, strength = lamp.towards(points)
            slant = np.maximum((to_lamp * face).sum(axis=0), 0)
            lit = np.flatnonzero((slant > 0) & (strength.max(axis=0) > 0.002))
            if lamp.shadows and lit.size:
                seen = np.zeros(len(slant), np.float32)
                # The same three directions everywhere: steps in the half-shade, but no grain.
                disc = _DISC[:1] * 0 if self.sharp or not bounce else _DISC
                for offset in disc:
                    away = to_lamp[:, lit] + offset[:, None] * np.float32(lamp.spread)
                    dark = occluded(self.crowd, lifted[:, lit], away, reach[lit])
                    seen[lit] += np.where(dark, 0, 1 / len(disc))
                slant = slant * seen
            part = albedo * strength * slant
            if number == 0:
                key[:, hit] = part
            else:
                light += part
        shiny = np.flatnonzero(mirror > 0)
        if bounce and shiny.size:
            back = way[:, shiny]
            facing = -(back * face[:, shiny]).sum(axis=0)
            away = back + 2 * facing * face[:, shiny]
            a, b, *_ = self.look(lifted[:, shiny], away, bounce=False)
            fresnel = mirror[shiny] * (0.25 + 0.75 * (1 - np.clip(facing, 0, 1)) ** 3)
            light[:, shiny] = light[:, shiny] * (1 - fresnel) + (a + b) * fresnel
        if self.haze:
            fade = (1 - np.exp(-self.haze * distance[hit]))[None]
            horizon = np.array(self.sky.horizon, np.float32)[:, None]
            light = light * (1 - fade) + horizon * fade
            key[:, hit] *= 1 - fade
        soft[:, hit] = light
        return soft, key

    def openness(self, points: Array, normals: Array, reach: float, rays: int = 6) -> Array:
        """Return how much of its surroundings each point sees, 0 to 1."""
        total = np.zeros(points.shape[1], np.float32)
        lifted = points + normals * 0.012
        for _ in range(rays):
            away = self._rng.normal(0, 1, points.shape).astype(np.float32)
            away /= np.sqrt((away * away).sum(axis=0)) + 1e-6
            away = normals + away * 0.98
            away /= np.sqrt((away * away).sum(axis=0)) + 1e-6
            total += ~occluded(self.crowd, lifted, away, reach)
        return total / rays


def trace(crowd: Crowd, origin: Array, ray: Array) -> tuple[Array, NDArray[np.int16], Array]:
    """Return distance, index of the nearest body (-1 for none) and normal of every ray."""
    count = ray.shape[1]
    best = np.full(count, FAR, np.float32)
    found = np.full(count, -1, np.int16)
    normal = np.zeros((3, count), np.float32)
    if not count:
        return best, found, normal
    for number, rows, first in crowd.near(origin, ray, best.copy()):
        rows = rows[first < best[rows]]
        if not rows.size:
            continue
        start = origin if origin.shape[1] == 1 else origin[:, rows]
        distance, face = crowd.bodies[number].hit(start, ray[:, rows])
        closer = distance < best[rows]
        rows = rows[closer]
        best[rows] = distance[closer]
        found[rows] = number
        normal[:, rows] = face[:, closer]
    return best, found, normal


def occluded(crowd: Crowd, origin: Array, ray: Array, reach: Array | float) -> NDArray[np.bool_]:
    """Tell which rays meet a body before `reach`."""
    dark = np.zeros(ray.shape[1], np.bool_)
    limit = np.broadcast_to(np.asarray(reach, np.float32), dark.shape)
    if not dark.size:
        return dark
    for number, rows, _ in crowd.near(origin, ray, limit):
        rows = rows[~dark[rows]]
        if rows.size:
            body, start, way = crowd.bodies[number], origin[:, rows], ray[:, rows]
            distance = body.meet(start, way) if isinstance(body, Solid) else body.hit(start, way)[0]
            dark[rows[distance < limit[rows]]] = True
    return dark


def _surface(
    bodies: Sequence[Body], found: NDArray[np.int16], points: Array, face: Array
) -> tuple[Array, Array, Array]:
    """Return albedo, glow and mirror of the bodies hit."""
    albedo, glow = np.zeros_like(points), np.zeros_like(points)
    mirror = np.zeros(points.shape[1], np.float32)
    order = np.argsort(found, kind="stable")
    numbers, starts = np.unique(found[order], return_index=True)
    for number, rows in zip(numbers, np.split(order, starts[1:]), strict=True):
        material = bodies[number].material
        albedo[:, rows] = material.texture(points[:, rows], face[:, rows])
        glow[:, rows] = np.array(material.glow, np.float32)[:, None]
        mirror[rows] = material.mirror
    return albedo, glow, mirror


def _leaf(points: Array) -> Array:
    """Return a coarse random number from 0 to 1 for each cell of space."""
    cell = np.floor(points).astype(np.int32).astype(np.uint32)
    mixed = cell[0] * np.uint32(73856093) ^ cell[1] * np.uint32(19349663)
    mixed ^= cell[2] * np.uint32(83492791)
    mixed = (mixed ^ mixed >> np.uint32(13)) * np.uint32(1274126177)
    result: Array = ((mixed >> np.uint32(8)) & np.uint32(0xFFFF)).astype(np.float32) / np.float32(
        65535
    )
    return result
