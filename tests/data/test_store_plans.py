"""A plan as JSON and back is the same plan, whatever its texts and settings hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.messages import Message
from data.nouns import Week
from data.store.plans import plan_from_json, plan_to_json
from data.vocabulary import PlanStatus, TravelMode
from tests.patrol.test_plan import planned
from tests.plans import plan_of

PLAN = plan_of(Week.parse("2026-W28"))

numbers = st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none()
settings = st.recursive(
    numbers | st.text() | st.datetimes(timezones=st.just(UTC)) | st.times() | st.dates(),
    lambda inner: (
        st.lists(inner).map(tuple)
        | st.dictionaries(
            st.text(st.characters(), min_size=1).filter(lambda key: key != "~"), inner
        )
    ),
    max_leaves=8,
)


def test_the_plan_of_a_real_climb_comes_back_without_loss():
    plan = planned()

    assert plan_from_json(plan_to_json(plan)) == plan


def test_every_kind_of_value_comes_back_as_its_kind():
    plan = replace(
        PLAN,
        status=PlanStatus.APPROVED,
        approved_by="mira",
        approved_at=datetime(2026, 7, 1, tzinfo=UTC),
        municipality=None,
        settings={"modes": frozenset({TravelMode.WALK, TravelMode.DRIVE}), "none": None},
    )

    back = plan_from_json(plan_to_json(plan))

    assert back == plan
    assert isinstance(back.settings["modes"], frozenset)
    assert isinstance(back.routes[0].stops[0].stop.reason, Message)
    assert back.routes[0].legs[0].line == PLAN.routes[0].legs[0].line


@hypothesis.settings(deadline=None)
@given(name=st.text(), params=st.dictionaries(st.text(), st.integers() | st.text()), kept=settings)
def test_texts_of_files_and_settings_come_back_as_they_were(
    name: str, params: dict[str, int | str], kept: object
):
    plan = replace(
        PLAN, area_name=name, notes=(Message("plan.idle_shifts", params),), settings={"any": kept}
    )

    assert plan_from_json(plan_to_json(plan)) == plan


def test_json_that_is_no_plan_is_refused():
    with pytest.raises(TypeError):
        plan_from_json('{"~": "Week", "year": 2026, "number": 28}')
