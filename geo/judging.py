"""How much of what came next the highest cells of a map held, and who held more.

References
----------
Chainey, Tompson and Uhlig (2008), Security Journal 21: the prediction accuracy index (PAI).
Hunt (2016), NIJ forecasting challenge: the prediction efficiency index (PEI).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.messages import Message

__all__ = ["OURS", "Comparison", "Round", "Score", "judge"]

#: The methods of this house; every other one is a simpler map that they have to beat.
OURS = ("density", "risk")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Round:
    """One look ahead.

    Parameters
    ----------
    scores
        By method, of each cell of the study area, shape (cells,).
    cells
        Of each case that came next, its position among those cells; -1 outside all of them.
    """

    scores: Mapping[str, NDArray[np.float64]]
    cells: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How much of what came next one method's highest cells held.

    Parameters
    ----------
    share
        Of the cells that were chosen.
    hit_rate
        Share of the cases that came next which lay in them.
    pai
        Times as many as an equally large part of the area holds on average.
    pei
        As a share of what the best choice of as many cells, known only afterwards, held.
    hit_rate_95, pai_95, pei_95
        Intervals over the test cases.
    """

    share: float
    hit_rate: float
    pai: float
    pei: float
    hit_rate_95: tuple[float, float]
    pai_95: tuple[float, float]
    pei_95: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Ours against the best of the simpler maps at one share of area, chosen with hindsight.

    Parameters
    ----------
    ours, simpler
        The better of our methods, and the best of the others.
    gain, gain_95
        How many more of the test cases ours found, and its interval over those cases.
    """

    share: float
    ours: str
    simpler: str
    gain: float
    gain_95: tuple[float, float]

    @property
    def verdict(self) -> Message:
        """Say who found more, and whether the test cases are enough to be sure of it."""
        low, high = self.gain_95
        if abs(self.gain) < 1:  # less than one case is how ties were broken
            name = "evaluation.no_difference"
        elif low > 0:
            name = "evaluation.ours_better"
        elif high < 0:
            name = "evaluation.ours_worse"
        else:
            name = "evaluation.no_difference"
        words = {"ours": self.ours, "simpler": self.simpler}
        named = {key: f"@evaluation.method.{value}" for key, value in words.items()}
        return Message(name, {"share": round(100 * self.share), **named})


def judge(
    rounds: Sequence[Round], n_cells: int, shares: Sequence[float], *, draws: int, seed: int
) -> tuple[dict[str, tuple[Score, ...]], tuple[Comparison, ...]]:
    """Return every method's scores over all rounds, and ours against the best of the others.

    Cells that tie at the edge of the choice share what is left of it evenly: the
    mean over every way of breaking the tie, so no method is lucky.

    Parameters
    ----------
    n_cells
        Of the study area.
    shares
        Of the area, that somebody could search.
    draws, seed
        Of the bootstrap over the test cases.
    """
    rng = np.random.default_rng(seed)
    n = sum(len(one.cells) for one in rounds)
    # How often each test case is drawn, shape (1 + draws, n); the first row is the truth itself.
    drawn = np.vstack([np.ones(n), rng.multinomial(n, np.full(n, 1.0 / n), size=draws)])
    names = [name for name in rounds[0].scores if all(name in one.scores for one in rounds)]
    scores: dict[str, list[Score]] = {name: [] for name in names}
    comparisons = []
    for share in shares:
        chosen = max(round(share * n_cells), 1)
        best = np.maximum(_best_possible(rounds, drawn, chosen), 1.0)
        hits = {name: drawn @ _credit(rounds, name, chosen) for name in names}
        for name in names:
            scores[name].append(_score(hits[name], best, n, chosen / n_cells))
        comparisons.append(_comparison(hits, share))
    return {name: tuple(found) for name, found in scores.items()}, tuple(comparisons)


def _credit(rounds: Sequence[Round], name: str, chosen: int) -> NDArray[np.float64]:
    """Return how surely each test case lay in the highest cells, shape (test cases,)."""
    credit = []
    for one in rounds:
        score = one.scores[name]
        edge = np.partition(score, len(score) - chosen)[len(score) - chosen]
        above, tied = score > edge, score == edge
        share = (chosen - int(above.sum())) / int(tied.sum())
        sure = np.where(above, 1.0, np.where(tied, share, 0.0))
        credit.append(np.where(one.cells >= 0, sure[one.cells], 0.0))
    return np.concatenate(credit)


def _best_possible(
    rounds: Sequence[Round], drawn: NDArray[np.float64], chosen: int
) -> NDArray[np.float64]:
    """Return how many cases the best cells held, had they been known, for each draw."""
    total = np.zeros(len(drawn))
    for one, own in zip(rounds, _split(drawn, rounds), strict=True):
        inside = one.cells >= 0
        cells, of = np.unique(one.cells[inside], return_inverse=True)
        if not len(cells):
            continue
        held = own[:, inside] @ np.eye(len(cells))[of]
        total += np.sort(held, axis=1)[:, -chosen:].sum(axis=1)
    return total


def _split(drawn: NDArray[np.float64], rounds: Sequence[Round]) -> list[NDArray[np.float64]]:
    return np.split(drawn, np.cumsum([len(one.cells) for one in rounds])[:-1], axis=1)


def _score(hits: NDArray[np.float64], best: NDArray[np.float64], n: int, share: float) -> Score:
    rate = hits / n
    return Score(
        share=share,
        hit_rate=float(rate[0]),
        pai=float(rate[0] / share),
        pei=float(hits[0] / best[0]),
        hit_rate_95=_interval(rate[1:]),
        pai_95=_interval(rate[1:] / share),
        pei_95=_interval(hits[1:] / best[1:]),
    )


def _comparison(hits: Mapping[str, NDArray[np.float64]], share: float) -> Comparison:
    ours = max((name for name in hits if name in OURS), key=lambda name: hits[name][0])
    simpler = max((name for name in hits if name not in OURS), key=lambda name: hits[name][0])
    gain = hits[ours] - hits[simpler]
    return Comparison(
        share=share, ours=ours, simpler=simpler, gain=float(gain[0]), gain_95=_interval(gain[1:])
    )


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
