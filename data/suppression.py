"""Small counts hidden, and enough beside them that nobody can work them out again.

A count from 1 to k-1 becomes ``<k``. Because totals are published, a single
hidden cell of a line could be subtracted back; so further cells become ``≥k``
until, for everybody who knows all that is shown, all the totals and what the two
labels mean, every ``<k`` may still be anything from 1 to k-1 and every ``≥k`` one
of k-1 numbers at least. The ranges are found by linear programming.

Notes
-----
Where even a table with everything hidden would say more (a total below k
bounds its parts), that is what remains, and no more is hidden for it. Zeros are
shown. Rows and columns are integral, so the bounds of the program are those of
whole numbers.

References
----------
Fischetti and Salazar (2001), Management Science 47 (7): complementary suppression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

__all__ = ["Line", "hidden_cells", "ranges", "suppress_table", "suppress_tree", "written"]

_WIDE: Final = np.inf
_NEAR: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A published sum: the positions of its parts, and that of its total."""

    parts: tuple[int, ...]
    total: int

    @property
    def cells(self) -> tuple[int, ...]:
        """Return all positions of the line."""
        return (*self.parts, self.total)


def written(count: int, *, hidden: bool, k: int) -> str:
    """Return what is published of a count."""
    if not hidden:
        return str(count)
    return f"<{k}" if count < k else f"\N{GREATER-THAN OR EQUAL TO}{k}"


def hidden_cells(
    counts: NDArray[np.int64],
    lines: Sequence[Line],
    *,
    k: int,
    also: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Return which cells are not shown, shape (n,).

    Parameters
    ----------
    counts
        Cells and totals, shape (n,), none below 0.
    lines
        Which cells add up to which total.
    k
        The least count that may be shown.
    also
        Cells to hide whatever their size, as those that one place dominates.

    Raises
    ------
    ValueError
        If a total is not the sum of its parts, or a count is below 0.
    """
    _check(counts, lines)
    hidden = (counts > 0) & (counts < k)
    if also is not None:
        hidden |= also & (counts > 0)
    if not hidden.any():
        return hidden
    widest = ranges(counts, lines, counts > 0, k=k)
    while True:
        more = _lonely(counts, lines, hidden) or _narrow(counts, lines, hidden, widest, k)
        if not more:
            return hidden
        hidden[sorted(more)] = True


def _check(counts: NDArray[np.int64], lines: Sequence[Line]) -> None:
    if (counts < 0).any() or any(counts[list(x.parts)].sum() != counts[x.total] for x in lines):
        msg = "totals must be the sums of their parts, and counts not below 0"
        raise ValueError(msg)


def _lonely(
    counts: NDArray[np.int64], lines: Sequence[Line], hidden: NDArray[np.bool_]
) -> set[int]:
    """Return a partner for each line whose single hidden cell could be subtracted back."""
    found = set()
    for line in lines:
        if hidden[list(line.cells)].sum() == 1:
            partner = _smallest(counts, hidden, line.cells)
            if partner is not None:
                found.add(partner)
    return found


def _smallest(
    counts: NDArray[np.int64], hidden: NDArray[np.bool_], cells: Sequence[int]
) -> int | None:
    """Return the smallest cell that is shown and not zero; parts go before totals."""
    open_cells = [c for c in cells if not hidden[c] and counts[c] > 0]
    return min(open_cells, key=lambda c: (counts[c], cells.index(c)), default=None)


def _narrow(
    counts: NDArray[np.int64],
    lines: Sequence[Line],
    hidden: NDArray[np.bool_],
    widest: NDArray[np.float64],
    k: int,
) -> set[int]:
    """Return what else to hide because some hidden cell's range is too narrow."""
    found: set[int] = set()
    limits = ranges(counts, lines, hidden, k=k)
    enough = _wide_enough(counts, limits, widest, k)
    for cell in np.flatnonzero(hidden & ~enough).tolist():
        near = _component(lines, hidden, cell, counts)
        own = [c for line in lines if cell in line.cells for c in line.cells]
        partner = _smallest(counts, hidden, own)
        if partner is None:
            partner = _smallest(counts, hidden, sorted(near))
        if partner is not None and not found & near:
            found.add(partner)
    return found


def _wide_enough(
    counts: NDArray[np.int64], limits: NDArray[np.float64], widest: NDArray[np.float64], k: int
) -> NDArray[np.bool_]:
    """Say of each cell whether its range is as wide as its label, or as it can be at all."""
    low, high = limits.T
    least, most = widest.T
    as_label = (low <= np.maximum(1, least) + _NEAR) & (high >= np.minimum(k - 1, most) - _NEAR)
    as_wide = high - low >= np.minimum(k - 2, most - least) - _NEAR
    return np.where(counts < k, as_label, as_wide)


def _component(
    lines: Sequence[Line], hidden: NDArray[np.bool_], cell: int, counts: NDArray[np.int64]
) -> set[int]:
    """Return every cell of the lines that hidden cells join to one."""
    reached, fresh = {cell}, {cell}
    while fresh:
        joined = {
            c
            for line in lines
            if fresh & set(line.cells)
            for c in line.cells
            if counts[c] > 0 and c not in reached
        }
        reached |= joined
        fresh = {c for c in joined if hidden[c]}
    return reached


def ranges(
    counts: NDArray[np.int64], lines: Sequence[Line], hidden: NDArray[np.bool_], *, k: int
) -> NDArray[np.float64]:
    """Return the least and the most that each cell can be for who sees what is shown, (n, 2)."""
    limits = np.column_stack([counts, counts]).astype(np.float64)
    cells: list[int] = np.flatnonzero(hidden).tolist()
    if not cells:
        return limits
    position = {cell: i for i, cell in enumerate(cells)}
    rows, sums = [], []
    for line in lines:
        row = np.zeros(len(cells))
        known = 0.0
        for cell in line.cells:
            sign = -1.0 if cell == line.total else 1.0
            if hidden[cell]:
                row[position[cell]] += sign
            else:
                known += sign * float(counts[cell])
        if row.any():
            rows.append(row)
            sums.append(-known)
    labels = [(1.0, k - 1.0) if counts[c] < k else (float(k), _WIDE) for c in cells]
    for i, cell in enumerate(cells):
        limits[cell] = [_extreme(i, rows, sums, labels, sign) for sign in (1.0, -1.0)]
    return limits


def _extreme(
    position: int,
    rows: list[NDArray[np.float64]],
    sums: list[float],
    labels: list[tuple[float, float]],
    sign: float,
) -> float:
    """Return the least (sign 1) or the most (sign -1) that one hidden cell can be."""
    aim = np.zeros(len(labels))
    aim[position] = sign
    if not rows:
        return labels[position][0 if sign > 0 else 1]
    found = linprog(aim, A_eq=np.array(rows), b_eq=np.array(sums), bounds=labels, method="highs")
    # Status 3: nothing holds the cell from above.
    return _WIDE if found.status == 3 else float(sign * found.fun)  # noqa: PLR2004 - scipy's number


def suppress_table(counts: pd.DataFrame, *, k: int) -> pd.DataFrame:
    """Return a table of whole numbers as it may be published, with ``total`` added both ways."""
    body = counts.to_numpy(dtype=np.int64)
    n, m = body.shape
    full = np.zeros((n + 1, m + 1), dtype=np.int64)
    full[:n, :m] = body
    full[n, :m], full[:n, m], full[n, m] = body.sum(axis=0), body.sum(axis=1), body.sum()
    width = m + 1
    across = [range(row * width, (row + 1) * width) for row in range(n + 1)]
    down = [range(column, full.size, width) for column in range(width)]
    lines = [Line(parts=tuple(cells[:-1]), total=cells[-1]) for cells in (*across, *down)]
    hidden = hidden_cells(full.ravel(), lines, k=k)
    texts = [
        written(int(count), hidden=bool(gone), k=k)
        for count, gone in zip(full.ravel(), hidden, strict=True)
    ]
    return pd.DataFrame(
        np.array(texts, dtype=object).reshape(full.shape),
        index=[*counts.index, "total"],
        columns=[*counts.columns, "total"],
    )


def suppress_tree(
    counts: pd.Series, groups: pd.Series, *, k: int, also: pd.Series | None = None
) -> pd.Series:
    """Return counts of parts, of their groups and of everything (``total``) as publishable texts.

    Parameters
    ----------
    counts
        Of municipalities, say, by code.
    groups
        The county of each, by the same code; no code may be a group's too.
    also
        Which parts to hide whatever their size.
    """
    names = sorted(set(groups))
    sums = counts.groupby(groups).sum().reindex(names)
    values = np.concatenate([counts.to_numpy(), sums.to_numpy(), [counts.sum()]]).astype(np.int64)
    first = len(counts)
    lines = [
        Line(
            parts=tuple(np.flatnonzero((groups.loc[counts.index] == name).to_numpy()).tolist()),
            total=first + n,
        )
        for n, name in enumerate(names)
    ]
    lines.append(Line(parts=tuple(range(first, first + len(names))), total=len(values) - 1))
    extra = np.zeros(len(values), dtype=bool)
    if also is not None:
        extra[:first] = also.loc[counts.index].to_numpy(dtype=bool)
    hidden = hidden_cells(values, lines, k=k, also=extra)
    return pd.Series(
        [written(int(v), hidden=bool(h), k=k) for v, h in zip(values, hidden, strict=True)],
        index=[*counts.index, *names, "total"],
    )
