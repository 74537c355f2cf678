"""A small map of a round as SVG: black and white, drawn from our own streets."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.streetnet import StreetNetwork
from layers.rounds import PlannedRound

__all__ = ["sketch_svg"]

_MARGIN = 0.12
_LEAST_DEG = 0.004
_RADIUS = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """A box of degrees on a sheet of so many pixels; a degree east is as long as one north."""

    west: float
    north: float
    scale: float
    stretch: float

    def xy(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return pixels, shape (n, 2)."""
        return np.column_stack(
            [
                (lonlat[:, 0] - self.west) * self.stretch * self.scale,
                (self.north - lonlat[:, 1]) * self.scale,
            ]
        )


def sketch_svg(
    one: PlannedRound, network: StreetNetwork | None, *, width_px: int = 680, height_px: int = 340
) -> str:
    """Return the round over thin streets: base as a square, stops as numbers in their order."""
    line = np.array([point for leg in one.route.legs for point in leg.line]).reshape(-1, 2)
    spots = np.array([(s.stop.lon, s.stop.lat) for s in one.route.stops]).reshape(-1, 2)
    base = np.array([[one.base.lon, one.base.lat]])
    frame = _frame(np.vstack([line, spots, base]), width_px, height_px)
    size = f'width="{width_px}" height="{height_px}" viewBox="0 0 {width_px} {height_px}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f'<rect width="{width_px}" height="{height_px}" fill="#ffffff" stroke="#777777"/>',
        *_streets(network, frame, width_px, height_px),
        _path(frame.xy(line), "#000000", 2.6),
        _square(frame.xy(base)[0]),
        *(_number(xy, n) for n, xy in enumerate(frame.xy(spots), start=1)),
        "</svg>",
    ]
    return "".join(parts)


def _frame(points: NDArray[np.float64], width: int, height: int) -> _Frame:
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    stretch = math.cos(math.radians((south + north) / 2))
    wide = max((east - west) * stretch, _LEAST_DEG) * (1 + 2 * _MARGIN)
    high = max(north - south, _LEAST_DEG) * (1 + 2 * _MARGIN)
    scale = min(width / wide, height / high)
    return _Frame(
        west=(west + east) / 2 - width / scale / stretch / 2,
        north=(south + north) / 2 + height / scale / 2,
        scale=scale,
        stretch=stretch,
    )


def _streets(network: StreetNetwork | None, frame: _Frame, width: int, height: int) -> list[str]:
    if network is None or not network.n_edges:
        return []
    xy = frame.xy(network.shape_lonlat)
    inside = (xy[:, 0] > 0) & (xy[:, 0] < width) & (xy[:, 1] > 0) & (xy[:, 1] < height)
    seen = np.logical_or.reduceat(inside, network.shape_start[:-1])
    commands = [
        _commands(xy[network.shape_start[e] : network.shape_start[e + 1]])
        for e in np.flatnonzero(seen)
    ]
    return [f'<path d="{"".join(commands)}" fill="none" stroke="#b5b5b5" stroke-width="0.8"/>']


def _commands(xy: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in xy)


def _path(xy: NDArray[np.float64], colour: str, width: float) -> str:
    if not len(xy):
        return ""
    return (
        f'<path d="{_commands(xy)}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-linejoin="round"/>'
    )


def _square(xy: NDArray[np.float64]) -> str:
    x, y = xy
    return f'<rect x="{x - 7:.0f}" y="{y - 7:.0f}" width="14" height="14" fill="#000000"/>'


def _number(xy: NDArray[np.float64], number: int) -> str:
    x, y = xy
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{_RADIUS}" fill="#ffffff" stroke="#000000" '
        f'stroke-width="1.8"/><text x="{x:.0f}" y="{y + 4:.0f}" font-size="11" '
        f'font-family="sans-serif" font-weight="bold" text-anchor="middle">'
        f"{number}</text>"
    )
