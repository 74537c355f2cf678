"""The still part of a map stays the same text, and what changes stands in layers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import folium
import shapely

from layers.drawing import cased, circles, tip
from layers.map_view import LAYERS, map_groups
from layers.maps import found
from layers.maps.base import base_map
from layers.mark_box import mark_group
from layers.still import Still, still, still_map
from layers.words import Words
from tests.builders import cases, places
from tests.layers.test_maps import EN, MARKS, as_text, everything, ground, nothing

BRACES = "{% x %}{{ 7 * 7 }}{#"


def lasting(words: Words = EN, **marks: object) -> Still:
    return still(base_map(ground(), words, replace(MARKS, **marks), lasting=True))


def page(canvas: folium.Map, *groups: folium.FeatureGroup) -> str:
    for group in groups:
        group.add_to(canvas)
    return str(canvas.get_root().render())


def without_names(text: str) -> str:
    return re.sub(r"[0-9a-f]{32}", "", text)


def test_a_kept_base_map_does_what_the_map_itself_did():
    canvas = base_map(ground(), EN, MARKS, lasting=True)
    kept = still(canvas)

    again = page(still_map(kept))

    assert kept.script.replace(kept.name, "map") in again.replace(
        re.search(r"map_[0-9a-f]{32}", again)[0], "map"
    )
    assert again.count('"fener-marks"') == 1


def test_the_still_part_is_the_same_whenever_the_data_were_read():
    later = lasting(as_of=MARKS.as_of + timedelta(hours=1))

    assert without_names(lasting().script) == without_names(later.script)


def test_the_layer_of_marks_says_of_when_the_data_are_and_takes_the_box_over():
    text = page(still_map(lasting()), mark_group(MARKS, EN))

    assert text.count('"fener-marks"') == 2
    assert text.count("window.fenerMarks.remove()") == 2
    assert text.count(as_text(EN("mark.as_of", at=MARKS.as_of))) == 1
    assert text.count(as_text(EN("mark.synthetic"))) == 2


def test_only_a_lasting_map_remembers_where_somebody_looked():
    assert '"fener.view.AL0301"' in lasting().script
    assert "fener.view.AL0301" not in page(base_map(ground(), EN, MARKS))


def test_a_found_point_is_a_pin_with_its_name_as_text():
    text = page(still_map(lasting()), found.layer(19.45, 41.32, "<b>x</b>", order="a1"))

    assert "<b>x</b>" not in text
    assert '"a1"' in text


def test_without_an_order_the_map_is_not_moved():
    assert "setView([41" not in page(still_map(lasting()), found.layer(19.45, 41.32, "x"))


def test_braces_in_a_name_are_no_template():
    # Folium reads its own scripts as templates: the name would end the page, or worse.
    frames = replace(everything(BRACES), places=places(500).assign(name=BRACES))

    text = page(still_map(lasting()), *map_groups(frames, LAYERS, EN))

    assert text.count("7 * 7") > 2
    assert not re.search(r"\{%|\{\{|\{#", text)


def test_what_many_circles_share_is_there_once():
    style = {"radius": 5.0, "color": "#000"}
    points = [shapely.Point(19.4 + 0.001 * i, 41.3) for i in range(100)]

    layer = circles(points, [dict(style) for _ in points], [tip("a")] * 99 + [tip("b")])

    rows = json.loads(layer.points)
    assert len(rows) == 100
    assert rows[0] == [19.4, 41.3, 0, 0]
    assert rows[99][2:] == [0, 1]
    assert json.loads(layer.styles) == [{"fill": True, **style}]
    assert json.loads(layer.tips) == ["<b>a</b>", "<b>b</b>"]


def test_cased_lines_carry_their_coordinates_once():
    lines = [
        shapely.LineString([(19.4, 41.3), (19.5, 41.4)]),
        shapely.MultiLineString([[(19.6, 41.3), (19.7, 41.4)], [(19.8, 41.3), (19.9, 41.4)]]),
        shapely.LineString(),
    ]

    layer = cased(lines, [{"weight": 4.0}, {"weight": 2.0}])

    assert json.loads(layer.lines) == [
        [[41.3, 19.4], [41.4, 19.5]],
        [[41.3, 19.6], [41.4, 19.7]],
        [[41.3, 19.8], [41.4, 19.9]],
    ]


def test_a_place_says_how_many_of_the_cases_are_there():
    frames = replace(nothing(), places=places(2), cases=cases(["p000"] * 3), counts={"p000": 3})

    text = page(still_map(lasting()), *map_groups(frames, ("places",), EN))

    assert as_text(EN("map.place_cases", n=3)) in text
    assert as_text(EN("map.legend_place_cases")) in text
