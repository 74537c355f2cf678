"""The small-sample guard: "too few to say" is a result, with what is missing."""

from __future__ import annotations

from data.messages import Message

__all__ = ["missing_cases"]


def missing_cases(have: int, needed: int) -> Message:
    """Return that there are too few cases to say, and how many are missing."""
    return Message("findings.missing_cases", {"n": needed - have, "have": have, "needed": needed})
