"""A scene through a camera: the still world rendered once, what moves drawn into each frame."""

from collections.abc import Callable
from dataclasses import dataclass
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .light import Ball, Body, Colour, Crowd, Lamp, Point, World, occluded, trace
from .noise import Array, fbm

FPS: Final = 10
FRAMES: Final = 100

_CORNERS: Final = ((-0.25, -0.25), (0.25, 0.25), (-0.25, 0.25), (0.25, -0.25))


@dataclass(frozen=True, slots=True)
class Lens:
    """Where the camera hangs, where it looks, how wide (degrees across), and its bend."""

    eye: Point
    target: Point
    wide: float = 80.0
    bend: float = 0.05

    def rays(self, across: Array, down: Array) -> Array:
        """Return the rays through picture points from -1 to 1 across, 9/16 of that down."""
        right, up, ahead = self._axes()
        bent = 1 + self.bend * (across * across + down * down)
        reach = math.tan(math.radians(self.wide) / 2)
        ray = (
            ahead[:, None]
            + right[:, None] * (across * bent * reach)
            - up[:, None] * (down * bent * reach)
        )
        result: Array = (ray / np.sqrt((ray * ray).sum(axis=0))).astype(np.float32)
        return result

    def project(self, point: Array) -> tuple[float, float, float]:
        """Return where a point appears, as `rays` counts, and how far ahead it is."""
        right, up, ahead = self._axes()
        way = point - np.array(self.eye, np.float32)
        depth = float(way @ ahead)
        if depth < 0.1:
            return 0.0, 0.0, depth
        reach = math.tan(math.radians(self.wide) / 2) * depth
        x, y = float(way @ right) / reach, -float(way @ up) / reach
        unbent = 1.0
        for _ in range(4):
            unbent = 1 / (1 + self.bend * (x * x + y * y) * unbent * unbent)
        return x * unbent, y * unbent, depth

    def _axes(self) -> tuple[Array, Array, Array]:
        """Return right, up and ahead."""
        ahead = np.array(self.target, np.float32) - np.array(self.eye, np.float32)
        ahead /= np.linalg.norm(ahead)
        right = np.cross(np.array((0, 1, 0), np.float32), ahead)
        right /= np.linalg.norm(right)
        return right, np.cross(ahead, right), ahead


@dataclass(frozen=True, slots=True)
class Scene:
    """One place, and what goes on there in a loop."""

    name: str
    clock: str
    world: World
    lens: Lens
    movers: Callable[[float], list[Body]]
    clouds: float = 0.0
    exposure: float = 1.0
    infrared: bool = False
    noise: float = 2.2
    tint: Colour = (1.0, 1.0, 1.0)
    headlights: Callable[[float], list[Lamp]] | None = None


class Film:
    """The frames of a scene at one size."""

    def __init__(self, scene: Scene, size: tuple[int, int]) -> None:
        """Render what stands still: with the key lamp, without it, and what it is made of."""
        self._scene, (self._width, self._height) = scene, size
        self._rng = np.random.default_rng(3)
        self._eye = np.array(scene.lens.eye, np.float32)[:, None]
        rows, columns = np.mgrid[0 : self._height, 0 : self._width].astype(np.float32)
        self._x, self._y = columns.ravel(), rows.ravel()
        rays = self._rays(self._x, self._y)
        world = scene.world
        # Four rays a pixel soften a shadow by themselves.
        self._sharp = World(world.bodies, world.lamps, world.sky, world.haze, sharp=True)
        distance = np.zeros(self._x.size, np.float32)
        found = np.zeros(self._x.size, np.int16)
        normal, soft, key = np.zeros((3, *rays.shape), np.float32)
        tiles = self._tiles()
        for tile in tiles:
            distance[tile], found[tile], normal[:, tile] = world.trace(self._eye, rays[:, tile])
        self._distance, self._points = distance, self._eye + rays * np.minimum(distance, 500)
        open_ = self._openness(tiles, found, normal)
        for tile in tiles:
            soft[:, tile], key[:, tile] = world.shade(
                self._eye,
                rays[:, tile],
                distance[tile],
                found[tile],
                normal[:, tile],
                open_[tile],
                bounce=True,
            )
        dim, lit = self._tone(soft), self._tone(soft + key)
        edge = self._edges(found, normal)
        for tile in tiles:
            self._smooth(tile[edge[tile]], open_, dim, lit)
        shape = (3, self._height, self._width)
        glow = self._bloom((soft + key).reshape(shape))
        self._dim = np.moveaxis(self._lens_light(dim.reshape(shape), glow), 0, 2).copy()
        self._lit = np.moveaxis(self._lens_light(lit.reshape(shape), glow), 0, 2).copy()
        self._keyed = (key.max(axis=0) > 0.004).reshape(self._height, self._width)
        self._sway = np.flatnonzero(
            np.isin(
                found,
                [
                    n
                    for n, body in enumerate(world.bodies)
                    if isinstance(body, Ball) and body.ragged
                ],
            )
        )
        self._grain = self._rng.normal(
            0, scene.noise, (self._height + 64, self._width + 64, 1 if scene.infrared else 3)
        ).astype(np.float32)

    def frame(self, number: int) -> Image.Image:
        """Draw one frame of the loop."""
        scene = self._scene
        moment = number % FRAMES / FRAMES
        movers = scene.movers(moment)
        seen = self._daylight(moment)
        groups = self._groups(movers)
        for group in groups:
            self._cast_shadows(group, seen)
        picture = self._dim + (self._lit - self._dim) * seen[..., None]
        if scene.headlights is not None:
            self._headlights(scene.headlights(moment), picture)
        self._flutter(picture, moment)
        if movers:
            world = scene.world
            bodies = [*world.bodies, *movers]
            crowd = World(bodies, world.lamps, world.sky, world.haze, sharp=True)
            for group in groups:
                self._draw(group, crowd, picture)
        offset = self._rng_offset(number)
        grain = self._grain[offset[0] :, offset[1] :][: self._height, : self._width]
        pixels = np.clip(picture + grain, 0, 255).astype(np.uint8)
        image = Image.fromarray(pixels)
        if scene.infrared:
            image = image.convert("L").convert("RGB")
        _caption(image, scene.name, scene.clock, number)
        return image

    def _groups(self, movers: list[Body]) -> list[list[Body]]:
        """Return bodies that belong together, the farthest first."""
        groups: list[list[Body]] = []
        for body in movers:
            if groups and np.linalg.norm(body.centre - groups[-1][0].centre) < 4:
                groups[-1].append(body)
            else:
                groups.append([body])
        eye = self._eye[:, 0]
        return sorted(groups, key=lambda group: -float(np.linalg.norm(group[0].centre - eye)))

    @staticmethod
    def _rng_offset(number: int) -> tuple[int, int]:
        """Return where in the grain this frame is cut, the same each time."""
        return number * 37 % 61, number * 53 % 59

    def _rays(self, columns: Array, rows: Array) -> Array:
        """Return the rays through these pixels."""
        across = (columns + 0.5) / self._width * 2 - 1
        down = ((rows + 0.5) / self._height * 2 - 1) * self._height / self._width
        return self._scene.lens.rays(across, down)

    def _tiles(self) -> list[NDArray[np.intp]]:
        """Return the pixels in small squares, whose rays meet few bodies."""
        index = np.arange(self._height * self._width).reshape(self._height, self._width)
        return [
            index[row : row + 60, column : column + 64].ravel()
            for row in range(0, self._height, 60)
            for column in range(0, self._width, 64)
        ]

    def _smooth(self, pixels: NDArray[np.intp], open_: Array, dim: Array, lit: Array) -> None:
        """Replace pixels on edges by the mean of four rays."""
        if not pixels.size:
            return
        total = np.zeros((2, 3, pixels.size), np.float32)
        world = self._sharp
        for across, down in _CORNERS:
            rays = self._rays(self._x[pixels] + across, self._y[pixels] + down)
            hit = world.trace(self._eye, rays)
            soft, key = world.shade(self._eye, rays, *hit, open_[pixels], bounce=True)
            total[0] += self._tone(soft)
            total[1] += self._tone(soft + key)
        dim[:, pixels], lit[:, pixels] = total / 4

    def _openness(
        self, tiles: list[NDArray[np.intp]], found: NDArray[np.int16], normal: Array
    ) -> Array:
        """Return the shade in corners, found on every second pixel and smoothed."""
        shape = (self._height, self._width)
        pick = np.zeros(shape, np.bool_)
        pick[::2, ::2] = True
        whole_frame = np.ones(self._x.size, np.float32)
        for tile in tiles:
            rows = tile[pick.ravel()[tile] & (found[tile] >= 0)]
            if rows.size:
                whole_frame[rows] = self._scene.world.openness(
                    self._points[:, rows], normal[:, rows], 1.6
                )
        coarse = whole_frame.reshape(shape)[::2, ::2]
        half = coarse * 255
        image = Image.fromarray(half.astype(np.uint8)).filter(
            ImageFilter.GaussianBlur(self._width / 480)
        )
        whole = np.asarray(image.resize((self._width, self._height), Image.Resampling.BILINEAR))
        return (whole.ravel() / np.float32(255)).astype(np.float32)

    def _edges(self, found: NDArray[np.int16], normal: Array) -> NDArray[np.bool_]:
        """Tell which pixels lie next to another body or another face."""
        shape = (self._height, self._width)
        body = found.reshape(shape)
        face = normal.reshape(3, *shape)
        edge = np.zeros(shape, np.bool_)
        for axis in (0, 1):
            near = [slice(None), slice(None)]
            far = [slice(None), slice(None)]
            near[axis], far[axis] = slice(None, -1), slice(1, None)
            a, b = tuple(near), tuple(far)
            differs = body[a] != body[b]
            differs |= (face[(slice(None), *a)] * face[(slice(None), *b)]).sum(axis=0) < 0.8
            edge[a] |= differs
            edge[b] |= differs
        return edge.ravel()

    def _tone(self, light: Array) -> Array:
        """Turn light into picture values from 0 to 255, as film would."""
        tint = np.array(self._scene.tint, np.float32)[:, None]
        x = light * tint * self._scene.exposure
        if self._scene.infrared:
            x = np.broadcast_to((x * np.array((0.4, 0.35, 0.25))[:, None]).sum(axis=0), x.shape)
        curve = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
        return (np.clip(curve, 0, 1) ** (1 / 2.2) * 255).astype(np.float32)

    def _bloom(self, light: Array) -> Array:
        """Return the glare around what is brighter than white."""
        bright = np.clip(light * self._scene.exposure - 1.2, 0, 4) * 40
        total = np.zeros_like(light)
        for share, spread in ((0.7, 0.006), (0.4, 0.025), (0.25, 0.07)):
            for channel in range(3):
                plane = Image.fromarray(bright[channel].astype(np.uint8))
                plane = plane.filter(ImageFilter.GaussianBlur(spread * self._width))
                total[channel] += np.asarray(plane, np.float32) * share
        return total

    def _lens_light(self, picture: Array, glow: Array) -> Array:
        """Add glare, and darken towards the corners."""
        rows, columns = np.mgrid[-1 : 1 : self._height * 1j, -1 : 1 : self._width * 1j]
        corner = 1 - 0.16 * (rows**2 * 0.6 + columns**2) ** 1.3
        result = (picture + glow) * corner
        clipped: Array = np.clip(result, 0, 255).astype(np.float32)
        return clipped

    def _daylight(self, moment: float) -> Array:
        """Return how much of the key lamp reaches each pixel: 1, less under a cloud."""
        seen = np.ones((self._height, self._width), np.float32)
        if self._scene.clouds:
            points = self._points.reshape(3, self._height, self._width)[:, ::8, ::8]
            x, z = points[0].ravel(), points[2].ravel()
            # Two copies fade into each other, so that the end of the loop meets its start.
            drift = [fbm(x * 0.012 + moment_ * 0.09, z * 0.012) for moment_ in (moment, moment - 1)]
            mist = drift[0] * (1 - moment) + drift[1] * moment
            shade = 1 - self._scene.clouds * np.clip((mist - 0.47) * 5, 0, 1)
            small = Image.fromarray((shade.reshape(points.shape[1:]) * 255).astype(np.uint8))
            whole = small.resize((self._width, self._height), Image.Resampling.BICUBIC)
            seen *= np.asarray(whole, np.float32) / 255
        return seen

    def _cast_shadows(self, movers: list[Body], seen: Array) -> None:
        """Darken where what moves stands between the key lamp and the still world."""
        lamp = self._scene.world.lamps[0]
        if not lamp.shadows:
            return
        spots: list[tuple[Array, float]] = []
        for body in movers:
            to_lamp, distance, _ = lamp.towards(body.centre[:, None])
            ray = to_lamp[:, 0]
            if not lamp.far and distance[0] > 12:
                continue
            spots.append((body.centre, body.radius))
            if ray[1] > 0.05:
                fallen = body.centre - ray * (body.centre[1] / ray[1])
                spots.append((fallen, body.radius * min(3.0, 1 / float(ray[1]))))
        window = self._window(spots)
        if window is None:
            return
        rows, columns = window
        keyed = self._keyed[rows, columns]
        index = np.arange(self._height * self._width).reshape(seen.shape)[rows, columns][keyed]
        points = self._points[:, index]
        ray, reach, _ = lamp.towards(points)
        dark = occluded(Crowd(movers), points + ray * 0.03, np.array(ray), reach)
        patch = np.zeros(keyed.shape, np.uint8)
        patch[keyed] = dark * 255
        blurred = Image.fromarray(patch).filter(ImageFilter.GaussianBlur(self._width / 900))
        seen[rows, columns] *= 1 - np.asarray(blurred, np.float32) / 255

    def _headlights(self, lamps: list[Lamp], picture: Array) -> None:
        """Add the light of lamps that move."""
        step = 3
        points = self._points.reshape(3, self._height, self._width)[:, ::step, ::step]
        flat = np.ascontiguousarray(points.reshape(3, -1))
        total = np.zeros_like(flat)
        for lamp in lamps:
            total += lamp.towards(flat)[2]
        share = (np.minimum(total.max(axis=0) * self._scene.exposure, 1.6) * 159).astype(np.uint8)
        small = Image.fromarray(share.reshape(points.shape[1:]))
        whole = np.asarray(
            small.resize((self._width, self._height), Image.Resampling.BILINEAR), np.float32
        )
        picture += (picture + 10) * whole[..., None] / 159
        for lamp in lamps:
            if lamp.aim is None:
                continue
            spot = np.array(lamp.spot, np.float32)
            towards = np.array(lamp.aim, np.float32) - spot
            facing = float(towards @ (self._eye[:, 0] - spot)) / (
                float(np.linalg.norm(towards)) * float(np.linalg.norm(self._eye[:, 0] - spot))
            )
            if facing > 0:
                self._flare(spot, facing * max(lamp.colour), picture)

    def _flare(self, spot: Array, strength: float, picture: Array) -> None:
        """Draw the star that a lamp makes in the lens."""
        window = self._window([(spot, 1.2)])
        x, y, depth = self._scene.lens.project(spot)
        if window is None or depth < 0.5:
            return
        rows, columns = window
        across = (
            (x + 1) / 2 * self._width,
            (y * self._width / self._height + 1) / 2 * self._height,
        )
        down, right = np.mgrid[rows, columns].astype(np.float32)
        size = self._width / depth / 14
        gap = ((right - across[0]) ** 2 + (down - across[1]) ** 2) / size**2
        light = np.exp(-gap * 4) * 240 + 45 * np.exp(-gap / 2)
        warm = np.array((1.0, 0.95, 0.82), np.float32)
        picture[rows, columns] += light[..., None] * min(strength, 1.0) * warm

    def _flutter(self, picture: Array, moment: float) -> None:
        """Move leaves by a pixel or two."""
        if not self._sway.size:
            return
        rows, columns = np.divmod(self._sway, self._width)
        phase = fbm(rows / 700, columns / 700) * 12
        push = np.sin(2 * np.pi * (moment * 3 + phase)) + np.sin(2 * np.pi * (moment * 7 - phase))
        shifted = columns + np.rint(push * self._width / 1100).astype(np.int64)
        source = np.clip(shifted, 0, self._width - 1)
        picture[rows, columns] = picture[rows, source]

    def _draw(self, movers: list[Body], lit: World, picture: Array) -> None:
        """Draw what moves, four rays a pixel, in front of and behind what stands."""
        window = self._window([(body.centre, body.radius) for body in movers])
        if window is None:
            return
        rows, columns = window
        index = np.arange(self._height * self._width).reshape(self._height, self._width)
        pixels = index[rows, columns].ravel()
        paint = np.zeros((3, pixels.size), np.float32)
        cover = np.zeros(pixels.size, np.float32)
        crowd = Crowd(movers)
        places = {id(body): number for number, body in enumerate(lit.bodies)}
        numbers = np.array([places[id(body)] for body in movers], np.int16)
        for across, down in _CORNERS:
            rays = self._rays(self._x[pixels] + across, self._y[pixels] + down)
            distance, found, normal = trace(crowd, self._eye, rays)
            hit = np.flatnonzero((found >= 0) & (distance < self._distance[pixels] + 0.02))
            if not hit.size:
                continue
            soft, key = lit.shade(
                self._eye,
                rays[:, hit],
                distance[hit],
                numbers[found[hit]],
                normal[:, hit],
                None,
                bounce=False,
            )
            paint[:, hit] += self._tone(soft + key)
            cover[hit] += 1
        solid = np.flatnonzero(cover)
        if not solid.size:
            return
        where = np.divmod(pixels[solid], self._width)
        picture[where] = picture[where] * (1 - cover[solid] / 4)[:, None] + paint[:, solid].T / 4

    def _window(self, spots: list[tuple[Array, float]]) -> tuple[slice, slice] | None:
        """Return the part of the picture that shows these balls; None if it shows none."""
        left = top = 1e9
        right = bottom = -1e9
        for spot, margin in spots:
            x, y, depth = self._scene.lens.project(spot)
            if depth < 0.3:
                continue
            reach = (
                1.1
                * margin
                / (max(depth - margin, 0.3) * math.tan(math.radians(self._scene.lens.wide) / 2))
            )
            left, right = min(left, x - reach), max(right, x + reach)
            top, bottom = min(top, y - reach), max(bottom, y + reach)
        ratio = self._width / self._height
        x0 = max(0, int((left + 1) / 2 * self._width))
        x1 = min(self._width, int((right + 1) / 2 * self._width) + 2)
        y0 = max(0, int((top * ratio + 1) / 2 * self._height))
        y1 = min(self._height, int((bottom * ratio + 1) / 2 * self._height) + 2)
        return (slice(y0, y1), slice(x0, x1)) if x1 > x0 and y1 > y0 else None


def _caption(image: Image.Image, name: str, clock: str, number: int) -> None:
    """Write time and camera name into the corners, in cells of one width."""
    day, _, start = clock.partition(" ")
    hours, minutes, seconds = (int(part) for part in start.split(":"))
    second = (hours * 3600 + minutes * 60 + seconds + number % FRAMES // FPS) % 86_400
    time = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    height = max(9, round(image.height / 27))
    cell = height * 0.62
    font = ImageFont.load_default(height)
    draw = ImageDraw.Draw(image)
    margin = height * 0.7

    def write(text: str, x: float, y: float) -> None:
        for place, letter in enumerate(text):
            draw.text(
                (x + (place + 0.5) * cell, y),
                letter,
                font=font,
                fill=(245, 245, 245),
                anchor="ma",
                stroke_width=max(1, height // 14),
                stroke_fill=(20, 20, 20),
            )

    write(f"{day} {time}", margin, margin * 0.7)
    write(name, image.width - margin - cell * len(name), image.height - margin * 0.9 - height)
