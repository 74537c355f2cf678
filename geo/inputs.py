"""What a score may be made from: a list of what is allowed, and of what is refused by name.

A place is scored, never a person. Columns are read only if they are on the list;
what the privacy rules forbid, and words that stand in for it, are refused with a
sentence, so that nobody adds one by mistake.
"""

from __future__ import annotations

from typing import Final

from data.errors import ContractError
from data.messages import Message

__all__ = ["ALLOWED", "FORBIDDEN", "refuse_forbidden"]

#: Columns of cases, visits and places that risk may read.
ALLOWED: Final = (
    "place_id",
    "identified_at",
    "identified_until",
    "hour_known",
    "source",
    "started_at",
    "ended_at",
    "kind",
)

#: What may never come near a score, and stand-ins for it, in both languages.
FORBIDDEN: Final = frozenset(
    {
        "ethnicity", "ethnic", "nationality", "citizenship", "language", "religion", "disability",
        "name", "name_child", "surname", "family", "home", "home_address", "address", "welfare",
        "social_assistance", "poverty", "minority", "roma", "egyptian", "tribe", "colour",
        "settlement_type", "informal_settlement", "municipality_home", "birthplace",
        "etnia", "kombesia", "shtetesia", "gjuha", "feja", "aftesia_kufizuar", "emri", "mbiemri",
        "familja", "banesa", "adresa", "ndihma_ekonomike", "varferia", "pakica", "rome",
        "egjiptian", "vendlindja",
        "age", "age_band", "sex", "gender", "sector", "schooling", "risk_degree",
        "mosha", "grupmosha", "gjinia", "sektori", "shkollimi",
    }
)  # fmt: skip


def refuse_forbidden(columns: tuple[str, ...]) -> None:
    """Raise `ContractError` naming a column that may not come near a score."""
    for column in columns:
        plain = column.lower().replace("ë", "e").replace("ç", "c")
        if plain in FORBIDDEN:
            raise ContractError(Message("geo.forbidden_input", {"column": column}))
        if plain not in ALLOWED:
            raise ContractError(Message("geo.unknown_input", {"column": column}))
