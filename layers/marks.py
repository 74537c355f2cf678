"""What every map, file and sheet says of itself: invented, illustrative, moved, as of when."""

from __future__ import annotations

from data.nouns import Marks, Plan
from data.vocabulary import PlanStatus
from layers.words import Words

__all__ = ["mark_lines", "plan_lines"]


def mark_lines(marks: Marks, words: Words, *, dated: bool = True) -> tuple[str, ...]:
    """Return one sentence a mark, the gravest first; `dated` says of when the data are, too."""
    lines = []
    if marks.synthetic:
        lines.append(words("mark.synthetic"))
    if marks.illustrative_streets:
        lines.append(words("mark.illustrative"))
    if marks.masked_m is not None:
        low, high = marks.masked_m
        lines.append(words("mark.masked", low=low, high=high))
    if dated:
        lines.append(words("mark.as_of", at=marks.as_of))
    return tuple(lines)


def plan_lines(plan: Plan, words: Words) -> tuple[str, ...]:
    """Return what a file of a plan says of itself: whose approval it has, or that it is a draft."""
    stands = [words("file.version", number=plan.version)]
    if plan.status is not PlanStatus.APPROVED:
        stands.insert(0, words("sheet.draft"))
    elif plan.approved_at is not None:
        name = plan.approved_by or ""
        stands = [words("file.approved", number=plan.version, name=name, at=plan.approved_at)]
    return (*stands, *mark_lines(plan.marks, words))
