"""A municipality's cost settings: kept, confirmed, its coordinator's alone; and in the files."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from data.errors import AccessDeniedError
from data.nouns import TIRANE, Viewer, Week
from data.vocabulary import Role, Skill
from desk import cost, exports
from desk.wiring import House, open_house
from layers.words import LANGUAGES, Words
from patrol.cost_settings import BudgetLine, CostKind, CostSettings
from patrol.paid_time import BandHours
from tests.builders import DURRES
from tests.plans import plan_of

AT = datetime(2026, 11, 25, 10, 0, tzinfo=TIRANE)
WEEK = Week.parse("2026-W28")
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
OWN = CostSettings(
    pay_lek=640,
    pay_by_skill={Skill.PSYCHOLOGIST: 800},
    bands=BandHours(evening_from_h=18),
    litres_per_100_km=6.5,
    material=frozenset({CostKind.FUEL}),
    budget_codes={BudgetLine.FIELD_TEAMS: "10430 / 600", BudgetLine.MATERIAL_MEANS: "602"},
)


@pytest.fixture
def house(new_home: Path) -> House:
    return open_house(new_home)


def test_until_somebody_confirms_them_the_numbers_are_assumptions(house: House):
    found = cost.cost_settings(house, COORDINATOR, DURRES)

    assert (found.settings, found.confirmed_at) == (CostSettings(), None)


def test_confirmed_numbers_come_back_whole_with_their_moment(house: House):
    cost.keep_cost_settings(house, COORDINATOR, DURRES, OWN, AT)

    found = cost.cost_settings(house, COORDINATOR, DURRES)
    assert (found.settings, found.confirmed_at) == (OWN, AT)
    line = house.store.audit.last(1)[0]
    assert (line.action, line.scope) == ("cost.set", DURRES)
    other = replace(COORDINATOR, municipalities=frozenset({"AL0302"}))
    assert cost.cost_settings(house, other, "AL0302").confirmed_at is None


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_pay_is_seen_and_set_by_the_own_coordinator_alone(house: House, role: Role):
    other = replace(COORDINATOR, role=role)

    for attempt in (
        lambda: cost.cost_settings(house, other, DURRES),
        lambda: cost.plan_cost(house, other, plan_of(WEEK)),
        lambda: cost.keep_cost_settings(house, other, DURRES, OWN, AT),
        lambda: cost.keep_cost_settings(house, COORDINATOR, "AL0302", OWN, AT),
    ):
        with pytest.raises(AccessDeniedError):
            attempt()

    assert cost.cost_settings(house, COORDINATOR, DURRES).confirmed_at is None


def test_a_plan_costs_what_its_municipality_says(house: House):
    before = cost.plan_cost(house, COORDINATOR, plan_of(WEEK)).lek
    cost.keep_cost_settings(house, COORDINATOR, DURRES, replace(OWN, pay_lek=1000), AT)

    after = cost.plan_cost(house, COORDINATOR, plan_of(WEEK))
    assert after.settings.pay_lek == 1000
    assert after.lek == 2 * before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_a_sheet_of_costs_by_line_of_the_budget(house: House, language: str):
    words = Words(language)
    cost.keep_cost_settings(house, COORDINATOR, DURRES, OWN, AT)
    total = cost.plan_cost(house, COORDINATOR, plan_of(WEEK)).lek

    made = exports.plan_bytes(house, COORDINATOR, plan_of(WEEK), words)

    sheet = load_workbook(io.BytesIO(made["roster.xlsx"]))[words("cost.sheet")]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    kinds = [row for row in rows if row[0] in {"2.1.2 · 10430 / 600", "2.1.4 · 602"}]
    assert sum(int(row[4]) for row in kinds) == total
    assert [words("cost.total"), None, None, None, total] in [row[:5] for row in rows]


def test_the_plan_for_other_programs_says_its_cost_by_kind_and_line(house: House):
    plan = plan_of(WEEK)
    total = cost.plan_cost(house, COORDINATOR, plan).lek

    made = exports.plan_bytes(house, COORDINATOR, plan, Words("en"))

    record = json.loads(made["plan.json"])["cost"]
    assert record["total_lek"] == total == sum(one["lek"] for one in record["lines"])
    assert record["budget_lines"] == {"2.1.2": total, "2.1.4": 0}
    assert {one["kind"] for one in record["lines"]} == {"ordinary", "overtime", "on_call", "other"}
    assert "pay" not in json.dumps(record)
