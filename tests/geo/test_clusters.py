"""Groups of cases: HDBSCAN in metres, held to scikit-learn's own labels, noise left alone."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely.affinity import translate
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from data.crs import EDGE_CRS, to_lonlat, to_metres
from data.frames import CLUSTERS
from data.messages import Message
from data.nouns import Area
from geo.clusters import ClusterSettings, cluster_labels, find_clusters
from tests.builders import CENTRE, NOON, cases, durres

SETTINGS = ClusterSettings()
#: Metres of three knots of cases from the first one.
KNOTS = np.array([(0.0, 0.0), (1500.0, 200.0), (400.0, 2600.0)])


def knots(seed: int = 3, sizes: tuple[int, ...] = (9, 12, 7), spread_m: float = 40.0):
    rng = np.random.default_rng(seed)
    parts = [
        KNOTS[k] + rng.normal(0, spread_m, size=(size, 2)) for k, size in enumerate(sizes) if size
    ]
    return np.vstack(parts)


def strays(n: int = 6) -> NDArray[np.float64]:
    """Return points kilometres away from everything and from each other."""
    return np.array([(9000.0 + 3000.0 * i, -7000.0 + 2500.0 * (i % 3)) for i in range(n)])


def cases_at(xy_m: NDArray[np.float64], area: Area, **columns: object) -> GeoDataFrame:
    """Return one case at each point, metres from the middle of an area."""
    centre = area.boundary.representative_point()
    start = to_metres(np.array([[centre.x, centre.y]]), area.metric_crs)
    points = shapely.points(to_lonlat(xy_m + start, area.metric_crs))
    made = cases([f"p{i:03d}" for i in range(len(xy_m))], **columns)
    return made.set_geometry(list(points), crs=EDGE_CRS)


def own_of_sklearn(xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
    model = HDBSCAN(
        min_cluster_size=SETTINGS.min_size,
        cluster_selection_epsilon=SETTINGS.join_m,
        allow_single_cluster=True,
        copy=True,
    )
    return model.fit_predict(xy_m)


@pytest.mark.parametrize("seed", range(8))
def test_the_groups_and_the_noise_are_those_of_scikit_learn(seed: int):
    rng = np.random.default_rng(seed)
    xy_m = np.vstack([knots(seed), rng.uniform(-4000, 6000, size=(15, 2))])
    # Where distances tie scikit-learn's labels hang on the order of the rows: give it ours.
    in_order = xy_m[np.lexsort((xy_m[:, 1], xy_m[:, 0]))]

    labels, truth = cluster_labels(in_order, SETTINGS), own_of_sklearn(in_order)

    assert adjusted_rand_score(truth, labels) == pytest.approx(1.0)
    assert np.array_equal(labels == -1, truth == -1)
    assert len(set(labels)) > 2, "the drawn points have to hold more than one group"
    assert adjusted_rand_score(own_of_sklearn(xy_m), cluster_labels(xy_m, SETTINGS)) > 0.9


@pytest.mark.parametrize("spread_m", [0.0, 4.0])
def test_two_corners_of_one_street_are_one_group_and_a_far_one_is_another(spread_m: float):
    rng = np.random.default_rng(0)
    corners = [(0.0, 0.0)] * 12 + [(45.0, 0.0)] * 12 + [(2000.0, 0.0)] * 12

    labels = cluster_labels(np.array(corners) + rng.normal(0, spread_m, (36, 2)), SETTINGS)

    assert labels.tolist() == [0] * 24 + [1] * 12


def test_groups_are_numbered_from_the_largest():
    labels = cluster_labels(np.vstack([knots(), strays()]), SETTINGS)

    sizes = [int((labels == i).sum()) for i in range(labels.max() + 1)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 3


def test_a_case_far_from_every_other_is_forced_into_no_group():
    labels = cluster_labels(np.vstack([knots(), strays()]), SETTINGS)

    assert set(labels[-6:]) == {-1}


def test_a_far_case_is_in_no_group_also_where_there_is_only_one():
    labels = cluster_labels(np.vstack([knots(sizes=(14, 0, 0)), strays(3)]), SETTINGS)

    assert set(labels[-3:]) == {-1}
    assert set(labels[:-3]) - {-1} == {0}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_points_changes_no_label(seed: int):
    xy_m = np.vstack([knots(), strays()])
    shuffle = np.random.default_rng(seed).permutation(len(xy_m))

    assert np.array_equal(
        cluster_labels(xy_m[shuffle], SETTINGS), cluster_labels(xy_m, SETTINGS)[shuffle]
    )


@pytest.mark.parametrize("seed", [25, 200, 494, 554, 888])
def test_cases_at_one_corner_are_of_one_group_whichever_came_first(seed: int):
    # Drawn so that distances tie, and scikit-learn parts cases of one corner by their order.
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 1000, size=(8, 2))
    xy_m = corners[rng.integers(0, 8, size=30)]
    shuffle = rng.permutation(30)

    labels = cluster_labels(xy_m, SETTINGS)

    assert len({(*spot, label) for spot, label in zip(xy_m.tolist(), labels, strict=True)}) == len(
        np.unique(xy_m, axis=0)
    )
    assert np.array_equal(cluster_labels(xy_m[shuffle], SETTINGS), labels[shuffle])


@pytest.mark.parametrize("turn", [0.0, 0.7, np.pi / 2])
def test_turning_and_moving_all_points_changes_no_label(turn: float):
    xy_m = np.vstack([knots(), strays()])
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    moved = cluster_labels(xy_m @ matrix.T + np.array([5000.0, -3000.0]), SETTINGS)

    assert adjusted_rand_score(cluster_labels(xy_m, SETTINGS), moved) == pytest.approx(1.0)


def test_a_distance_is_as_long_eastwards_as_northwards():
    # In degrees a knot stretched from east to west would look a third longer.
    area = durres()
    line = np.column_stack([np.linspace(0, 800, 20), np.zeros(20)])
    rest = KNOTS[2] * 2 + np.random.default_rng(1).normal(0, 30, size=(10, 2))

    east = find_clusters(cases_at(np.vstack([line, rest]), area), area).frame
    north = find_clusters(cases_at(np.vstack([line[:, ::-1], rest]), area), area).frame

    assert east["n_cases"].to_list() == north["n_cases"].to_list()


@pytest.fixture(params=[(0.0, 0.0), (-17.9, 1.2)], ids=["Albania", "Andorra"])
def area(request: pytest.FixtureRequest) -> Area:
    """Return Durrës, and the same shape where the metric system is a zone of UTM."""
    here = durres()
    return Area(id="a", name="a", boundary=translate(here.boundary, *request.param))


def test_a_group_says_how_many_cases_and_places_it_has_and_its_hull_holds_them(area: Area):
    xy_m = np.vstack([knots(), strays()])
    found = cases_at(xy_m, area)

    frame = find_clusters(found, area).frame

    labels = cluster_labels(xy_m, SETTINGS)
    assert CLUSTERS.check(frame) is frame
    assert frame["cluster_id"].to_list() == ["group-1", "group-2", "group-3"]
    for i, row in enumerate(frame.itertuples()):
        own = found[labels == i]
        assert row.n_cases == row.n_places == len(own)
        assert all(row.geometry.contains(point) for point in own.geometry)
        assert row.share == pytest.approx(len(own) / (labels >= 0).sum())
        assert row.reason == Message("geo.group_reason", {"n": len(own), "places": len(own)})
    assert frame["n_cases"].sum() < len(found), "noise belongs to no group"


def test_a_hull_is_of_metres_also_where_albania_is_not(area: Area):
    xy_m = np.zeros((15, 2)) + np.arange(15)[:, None] * np.array([[0.5, 0.5]])

    hull = find_clusters(cases_at(xy_m, area), area).frame.geometry.iloc[0]

    metric = shapely.transform(hull, lambda lonlat: to_metres(lonlat, area.metric_crs))
    assert 100 < np.sqrt(metric.area) < 140, "sixty metres around a single corner"


def test_the_order_of_the_rows_changes_nothing():
    found = cases_at(np.vstack([knots(), strays()]), durres())
    shuffled = found.iloc[np.random.default_rng(3).permutation(len(found))]

    one, other = (find_clusters(rows, durres()).frame for rows in (found, shuffled))

    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


@pytest.mark.parametrize(("n", "said"), [(0, True), (4, True), (14, True), (15, False)])
def test_too_few_cases_give_a_sentence_and_no_group(n: int, said: bool):  # noqa: FBT001 - a row of the table
    made = find_clusters(
        cases_at(knots(sizes=(n, 0, 0)) if n else np.empty((0, 2)), durres()), durres()
    )

    assert (made.verdict == Message("geo.too_few_cases", {"n": n, "needed": 15})) == said
    assert made.frame.empty == said


def test_fewer_cases_than_a_group_needs_are_too_few_whatever_the_setting():
    few = cases_at(knots(sizes=(4, 0, 0)), durres())

    made = find_clusters(few, durres(), settings=ClusterSettings(min_cases=1))

    assert made.verdict == Message("geo.too_few_cases", {"n": 4, "needed": 5})


def test_cases_that_lie_apart_make_no_group_and_it_is_said():
    made = find_clusters(cases_at(strays(16), durres()), durres())

    assert made.frame.empty
    assert made.verdict == Message("geo.no_groups")


def test_a_child_met_again_in_the_same_week_at_the_same_place_counts_once():
    days = [NOON + timedelta(days=i % 4) for i in range(20)]  # Wednesday to Saturday
    again = cases_at(np.zeros((20, 2)), durres(), when=days).assign(
        case_code="c0001", place_id="p000"
    )
    later = again.assign(identified_at=again["identified_at"] + pd.Timedelta(days=7))

    one, two = (
        find_clusters(rows, durres()).verdict
        for rows in (again, pd.concat([again, later], ignore_index=True))
    )

    assert one == Message("geo.too_few_cases", {"n": 1, "needed": 15})
    assert two == Message("geo.too_few_cases", {"n": 2, "needed": 15})


def test_cases_without_a_point_are_passed_over():
    found = cases_at(knots(sizes=(16, 0, 0)), durres())
    found.loc[:1, "geometry"] = None

    made = find_clusters(found, durres())

    assert made.verdict == Message("geo.too_few_cases", {"n": 14, "needed": 15})


def test_one_invented_case_marks_its_group():
    corner = np.linspace(0, 10, 16)[:, None] * np.ones((1, 2))
    found = cases_at(corner, durres(), synthetic=[False] * 7 + [True] + [False] * 8)

    assert find_clusters(found, durres()).frame["synthetic"].to_list() == [True]


def test_the_middle_of_the_tests_lies_in_the_area():
    assert durres().boundary.contains(shapely.Point(CENTRE))
