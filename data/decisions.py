"""What people decided on places: the register holds the last decision of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.vocabulary import EvidenceKind, RegisterState

__all__ = ["Decision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a coordinator decided on a place: the register holds the last one of each place.

    Parameters
    ----------
    merged_into
        The place it is counted with, of one that was merged.
    owner
        Id of the team or person who looks after it, or empty.
    slots
        In which it is active; empty: those that its cases or its kind say.
    expires_at
        When a confirmation lapses unless it is given again, or a refusal does; a
        merged place stays merged.
    """

    place_id: str
    municipality: str
    state: RegisterState
    evidence: EvidenceKind
    decided_at: datetime
    decided_by: str
    expires_at: datetime | None = None
    merged_into: str = ""
    owner: str = ""
    slots: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a decision that says two things at once."""
        is_merged = self.state is RegisterState.MERGED
        if is_merged != bool(self.merged_into) or is_merged != (self.expires_at is None):
            msg = "a merged place names another one, and only the others expire"
            raise ValueError(msg)
        if self.merged_into == self.place_id:
            msg = "a place cannot be merged into itself"
            raise ValueError(msg)
