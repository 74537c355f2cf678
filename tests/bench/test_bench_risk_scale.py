"""The scale bench measures each size on invented points that lie where it says."""

from __future__ import annotations

import json

import pytest
import shapely

from bench.risk_scale import growth, invented, main, measured
from data import reference


def test_invented_cases_belong_to_their_places_and_lie_in_the_area():
    area = reference.area_of("AL1105")

    cases, visits, places = invented(200, area, seed=1)

    assert len(cases) == len(visits) == 200
    assert set(cases["place_id"]) | set(visits["place_id"]) <= set(places["place_id"])
    assert shapely.intersects(area.boundary, places.geometry.to_numpy()).all()
    assert cases["synthetic"].all()


def test_a_size_has_its_seconds_and_its_peak_of_memory(capsys: pytest.CaptureFixture[str]):
    main(["--cases", "200", "--here"])

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (found["cases"], found["places"], found["over"]) == (200, 20, "municipality")
    assert found["total_s"] == pytest.approx(
        found["risk_s"] + found["hotspots_s"] + found["clusters_s"], abs=1e-3
    )
    assert found["peak_mb"] >= found["inputs_mb"] > 0
    assert found["join_s"] > 0


def test_groups_of_a_country_are_found_in_seconds():
    *_, found = measured(40_000, seed=1)

    assert found["over"] == "country"
    assert found["clusters"] > 1500
    # Measured: 2.3 s; with every pair of points and of groups looked at it took 61.
    assert found["clusters_s"] < 12.0


def test_growth_is_the_slope_between_sizes_and_their_ratio_to_n_log_n():
    sizes = [
        {"cases": 100_000, "total_s": 5.0, "clusters_s": 4.0},
        {"cases": 1_000_000, "gave_up_after_s": 9, "clusters_s": 1.0},
        {"cases": 1000, "total_s": 0.03, "clusters_s": 0.04},
        {"cases": 10_000, "total_s": 0.4, "clusters_s": 0.4},
    ]

    first, second = growth(sizes)

    assert (first["from"], first["to"]) == (1000, 10_000)
    assert first["total_against_n_log_n"] == pytest.approx(1.0), "0.03 to 0.4 is n log n exactly"
    assert first["exponents"]["total_s"] == first["n_log_n_exponent"] == 1.125
    assert first["exponents"]["clusters_s"] == 1.0
    assert (second["from"], second["to"]) == (10_000, 100_000), "what was given up has no total"
    assert second["total_against_n_log_n"] == 1.0


def test_a_size_that_takes_too_long_is_said_to_have_been_given_up(
    capsys: pytest.CaptureFixture[str],
):
    main(["--cases", "200", "--limit-s", "1"])

    (size,) = json.loads(capsys.readouterr().out.splitlines()[-1])["sizes"]
    assert size == {"cases": 200, "gave_up_after_s": 1}
