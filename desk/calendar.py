"""The calendar as its people see and keep it: seen, written, dropped, undone, read, exported."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from data.access import Action, Purpose, may, release_calendar, require
from data.calendar import CalendarEntry, laid_over, spans_of, standing
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Viewer
from data.reference.calendar import holiday_name, usual_entries
from data.vocabulary import CalendarKind, PlaceKind
from desk.demo import gives_way
from desk.identity import is_demo
from desk.import_ready import Outcome
from desk.wiring import House, read_calendar
from layers.calendar_file import calendar_csv, calendar_ics
from layers.words import Words

__all__ = [
    "Change",
    "EntryForm",
    "calendar_for",
    "calendar_of",
    "drop_entry",
    "export_calendar",
    "import_calendar",
    "in_year",
    "may_edit",
    "save_entry",
    "team_choices",
    "title_of",
    "undo",
]

#: Reference entries of so many years around the ones asked for: a school year began last year.
_AROUND: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    """An entry as somebody enters it."""

    kind: CalendarKind
    title: str
    first: date
    last: date
    yearly: bool = False
    weekdays: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None
    places: tuple[str, ...] = ()
    place_kinds: tuple[PlaceKind, ...] = ()
    factor: float = 1.0
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change did to the kept entry of an id, so that it can be undone."""

    id: str
    before: CalendarEntry | None
    after: CalendarEntry | None


def calendar_for(
    house: House, municipality: str | None, years: Iterable[int]
) -> tuple[CalendarEntry, ...]:
    """Return what counts in a municipality: what the house brings along, people's laid over it.

    It is what plans are made by; who may see it is asked for where it is shown.
    """
    asked = set(years)
    usual = usual_entries(range(min(asked) - _AROUND, max(asked) + _AROUND + 1))
    return standing(laid_over(usual, house.store.calendar.entries()), municipality)


def calendar_of(
    house: House, viewer: Viewer, municipality: str | None, years: Iterable[int]
) -> tuple[CalendarEntry, ...]:
    """Return the calendar of a municipality, or of the country (`None`), as a viewer may see it.

    Raises
    ------
    AccessDeniedError
        If the viewer may see no calendar there.
    """
    require(viewer, Action.SEE_CALENDAR, municipality)
    house.audit(viewer, "calendar.see", purpose=Purpose.CALENDAR, scope=municipality or "")
    return release_calendar(viewer, calendar_for(house, municipality, years))


def in_year(
    entries: Iterable[CalendarEntry], year: int
) -> tuple[tuple[date, date, CalendarEntry], ...]:
    """Return when entries are on in a year, as first and last day, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = [(*span, entry) for entry in entries for span in spans_of(entry, first, last)]
    return tuple(sorted(found, key=lambda one: (one[0], one[1], one[2].id)))


def title_of(entry: CalendarEntry, words: Words) -> str:
    """Return what an entry is called: its users' words, or the name of what the house brings."""
    if entry.title:
        return entry.title
    if entry.kind is CalendarKind.PUBLIC_HOLIDAY:
        named = holiday_name(entry.first, words.language)
        return named or words("word.calendar.public_holiday")
    known = {
        "usual-season": "calendar.usual.season",
        "usual-street-children": "calendar.usual.street_children",
        "usual-child-labour": "calendar.usual.child_labour",
        "usual-rights": "calendar.usual.rights",
    }
    return words(known.get(entry.id, f"word.calendar.{entry.kind}"))


def may_edit(viewer: Viewer, municipality: str | None) -> bool:
    """Say whether a viewer may change the calendar of a municipality, or of the country."""
    if municipality is None:
        return may(viewer, Action.EDIT_COUNTRY_CALENDAR, None)
    return may(viewer, Action.EDIT_CALENDAR, municipality)


def team_choices(house: House, viewer: Viewer, municipality: str | None) -> dict[str, str]:
    """Return the names of the teams that a joint inspection may be of, by their ids."""
    if municipality is None or not may(viewer, Action.EDIT_CALENDAR, municipality):
        return {}
    return {team.id: team.name for team in house.store.teams(municipality)}


def save_entry(
    house: House, viewer: Viewer, municipality: str | None, form: EntryForm, entry: str = ""
) -> Change:
    """Keep a new entry, or change the one of an id; return what that changed.

    An entry of the country that a coordinator changes becomes one of her own municipality.

    Raises
    ------
    AccessDeniedError
        If the viewer may not change that calendar.
    ContractError
        If the entry makes no sense.
    """
    _may(house, viewer, "calendar.change" if entry else "calendar.add", municipality)
    known = _kept(house, entry)
    if known is not None and known.municipality != municipality:
        raise ContractError(Message("calendar.fault.not_yours"))
    made = CalendarEntry(
        id=entry or f"c-{secrets.token_hex(8)}",
        municipality=municipality,
        **{name: getattr(form, name) for name in form.__slots__} | {"title": _title(form)},
    )
    house.store.calendar.put([made], synthetic=is_demo(viewer))
    return Change(id=made.id, before=known, after=made)


def drop_entry(
    house: House, viewer: Viewer, municipality: str | None, entry: CalendarEntry
) -> Change:
    """Take an entry out of the calendar; what the house brings along is dropped, not erased.

    Raises
    ------
    AccessDeniedError
        If the viewer may not change that calendar.
    ContractError
        If it belongs to another calendar.
    """
    _may(house, viewer, "calendar.drop", municipality)
    if entry.municipality != municipality:
        raise ContractError(Message("calendar.fault.not_yours"))
    before = _kept(house, entry.id)
    if entry.id.startswith("usual-"):
        after = replace(entry, dropped=True)
        house.store.calendar.put([after], synthetic=is_demo(viewer))
        return Change(id=entry.id, before=before, after=after)
    house.store.calendar.erase(entry.id)
    return Change(id=entry.id, before=before, after=None)


def undo(house: House, viewer: Viewer, municipality: str | None, change: Change) -> None:
    """Let the calendar be as it was before a change.

    Raises
    ------
    ContractError
        If somebody changed that entry since.
    """
    _may(house, viewer, "calendar.undo", municipality)
    both = (one for one in (change.before, change.after) if one is not None)
    if any(one.municipality != municipality for one in both):
        raise ContractError(Message("calendar.fault.not_yours"))
    if _kept(house, change.id) != change.after:
        raise ContractError(Message("calendar.fault.changed_since"))
    if change.before is None:
        house.store.calendar.erase(change.id)
    else:
        house.store.calendar.put([change.before], synthetic=is_demo(viewer))


def import_calendar(
    house: House, viewer: Viewer, municipality: str | None, source: Path | bytes, filename: str
) -> Outcome:
    """Keep the valid entries of a CSV, XLSX or iCalendar file; the same file twice is one.

    Raises
    ------
    AccessDeniedError
        If the viewer may not change that calendar.
    ContractError
        If the file cannot be read, or holds no valid entry.
    """
    _may(house, viewer, "calendar.import", municipality)
    read = read_calendar(source, filename, municipality=municipality)
    if not read.entries:
        raise ContractError(Message("calendar.fault.nothing_valid", {"n": len(read.rejected)}))
    known = {entry.id for entry in house.store.calendar.entries()}
    house.store.calendar.put(read.entries, synthetic=is_demo(viewer))
    n_known = sum(entry.id in known for entry in read.entries)
    return Outcome(n_valid=len(read.entries), rejected=read.rejected, notes=(), n_known=n_known)


def export_calendar(
    house: House, viewer: Viewer, municipality: str | None, year: int, words: Words
) -> dict[str, bytes]:
    """Return the calendar of a year as ``calendar.csv`` and ``calendar.ics``.

    Raises
    ------
    AccessDeniedError
        If the viewer may see no calendar there.
    """
    require(viewer, Action.SEE_CALENDAR, municipality)
    entries = release_calendar(viewer, calendar_for(house, municipality, [year]))
    shown = tuple(dict.fromkeys(entry for _, _, entry in in_year(entries, year)))
    made = {
        "calendar.csv": calendar_csv(shown, lambda entry: title_of(entry, words)),
        "calendar.ics": calendar_ics(
            shown, lambda entry: title_of(entry, words), made_at=datetime.now(TIRANE)
        ),
    }
    whole = hashlib.sha256(b"\0".join(made[name] for name in sorted(made))).hexdigest()
    house.audit(
        viewer,
        "calendar.export",
        purpose=Purpose.EXPORT,
        scope=municipality or "",
        export_sha256=whole,
    )
    return made


def _title(form: EntryForm) -> str:
    return " ".join(form.title.split())


def _kept(house: House, entry: str) -> CalendarEntry | None:
    return next((one for one in house.store.calendar.entries() if one.id == entry), None)


def _may(house: House, viewer: Viewer, action: str, municipality: str | None) -> None:
    """Ask the policy, leave a line in the audit, and keep what is real apart from what is not."""
    asked = Action.EDIT_COUNTRY_CALENDAR if municipality is None else Action.EDIT_CALENDAR
    require(viewer, asked, municipality)
    if municipality is not None and gives_way(house, viewer):
        raise ContractError(Message("crew.demo_first"))
    house.audit(viewer, action, purpose=Purpose.CALENDAR, scope=municipality or "")
