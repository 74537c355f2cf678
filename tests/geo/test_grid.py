"""Cells are named by the ground and not by the data."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.grid import Grid, grid_over

POINTS = arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.just(2)),
    elements=st.floats(-9e4, 9e4, allow_subnormal=False),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(POINTS)
def test_every_point_lies_in_the_square_of_its_cell(xy_m: np.ndarray):
    grid = grid_over(xy_m, 250.0)

    cells = grid.cells_of(xy_m)

    assert (cells >= 0).all()
    assert shapely.intersects_xy(grid.squares(cells), xy_m[:, 0], xy_m[:, 1]).all()


def test_a_cell_has_the_same_name_whatever_the_data():
    point = np.array([[1000.0, 2000.0]])
    alone = grid_over(point, 250.0)
    among = grid_over(np.vstack([point, [[-5000.0, 90000.0]]]), 250.0)

    assert alone.names(alone.cells_of(point)) == among.names(among.cells_of(point))


def test_a_point_outside_has_no_cell():
    grid = Grid(west=0, south=0, n_x=2, n_y=2, cell_m=100.0)

    outside = np.array([[-1.0, 50.0], [200.0, 50.0], [50.0, 250.0]])
    inside = np.array([[150.0, 50.0], [50.0, 150.0]])

    assert grid.cells_of(outside).tolist() == [-1, -1, -1]
    assert grid.cells_of(inside).tolist() == [1, 2]


def test_the_middle_of_a_cell_is_in_it():
    grid = Grid(west=-3, south=7, n_x=4, n_y=3, cell_m=250.0)

    assert grid.cells_of(grid.centres()).tolist() == list(range(12))


def test_a_grid_needs_a_point():
    with pytest.raises(ValueError, match="point"):
        grid_over(np.empty((0, 2)), 250.0)
