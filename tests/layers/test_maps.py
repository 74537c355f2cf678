"""Maps: nothing that a file says becomes HTML, nothing is asked of anybody, and they are quick."""

from __future__ import annotations

import html
import json
import re
import time
from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.affinity import translate

from data import reference
from data.crs import EDGE_CRS
from data.frames import CASES, CLUSTERS, CROSSINGS, HOTSPOTS, PERIMETERS, PLACES, RISK, SEGMENTS
from data.messages import Message
from data.nouns import TIRANE, Marks
from data.vocabulary import SegmentStatus
from geo.slots import SLOT_IDS
from layers.drawing import hatch
from layers.map_view import LAYERS, MapFrames, count_of, map_groups
from layers.maps import cases as case_layer
from layers.maps import coverage, risk
from layers.maps.base import GroundFrames, base_map
from layers.words import LANGUAGES, Words
from tests.builders import cases, durres, places

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
AS_OF = datetime(2026, 6, 10, 12, tzinfo=TIRANE)
MARKS = Marks(synthetic=True, illustrative_streets=True, as_of=AS_OF, masked_m=(250.0, 3000.0))
SQUARE = shapely.box(19.44, 41.31, 19.46, 41.33)
EN = Words("en")


def frame(geometry: list[shapely.Geometry], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=EDGE_CRS)


def ground(name: str = "Durrës") -> GroundFrames:
    return GroundFrames(
        area=durres(),
        municipalities=reference.municipality_polygons(),
        names={m.code: name for m in reference.municipalities()},
        coast=reference.coastline(),
        roads=reference.roads(),
        settlements=reference.settlements().assign(name=name),
    )


def surface(n_known: int = 2) -> gpd.GeoDataFrame:
    """Return four cells, in all but the first few of which nobody has been."""
    rows, shapes = [], []
    for i in range(4):
        known = i < n_known
        for slot in SLOT_IDS:
            values = [0.1 * (i + 1), 0.05, 0.4, 0.01, 0.8, 0.5] if known else [np.nan] * 6
            names = ["rate_per_hour", "low80", "high80", "low95", "high95", "p_above_median"]
            hours = 4.0 * (i + 1) * known
            row = {"cell_id": f"cell-{i}", "slot": slot, "n_cases": 1.0, "hours": hours}
            rows.append({**row, "known": known, **dict(zip(names, values, strict=True))})
            shapes.append(shapely.box(19.44 + 0.01 * i, 41.31, 19.45 + 0.01 * i, 41.32))
    return RISK.check(gpd.GeoDataFrame(rows, geometry=shapes, crs=EDGE_CRS))


def over_week(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row a cell: those of all slots."""
    return risk.over_slots(rows, SLOT_IDS)


def hotspots(name: str) -> gpd.GeoDataFrame:
    moment = pd.Series(pd.to_datetime([AS_OF])).dt.tz_convert("Europe/Tirane")
    return HOTSPOTS.check(
        frame(
            [SQUARE.centroid],
            place_id=["p000"],
            name=[name],
            municipality=["AL0301"],
            n_cases=[5],
            hours=[12.0],
            rate_per_hour=[0.42],
            low80=[0.1],
            high80=[0.9],
            p_above_median=[0.97],
            slots=[("weekday-evening", "weekend-night")],
            last_visit=moment,
            expires=moment,
            reason=[Message("geo.hotspot_reason", {"n": 5, "hours": 12.0})],
            synthetic=[True],
        )
    )


def clusters() -> gpd.GeoDataFrame:
    reason = Message("geo.group_reason", {"n": 5, "places": 2})
    columns = {"cluster_id": ["g"], "n_cases": [5], "n_places": [2], "share": [1.0]}
    return CLUSTERS.check(frame([SQUARE], **columns, reason=[reason], synthetic=[True]))


def perimeters(name: str) -> gpd.GeoDataFrame:
    columns = {"perimeter_id": ["m1"], "name": [name], "kind": ["mine"], "municipality": ["AL0301"]}
    more = {"approximate": [True], "danger_m": [300.0], "synthetic": [True]}
    return PERIMETERS.check(frame([SQUARE], **columns, **more))


def segments() -> gpd.GeoDataFrame:
    line = shapely.LineString([(19.44, 41.31), (19.46, 41.33)])
    columns = {"segment_id": ["1", "2", "3"], "perimeter_id": ["m1"] * 3, "length_m": [1.0] * 3}
    return SEGMENTS.check(frame([line] * 3, **columns, status=[str(s) for s in SegmentStatus]))


def everything(name: str) -> MapFrames:
    landmark = frame([SQUARE.centroid], name=[name], approximate=[True])
    entry = {"perimeter_id": ["m1"], "segment_id": ["1"], "road_class": ["path"]}
    return MapFrames(
        places=places(3).assign(name=name),
        states={"p000": "overdue", "p001": "visited"},
        cases=cases(["p000", "p001"]),
        perimeters=perimeters(name),
        segments=segments(),
        zones=frame([SQUARE], perimeter_id=["m1"]),
        crossings=CROSSINGS.check(frame([SQUARE.centroid], **entry)),
        hotspots=hotspots(name),
        clusters=clusters(),
        risk=surface(),
        risk_week=over_week(surface()),
        beaches=landmark,
        schools=landmark.drop(columns="approximate"),
        borders=landmark,
    )


def nothing() -> MapFrames:
    empty = frame([], name=[])
    return MapFrames(
        places=PLACES.empty(),
        cases=CASES.empty(),
        perimeters=PERIMETERS.empty(),
        segments=SEGMENTS.empty(),
        hotspots=HOTSPOTS.empty(),
        clusters=CLUSTERS.empty(),
        risk=RISK.empty(),
        risk_week=RISK.empty(),
        beaches=empty,
        schools=empty,
        borders=empty,
    )


def drawn(frames: MapFrames, words: Words = EN, *, name: str = "Durrës") -> str:
    """Return the whole page that the map and its layers make."""
    canvas = base_map(ground(name), words, MARKS)
    for group in map_groups(frames, LAYERS, words):
        group.add_to(canvas)
    return str(canvas.get_root().render())


def as_text(sentence: str) -> str:
    """Return a sentence as it stands in a script: escaped as HTML, then as JSON."""
    written = json.dumps(html.escape(sentence))[1:-1]
    return written.replace("&", "\\u0026").replace("'", "\\u0027")


def test_a_name_from_a_file_never_becomes_html():
    page = drawn(everything(EVIL), name=EVIL)

    assert page.count("alert(1)") > len(LAYERS)  # it is there, as text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\\u003cscript" not in page
    assert "\\u003cimg" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_asks_nobody_for_anything(language: str):
    page = drawn(everything("Tregu"), Words(language))

    addresses = set(re.findall(r"(?:https?:)?//[a-z0-9][\w-]*\.[\w.-]+", page))
    assert {a for a in addresses if "www.w3.org" not in a} == set()
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) == {
        "/app/static/leaflet/leaflet.js",
        "/app/static/leaflet/leaflet.css",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_and_legend_are_drawn_into_the_map(language: str):
    words = Words(language)

    page = drawn(everything("Tregu"), words)

    for said in ("mark.synthetic", "mark.illustrative", "map.legend_hotspot", "map.legend_group"):
        assert as_text(words(said)) in page, said
    assert page.count('"fener-legend"') == 1
    assert page.count('"fener-marks"') == 1


def test_nothing_to_show_makes_a_map_without_a_fault():
    assert "L.geoJson(" in drawn(nothing())
    assert all(count_of(nothing(), name) == 0 for name in LAYERS)


def test_only_chosen_layers_are_drawn_and_the_legend_goes_with_them():
    groups = map_groups(everything("Tregu"), ("cases", "risk"), EN)

    assert [group.layer_name for group in groups] == ["risk", "cases", "legend"]


def test_ten_thousand_cases_are_one_layer_made_in_under_four_seconds():
    many = cases(["p000"] * 10_000)

    begun = time.perf_counter()
    group = case_layer.layer(many, EN)
    page = drawn(replace(nothing(), cases=many))
    lasted_s = time.perf_counter() - begun

    assert len(group._children) == 1
    assert page.count("new L.CircleMarker(") == 1
    assert lasted_s < 4.0


def test_a_case_without_a_point_is_not_drawn():
    some = cases(["p000", "p001"])
    some.loc[0, "geometry"] = None

    assert count_of(replace(nothing(), cases=some), "cases") == 1
    (circles,) = case_layer.layer(some, EN)._children.values()
    assert len(json.loads(circles.points)) == 1


def test_a_case_on_a_map_names_no_code():
    some = cases(["p000"]).assign(case_code="SECRET-CODE")

    assert "SECRET-CODE" not in drawn(replace(nothing(), cases=some))


def test_a_cell_seen_at_its_best_hours_only_is_drawn_by_the_week_and_those_hours_when_asked():
    rows, week = surface(1), over_week(surface(1)).assign(rate_per_hour=0.01)
    shown = replace(nothing(), risk=rows, risk_week=week)

    by_week, by_slot = drawn(shown), drawn(replace(shown, risk_slots=("weekday-evening",)))

    assert as_text(EN("map.rate", rate=1.0, hours=risk.PER_HOURS, low=5.0, high=40.0)) in by_week
    assert as_text(EN("map.rate", rate=10.0, hours=risk.PER_HOURS, low=5.0, high=40.0)) in by_slot


def test_masked_places_have_no_sign_and_say_that_they_were_moved():
    page = drawn(replace(nothing(), places=places(5).assign(name=""), masked=True))

    assert "new L.CircleMarker(" in page
    assert as_text(EN("map.legend_masked")) in page


def test_risk_is_the_mean_over_hours_of_presence_and_unknown_where_nobody_was():
    cells = over_week(surface()).set_index("cell_id")

    assert cells.loc["cell-0", "rate_per_hour"] == pytest.approx(0.1)
    assert cells.loc["cell-1", "hours"] == 8 * len(SLOT_IDS)
    assert not cells.loc["cell-3", "known"]


def test_risk_of_one_slot_reads_that_slot_only():
    rows = surface()
    rows.loc[(rows["slot"] == "weekday-evening") & rows["known"], "rate_per_hour"] = 0.9

    cells = risk.over_slots(rows, ("weekday-evening",))

    assert set(cells.loc[cells["known"], "rate_per_hour"]) == {0.9}


def test_every_known_rate_falls_into_a_class_that_the_legend_names():
    cells = over_week(surface(4))

    ends = risk.class_ends(cells)

    assert list(ends) == sorted(set(ends))
    assert ends[-1] >= cells["rate_per_hour"].max() * risk.PER_HOURS - 0.01
    assert len(risk.legend(cells, EN)) == len(ends)


def test_where_nobody_looked_at_all_the_legend_has_no_class():
    nowhere = surface().assign(known=False)

    shown = replace(nothing(), risk=nowhere, risk_week=over_week(nowhere))

    assert [entry.text for entry in risk.legend(over_week(nowhere), EN)] == [EN("map.risk_unknown")]
    assert EN("map.nobody_looked") in drawn(shown)


@pytest.mark.parametrize("shape", [SQUARE, SQUARE.union(translate(SQUARE, 0.05, 0.01))])
def test_hatching_stays_inside_its_shape(shape: shapely.Geometry):
    lines = hatch(shape, 0.002)

    assert shape.buffer(1e-9).covers(lines)
    # Of diagonals so far apart as much lies in a shape as its area says.
    assert lines.length * 0.002 / np.sqrt(2) == pytest.approx(shape.area, rel=0.1)


@pytest.mark.parametrize(
    ("share", "number"), [(0.0, 0), (0.01, 1), (0.34, 1), (0.5, 2), (0.99, 3), (1.0, 4)]
)
def test_nothing_and_everything_are_classes_of_their_own(share: float, number: int):
    assert coverage.class_of(share) == number


def test_a_municipality_whose_share_is_unknown_is_hatched_and_not_zero():
    towns = frame([SQUARE, shapely.box(19.6, 41.3, 19.7, 41.4)], name=[EVIL, "B"], s=[0.5, np.nan])

    group = coverage.layer(towns, EN, column="s", details=[["a"], ["b"]])
    known = coverage.layer(towns[:1], EN, column="s", details=[["a"]])

    assert len(group._children) == len(known._children) + 1


def test_the_same_frames_make_the_same_map():
    first, second = (re.sub(r"[0-9a-f]{32}", "", drawn(everything("Tregu"))) for _ in range(2))

    assert first == second


def test_a_perimeter_names_the_homes_and_schools_beside_it():
    alone = replace(nothing(), perimeters=perimeters("Miniera"))
    beside = replace(alone, perimeters=alone.perimeters.assign(near=["Shkolla <i>1</i>"]))

    assert "Homes and schools near: Shkolla" in drawn(beside)
    assert "<i>1</i>" not in drawn(beside)
    assert "Homes and schools near" not in drawn(alone)


@pytest.mark.parametrize(("hours", "said"), [(0.0, "map.nobody_looked"), (3.0, "map.presence")])
def test_a_place_at_risk_of_which_no_rate_is_known_says_how_far_anybody_looked(
    hours: float, said: str
):
    rates = ["rate_per_hour", "low80", "high80", "p_above_median"]
    unknown = HOTSPOTS.check(hotspots("Tregu").assign(hours=hours, **dict.fromkeys(rates, np.nan)))

    page = drawn(replace(nothing(), hotspots=unknown))

    assert as_text(EN(said, hours=hours)) in page
    assert "nan children" not in page
