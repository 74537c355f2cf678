"""A group on the map says how well it holds: by its outline, its tooltip and the legend."""

from __future__ import annotations

import pytest
import shapely
from geopandas import GeoDataFrame

from data.crs import EDGE_CRS
from data.frames import CLUSTERS
from data.messages import Message
from layers.maps.clusters import layer, legend
from layers.words import LANGUAGES, Words

EN = Words("en")


def drawn(kept: dict[str, float], words: Words = EN) -> tuple[list[str], list[str]]:
    """Return the dashes of the hulls, and their tooltips."""
    groups = GeoDataFrame(
        {
            "cluster_id": ["group-1", "group-2"],
            "n_cases": [12, 7],
            "n_places": [3, 2],
            "share": [0.6, 0.4],
            "reason": [Message("geo.group_reason", {"n": n, "places": 2}) for n in (12, 7)],
            "synthetic": True,
        },
        geometry=[shapely.box(19.4 + i, 41.3, 19.5 + i, 41.4) for i in range(2)],
        crs=EDGE_CRS,
    )
    hulls = next(iter(layer(CLUSTERS.check(groups), words, kept)._children.values()))
    features = [feature["properties"] for feature in hulls.data["features"]]
    return [one["style"]["dashArray"] for one in features], [one["tip"] for one in features]


def test_a_group_that_holds_has_a_firm_outline_and_one_that_may_be_chance_a_dotted_one():
    dashes, tips = drawn({"group-1": 0.95, "group-2": 0.4})

    assert dashes == ["", "1 5"]
    assert "It holds" in tips[0]
    assert "10 times out of 10" in tips[0]
    assert "may be chance" in tips[1]
    assert "4 times out of 10" in tips[1]


def test_of_a_group_that_was_not_redrawn_it_is_said_where_to_ask():
    dashes, tips = drawn({})

    assert dashes == ["1 5", "1 5"]
    assert all(EN("findings.title") in text for text in tips)


@pytest.mark.parametrize(("kept", "holds"), [(0.74, False), (0.76, True), (0.8, True)])
def test_it_holds_where_eight_of_ten_redrawings_keep_it_as_the_details_say(kept: float, *, holds):
    dashes, _ = drawn({"group-1": kept, "group-2": kept})

    assert dashes == ["" if holds else "1 5"] * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_explains_outlines_only_where_they_say_something(language: str):
    words = Words(language)

    without = [entry.text for entry in legend(words, {})]
    told = [entry.text for entry in legend(words, {"group-1": 1.0})]

    assert without == [words("map.legend_group")]
    assert told[1:] == [words("map.legend_group_holds"), words("map.legend_group_chance")]
