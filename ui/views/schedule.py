"""The parts of the schedule page: the answer, the week by person or by day, the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from data.calendar import CalendarEntry
from data.duties import Duty
from data.nouns import TIRANE, Shift
from data.vocabulary import DutyKind, PlanStatus
from desk.calendar import title_of
from desk.schedule import WeekGrid
from layers.palette import INK, PRIMARY
from layers.words import Words
from ui.widgets.charts import quiet_axis, show_chart
from ui.widgets.messages import empty_state, listed
from ui.widgets.text import capital, plain, together

__all__ = ["answer", "by_day", "by_person", "hours", "rules", "to_know"]

_NOTHING: Final = "\N{EN DASH}"
_ROW_PX, _AXIS_PX = 30, 60
_ALL_DAYS: Final = range(7)


def answer(grid: WeekGrid, words: Words) -> None:
    """Say in one sentence what the week holds: approved, a draft, or only the usual hours."""
    if not grid.shifts and not grid.teams:
        empty_state(
            words("page_schedule.no_teams"), page="teams", label=words("page_schedule.to_teams")
        )
    elif grid.status is None:
        empty_state(
            words("page_schedule.usual", n=len(grid.shifts)),
            page="plan",
            label=words("page_schedule.to_plan"),
        )
    else:
        worked = [grid.hours(worker.id) for worker in grid.workers]
        counted = words(
            "page_schedule.answer",
            shifts=words("page_schedule.n_shifts", n=len(grid.shifts)),
            people=words("page_schedule.n_people", n=sum(hours > 0 for hours in worked)),
            hours=sum(worked),
        )
        of = "approved" if grid.status is PlanStatus.APPROVED else "draft"
        st.markdown(f"**{counted}** {words(f'page_schedule.{of}', version=grid.version)}")


def to_know(grid: WeekGrid, words: Words) -> None:
    """Say who stands in the plan although absent, what the roster gave up, and the holidays."""
    names, teams = _names(grid), _teams(grid)
    clashes = [
        words(
            "page_schedule.clash",
            name=plain(names.get(worker, worker)),
            day=words.weekday(_day(shift)),
            team=plain(teams.get(shift.team, shift.team)),
        )
        for worker, shift in grid.clashes
    ]
    if clashes:
        st.warning(listed(clashes), icon=":material/warning:")
    notes = [
        words("page_schedule.holiday_on", day=capital(words.weekday(day))) for day in grid.holidays
    ]
    notes += [_on(entry, days, words) for entry, days in grid.calendar]
    notes += [plain(words.message(note)) for note in grid.notes]
    if notes:
        st.info(listed(notes), icon=":material/info:")


def _on(entry: CalendarEntry, days: Sequence[date], words: Words) -> str:
    """Say what the calendar holds, and on which days where that is not all week."""
    title = plain(title_of(entry, words))
    if len(days) == len(_ALL_DAYS):
        return words("page_schedule.calendar_week", what=title)
    on = ", ".join(words.weekday(day) for day in days)
    return words("page_schedule.calendar_days", what=title, days=on)


def by_person(grid: WeekGrid, words: Words) -> None:
    """Draw the week as a table: people as rows, days as columns; without a plan teams as rows."""
    if not grid.shifts and not grid.teams:
        return
    planned = grid.status is not None
    rows = _people_rows(grid, words) if planned else _team_rows(grid, words)
    columns = [_header(day, grid, words) for day in grid.week.days]
    if planned:
        columns.append(words("page_schedule.hours"))
    frame = pd.DataFrame(
        [cells for _, cells in rows], columns=columns, index=[f"**{head}**" for head, _ in rows]
    )
    st.table(frame, border="horizontal", alt=words("page_schedule.table"))


def _header(day: date, grid: WeekGrid, words: Words) -> str:
    text = capital(words.day(day, "ccc dd.MM"))
    return f"{text} · {words('page_schedule.holiday')}" if day in grid.holidays else text


def _people_rows(grid: WeekGrid, words: Words) -> list[tuple[str, list[str]]]:
    return [
        (
            together(plain(worker.name)),
            [
                *[_cell(grid, worker.id, day, words) for day in grid.week.days],
                f"{words.number(grid.hours(worker.id))}/{words.number(worker.weekly_hours)}",
            ],
        )
        for worker in grid.workers
    ]


def _cell(grid: WeekGrid, worker: str, day: date, words: Words) -> str:
    """Return what a person does on a day; an absence is said before all else."""
    found, teams = grid.person_day(worker, day), _teams(grid)
    away = "elsewhere" if worker in grid.lent_on(day) else "absent"
    parts = [f":orange[**{words(f'page_schedule.{away}')}**]"] if found.absent else []
    parts += [
        f"{_hours(shift, words)} {plain(teams.get(shift.team, shift.team))}"
        + (f" · {words('page_schedule.joint')}" if grid.is_joint(shift) else "")
        for shift in found.shifts
    ]
    parts += [_duty(duty, words) for duty in found.duties]
    parts += [
        words(
            "page_schedule.on_call",
            hours=_hours(shift, words),
            team=plain(teams.get(shift.team, shift.team)),
        )
        for shift in found.on_call
    ]
    return "; ".join(parts) or _NOTHING


def _duty(duty: Duty, words: Words) -> str:
    """Return casework with its hours; a day on call runs to the same hour of the next day."""
    name = words(f"word.duty.{duty.kind}")
    if duty.kind is DutyKind.ON_CALL:
        return name
    return f"{together(words.span(duty.start, duty.end))} {name}"


def _team_rows(grid: WeekGrid, words: Words) -> list[tuple[str, list[str]]]:
    """Return a row a team with its usual hours, and a row a person who is absent."""
    names = _names(grid)
    teams = [
        (
            together(plain(team.name)),
            [
                "; ".join(
                    _hours(shift, words) for shift in grid.shifts_on(day) if shift.team == team.id
                )
                or _NOTHING
                for day in grid.week.days
            ],
        )
        for team in grid.teams
    ]
    away = sorted({one.worker for one in grid.absences}, key=lambda one: names.get(one, one))
    people = [
        (
            together(plain(names.get(worker, worker))),
            [_cell(grid, worker, day, words) for day in grid.week.days],
        )
        for worker in away
    ]
    return teams + people


def by_day(grid: WeekGrid, words: Words) -> None:
    """Draw the week as one card a day: its shifts with their people, and who is absent."""
    names, teams = _names(grid), _teams(grid)
    for day in grid.week.days:
        shifts, away = grid.shifts_on(day), grid.absent_on(day)
        if not shifts and not away and day not in grid.holidays:
            continue
        with st.container(border=True):
            text = capital(words.weekday(day))
            if day in grid.holidays:
                text += f" · {words('page_schedule.holiday')}"
            st.markdown(f"**{text}**")
            for shift in shifts:
                head = f"{words.span(shift.start, shift.end)} **{plain(teams[shift.team])}**"
                head += f" · {words('page_schedule.joint')}" if grid.is_joint(shift) else ""
                who = f"  \n{_who(shift, names, words)}" if grid.status is not None else ""
                st.markdown(head + who)
            for duty in grid.duties:
                if duty.start.astimezone(TIRANE).date() == day:
                    who = plain(", ".join(names.get(one, one) for one in duty.workers))
                    st.markdown(f"{_duty(duty, words)}  \n{who}")
            lent = grid.lent_on(day)
            for name, missing in (("away", away - lent), ("lent", lent)):
                if missing:
                    people = plain(", ".join(names.get(one, one) for one in sorted(missing)))
                    st.markdown(f":orange[{words(f'page_schedule.{name}', names=people)}]")


def _who(shift: Shift, names: dict[str, str], words: Words) -> str:
    text = plain(", ".join(names.get(one, one) for one in shift.workers))
    if shift.on_call:
        called = plain(", ".join(names.get(one, one) for one in shift.on_call))
        text += f" · {words('page_schedule.called', names=called)}"
    return text


def hours(grid: WeekGrid, words: Words) -> None:
    """Draw everybody's hours of the week as bars, each with a stroke where the contract ends."""
    if grid.status is None or not grid.workers:
        return
    st.subheader(words("page_schedule.hours_title"), anchor=False)
    frame = pd.DataFrame(
        {
            "name": [worker.name for worker in grid.workers],
            "hours": [grid.hours(worker.id) for worker in grid.workers],
            "most": [worker.weekly_hours for worker in grid.workers],
        }
    )
    people = alt.Chart(frame).encode(y=alt.Y("name:N", axis=quiet_axis(), sort=None))
    bars = people.mark_bar(color=PRIMARY, cornerRadius=3).encode(
        x=alt.X("hours:Q", axis=quiet_axis(words("page_schedule.hours_axis")))
    )
    ends = people.mark_tick(color=INK, thickness=3).encode(x="most:Q")
    height_px = _AXIS_PX + _ROW_PX * len(frame)
    show_chart(bars + ends, key="schedule_hours", height_px=height_px)


def rules(grid: WeekGrid, words: Words) -> None:
    """List the rules of working time that every roster keeps."""
    with st.expander(words("page_schedule.rules")):
        st.markdown(listed([plain(words.message(rule)) for rule in grid.rules]))
        st.markdown(f"**{words('page_schedule.liked')}**")
        st.markdown(listed([plain(words.message(wish)) for wish in grid.liked]))


def _hours(shift: Shift, words: Words) -> str:
    return together(words.span(shift.start, shift.end))


def _names(grid: WeekGrid) -> dict[str, str]:
    return {worker.id: worker.name for worker in grid.workers}


def _teams(grid: WeekGrid) -> dict[str, str]:
    return {team.id: team.name for team in grid.teams}


def _day(shift: Shift) -> date:
    return shift.start.astimezone(TIRANE).date()
