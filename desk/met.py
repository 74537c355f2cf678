"""What a team met at a stop of its round, and whether the visit is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data import frames
from data.errors import ContractError
from data.messages import Message
from data.vocabulary import VisitOutcome

__all__ = ["Mark", "Met"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What was met at a place, in children, and when the team left it.

    Raises
    ------
    ContractError
        If the counts do not fit the outcome or each other.
    """

    outcome: VisitOutcome
    at: datetime
    n_seen: int = 0
    n_identified: int = 0
    n_not_enrolled: int = 0
    n_not_vaccinated: int = 0
    n_without_health_card: int = 0
    n_not_registered: int = 0

    def __post_init__(self) -> None:
        """Hold the counts to the outcome."""
        counts = self.counts.values()
        if self.outcome is VisitOutcome.NOBODY and any(counts):
            raise ContractError(Message("round.nobody_counts"))
        if self.outcome is not VisitOutcome.NOBODY and self.n_seen < 1:
            raise ContractError(Message("round.somebody_counts"))
        if (self.outcome is VisitOutcome.IDENTIFIED) != (self.n_identified > 0):
            raise ContractError(Message("round.identified_counts"))
        if max(counts) > self.n_seen:
            raise ContractError(Message("round.counts_fit"))

    @property
    def counts(self) -> dict[str, int]:
        """Return the children that were counted, by column of VISITS."""
        return {name: getattr(self, name) for name in frames.CHILD_COUNTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A visit to a stop: begun while it has no length, done when it has an outcome."""

    stop: str
    arrived: datetime
    met: Met

    @property
    def done(self) -> bool:
        """Say whether the outcome was given."""
        return self.met.at > self.arrived
