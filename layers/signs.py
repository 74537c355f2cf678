"""When a round owes its signs and whom to call, in lines for what goes along without a network."""

from __future__ import annotations

from data.nouns import Leg, Stop
from layers.rounds import PlannedRound
from layers.words import Words
from patrol.checkins import CheckInSettings, due_times

__all__ = ["sign_lines", "waited", "why_line"]


def sign_lines(one: PlannedRound, rhythm: CheckInSettings | None, words: Words) -> tuple[str, str]:
    """Return by when a round says that it is well, and whom it calls without an answer."""
    rhythm = rhythm or CheckInSettings()
    times = ", ".join(words.clock(at) for at in due_times(one.shift, rhythm))
    chain = "; ".join(
        f"{n}. {link.name} {link.phone}" for n, link in enumerate(rhythm.chain, start=1)
    )
    calls = (
        words("check_in.sheet_chain", chain=chain) if chain else words("check_in.sheet_no_chain")
    )
    return words("check_in.sheet_due", times=times), calls


def waited(leg: Leg, text: str, words: Words) -> str:
    """Return what is said of a way, and until when the team waits before it where it has to."""
    if leg.departs is None:
        return text
    return f"{text.rstrip('.')}. {words('sheet.wait', at=words.clock(leg.departs))}"


def why_line(stop: Stop, words: Words) -> str:
    """Return why a stop is on the round, and that it is met with an escort only where it is."""
    why = words.message(stop.reason)
    return f"{why} {words('stop.with_escort')}" if stop.needs_escort else why
