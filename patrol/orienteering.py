"""The team orienteering problem with time windows: matrix in, orders out.

Which nodes are visited, by whom, in which order, so that the prizes collected
are highest and every team is back in time. Required nodes come before what is
urgent, and what is urgent before prizes, as tiers: none is given up for any amount
of what comes after it. Solved by ruin and recreate
(`patrol.ruin`), compiled by numba, and by PyVRP where numba does not install;
with an iteration budget and a seed the same problem has the same solution.

References
----------
Vansteenwegen, Souffriau and Van Oudheusden (2011), European Journal of
Operational Research 209 (1): the problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from patrol.problem import NO_WAY, Node, Pause, Problem, Round, Solution, Visit

__all__ = [
    "NO_WAY",
    "Node",
    "Pause",
    "Problem",
    "Round",
    "Solution",
    "Visit",
    "is_compiled",
    "prepare",
    "solve",
]


@cache
def is_compiled() -> bool:
    """Say whether the house's own search serves, and not PyVRP in its place."""
    try:
        import_module("numba")
    except ImportError:  # none for this machine, or one that does not go with its numpy
        return False
    return True


def prepare() -> float:
    """Have the search compiled before it is needed; return the seconds it took."""
    if not is_compiled():
        return 0.0
    from patrol import ruin  # noqa: PLC0415 - numba may not be there, and takes a second to load

    return ruin.prepare()


def solve(
    problem: Problem,
    *,
    iterations: int | None = None,
    seconds: float | None = None,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
) -> Solution:
    """Return a good solution.

    Parameters
    ----------
    iterations
        Budget of the search, of a hundred ruins each; reproducible.
    seconds
        Processor seconds after which it stops in any case; compiling does not count.
    start
        Nodes by round to go on from. The search begins cool and never returns less than the
        start, where that keeps the rules; of one that breaks some it keeps what does not.

    Raises
    ------
    ValueError
        If neither budget is given, or a day has more ticks than a matrix can hold.
    """
    if iterations is None and seconds is None:
        msg = "a search needs a budget: iterations, seconds, or both"
        raise ValueError(msg)
    if is_compiled():
        from patrol.ruin import search  # noqa: PLC0415 - as above
    else:
        from patrol.pyvrp_engine import search  # noqa: PLC0415 - only where it is needed
    return search(problem, iterations=iterations, seconds=seconds, seed=seed, start=start)
