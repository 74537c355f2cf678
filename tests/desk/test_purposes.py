"""What came of each purpose: true to the coordinator, small counts hidden from the agency."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from data.errors import AccessDeniedError
from data.nouns import Viewer
from data.vocabulary import Role, VisitPurpose
from desk.purposes import purpose_results
from desk.wiring import House, open_house
from tests.builders import DURRES, NOON, places, visits

OWN = Viewer(account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))
OTHER = replace(OWN, municipalities=frozenset({"AL0302"}))
AGENCY = replace(OWN, role=Role.AGENCY, municipalities=frozenset())
#: In the first half of the next year, when the half-year of the visits is complete.
LATER = NOON + timedelta(days=240)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with visits of three purposes and one not over, at one place or several."""
    made = open_house(tmp_path / "home")
    made.store.add({"places": places(4, synthetic=False)})
    drive = visits(["p000", "p001", "p002"], purpose="school_enrolment", synthetic=False)
    drive = drive.assign(
        outcome="spoken", n_seen=6, n_not_enrolled=[3, 2, 1], n_not_registered=[1, 1, 0]
    )
    health = visits(["p003"], purpose="health", synthetic=False)
    health = health.assign(
        visit_id="h",
        outcome="spoken",
        n_seen=9,
        n_not_enrolled=3,
        n_not_vaccinated=7,
        n_without_health_card=9,
    )
    registration = visits(["p000", "p001"], purpose="registration", synthetic=False)
    registration = registration.assign(
        visit_id=["r0", "r1"], outcome="spoken", n_seen=6, n_not_registered=[3, 4]
    )
    unfinished = visits(["p000"], hours=0.0, purpose="registration", synthetic=False)
    unfinished = unfinished.assign(visit_id="u", n_seen=9, n_not_registered=9)
    made.store.add(
        {"visits": pd.concat([drive, health, registration, unfinished], ignore_index=True)}
    )
    return made


def by_purpose(house: House, viewer: Viewer) -> dict[VisitPurpose, dict[str, str]]:
    return {row.purpose: row.children for row in purpose_results(house, viewer, LATER).rows}


def test_a_coordinator_reads_the_own_true_counts_by_purpose(house: House):
    found = by_purpose(house, OWN)

    assert list(found) == [
        VisitPurpose.SCHOOL_ENROLMENT, VisitPurpose.HEALTH, VisitPurpose.REGISTRATION
    ]  # fmt: skip
    assert found[VisitPurpose.SCHOOL_ENROLMENT]["n_not_enrolled"] == "6"
    assert found[VisitPurpose.HEALTH]["n_without_health_card"] == "9"
    assert found[VisitPurpose.HEALTH]["n_not_vaccinated"] == "7"
    assert found[VisitPurpose.REGISTRATION]["n_not_registered"] == "7"
    assert found[VisitPurpose.SCHOOL_ENROLMENT]["n_not_registered"] == "2"


def test_the_agency_gets_no_small_count_and_none_that_one_place_makes(house: House):
    found = by_purpose(house, AGENCY)

    assert found[VisitPurpose.SCHOOL_ENROLMENT]["n_not_enrolled"] == "6"
    assert found[VisitPurpose.HEALTH]["n_not_enrolled"] == "<5"
    assert found[VisitPurpose.HEALTH]["n_without_health_card"] == "\N{EN DASH}"
    assert found[VisitPurpose.HEALTH]["n_identified"] == "0"
    assert found[VisitPurpose.REGISTRATION]["n_not_registered"] == "7"
    assert found[VisitPurpose.SCHOOL_ENROLMENT]["n_not_registered"] == "<5"


def test_a_neighbour_sees_nothing_and_a_field_worker_may_not_ask(house: House):
    assert by_purpose(house, OTHER) == {}
    with pytest.raises(AccessDeniedError):
        purpose_results(house, replace(OWN, role=Role.FIELD), LATER)
