"""What leaves the house: whole or not at all, released first, and known to the audit."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.errors import AccessDeniedError, ContractError, NoRouteError
from data.messages import Message
from data.nouns import Plan, Viewer, Week
from data.vocabulary import Role
from desk import exports
from desk.exports import (
    newest_plan,
    plan_bytes,
    plan_zip,
    require_writable,
    write_drafts,
    write_file,
    write_plan,
)
from desk.identity import operator
from desk.wiring import House, open_house
from layers.words import Words
from tests.builders import DURRES, streets
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
SQ = Words("sq")
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
NEIGHBOUR = replace(COORDINATOR, municipalities=frozenset({"AL0302"}))
OTHERS = [
    NEIGHBOUR,
    replace(COORDINATOR, role=Role.FIELD, teams=frozenset({"t1"})),
    replace(COORDINATOR, role=Role.AGENCY),
    replace(COORDINATOR, role=Role.ADMINISTRATOR),
    operator(Role.AGENCY),
    operator(Role.ADMINISTRATOR),
]
STREETS = streets([(19.44, 41.32), (19.45, 41.32)])
UNWRITABLE = Message("desk.unwritable")
FIRST = {"plan.json": b"1", "packs/a.html": b"old", "packs/b.html": b"old"}
SECOND = {"plan.json": b"2", "stops.csv": b"new", "packs/c.html": b"new"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with two versions of a plan; its first one is approved."""
    made = open_house(tmp_path / "home")
    for _ in range(2):
        made.store.save_plan(plan_of(WEEK))
    first = made.store.plans(DURRES, WEEK)[0]
    made.store.approve_plan(first, by="c", at=datetime(2026, 7, 1, tzinfo=UTC))
    return made


def there(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if not p.is_dir()}


def test_the_approved_plan_leaves_and_without_one_the_newest(house: House):
    assert newest_plan(house, COORDINATOR, DURRES, WEEK).version == 1
    week = Week.parse("2026-W29")
    for seed in range(2):
        house.store.save_plan(replace(plan_of(week), seed=seed))

    assert newest_plan(house, COORDINATOR, DURRES, week).version == 2


def test_a_week_without_a_plan_is_told(house: House):
    with pytest.raises(NoRouteError) as fault:
        newest_plan(house, COORDINATOR, DURRES, Week.parse("2026-W30"))

    assert fault.value.message == Message("desk.no_plan")


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: f"{v.role}-{v.account}")
def test_nobody_else_takes_a_plan_out_even_one_they_hold_in_their_hand(
    house: House, viewer: Viewer, tmp_path: Path
):
    lines = len(house.store.audit.last(99))

    with pytest.raises(AccessDeniedError):
        newest_plan(house, viewer, DURRES, WEEK)
    with pytest.raises(AccessDeniedError):
        plan_bytes(house, viewer, plan_of(WEEK), SQ)
    with pytest.raises(AccessDeniedError):
        write_drafts(house, viewer, tmp_path / "out", [plan_of(WEEK)], SQ, STREETS)

    assert not (tmp_path / "out").exists()
    assert len(house.store.audit.last(99)) == lines


def test_a_plan_of_no_municipality_leaves_with_the_machines_administrator_only(house: House):
    plan: Plan = plan_of(WEEK, municipality=None)

    with pytest.raises(AccessDeniedError):
        plan_bytes(house, COORDINATOR, plan, SQ)

    assert "plan.json" in plan_bytes(house, operator(), plan, SQ)


def test_the_audit_keeps_who_took_it_out_and_a_hash_of_all_that_left(house: House):
    made = plan_bytes(house, COORDINATOR, plan_of(WEEK), SQ)

    whole = hashlib.sha256()
    for name in sorted(made):
        whole.update(name.encode() + b"\0" + made[name])
    line = house.store.audit.last(1)[0]
    assert (line.account, line.action, line.purpose) == ("c", "plan.export", "export")
    assert (line.scope, line.export_sha256) == (DURRES, whole.hexdigest())


def test_files_are_written_and_a_second_plan_takes_the_place_of_the_first(tmp_path: Path):
    out = tmp_path / "deep" / "out"

    assert write_plan(out, FIRST) == tuple(out / name for name in sorted(FIRST))
    assert there(out) == FIRST
    write_plan(out, SECOND)

    assert there(out) == SECOND


def test_packs_alone_leave_the_rest_of_the_folder(tmp_path: Path):
    write_plan(tmp_path, {**FIRST, "letter.txt": b"mine"})

    write_plan(tmp_path, {"packs/c.html": b"new"})

    assert there(tmp_path) == {"plan.json": b"1", "letter.txt": b"mine", "packs/c.html": b"new"}


@pytest.mark.parametrize("n_moves", range(5))  # two old ones go out, three new ones come in
def test_a_fault_at_any_moment_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_moves: int
):
    write_plan(tmp_path, FIRST)
    whole, left = Path.replace, [n_moves]

    def failing(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == -1:
            raise OSError
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(ContractError) as fault:
        write_plan(tmp_path, SECOND)

    assert fault.value.message == UNWRITABLE
    assert there(tmp_path) == FIRST


@pytest.mark.parametrize(
    "standing", [("plan.json", "dir"), ("packs", "file"), ("stops.csv", "dir")], ids=str
)
def test_what_has_the_name_but_is_something_else_is_left_alone(
    tmp_path: Path, standing: tuple[str, str]
):
    name, kind = standing
    if kind == "dir":
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.txt").write_bytes(b"mine")
    else:
        (tmp_path / name).write_bytes(b"mine")
    before = there(tmp_path)

    with pytest.raises(ContractError) as fault:
        write_plan(tmp_path, SECOND)

    assert fault.value.message == UNWRITABLE
    assert there(tmp_path) == before


def test_a_file_is_written_at_once_and_the_audit_says_so(house: House, tmp_path: Path):
    path = tmp_path / "reports" / "report.csv"

    write_file(house, COORDINATOR, path, b"a;b")
    write_file(house, COORDINATOR, path, b"c;d")

    assert there(tmp_path / "reports") == {"report.csv": b"c;d"}
    assert [line.action for line in house.store.audit.last(2)] == ["file.export"] * 2


def test_a_file_that_cannot_be_written_leaves_no_half_of_it_and_no_line(
    house: House, tmp_path: Path
):
    (tmp_path / "reports" / "report.csv").mkdir(parents=True)
    lines = len(house.store.audit.last(99))

    for path in ("reports/report.csv", "reports/report.csv/x/y.csv/z"):
        if path.endswith("z"):
            (tmp_path / "reports/report.csv/x").write_bytes(b"")
        with pytest.raises(ContractError):
            write_file(house, COORDINATOR, tmp_path / path, b"a;b")

    assert there(tmp_path / "reports") == {"report.csv/x": b""}
    assert len(house.store.audit.last(99)) == lines


def test_asking_whether_a_folder_can_be_written_makes_nothing(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")

    require_writable(tmp_path / "a" / "b")
    for name in ("file", "file/a", "file/a/b"):
        with pytest.raises(ContractError):
            require_writable(tmp_path / name)

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_zip_holds_all_files_or_those_of_a_folder():
    with zipfile.ZipFile(io.BytesIO(plan_zip(FIRST))) as whole:
        assert {name: whole.read(name) for name in whole.namelist()} == FIRST
    with zipfile.ZipFile(io.BytesIO(plan_zip(FIRST, only="packs/"))) as part:
        assert part.namelist() == ["packs/a.html", "packs/b.html"]


def test_every_way_out_is_named_in_this_file():
    assert set(exports.__all__) == {
        *("fit_to_leave", "newest_plan", "plan_bytes", "plan_zip", "require_writable"),
        *("write_drafts", "write_file", "write_plan"),
    }
