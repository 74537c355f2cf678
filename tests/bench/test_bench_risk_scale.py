"""The scale bench measures each size on invented points that lie where it says."""

from __future__ import annotations

import json

import pytest
import shapely

from bench.risk_scale import invented, main
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


def test_a_size_that_takes_too_long_is_said_to_have_been_given_up(
    capsys: pytest.CaptureFixture[str],
):
    main(["--cases", "200", "--limit-s", "1"])

    (size,) = json.loads(capsys.readouterr().out.splitlines()[-1])["sizes"]
    assert size == {"cases": 200, "gave_up_after_s": 1}
