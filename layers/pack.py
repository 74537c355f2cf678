"""Field packs: a round of a day as one HTML file that opens from a phone's storage.

Places only, dated, no request to anywhere. It hides itself after its day; a
copy cannot be called back, and it says so.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, Template
from markupsafe import Markup

from data.nouns import TIRANE, Plan, RouteStop
from data.streetnet import StreetNetwork
from layers.marks import plan_lines
from layers.rounds import PlannedRound, file_stem, planned_rounds
from layers.signs import sign_lines, waited, why_line
from layers.sketch import sketch_svg
from layers.words import Words
from patrol.checkins import CheckInSettings

__all__ = ["packs_html"]


@lru_cache(maxsize=1)
def _template() -> Template:
    text = Path(__file__).with_name("pack.html.jinja").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=False).from_string(text)


def packs_html(
    plan: Plan,
    words: Words,
    network: StreetNetwork | None,
    phone: str,
    rhythm: CheckInSettings | None = None,
) -> dict[str, bytes]:
    """Return each round of a plan that is fit for the field, by ``TEAM-DATE.html``."""
    return {
        f"{file_stem(one)}.html": _pack(
            plan, one, words, network, phone, sign_lines(one, rhythm, words)
        )
        for one in planned_rounds(plan)
    }


def _pack(  # noqa: PLR0913, PLR0917 - a round, and all that goes along with it
    plan: Plan,
    one: PlannedRound,
    words: Words,
    network: StreetNetwork | None,
    phone: str,
    signs: tuple[str, str],
) -> bytes:
    day = one.shift.start.astimezone(TIRANE).date()
    midnight = datetime.combine(day + timedelta(days=1), time(), TIRANE)
    expires = max(midnight, one.shift.end)
    return (
        _template()
        .render(
            language=words.language,
            title=f"{words('pack.title')} · {one.team.name}",
            heading=f"{one.team.name} · {words.weekday(day)}",
            hours=words.span(one.shift.start, one.shift.end),
            n_stops=words("pack.stops", n=len(one.route.stops)),
            mode=words(f"word.mode.{one.shift.mode}"),
            valid=words("pack.valid", at=expires),
            marks=list(plan_lines(plan, words)),
            sketch=Markup(sketch_svg(one, network)),  # noqa: S704 - numbers and our own tags only
            stops=[_stop(one, n, met, words) for n, met in enumerate(one.route.stops)],
            tick=words("sheet.met"),
            back=waited(
                one.route.legs[-1], words("sheet.back", at=words.clock(one.back_at)), words
            ),
            signs_title=words("check_in.sheet_title"),
            signs=signs,
            copy=words("pack.copy"),
            emergency=words("sheet.emergency", phone=phone),
            expires_ms=int(expires.astimezone(UTC).timestamp() * 1000),
            expired=words("pack.expired"),
        )
        .encode()
    )


def _stop(one: PlannedRound, number: int, met: RouteStop, words: Words) -> dict[str, str]:
    leg = one.route.legs[number]
    minutes = round(leg.travel_s / 60)
    return {
        "time": words.clock(met.arrive),
        "stay": words("pack.stay", at=words.clock(met.leave)),
        "place": met.stop.name,
        "why": why_line(met.stop, words),
        "way": waited(leg, words("pack.from_before", minutes=minutes), words),
    }
