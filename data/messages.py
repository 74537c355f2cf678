"""Sentences as values: an id and parameters, put into Albanian or English at the last step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType

__all__ = ["Message", "Param"]

Param = str | int | float | date | datetime | time


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence before it has a language.

    Parameters
    ----------
    id
        ``domain.name``; the domain is the catalogue file that holds it.
    params
        Values the sentence names. Dates, times and numbers are written the
        reader's way when the sentence is made; a string that is itself a
        message id preceded by ``@`` is translated first.
    """

    id: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze the parameters, so that a message can be shared."""
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __hash__(self) -> int:
        """Hash by id and parameters: equal sentences are one sentence."""
        return hash((self.id, tuple(sorted((k, str(v)) for k, v in self.params.items()))))

    def __reduce__(self) -> tuple[type[Message], tuple[str, dict[str, Param]]]:
        """Pickle through the constructor: a mapping proxy cannot be pickled."""
        return (Message, (self.id, dict(self.params)))
