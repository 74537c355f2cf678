"""What the store keeps comes back as it went in, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from data.duties import Wish
from data.errors import AccessDeniedError, ContractError
from data.frames import PERIMETERS, SEGMENTS
from data.messages import Message
from data.nouns import TIRANE, Absence, Base, Team, Week, Worker
from data.store import Store, UnitStatus
from data.vocabulary import (
    Language,
    MappingStatus,
    PlanStatus,
    Sex,
    Skill,
    TravelMode,
    Wants,
)
from tests.builders import DURRES, NOON, cases, places, visits
from tests.plans import plan_of

KRUJE = "AL0302"
WEEK = Week.parse("2026-W28")
BASE = Base(id="b1", name="NJMF Durrës", municipality=DURRES, lon=19.45, lat=41.32)
WORKER = Worker(
    id="w1",
    name="Mira Ç.",
    municipality=DURRES,
    skills=frozenset({Skill.OUTREACH, Skill.CHILD_PROTECTION}),
    trained=False,
    weekly_hours=37.5,
    languages=frozenset({Language.ROMANI, Language.ALBANIAN}),
    sex=Sex.FEMALE,
    available_days=(0, 2, 4),
    available_from=time(8),
    available_until=time(20, 30),
)
TEAM = Team(
    id="t1",
    name="Ekipi i parë",
    municipality=DURRES,
    base="b1",
    mode=TravelMode.DRIVE,
    start=time(21, 30),
    end=time(2, 15),
    weekdays=(0, 4, 6),
    size=3,
    members=("w1",),
    languages=frozenset({Language.ROMANI}),
)
ABSENCE = Absence(worker="w1", first=date(2026, 7, 6), last=date(2026, 7, 8), kind="leave")


def perimeters(danger_m: float = 300.0) -> GeoDataFrame:
    row = {
        "perimeter_id": "m1",
        "name": "Bulqiza",
        "kind": "mine",
        "municipality": DURRES,
        "approximate": True,
        "danger_m": danger_m,
        "synthetic": True,
    }
    shape = shapely.box(19.45, 41.32, 19.46, 41.33)
    return PERIMETERS.check(GeoDataFrame([row], geometry=[shape], crs="EPSG:4326"))


def segments() -> GeoDataFrame:
    row = {"segment_id": "s1", "perimeter_id": "m1", "status": "open", "length_m": 1113.5}
    line = shapely.LineString([(19.45, 41.32), (19.46, 41.32)])
    return SEGMENTS.check(GeoDataFrame([row], geometry=[line], crs="EPSG:4326"))


def everything() -> dict[str, pd.DataFrame]:
    """Return a frame of each noun, with what is easily lost: no point, no hour, no referral."""
    found = cases(["p000", "p001", ""])
    found.loc[2, "geometry"] = None
    found["hour_known"] = [True, False, True]
    referred = [NOON + timedelta(days=1), None, None]
    found["referred_at"] = pd.Series(pd.to_datetime(referred, utc=True)).dt.tz_convert(TIRANE)
    return {
        "places": places(3, awake_from=6, awake_to=9),
        "cases": found,
        "visits": visits(["p000", "p001"], hours=1.5, n_seen=3, outcome="seen"),
        "perimeters": perimeters(),
        "segments": segments(),
    }


def kept(store: Store) -> dict[str, pd.DataFrame]:
    return {
        "places": store.places(),
        "cases": store.cases(),
        "visits": store.visits(),
        "perimeters": store.perimeters(),
        "segments": store.segments(),
    }


def same(first: dict[str, pd.DataFrame], second: dict[str, pd.DataFrame]) -> None:
    """Fail unless frames hold the same rows; pandas may count seconds more or less finely."""
    assert set(first) == set(second)
    for noun, frame in first.items():
        other = second[noun][frame.columns]
        if isinstance(frame, GeoDataFrame):
            assert_geodataframe_equal(frame, other, check_dtype=False, check_like=True)
        else:
            assert_frame_equal(frame, other, check_dtype=False)


def test_frames_come_back_as_they_went_in(store: Store):
    outcome = store.add(everything())

    same(everything(), kept(store))
    assert (outcome.n_new, outcome.n_changed, outcome.n_known) == (10, 0, 0)


def test_an_empty_store_gives_frames_that_keep_their_contracts(store: Store):
    assert {noun: len(frame) for noun, frame in kept(store).items()} == dict.fromkeys(
        everything(), 0
    )
    assert store.cases().crs == "EPSG:4326"
    assert store.cases()["identified_at"].dt.tz is not None


def test_frames_are_sorted_by_their_key_whatever_order_they_came_in(store: Store):
    store.add({"places": places(5).iloc[::-1]})

    assert store.places()["place_id"].tolist() == [f"p00{i}" for i in range(5)]


def test_a_municipality_is_given_its_own_rows_and_a_case_belongs_where_it_was_found(store: Store):
    store.add(everything())
    elsewhere = cases(["x"], municipality_found=KRUJE).assign(case_code="kruje")
    store.add({"places": places(1, municipality=KRUJE).assign(place_id="x"), "cases": elsewhere})

    assert store.places(KRUJE)["place_id"].tolist() == ["x"]
    assert store.cases(KRUJE)["case_code"].tolist() == ["kruje"]
    assert len(store.cases(DURRES)) == 3
    assert store.visits(KRUJE).empty
    assert store.perimeters(KRUJE).empty
    assert len(store.places()) == 4


def test_the_same_rows_twice_change_nothing(store: Store):
    store.add(everything())
    before = kept(store)

    outcome = store.add(everything())

    assert (outcome.n_new, outcome.n_changed, outcome.n_known) == (0, 0, 10)
    same(before, kept(store))


def test_a_changed_row_is_counted_and_replaces_the_old_one(store: Store):
    store.add(everything())

    renamed = places(3, awake_from=6, awake_to=9).assign(name=["Tregu", "Vend 1", "Vend 2"])
    outcome = store.add({"places": renamed})

    assert (outcome.n_new, outcome.n_changed, outcome.n_known) == (0, 1, 2)
    assert store.places()["name"].tolist() == ["Tregu", "Vend 1", "Vend 2"]


def test_a_perimeter_changes_without_losing_its_segments(store: Store):
    store.add(everything())

    store.add({"perimeters": perimeters(danger_m=500.0)})

    assert store.perimeters()["danger_m"].tolist() == [500.0]
    assert store.segments()["segment_id"].tolist() == ["s1"]


def test_what_is_empty_in_a_text_column_is_kept_as_an_empty_text(store: Store):
    store.add({"places": places(1), "cases": cases([""], municipality_home=None)})

    assert store.cases()["municipality_home"].tolist() == [""]
    assert store.add({"cases": cases([""], municipality_home="")}).n_known == 1


def test_a_point_that_moved_is_a_change(store: Store):
    store.add({"places": places(1)})
    moved = places(1)
    moved["geometry"] = [shapely.Point(19.5, 41.4)]

    assert store.add({"places": moved}).n_changed == 1
    assert store.places().geometry.iloc[0].equals(shapely.Point(19.5, 41.4))


def test_more_rows_than_one_batch_are_all_kept(store: Store):
    n = 1001

    assert store.add({"cases": cases([""] * n)}).n_new == n
    assert len(store.cases()) == n
    assert store.add({"cases": cases([""] * n)}).n_known == n


def test_one_faulty_row_leaves_the_store_as_it_was(store: Store):
    twice = pd.concat([visits(["p000"]), visits(["p001"])], ignore_index=True)

    with pytest.raises(Exception, match=r"(?i)unique"):
        store.add({"places": places(2), "visits": twice})

    assert store.places().empty
    assert store.is_empty()


def test_a_text_of_a_file_is_a_value_and_never_a_statement(store: Store):
    nasty = "'); DROP TABLE cases; -- \N{LATIN SMALL LETTER E WITH DIAERESIS}\U0001f3ee %s {x}"

    store.add({"places": places(1, name=nasty)})

    assert store.places()["name"].tolist() == [nasty]
    assert store.cases().empty


def test_a_record_is_corrected_and_its_other_columns_stay(store: Store):
    store.add(everything())

    store.correct("cases", "c0001", {"risk_degree": "high", "schooling": "unknown"})

    expected = everything()["cases"]
    expected.loc[1, ["risk_degree", "schooling"]] = ["high", "unknown"]
    same({"cases": expected}, {"cases": store.cases()})


def test_a_corrected_moment_is_the_same_moment_in_any_zone(store: Store):
    store.add(everything())
    moment = pd.Timestamp("2026-06-01T23:30:00", tz="America/New_York")

    store.correct("visits", "v0000", {"started_at": moment.tz_convert(TIRANE)})

    assert store.visits()["started_at"].iloc[0] == moment


def test_a_correction_that_breaks_the_contract_changes_nothing(store: Store):
    store.add(everything())

    with pytest.raises(ContractError):
        store.correct("cases", "c0001", {"risk_degree": "enormous"})
    with pytest.raises(ContractError) as fault:
        store.correct("cases", "nobody", {"risk_degree": "high"})

    assert fault.value.message == Message("account.record_unknown")
    same(everything(), kept(store))


def test_an_erased_record_is_gone_and_an_unknown_one_is_told(store: Store):
    store.add(everything())

    assert store.erase("cases", "c0000")
    assert not store.erase("cases", "c0000")
    assert store.erase("perimeters", "m1")

    assert store.cases()["case_code"].tolist() == ["c0001", "c0002"]
    assert store.perimeters().empty
    assert store.segments().empty


def test_a_crew_comes_back_as_it_went_in(store: Store):
    other = replace(BASE, id="b2", municipality=KRUJE)
    store.put_crew(bases=[BASE, other], workers=[WORKER], teams=[TEAM], absences=[ABSENCE])

    assert store.bases() == (BASE, other)
    assert store.bases(KRUJE) == (other,)
    assert store.workers(DURRES) == store.workers() == (WORKER,)
    assert store.teams(DURRES) == (TEAM,)
    assert store.absences(DURRES) == store.absences() == (ABSENCE,)
    assert store.workers(KRUJE) == store.teams(KRUJE) == store.absences(KRUJE) == ()


def test_a_crew_put_again_is_changed_and_not_doubled(store: Store):
    store.put_crew(bases=[BASE], workers=[WORKER], teams=[TEAM], absences=[ABSENCE])

    renamed, longer = replace(WORKER, name="M."), replace(ABSENCE, last=date(2026, 7, 20))
    store.put_crew(bases=[BASE], workers=[renamed], teams=[TEAM], absences=[longer])

    assert store.workers() == (renamed,)
    assert store.absences() == (longer,)
    assert store.teams() == (TEAM,)


def test_a_team_without_its_base_is_refused_with_everything_that_came_along(store: Store):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        store.put_crew(workers=[WORKER], teams=[TEAM])

    assert store.workers() == ()


def test_a_wish_comes_back_and_takes_the_place_of_the_one_before(store: Store):
    store.put_crew(bases=[BASE], workers=[WORKER], teams=[TEAM])
    wish = Wish(worker="w1", day=date(2026, 7, 6), wants=Wants.WORK, team="t1", weight=3)

    store.wishes.put(replace(wish, wants=Wants.OFF, team=""))
    store.wishes.put(wish)

    assert store.wishes.of(DURRES) == store.wishes.of() == (wish,)
    assert store.wishes.of(KRUJE) == ()
    store.wishes.erase(wish)
    assert store.wishes.of() == ()


def test_an_erased_worker_takes_the_wishes_along(store: Store):
    store.put_crew(workers=[WORKER])
    store.wishes.put(Wish(worker="w1", day=date(2026, 7, 6)))

    store.erase_worker("w1")

    assert (store.workers(), store.wishes.of()) == ((), ())


def test_an_erased_worker_takes_the_absences_along_and_an_erased_team_nobody(store: Store):
    store.put_crew(bases=[BASE], workers=[WORKER], teams=[TEAM], absences=[ABSENCE])

    store.erase_worker("w1")
    assert (store.workers(), store.absences()) == ((), ())
    store.erase_team("t1")
    assert (store.teams(), store.bases()) == ((), (BASE,))


def test_a_base_goes_only_when_no_team_stands_on_it(store: Store):
    store.put_crew(bases=[BASE], teams=[TEAM])

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        store.erase_base("b1")
    store.erase_team("t1")
    store.erase_base("b1")

    assert store.bases() == ()


def test_an_absence_is_taken_back(store: Store):
    later = replace(ABSENCE, first=date(2026, 8, 1), last=date(2026, 8, 2))
    store.put_crew(workers=[WORKER], absences=[ABSENCE, later])

    store.erase_absence(ABSENCE)

    assert store.absences() == (later,)


def test_a_unit_says_one_thing_at_a_time_and_when(store: Store):
    at = datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    first = UnitStatus(unit="u1", municipality=DURRES, status=MappingStatus.LOOKED_NONE, at=at)
    second = replace(first, status=MappingStatus.PLACES_FOUND, at=at + timedelta(days=1))

    store.set_unit_status(first)
    store.set_unit_status(second)

    assert store.unit_statuses(DURRES) == store.unit_statuses() == (second,)
    assert store.unit_statuses(KRUJE) == ()
    assert store.unit_statuses()[0].at.utcoffset() is not None


def test_a_setting_is_kept_and_replaced(store: Store):
    assert store.setting("phone") is None

    store.set_setting("phone", "052 1")
    store.set_setting("phone", "052 2")

    assert store.setting("phone") == "052 2"


def test_a_plan_comes_back_without_loss_and_another_one_is_the_next_version(store: Store):
    plan = plan_of(WEEK)
    other = replace(plan, seed=plan.seed + 1)

    assert [store.save_plan(plan), store.save_plan(other)] == [1, 2]

    first, second = store.plans(DURRES, WEEK)
    assert first == plan
    assert second == replace(other, version=2)
    assert store.plans(DURRES) == (first, second)
    assert store.plans(DURRES, Week.parse("2026-W29")) == store.plans(KRUJE) == ()


def test_the_same_plan_again_is_the_version_it_was_also_when_it_was_approved(store: Store):
    plan = plan_of(WEEK)
    store.save_plan(plan)
    store.approve_plan(plan, by="mira", at=datetime(2026, 7, 1, 12, tzinfo=UTC))

    assert store.save_plan(plan) == 1
    assert [kept.status for kept in store.plans(DURRES, WEEK)] == [PlanStatus.APPROVED]


def test_one_version_of_a_week_is_approved_at_a_time(store: Store):
    for seed in range(2):
        store.save_plan(replace(plan_of(WEEK), seed=seed))
    first, second = store.plans(DURRES, WEEK)
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)

    store.approve_plan(first, by="mira", at=at)
    approved = store.approve_plan(second, by="mira", at=at)

    assert (approved.status, approved.approved_by, approved.approved_at) == (
        PlanStatus.APPROVED,
        "mira",
        at,
    )
    assert store.plans(DURRES, WEEK) == (first, approved)


def test_a_plan_on_illustrative_streets_is_never_approved(store: Store):
    plan = plan_of(WEEK)
    tried = replace(plan, marks=replace(plan.marks, illustrative_streets=True))
    store.save_plan(tried)

    with pytest.raises(AccessDeniedError):
        store.approve_plan(tried, by="mira", at=datetime.now(UTC))

    assert store.plans(DURRES, WEEK)[0].status is PlanStatus.DRAFT


def test_a_version_that_was_not_kept_cannot_be_approved(store: Store):
    store.save_plan(plan_of(WEEK))

    with pytest.raises(ContractError):
        store.approve_plan(replace(plan_of(WEEK), version=7), by="m", at=datetime.now(UTC))

    assert store.plans(DURRES, WEEK)[0].status is PlanStatus.DRAFT
