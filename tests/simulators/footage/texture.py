"""Surfaces: noise, bricks, planks, tiles, grass, asphalt."""

import numpy as np

from .light import Colour, Texture
from .noise import Array, fbm


def unwrap(points: Array, normals: Array) -> tuple[Array, Array]:
    """Return flat coordinates on the face that a point lies on."""
    flat = np.abs(normals[1]) > 0.75
    side = np.abs(normals[0]) > np.abs(normals[2])
    across = np.where(side & ~flat, points[2], points[0])
    down = np.where(flat, points[2], points[1])
    return across, down


def _tint(colour: Colour, amount: Array) -> Array:
    """Return a colour made darker or lighter."""
    return np.array(colour, np.float32)[:, None] * amount[None]


def plain(colour: Colour, grain: float = 0.12) -> Texture:
    """Return paint or plaster with slight stains."""

    def texture(points: Array, normals: Array) -> Array:
        across, down = unwrap(points, normals)
        stain = fbm(across * 0.13, down * 0.13) - 0.5
        fine = fbm(across * 0.9, down * 0.9, 0.6) - 0.5
        return _tint(colour, 1 + grain * (2 * stain + fine))

    return texture


def bricks(colour: Colour, mortar: Colour, width: float = 0.26, height: float = 0.085) -> Texture:
    """Return a brick wall in running bond."""

    def texture(points: Array, normals: Array) -> Array:
        across, down = unwrap(points, normals)
        row = np.floor(down / height)
        shifted = across / width + row * 0.5
        column = np.floor(shifted)
        joint = (shifted - column < 0.05) | (down / height - row < 0.14)
        shade = fbm(column * 0.371, row * 0.173, 0.4)
        fine = fbm(across * 0.8, down * 0.8, 0.7) - 0.5
        brick = _tint(colour, 0.62 + 0.76 * shade + 0.35 * fine)
        return np.where(joint[None], _tint(mortar, 1 + 0.4 * fine), brick).astype(np.float32)

    return texture


def planks(colour: Colour, width: float = 0.14, upright: bool = False) -> Texture:
    """Return boards with dark joints: siding, decking, parquet, a fence."""

    def texture(points: Array, normals: Array) -> Array:
        across, down = unwrap(points, normals)
        if upright:
            across, down = down, across
        board = np.floor(down / width)
        joint = (down / width - board) < 0.08
        shade = fbm(board * 0.377, np.zeros_like(board), 0.4)
        veins = fbm(across * 0.08 + board * 0.31, down * 1.6, 1.2) - 0.5
        amount = (0.78 + 0.4 * shade + 0.5 * veins) * np.where(joint, 0.55, 1)
        return _tint(colour, amount)

    return texture


def tiles(colour: Colour, joint: Colour, size: float = 0.6, contrast: float = 0.12) -> Texture:
    """Return square slabs or tiles."""

    def texture(points: Array, normals: Array) -> Array:
        across, down = unwrap(points, normals)
        column, row = np.floor(across / size), np.floor(down / size)
        edge = 0.012 / size
        gap = (across / size - column < edge * 2) | (down / size - row < edge * 2)
        shade = fbm(column * 0.371, row * 0.217, 0.4) - 0.5
        stain = fbm(across * 0.21, down * 0.21) - 0.5
        slab = _tint(colour, 1 + contrast * (2.4 * shade + 1.6 * stain))
        return np.where(gap[None], np.array(joint, np.float32)[:, None], slab).astype(np.float32)

    return texture


def grass(colour: Colour = (0.13, 0.22, 0.055)) -> Texture:
    """Return a lawn with mown stripes, dry patches and blades."""

    def texture(points: Array, normals: Array) -> Array:
        across, down = points[0], points[2]
        patch = fbm(across * 0.05, down * 0.05)
        blades = fbm(across * 0.7, down * 0.7, 0.35)
        stripe = np.sign(np.sin(across * 3.1)) * 0.05
        green = _tint(colour, 0.35 + 0.5 * patch + 0.75 * blades + stripe)
        dry = np.clip(patch * 2.2 - 1.15, 0, 1)[None]
        straw = np.array((0.30, 0.26, 0.12), np.float32)[:, None]
        return green * (1 - 0.5 * dry) + straw * (0.5 * dry)

    return texture


def asphalt(colour: Colour = (0.105, 0.105, 0.11)) -> Texture:
    """Return road or concrete with stains, cracks and grit."""

    def texture(points: Array, normals: Array) -> Array:
        across, down = points[0], points[2]
        stain = fbm(across * 0.045, down * 0.045)
        grit = fbm(across * 1.1, down * 1.1, 0.2)
        vein = np.abs(fbm(across * 0.06 + 0.37, down * 0.06 + 0.11, 1.9) - 0.5)
        crack = np.where(vein < 0.004, 0.62, 1)
        return _tint(colour, (0.62 + 0.5 * stain + 0.3 * grit) * crack)

    return texture


def leaves(colour: Colour) -> Texture:
    """Return foliage, each leaf a little different."""

    def texture(points: Array, normals: Array) -> Array:
        fleck = fbm(points[0] * 0.9 + points[1] * 0.3, points[2] * 0.9 + points[1], 0.3)
        clump = fbm(points[0] * 0.12 + points[2] * 0.1, points[1] * 0.12)
        warm = np.array((1.25, 1.0, 0.6), np.float32)[:, None]
        base = _tint(colour, 0.35 + 0.8 * fleck + 0.5 * clump)
        return base * (1 + (warm - 1) * np.clip(clump - 0.4, 0, 1)[None] * 1.5)

    return texture


def ground(base: Texture, *areas: tuple[tuple[float, float, float, float], Texture]) -> Texture:
    """Return one texture for the ground with others on rectangles (x0, x1, z0, z1) of it."""

    def texture(points: Array, normals: Array) -> Array:
        colour = base(points, normals)
        wobble = (fbm(points[0] * 0.5, points[2] * 0.5, 0.8) - 0.5) * 0.12
        for (x0, x1, z0, z1), other in areas:
            x, z = points[0] + wobble, points[2] + wobble
            rows = np.flatnonzero((x > x0) & (x < x1) & (z > z0) & (z < z1))
            colour[:, rows] = other(points[:, rows], normals[:, rows])
        return colour

    return texture
