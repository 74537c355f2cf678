"""What a file gives before anything is written: the rows still in, and why the others are out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data import reference
from data.access import sees_municipality
from data.errors import ContractError
from data.messages import Message
from data.nouns import Viewer
from data.readers import Rejection, Teams

__all__ = [
    "Outcome",
    "Ready",
    "Sieve",
    "lies_elsewhere",
    "nothing_valid",
    "only_town",
    "town_at",
]

#: A shore is simplified: a point so far out on the beach still belongs, degrees.
_SHORE_DEG: Final = 0.003
#: A border is drawn a little beside the true one, and places lie on borders, degrees.
_BORDER_DEG: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a file gives, or gave: rows taken and refused, and what was assumed on the way.

    Parameters
    ----------
    n_known
        Of the valid rows, those whose code is kept already: they are changed where they differ.
    replaces_demo
        Whether the rows are real and take the demonstration away.
    """

    n_valid: int
    rejected: tuple[Rejection, ...]
    notes: tuple[Message, ...]
    n_known: int = 0
    replaces_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """What is ready to be written: frames, or a crew."""

    outcome: Outcome
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    crew: Teams | None = None
    digest: str = ""


@dataclass(kw_only=True)
class Sieve:
    """Rows of a file, of which each keeps the first rule of the house that it breaks."""

    rows: Sequence[int]
    sheet: str = ""
    broken: dict[int, Message] = field(default_factory=dict)

    @property
    def keep(self) -> NDArray[np.bool_]:
        """Return which rows broke no rule so far."""
        left = np.ones(len(self.rows), dtype=bool)
        left[list(self.broken)] = False
        return left

    @property
    def refused(self) -> tuple[Rejection, ...]:
        """Return the rows that are out, in the order of the file."""
        return tuple(
            Rejection(row=self.rows[position], rule=self.broken[position], sheet=self.sheet)
            for position in sorted(self.broken)
        )

    def refuse(self, bad: Sequence[bool] | NDArray[np.bool_], rule: Message) -> None:
        """Set rows aside for a rule, unless they broke another one before."""
        for position in np.flatnonzero(np.asarray(bad, dtype=bool)):
            self.broken.setdefault(int(position), rule)

    def refuse_foreign(self, viewer: Viewer, towns: Sequence[str]) -> None:
        """Set aside what lies nowhere, or where the viewer does not work."""
        self.refuse([not town for town in towns], Message("import.rule.nowhere"))
        foreign = [not sees_municipality(viewer, town) for town in towns]
        self.refuse(foreign, Message("import.rule.not_yours"))


def nothing_valid(rejected: Sequence[Rejection]) -> ContractError:
    """Return the fault of a file without a valid row: which row comes first, and its mend."""
    if not rejected:
        return ContractError(Message("import.nothing"))
    first = rejected[0]
    params = {
        **first.rule.params,
        "row": first.row,
        "n": len(rejected),
        "rule": f"@{first.rule.id}",
    }
    return ContractError(Message("import.nothing_valid", params))


def only_town(viewer: Viewer) -> str:
    """Return the municipality a viewer works in if it is exactly one, else an empty text."""
    return min(viewer.municipalities) if len(viewer.municipalities) == 1 else ""


def town_at(points: Any) -> NDArray[np.object_]:  # noqa: ANN401 - an array of geometries
    """Return the municipality each point lies in, an empty text where it lies in none."""
    points = np.asarray(points, dtype=object)
    towns = np.full(len(points), "", dtype=object)
    rows = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    shapes = reference.municipality_polygons()
    tree = shapely.STRtree(shapes.geometry.to_numpy())
    at, town = tree.query_nearest(points[rows], max_distance=_SHORE_DEG, all_matches=False)
    towns[rows[at]] = shapes["code"].to_numpy(object)[town]
    return towns


def lies_elsewhere(points: Any, towns: Sequence[str]) -> NDArray[np.bool_]:  # noqa: ANN401 - an array of geometries
    """Say of each point whether it lies outside the municipality that is named beside it."""
    points = np.asarray(points, dtype=object)
    shapes = reference.municipality_polygons().set_index("code").geometry
    named = shapes.reindex(list(towns)).to_numpy(dtype=object)
    both = ~(shapely.is_missing(points) | shapely.is_empty(points) | shapely.is_missing(named))
    return both & ~shapely.dwithin(points, named, _BORDER_DEG)
