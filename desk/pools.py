"""Where plans of many municipalities are solved: processes of this machine, or a Dask cluster."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from data.errors import ContractError
from data.messages import Message

__all__ = ["TLS_FILES", "Pool", "cluster", "processes"]

#: What a folder for TLS holds: who is trusted, who we are, and our key.
TLS_FILES: Final = ("ca.pem", "cert.pem", "key.pem")
#: Seconds until a scheduler that does not answer is given up.
_ANSWER_S: Final = "10s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Something that solves, and how many plans it solves at a time."""

    executor: Executor
    size: int


@contextmanager
def processes(size: int | None = None) -> Iterator[Pool]:
    """Give a pool of processes of this machine, one a core where no number is given."""
    size = size or os.cpu_count() or 1
    # A fresh process each: a forked one would share the store's connection.
    with ProcessPoolExecutor(size, mp_context=get_context("spawn")) as executor:
        try:
            yield Pool(executor=executor, size=size)
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def cluster(address: str, tls: Path | None) -> Iterator[Pool]:
    """Give a pool on a Dask cluster; what travels there names places, so it goes by TLS only.

    Its workers need this program on their path and the same pinned packages.

    Parameters
    ----------
    address
        Of the scheduler, as ``tls://HOST:PORT``.
    tls
        A folder with `TLS_FILES`; without one Dask's own configuration has to name them.

    Raises
    ------
    ContractError
        If the address is not one for TLS, a file is missing, nobody answers, or nobody works
        there.
    """
    if not address.startswith("tls://"):
        raise ContractError(Message("country.needs_tls"))
    keys = _keys(tls)
    # Half a second to load, which no other command needs.
    distributed = importlib.import_module("distributed")
    try:
        client = distributed.Client(
            address,
            security=distributed.Security(**keys, require_encryption=True),
            timeout=_ANSWER_S,
            set_as_default=False,
        )
    except (OSError, TypeError, ValueError) as fault:
        raise ContractError(Message("country.no_scheduler")) from fault
    with client:
        size = sum(client.nthreads().values())
        if not size:
            raise ContractError(Message("country.no_workers"))
        # Not pure: the same question asked twice is solved twice, whatever Dask remembers.
        yield Pool(executor=client.get_executor(pure=False), size=size)


def _keys(tls: Path | None) -> dict[str, str]:
    if tls is None:
        return {}
    authority, certificate, key = (tls / name for name in TLS_FILES)
    if not all(path.is_file() for path in (authority, certificate, key)):
        raise ContractError(Message("country.tls_files", {"files": ", ".join(TLS_FILES)}))
    return {
        "tls_ca_file": str(authority),
        "tls_client_cert": str(certificate),
        "tls_client_key": str(key),
    }
