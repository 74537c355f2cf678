"""The country's coverage as its viewer may have it: on the screen, and as a file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

import pandas as pd
from geopandas import GeoDataFrame

from data import reference
from data.access import Action, Purpose, require, sees_municipality
from data.nouns import Marks, Viewer
from desk.counts import ChildCounts, child_counts
from desk.done import done_counts
from desk.wiring import House
from layers.csv_file import safe_cell
from layers.marks import mark_lines
from layers.words import Words
from patrol.coverage import CoverageSettings, Known, coverage_table, reached_over_time
from patrol.done import DoneCounts

__all__ = ["COLUMNS", "CountyChildren", "Coverage", "coverage", "report_csv", "rule"]

#: What the table and the file say of a municipality, in this order.
COLUMNS = (
    "n_units",
    "n_said",
    "n_places",
    "n_reached",
    "n_overdue",
    "n_never",
    "n_teams",
    "hours_planned",
    "hours_done",
    "n_visits",
    "last_visit",
    "children",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coverage:
    """What may be shown of coverage.

    Parameters
    ----------
    frame
        One row a municipality: `code`, `name`, `county`, the columns of
        `patrol.coverage.coverage_table`, `children` (a publishable text), polygon.
    counts
        The counts of children with their period and rule.
    trend
        The share of all places visited in time, at moments an interval apart; see
        `patrol.coverage.reached_over_time`.
    done
        Planned visits against those made, over the period of the table; counts of work only.
    """

    frame: GeoDataFrame
    counts: ChildCounts
    marks: Marks
    trend: Mapping[datetime, float] = field(default_factory=dict)
    done: DoneCounts = field(default_factory=DoneCounts)

    @property
    def is_country(self) -> bool:
        """Say whether it is all municipalities."""
        return len(self.frame) == len(reference.municipalities())

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is known of any municipality: no place, team, visit or answer."""
        counted = self.frame[["n_places", "n_said", "n_teams", "n_visits"]]
        return not bool(counted.to_numpy().any())

    def children_by_county(self) -> tuple[CountyChildren, ...]:
        """Return the counts of children by county and municipality, both by name.

        By name and never by number: there is no league table on finds.
        """
        codes = dict(zip(*(reference.counties()[c] for c in ("name_sq", "code")), strict=True))
        return tuple(
            CountyChildren(
                county=str(county),
                total=self.counts.shown.get(codes[county], ""),
                municipalities=dict(zip(rows["name"], rows["children"], strict=True)),
            )
            for county, rows in self.frame.sort_values("name").groupby("county")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyChildren:
    """What may be shown of a county's counts of children, and of its municipalities' by name."""

    county: str
    total: str
    municipalities: Mapping[str, str]


def coverage(house: House, viewer: Viewer, as_of: datetime) -> Coverage:
    """Return the coverage of the municipalities a viewer may see, small counts hidden.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see coverage.
    """
    require(viewer, Action.SEE_COVERAGE, None)
    house.audit(viewer, "coverage.see", purpose=Purpose.COVERAGE, scope=_scope(viewer))
    return _made(house, viewer, as_of, child_counts(house, viewer, as_of))


def report_csv(house: House, viewer: Viewer, words: Words, as_of: datetime) -> bytes:
    """Return the coverage as UTF-8 CSV whose head says what it is, of when, and what is hidden.

    Raises
    ------
    AccessDeniedError
        If the viewer may not export coverage.
    """
    require(viewer, Action.EXPORT_COVERAGE, None)
    made = _made(house, viewer, as_of, child_counts(house, viewer, as_of, outgoing=True))
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    for line in (*mark_lines(made.marks, words), rule(made.counts, words)):
        table.writerow([safe_cell(line)])
    names = ("code", "municipality", "county", *COLUMNS, "synthetic")
    table.writerow([words(f"coverage.column_{name}") for name in names])
    synthetic = words("coverage.yes" if made.marks.synthetic else "coverage.no")
    for row in made.frame.drop(columns="geometry").to_dict("records"):
        cells = [row["code"], row["name"], row["county"], *(_cell(row[c]) for c in COLUMNS)]
        table.writerow([*map(safe_cell, cells), synthetic])
    content = out.getvalue().encode("utf-8-sig")
    house.audit(
        viewer,
        "coverage.export",
        purpose=Purpose.EXPORT,
        scope=_scope(viewer),
        export_sha256=hashlib.sha256(content).hexdigest(),
    )
    return content


def rule(counts: ChildCounts, words: Words) -> str:
    """Return in a sentence which counts are hidden, and of which period they are."""
    name = "coverage.rule" if counts.k > 1 else "coverage.period"
    return words(name, k=counts.k, first=counts.first, last=counts.last)


def _cell(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or value is pd.NaT:
        return ""
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _scope(viewer: Viewer) -> str:
    return min(viewer.municipalities, default="")


def _made(house: House, viewer: Viewer, as_of: datetime, counts: ChildCounts) -> Coverage:
    towns = [t for t in reference.municipalities() if sees_municipality(viewer, t.code)]
    codes = [town.code for town in towns]
    known = _known(house, codes)
    table = coverage_table(codes, known, as_of)
    counties = reference.counties().set_index("code")["name_sq"]
    table.insert(1, "name", [town.name_sq for town in towns])
    table.insert(2, "county", [str(counties[town.county]) for town in towns])
    table["children"] = [counts.shown[code] for code in codes]
    shapes = reference.municipality_polygons().set_index("code").geometry
    invented = (known.places["synthetic"].any(), known.visits["synthetic"].any())
    return Coverage(
        frame=GeoDataFrame(table, geometry=shapes.loc[codes].to_list(), crs=shapes.crs),
        counts=counts,
        marks=Marks(synthetic=any(invented), illustrative_streets=False, as_of=as_of),
        trend=reached_over_time(known, as_of),
        done=done_counts(
            known.plans,
            known.visits,
            house.store.fieldwork.skips(codes[0] if len(codes) == 1 else None),
            as_of,
            period_days=CoverageSettings().period_days,
        ),
    )


def _known(house: House, codes: list[str]) -> Known:
    """Return what coverage counts, of the given municipalities only."""
    store = house.store
    one = codes[0] if len(codes) == 1 else None
    units = [u for code in codes for u in reference.units(code)]
    answers = [s for s in store.unit_statuses(one) if s.municipality in set(codes)]
    statuses = pd.DataFrame(
        [{**asdict(s), "status": str(s.status)} for s in answers],
        columns=["unit", "municipality", "status", "at"],
    )
    return Known(
        units=pd.DataFrame([{"unit": u.id, "municipality": u.municipality} for u in units]),
        statuses=statuses,
        places=store.places(one),
        visits=store.visits(one),
        teams=store.teams(one),
        plans=[plan for code in codes for plan in store.plans(code)],
    )
