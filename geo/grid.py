"""Square cells in metres, named by their place in the metric system and not by the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Grid", "grid_over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Square cells that tile a rectangle, row by row from the south-west.

    Parameters
    ----------
    west, south
        Of the first cell, in cells from the origin of the metric system: the
        same cell has the same name whatever the data.
    n_x, n_y
        How many cells eastwards and northwards.
    cell_m
        Side of a cell, metres.
    """

    west: int
    south: int
    n_x: int
    n_y: int
    cell_m: float

    @property
    def shape(self) -> tuple[int, int]:
        """Return rows (northwards) and columns (eastwards)."""
        return self.n_y, self.n_x

    def cells_of(self, xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the position of each point's cell, shape (n,); -1 outside the grid."""
        column, row = (np.floor(xy_m / self.cell_m).astype(np.int64) - (self.west, self.south)).T
        inside = (column >= 0) & (column < self.n_x) & (row >= 0) & (row < self.n_y)
        return np.where(inside, row * self.n_x + column, -1)

    def centres(self) -> NDArray[np.float64]:
        """Return the middle of each cell, shape (n_x * n_y, 2), metres."""
        x = (self.west + np.arange(self.n_x) + 0.5) * self.cell_m
        y = (self.south + np.arange(self.n_y) + 0.5) * self.cell_m
        return np.column_stack([np.tile(x, self.n_y), np.repeat(y, self.n_x)])

    def squares(self, cells: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the polygons of cells in metres, shape (n,)."""
        x = (self.west + cells % self.n_x) * self.cell_m
        y = (self.south + cells // self.n_x) * self.cell_m
        return shapely.box(x, y, x + self.cell_m, y + self.cell_m)

    def names(self, cells: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the ids of cells, shape (n,): size, column and row from the metric origin."""
        columns, rows = self.west + cells % self.n_x, self.south + cells // self.n_x
        size = f"{self.cell_m:g}"
        return np.array(
            [f"{size}m-{x}-{y}" for x, y in zip(columns, rows, strict=True)], dtype=object
        )

    def split(self, parts: int) -> Grid:
        """Return the same rectangle with every cell cut into `parts` by `parts`."""
        return Grid(
            west=self.west * parts,
            south=self.south * parts,
            n_x=self.n_x * parts,
            n_y=self.n_y * parts,
            cell_m=self.cell_m / parts,
        )


def grid_over(xy_m: NDArray[np.float64], cell_m: float, *, margin_m: float = 0.0) -> Grid:
    """Return the smallest grid that holds all points and a margin around them.

    Raises
    ------
    ValueError
        If there is no point, or a cell has no size.
    """
    if not len(xy_m) or cell_m <= 0:
        msg = "a grid needs a point and a size"
        raise ValueError(msg)
    west, south = np.floor((xy_m.min(axis=0) - margin_m) / cell_m).astype(int)
    east, north = np.floor((xy_m.max(axis=0) + margin_m) / cell_m).astype(int)
    return Grid(
        west=int(west),
        south=int(south),
        n_x=int(east - west + 1),
        n_y=int(north - south + 1),
        cell_m=cell_m,
    )
