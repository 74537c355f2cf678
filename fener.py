"""The door for a terminal: the same house without a browser.

Exit codes: 0 done (rejected rows are listed); 2 no valid row, unreadable file or
no right, said in one plain sentence on standard error, with nothing half-written.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from data.errors import HouseError
from desk import commands
from layers.words import LANGUAGES, Words

__all__ = ["main"]

EXIT_FAULT = 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = argparse.ArgumentParser(prog="fener.py", description=__doc__.splitlines()[0])
    top.add_argument(
        "--language",
        choices=LANGUAGES,
        default=_usual_language(),
        help="of sentences and files; without it sentences are English and files Albanian",
    )
    verbs = top.add_subparsers(dest="verb", required=True)
    _plan(verbs.add_parser("plan", help="make the rounds and the roster of a week or more"))
    _what_if(verbs.add_parser("what-if", help="set scenarios beside a plan that was kept"))
    _streets(verbs.add_parser("streets", help="import or fetch streets"))
    for noun in ("cases", "visits", "teams"):
        _import(verbs.add_parser(noun, help=f"import a file of {noun}"), noun)
    _report(verbs.add_parser("report", help="write the coverage of the municipalities"))
    _season(verbs.add_parser("season", help="write the seasonal plan of a year"))
    _pack(verbs.add_parser("pack", help="write the field packs of a plan that was kept"))
    _evaluate(verbs.add_parser("evaluate", help="judge earlier maps by the cases that came later"))
    _users(verbs.add_parser("users", help="accounts: list, invite, close"))
    _demo(verbs.add_parser("demo", help="load or clear the invented data"))
    _audit(verbs.add_parser("audit", help="show or check the audit"))
    return top


def _usual_language() -> str | None:
    language = os.environ.get("FENER_LANGUAGE")
    return language if language in LANGUAGES else None


def _as(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as", dest="acting", metavar="USER", help="act with USER's rights")


def _plan(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group(required=True)
    where.add_argument("--municipality", metavar="AL0301")
    where.add_argument("--area", type=Path, metavar="FILE.geojson")
    where.add_argument("--all", action="store_true", help="every municipality you may plan")
    command.add_argument("--week", required=True, metavar="2026-W28")
    command.add_argument(
        "--weeks",
        type=int,
        default=1,
        metavar="N",
        help="so many weeks from it on (1 to 8), planned together; each gets a folder of its own",
    )
    for name in ("cases", "visits", "streets", "teams"):
        command.add_argument(f"--{name}", type=Path, metavar="FILE")
    command.add_argument("--seed", type=int)
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument(
        "--processes", type=int, metavar="N", help="with --all: at a time; one a core otherwise"
    )
    command.add_argument(
        "--dask", metavar="tls://HOST:PORT", help="with --all: solve on this Dask cluster"
    )
    command.add_argument(
        "--tls", type=Path, metavar="DIR", help="with --dask: ca.pem, cert.pem and key.pem"
    )
    _as(command)
    command.set_defaults(run=commands.plan)


def _what_if(command: argparse.ArgumentParser) -> None:
    command.add_argument("--municipality", required=True, metavar="AL0301")
    command.add_argument("--week", required=True, metavar="2026-W28")
    _as(command)
    command.set_defaults(run=commands.what_if)


def _streets(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True)
    imported = actions.add_parser("import", help="keep the streets of a file")
    imported.add_argument("file", type=Path)
    imported.set_defaults(run=commands.import_streets)
    fetched = actions.add_parser("fetch", help="fetch a municipality's streets; needs internet")
    fetched.add_argument("municipality", metavar="AL0301")
    fetched.set_defaults(run=commands.fetch_streets)
    for action in (imported, fetched):
        _as(action)


def _import(command: argparse.ArgumentParser, noun: str) -> None:
    actions = command.add_subparsers(dest="action", required=True)
    imported = actions.add_parser("import", help="read, check and keep a file")
    imported.add_argument("file", type=Path)
    imported.set_defaults(run=commands.import_table, noun=noun)
    _as(imported)


def _report(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    _as(command)
    command.set_defaults(run=commands.report)


def _season(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group(required=True)
    where.add_argument("--municipality", metavar="AL0301")
    where.add_argument("--county", metavar="NAME")
    where.add_argument("--coast", action="store_true", help="all municipalities on the sea")
    command.add_argument("--year", type=int, required=True)
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    _as(command)
    command.set_defaults(run=commands.season)


def _pack(command: argparse.ArgumentParser) -> None:
    command.add_argument("--municipality", required=True, metavar="AL0301")
    command.add_argument("--week", required=True, metavar="2026-W28")
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    _as(command)
    command.set_defaults(run=commands.pack)


def _evaluate(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True)
    hotspots = actions.add_parser("hotspots", help="against counting and single kernels")
    hotspots.add_argument("--municipality", required=True, metavar="AL0301")
    hotspots.add_argument("--out", type=Path, metavar="FILE.json")
    _as(hotspots)
    hotspots.set_defaults(run=commands.evaluate_hotspots)


def _users(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="accounts and their roles").set_defaults(run=commands.users)
    invite = actions.add_parser("invite", help="make an account and print its one-time link")
    invite.add_argument("account")
    invite.add_argument("--role", required=True)
    invite.add_argument("--municipality", metavar="AL0301")
    invite.add_argument("--team")
    invite.set_defaults(run=commands.invite)
    close = actions.add_parser("close", help="close an account")
    close.add_argument("account")
    close.set_defaults(run=commands.close_account)


def _demo(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True)
    actions.add_parser("load", help="load the demo").set_defaults(run=commands.load_demo)
    actions.add_parser("clear", help="erase all that is invented").set_defaults(
        run=commands.clear_demo
    )


def _audit(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True)
    show = actions.add_parser("show", help="the last lines")
    show.add_argument("--last", type=int, default=50)
    show.set_defaults(run=commands.show_audit)
    actions.add_parser("check", help="check the chain").set_defaults(run=commands.check_audit)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = parser().parse_args(arguments)
    words = Words(options.language or "en")
    try:
        for line in options.run(options, words):
            print(line)
    except HouseError as fault:
        print(words.message(fault.message), file=sys.stderr)
        return EXIT_FAULT
    return 0


if __name__ == "__main__":
    sys.exit(main())
