"""What the terminal's commands do: each yields the lines it prints.

Every command has a viewer and a purpose: ``--as USER``, or the administrator of
the machine acting as coordinator, which the audit says.
"""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from tqdm import tqdm

from data import reference
from data.access import Action, Purpose, require
from data.errors import ContractError, NoRouteError
from data.messages import Message
from data.nouns import TIRANE, Viewer, Week
from data.readers import Rejection
from data.vocabulary import Role
from desk import (
    accounts,
    cost,
    country,
    coverage,
    demo,
    evaluate,
    exports,
    ground,
    imports,
    pools,
)
from desk import what_if as scenarios
from desk.identity import operator, viewer_named
from desk.planning import Files, PlanRequest, plan_week
from desk.wiring import House, open_house, read_area
from desk.year import Scope, scope_codes, year_picture
from desk.year_files import sentences, year_files
from layers.what_if_words import scenario_name, sentence
from layers.words import Words
from patrol.scenarios import usual_scenarios

__all__ = [
    "check_audit",
    "clear_demo",
    "close_account",
    "evaluate_hotspots",
    "fetch_streets",
    "import_streets",
    "import_table",
    "invite",
    "load_demo",
    "pack",
    "plan",
    "report",
    "season",
    "show_audit",
    "users",
    "what_if",
]


_PURPOSES: Final = {
    "plan": Purpose.PLAN,
    "what-if": Purpose.PLAN,
    "streets": Purpose.IMPORT,
    "cases": Purpose.IMPORT,
    "visits": Purpose.IMPORT,
    "teams": Purpose.IMPORT,
    "report": Purpose.COVERAGE,
    "season": Purpose.SEASON,
    "pack": Purpose.EXPORT,
    "evaluate": Purpose.EVALUATION,
    "users": Purpose.SETTINGS,
    "demo": Purpose.SETTINGS,
    "audit": Purpose.AUDIT,
}
#: A seasonal plan is made for these years: calendars know them.
_YEARS: Final = (2016, 2060)
#: Solvers count with 32 bits.
_MOST_SEED: Final = 2**31 - 1


def _viewer(house: House, options: Namespace, role: Role = Role.COORDINATOR) -> Viewer:
    """Return who acts; the audit gets a line of every command, one that is refused as well."""
    account = getattr(options, "acting", None)
    viewer = operator(role) if account is None else viewer_named(house, account)
    words = (options.verb, getattr(options, "action", None))
    action = ".".join(("command", *(word for word in words if word)))
    house.audit(viewer, action, purpose=_PURPOSES[options.verb])
    return viewer


def _administrator(house: House, options: Namespace) -> Viewer:
    return _viewer(house, options, Role.ADMINISTRATOR)


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as fault:
        raise ContractError(Message("desk.week_malformed")) from fault


def _municipality(code: str) -> str:
    if code not in {town.code for town in reference.municipalities()}:
        raise ContractError(Message("desk.municipality_unknown"))
    return code


def _seed(seed: int | None) -> int | None:
    if seed is not None and not 0 <= seed <= _MOST_SEED:
        raise ContractError(Message("desk.seed_range", {"low": 0, "high": _MOST_SEED}))
    return seed


def _request(options: Namespace) -> PlanRequest:
    """Return what is asked for; a fault in it is told before anything is done."""
    week, seed = _week(options.week), _seed(options.seed)
    if options.area is not None:
        area = read_area(options.area)
    else:
        area = ground.area_of(_municipality(options.municipality))
    files = Files(
        cases=options.cases, visits=options.visits, teams=options.teams, streets=options.streets
    )
    return PlanRequest(area=area, week=week, weeks=options.weeks, seed=seed, files=files)


def plan(options: Namespace, words: Words) -> Iterator[str]:
    """Make the plan of a week or more and write all of its files; with ``--all`` everywhere."""
    house = open_house()
    if options.all:
        yield from _plan_all(house, options, words)
        return
    viewer, request = _viewer(house, options), _request(options)
    require(viewer, Action.PLAN, request.area.municipality)
    exports.require_writable(options.out)
    if request.area.municipality and options.cases is None and options.visits is None:
        demo.load_if_empty(house)
    outcome = plan_week(house, viewer, request)
    yield from _refused(outcome.rejected, words)
    written = exports.write_drafts(
        house, viewer, options.out, outcome.plans, _file_words(options), outcome.network
    )
    for one in outcome.plans:
        if len(outcome.plans) > 1:
            yield words("desk.plan_of_week", week=str(one.week))
        for note in one.notes:
            yield words.message(note)
        yield words(
            "desk.plan_written",
            n=written[one.week],
            routes=len(one.routes),
            stops=sum(len(route.stops) for route in one.routes),
        )


def _plan_all(house: House, options: Namespace, words: Words) -> Iterator[str]:
    """Plan all municipalities the viewer may plan, with a bar where somebody looks."""
    viewer = _viewer(house, options)
    if any((options.cases, options.visits, options.teams, options.streets)):
        raise ContractError(Message("country.no_files"))
    if options.processes is not None and options.processes < 1:
        raise ContractError(Message("country.processes"))
    asked = country.Country(
        week=_week(options.week),
        weeks=options.weeks,
        folder=options.out,
        seed=_seed(options.seed),
    )
    demo.load_if_empty(house)
    journal, towns = country.planned_towns(house, viewer, asked)
    pool = (
        pools.cluster(options.dask, options.tls)
        if options.dask
        else pools.processes(options.processes)
    )
    began, done = time.monotonic(), []
    with pool as ready, tqdm(total=len(towns), disable=None, leave=False) as bar:
        bar.set_description(words("country.progress"))
        run = country.plan_country(
            house, viewer, asked, journal, towns, ready, _file_words(options)
        )
        for outcome in run:
            done.append(outcome)
            bar.update()
    yield from country.told(done, words)
    planned = sum(outcome.why is None for outcome in done)
    if not planned:
        raise NoRouteError(Message("country.none_planned"))
    took = max(round(time.monotonic() - began), 1)
    yield words("country.done", planned=planned, n=len(done), seconds=took)


def what_if(options: Namespace, words: Words) -> Iterator[str]:
    """Say what the usual scenarios would change of a week's plan, and that nothing is kept."""
    house = open_house()
    viewer, code, week = _viewer(house, options), options.municipality, _week(options.week)
    kept = exports.newest_plan(house, viewer, _municipality(code), week)
    if cost.cost_settings(house, viewer, code).confirmed_at is None:
        yield words("what_if.assumed")
    asked = usual_scenarios(kept)
    for one in scenarios.answer(house, viewer, kept, asked, progress=lambda *_: None):
        yield f"{scenario_name(one.scenario, kept, words)}: {sentence(one, words)}"


def _file_words(options: Namespace) -> Words:
    """Return the language of files: Albanian, as the teams that read them, unless one is named."""
    return Words(options.language or "sq")


def _refused(rejected: Iterable[Rejection], words: Words) -> Iterator[str]:
    for one in rejected:
        rule = words.message(one.rule)
        if one.sheet:
            yield words("desk.row_of_sheet", row=one.row, sheet=one.sheet, rule=rule)
        else:
            yield words("desk.row", row=one.row, rule=rule)


def import_streets(options: Namespace, words: Words) -> Iterator[str]:
    """Keep the streets of a file."""
    house = open_house()
    kept = ground.import_streets(house, _viewer(house, options), options.file)
    yield words("desk.streets_kept", n=kept.n_edges)


def fetch_streets(options: Namespace, words: Words) -> Iterator[str]:
    """Fetch a municipality's streets from the internet."""
    house = open_house()
    viewer, town = _viewer(house, options), _municipality(options.municipality)
    kept = ground.fetch_area_streets(house, viewer, town)
    yield words("desk.streets_kept", n=kept.n_edges)


def import_table(options: Namespace, words: Words) -> Iterator[str]:
    """Read, check and keep a file of cases, visits or teams; list what was rejected."""
    house = open_house()
    viewer = _viewer(house, options)
    outcome = imports.import_file(house, viewer, options.noun, options.file, options.file.name)
    yield from _refused(outcome.rejected, words)
    for note in outcome.notes:
        yield words.message(note)


def report(options: Namespace, words: Words) -> Iterator[str]:
    """Write the coverage of the municipalities the viewer may see."""
    house = open_house()
    viewer = _viewer(house, options)
    require(viewer, Action.EXPORT_COVERAGE, None)
    exports.require_writable(options.out.parent)
    data = coverage.report_csv(house, viewer, words, datetime.now(TIRANE))
    exports.write_file(house, viewer, options.out, data)
    yield words("desk.file_written")


def season(options: Namespace, words: Words) -> Iterator[str]:
    """Write the seasonal plan of a municipality, a county or the whole coast."""
    house = open_house()
    viewer, scope = _viewer(house, options), _scope(options)
    for code in scope_codes(scope):
        require(viewer, Action.SEE_SEASON, code)
    exports.require_writable(options.out)
    demo.load_if_empty(house)
    made = year_picture(house, viewer, scope, _year(options.year))
    written = exports.write_plan(options.out, year_files(house, viewer, made, _file_words(options)))
    for line in sentences(made):
        yield words.message(line)
    yield words("desk.files_written", n=len(written))


def _scope(options: Namespace) -> Scope:
    if options.municipality is not None:
        return Scope(kind="municipality", code=_municipality(options.municipality))
    if options.county is None:
        return Scope(kind="coast")
    wanted = options.county.casefold()
    for row in reference.counties().to_dict("records"):
        if wanted in {str(row[c]).casefold() for c in ("code", "name_sq", "name_en")}:
            return Scope(kind="county", code=str(row["code"]))
    raise ContractError(Message("season.no_county"))


def _year(year: int) -> int:
    low, high = _YEARS
    if not low <= year <= high:
        raise ContractError(Message("season.year_range", {"low": str(low), "high": str(high)}))
    return year


def pack(options: Namespace, words: Words) -> Iterator[str]:
    """Write the packs of the newest kept plan of a week."""
    house = open_house()
    viewer = _viewer(house, options)
    town, week = _municipality(options.municipality), _week(options.week)
    kept = exports.newest_plan(house, viewer, town, week)
    if not exports.fit_to_leave(kept):
        raise NoRouteError(Message("desk.not_approved"))
    exports.require_writable(options.out)
    made = exports.plan_bytes(house, viewer, kept, _file_words(options))
    packs = {name: content for name, content in made.items() if name.startswith("packs/")}
    yield words("desk.files_written", n=len(exports.write_plan(options.out, packs)))


def evaluate_hotspots(options: Namespace, words: Words) -> Iterator[str]:
    """Say whether a municipality's earlier maps would have found its later cases."""
    house = open_house()
    viewer, town = _viewer(house, options), _municipality(options.municipality)
    require(viewer, Action.SEE_CASES, town)
    if options.out is not None:
        exports.require_writable(options.out.parent)
    judged = evaluate.hotspot_evaluation(house, viewer, town, as_of=datetime.now(TIRANE))
    if options.out is not None:
        exports.write_file(house, viewer, options.out, evaluate.evaluation_json(judged))
    yield from evaluate.evaluation_lines(judged, words)
    if options.out is not None:
        yield words("desk.file_written")


def users(options: Namespace, words: Words) -> Iterator[str]:
    """List accounts with their roles."""
    house = open_house()
    for account in accounts.listed(house, _administrator(house, options)):
        roles = ", ".join(words(f"word.role.{grant.role}") for grant in account.grants)
        yield f"{account.login}  {roles}"


def invite(options: Namespace, words: Words) -> Iterator[str]:
    """Make an account and print the one-time link that sets its password."""
    house = open_house()
    viewer = _administrator(house, options)
    town = _municipality(options.municipality) if options.municipality else None
    grant = accounts.grant(options.role, town, options.team)
    token = accounts.invite(house, viewer, options.account, grant)
    base = os.environ.get("FENER_ADDRESS", "http://localhost:8501")
    yield words("desk.one_time_link")
    yield f"{base}/welcome?link={token}"


def close_account(options: Namespace, words: Words) -> Iterator[str]:
    """Close an account; what it did stays in the audit."""
    house = open_house()
    accounts.close(house, _administrator(house, options), options.account)
    yield words("desk.account_closed")


def load_demo(options: Namespace, words: Words) -> Iterator[str]:
    """Load the invented data into an empty store."""
    house = open_house()
    require(_administrator(house, options), Action.SETTINGS, None)
    yield words("desk.demo_loaded" if demo.load(house) else "desk.demo_not_needed")


def clear_demo(options: Namespace, words: Words) -> Iterator[str]:
    """Erase everything that is invented."""
    house = open_house()
    demo.clear(house, _administrator(house, options))
    yield words("desk.demo_cleared")


def show_audit(options: Namespace, _words: Words) -> Iterator[str]:
    """Show the last lines of the audit, the newest first."""
    house = open_house()
    viewer = _administrator(house, options)
    for line in accounts.audit_tail(house, viewer, max(options.last, 0)):
        at = line.at.astimezone(TIRANE).isoformat(timespec="seconds")
        yield f"{at}  {line.account}  {line.role}  {line.action}  {line.scope}".rstrip()


def check_audit(options: Namespace, words: Words) -> Iterator[str]:
    """Check that no line of the audit was changed or taken out; a broken one is a fault."""
    house = open_house()
    require(_administrator(house, options), Action.SEE_AUDIT, None)
    broken = house.store.audit.first_broken()
    if broken is not None:
        raise ContractError(Message("desk.audit_broken", {"line": broken}))
    yield words("desk.audit_whole")
