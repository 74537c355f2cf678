"""Simulated towns are what they say, and nobody finds more than is possible."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bench.hotspots_simulated import FAMILIES, MONTHS, SHARES, drawn, main, measured


@pytest.mark.parametrize("family", FAMILIES)
def test_every_month_of_a_town_holds_all_of_its_intensity(family: str):
    truth = FAMILIES[family](np.random.default_rng(1))

    assert len(truth) == MONTHS + 1
    assert truth.sum(axis=1) == pytest.approx(1.0)
    assert (truth >= 0).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_only_points_that_move_change_from_month_to_month(family: str):
    truth = FAMILIES[family](np.random.default_rng(1))

    assert np.array_equal(truth[0], truth[-1]) == (family != "points_that_move")


@pytest.mark.parametrize("family", FAMILIES)
def test_no_map_finds_more_than_the_true_intensity_does(family: str):
    table = measured(family, 120, seeds=2)

    methods = table.drop(columns=["seed", "share"])
    assert (methods.le(methods["possible"] + 1e-12, axis=0)).all(axis=None)
    assert (methods["possible"] > table["share"]).all()


def test_events_are_drawn_where_the_intensity_is():
    truth = np.zeros((MONTHS + 1, 1600))
    truth[:-1, 41] = 1.0  # the second cell of the second row
    truth[-1, 0] = 1.0  # of the coming month nothing is drawn

    xy_m = drawn(truth, 50, np.random.default_rng(1))

    assert xy_m.shape == (50, 2)
    assert ((xy_m >= 250.0) & (xy_m < 500.0)).all()


def test_the_same_seeds_make_the_same_table_and_every_family_has_every_share(
    capsys: pytest.CaptureFixture[str],
):
    main(["--seeds", "1", "--sizes", "60"])
    first = json.loads(capsys.readouterr().out)
    main(["--seeds", "1", "--sizes", "60"])
    again = json.loads(capsys.readouterr().out)

    assert first["rows"] == again["rows"]
    assert [(row["family"], row["share"]) for row in first["rows"]] == [
        (family, share) for family in FAMILIES for share in SHARES
    ]
    assert first["least"] == min(row["to_other"] for row in first["rows"])
