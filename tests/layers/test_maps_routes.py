"""Rounds on a map: numbered, ticked when done, named in the legend, and looked at."""

from __future__ import annotations

from dataclasses import replace

import folium
import pytest

from data.nouns import Plan, Week
from layers.maps import routes
from layers.words import LANGUAGES, Words
from tests.plans import TEAMS, plan_of

EN = Words("en")
WEEK = Week(year=2026, number=28)
TICK = "M19.5 6l2 2 3-4"


def plan() -> Plan:
    return plan_of(WEEK)


def drawn(group: folium.FeatureGroup) -> str:
    canvas = folium.Map(tiles=None)
    group.add_to(canvas)
    return str(canvas.get_root().render())


def test_only_the_rounds_asked_for_are_drawn():
    made = plan()
    first = made.shifts[0].id

    alone, whole = drawn(routes.layer(made, EN, shifts={first})), drawn(routes.layer(made, EN))

    assert len(alone) < len(whole)


def test_only_the_bases_that_a_round_starts_from_are_drawn():
    made = plan()
    shift = made.shifts[0]
    bases = tuple(replace(base, name=f"From {base.id}") for base in made.bases)

    page = drawn(routes.layer(replace(made, bases=bases), EN, shifts={shift.id}))

    assert [base.id for base in bases if base.name in page] == [shift.base]


def test_a_visited_stop_is_ticked_and_says_so():
    made = plan()
    stop = made.routes[0].stops[0].stop.id

    page = drawn(routes.layer(made, EN, shifts={made.routes[0].shift}, done={stop}))

    assert page.count(TICK) == 1
    assert page.count(EN("map.legend_done")) == 1
    assert TICK not in drawn(routes.layer(made, EN))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_names_the_teams_that_are_drawn_and_the_tick_where_there_is_one(language: str):
    made, words = plan(), Words(language)
    shift = made.shifts[0]
    name = next(team.name for team in made.teams if team.id == shift.team)

    one = routes.legend(made, words, shifts={shift.id}, done=True)

    assert [entry.text for entry in one] == [
        name,
        words("map.legend_base"),
        words("map.legend_done"),
    ]
    assert len(routes.legend(made, words)) == len(TEAMS) + 1


def test_a_map_looks_at_the_rounds_that_are_drawn():
    made = plan()
    canvas = folium.Map(tiles=None)
    route = made.routes[0]

    routes.look_at(canvas, made, {route.shift})

    page = str(canvas.get_root().render())
    assert page.count("fitBounds") == 1
    assert str(min(visit.stop.lat for visit in route.stops)) in page


def test_a_map_without_a_round_looks_where_it_did():
    canvas = folium.Map(tiles=None)

    routes.look_at(canvas, plan(), set())

    assert "fitBounds" not in str(canvas.get_root().render())
