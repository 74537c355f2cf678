"""The seasonal plan in sentences and as files that leave the house."""

from __future__ import annotations

import hashlib

from data import reference
from data.access import Purpose
from data.messages import Message
from data.nouns import Viewer
from desk.calendar import title_of
from desk.wiring import House
from desk.year import Scope, YearPicture
from layers.season_files import SeasonSheets, season_files
from layers.words import Words

__all__ = ["scope_name", "sentences", "year_files"]


def scope_name(scope: Scope, words: Words) -> str:
    """Return what a scope is called."""
    if scope.kind == "coast":
        return words("season.coast")
    if scope.kind == "municipality":
        return reference.municipality(scope.code).name_sq
    names = reference.counties().set_index("code")
    name = names.loc[scope.code, "name_sq" if words.language == "sq" else "name_en"]
    return words("season.county", name=str(name))


def sentences(picture: YearPicture) -> tuple[Message, ...]:
    """Return the answer of a year: do the hours suffice, where not, and what is lent."""
    weeks, short = picture.weeks, picture.short
    if not float(weeks["needed_h"].sum()):
        return (Message("season.no_places"),)
    if not float(weeks["hand_h"].sum()):
        return (Message("season.no_teams", {"hours": round(float(weeks["needed_h"].sum()))}),)
    told = [
        Message(
            "season.answer",
            {
                "needed": round(float(weeks["needed_h"].sum())),
                "hand": round(float(weeks["hand_h"].sum())),
            },
        )
    ]
    without = [town for town in picture.towns if not town.hand_h]
    if len(picture.towns) > 1 and without:
        told.append(Message("season.without_team", {"n": len(without), "all": len(picture.towns)}))
    if short.empty:
        told.append(Message("season.suffice"))
    elif len(picture.towns) > 1:
        worst = short.loc[short["lacking_h"].idxmax()]
        told.append(
            Message(
                "season.lacking_towns",
                {
                    "n": sum(town.weeks_short > 0 for town in picture.towns),
                    "all": len(picture.towns),
                    "days": picture.days_lacking,
                    "worst": worst["monday"],
                    "hours": round(float(worst["lacking_h"])),
                },
            )
        )
    else:
        worst = short.loc[short["lacking_h"].idxmax()]
        told.append(
            Message(
                "season.lacking",
                {
                    "n": len(short),
                    "first": short["monday"].iloc[0],
                    "last": short["monday"].iloc[-1],
                    "days": picture.days_lacking,
                    "worst": worst["monday"],
                    "hours": round(float(worst["lacking_h"])),
                },
            )
        )
    if picture.days_lent:
        told.append(Message("season.lent", {"n": picture.days_lent}))
    return tuple(told)


def year_files(
    house: House, viewer: Viewer, picture: YearPicture, words: Words
) -> dict[str, bytes]:
    """Return the files of a picture, which holds only what its viewer may see; audited."""
    sheets = SeasonSheets(
        title=f"{scope_name(picture.scope, words)} · {picture.year}",
        said=[words.message(one) for one in sentences(picture)],
        weeks=picture.weeks,
        visits=picture.visits,
        towns=[
            (
                *(town.name, town.n_places, town.needed_h, town.hand_h),
                *(town.weeks_short, town.days_lacking, town.days_lent),
            )
            for town in picture.towns
        ],
        spans=picture.spans,
        marks=picture.marks,
    )
    made = season_files(sheets, words, lambda entry: title_of(entry, words))
    whole = hashlib.sha256(b"\0".join(made[name] for name in sorted(made))).hexdigest()
    scope = picture.scope.code if picture.scope.kind == "municipality" else ""
    house.audit(viewer, "season.export", purpose=Purpose.EXPORT, scope=scope, export_sha256=whole)
    return made
