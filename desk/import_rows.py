"""Rows of cases and visits made one's own: whose they are, at which place, and what was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data import frames, reference
from data.access import sees_municipality
from data.errors import AccessDeniedError
from data.messages import Message
from data.nouns import Viewer
from data.readers import Import
from desk import demo
from desk.identity import is_demo
from desk.import_ready import Outcome, Ready, Sieve, lies_elsewhere, only_town, town_at
from desk.wiring import House
from geo.places import join_cases

__all__ = ["ready_cases", "ready_visits"]

#: Counted anew here: of the rows that are taken, not of all that could be read.
_POINTLESS = "import.note.without_coordinates"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _File:
    """A file of rows, what it says of itself, and what of the store it meets.

    Parameters
    ----------
    is_real
        Whether any row stands for somebody.
    takes_over
        Whether the demonstration goes with its first row.
    """

    house: House
    viewer: Viewer
    read: Import
    is_real: bool
    takes_over: bool

    def still_there(self, rows: Any) -> Any:  # noqa: ANN401 - a frame of any noun
        """Return the rows of the store that this file meets: invented ones only if they stay."""
        return rows[~rows["synthetic"]] if self.takes_over else rows

    def refuse_mixed(self, sieve: Sieve) -> None:
        """Set invented rows aside where real ones stand, in the file or in the store."""
        store = self.house.store
        if self.is_real or not (store.is_empty() or store.all_synthetic()):
            sieve.refuse(self.read.frame["synthetic"].to_numpy(), Message("import.rule.invented"))

    def refuse_taken(self, sieve: Sieve, kept: pd.DataFrame, key: str, owner: str) -> None:
        """Set aside codes that stand for a record of a municipality that is not the viewer's."""
        owners = dict(zip(kept[key], kept[owner], strict=True))
        taken = [
            code in owners and not sees_municipality(self.viewer, owners[code])
            for code in self.read.frame[key]
        ]
        sieve.refuse(taken, Message("import.rule.code_taken", {"field": f"@import.field.{key}"}))

    def outcome(self, sieve: Sieve, n_known: int, more: Mapping[str, int]) -> Outcome:
        """Return what the file gives; `more` are notes of this floor, with how often."""
        rejected = sorted(self.read.rejected + sieve.refused, key=lambda r: r.row)
        notes = [note for note in self.read.notes if note.id != _POINTLESS]
        notes += [Message(f"import.note.{name}", {"n": n}) for name, n in more.items() if n]
        return Outcome(
            n_valid=int(sieve.keep.sum()),
            rejected=tuple(rejected),
            notes=tuple(notes),
            n_known=n_known,
            replaces_demo=self.takes_over and bool(sieve.keep.any()),
        )


def _file(house: House, viewer: Viewer, read: Import) -> _File:
    is_real = not bool(read.frame["synthetic"].all())
    if is_real and is_demo(viewer):
        raise AccessDeniedError(Message("import.demo_only"))
    takes_over = is_real and demo.gives_way(house, viewer)
    return _File(house=house, viewer=viewer, read=read, is_real=is_real, takes_over=takes_over)


def ready_cases(house: House, viewer: Viewer, read: Import) -> Ready:
    """Return the cases of a file that are the viewer's, each joined to its place.

    Raises
    ------
    AccessDeniedError
        If a row is real and the viewer is the demo's.
    """
    file = _file(house, viewer, read)
    cases = GeoDataFrame(read.frame)
    towns, assumed = _towns_of_cases(cases, viewer)
    kept = file.still_there(house.store.cases())
    sieve = Sieve(rows=read.rows)
    sieve.refuse_foreign(viewer, list(towns))
    sieve.refuse(lies_elsewhere(cases.geometry, list(towns)), Message("import.rule.elsewhere"))
    file.refuse_mixed(sieve)
    file.refuse_taken(sieve, kept, "case_code", "municipality_found")
    own = cases.assign(municipality_found=towns)[sieve.keep].reset_index(drop=True)
    made = _joined(file, own, kept)
    more = {
        "without_coordinates": int(_is_pointless(own).sum()),
        "own_assumed": int((assumed & sieve.keep).sum()),
        "place_unknown": int((own["place_id"].fillna("") != "").sum() - _n_named(own, made)),
    }
    n_known = int(own["case_code"].isin(set(kept["case_code"])).sum())
    outcome = file.outcome(sieve, n_known, more)
    return Ready(outcome=outcome, frames=made, digest=read.digest)


def _towns_of_cases(
    cases: GeoDataFrame, viewer: Viewer
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return each case's municipality, and for which the viewer's own one was assumed.

    A case belongs to the municipality its row names, else to the one its point
    lies in; a row that says neither comes from the viewer's own desk.
    """
    towns = cases["municipality_found"].fillna("").to_numpy(object, copy=True)
    towns = np.where(towns == "", town_at(cases.geometry), towns)
    assumed = (towns == "") & _is_pointless(cases) & bool(only_town(viewer))
    return np.where(assumed, only_town(viewer), towns), assumed


def _is_pointless(cases: GeoDataFrame) -> NDArray[np.bool_]:
    return (cases.geometry.isna() | cases.geometry.is_empty).to_numpy()


def _n_named(own: GeoDataFrame, made: Mapping[str, pd.DataFrame]) -> int:
    """Return how many cases stand at the very place that their row names."""
    if "cases" not in made:
        return 0
    at = dict(zip(made["cases"]["case_code"], made["cases"]["place_id"], strict=True))
    named = own[own["place_id"].fillna("") != ""]
    return sum(
        at[code] == place for code, place in zip(named["case_code"], named["place_id"], strict=True)
    )


def _joined(file: _File, own: GeoDataFrame, kept: GeoDataFrame) -> dict[str, pd.DataFrame]:
    """Return the cases at their places, and the places that had to be made for them."""
    known, new = [], []
    for town in sorted(set(own["municipality_found"])):
        places = file.still_there(file.house.store.places(town)).reset_index(drop=True)
        cases = own[own["municipality_found"] == town].reset_index(drop=True)
        cases = _where_they_stood(cases, kept, set(places["place_id"]))
        joined, grown = join_cases(cases, places, reference.area_of(town))
        known.append(joined)
        new.append(grown[~grown["place_id"].isin(set(places["place_id"]))])
    made: dict[str, pd.DataFrame] = {}
    if known:
        made["cases"] = frames.CASES.check(pd.concat(known, ignore_index=True))
    fresh = [frame for frame in new if len(frame)]
    if fresh:
        made["places"] = frames.PLACES.check(pd.concat(fresh, ignore_index=True))
    return made


def _where_they_stood(cases: GeoDataFrame, kept: GeoDataFrame, places: set[str]) -> GeoDataFrame:
    """Return the cases, those that are known and have not moved at the place they have.

    The nearest place may be another one than the place that was made from the
    same rows: without this, the same file twice would move cases.
    """
    before = kept.drop_duplicates("case_code").set_index("case_code")
    known = cases["case_code"].isin(before.index) & ~cases["place_id"].isin(places)
    was = before.reindex(cases.loc[known, "case_code"])
    here, there = cases.geometry[known].to_numpy(), was.geometry.to_numpy()
    still = (shapely.is_missing(here) & shapely.is_missing(there)) | shapely.equals(here, there)
    rows = cases.index[known][still]
    return cases.assign(
        place_id=cases["place_id"].where(
            ~cases.index.isin(rows), was["place_id"].reindex(cases["case_code"]).to_numpy()
        )
    )


def ready_visits(house: House, viewer: Viewer, read: Import) -> Ready:
    """Return the visits of a file that are the viewer's, and the places they describe.

    Raises
    ------
    AccessDeniedError
        If a row is real and the viewer is the demo's.
    """
    file = _file(house, viewer, read)
    visits = read.frame
    kept = file.still_there(house.store.visits())
    stored = file.still_there(house.store.places())
    described = frames.PLACES.empty() if read.places is None else read.places
    described = described[~described["place_id"].isin(set(stored["place_id"]))]
    named = described["municipality"].fillna("").to_numpy(object)
    towns = np.where(named == "", town_at(described.geometry), named)
    described = described.assign(municipality=towns)
    astray = set(described["place_id"][lies_elsewhere(described.geometry, list(towns))])
    everywhere = pd.concat([described, stored])
    where = dict(zip(everywhere["place_id"], everywhere["municipality"], strict=True))
    owners = [where.get(place, "") for place in visits["place_id"]]
    sieve = Sieve(rows=read.rows)
    unknown = ~visits["place_id"].isin(set(where)).to_numpy()
    sieve.refuse(unknown, Message("import.rule.place_unknown"))
    sieve.refuse_foreign(viewer, owners)
    at_astray = visits["place_id"].isin(astray).to_numpy()
    sieve.refuse(at_astray, Message("import.rule.elsewhere"))
    file.refuse_mixed(sieve)
    file.refuse_taken(sieve, kept, "visit_id", "municipality")
    own = visits.assign(municipality=owners)[sieve.keep].reset_index(drop=True)
    made: dict[str, pd.DataFrame] = {"visits": own} if len(own) else {}
    new = described[described["place_id"].isin(set(own["place_id"]))].reset_index(drop=True)
    if len(new):
        made["places"] = new
    n_known = int(own["visit_id"].isin(set(kept["visit_id"])).sum())
    return Ready(outcome=file.outcome(sieve, n_known, {}), frames=made, digest=read.digest)
