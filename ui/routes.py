"""Beside Streamlit: what the server does at its start, and routes of ours.

A cookie can only be set by an answer to a request, so sign-in needs a route.

A token travels in a body or in an HttpOnly cookie, never in an address; the one
exception is an invitation's one-time link, which leaves the address at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk import identity
from desk.wiring import data_home
from ui.cache import house
from ui.session import LINK_COOKIE, SESSION_COOKIE

__all__ = ["ROUTES", "lifespan"]

_NO_CONTENT: Final = 204
_FORBIDDEN: Final = 403
#: Longer than any ticket; a body beyond it is not read.
_TICKET_MOST: Final = 128
#: A day longer than the server lets a session live: the server decides when it ends.
_SESSION_S: Final = 8 * 24 * 3600
#: Long enough to choose a password.
_LINK_S: Final = 30 * 60


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Make the house ready while the server already answers: the first page waits for it."""
    making = asyncio.get_running_loop().run_in_executor(None, house, data_home())
    try:
        yield
    finally:
        making.cancel()


async def _begin(request: Request) -> Response:
    """Exchange the ticket in the body for the session's cookie."""
    if not _is_ours(request):
        return Response(status_code=_FORBIDDEN)
    ticket = await _body(request)
    opened = await run_in_threadpool(house, data_home())
    token = await run_in_threadpool(identity.start_session, opened, ticket) if ticket else None
    if token is None:
        return Response(status_code=_FORBIDDEN)
    answer = _plain()
    _set(request, answer, SESSION_COOKIE, token, _SESSION_S)
    answer.delete_cookie(LINK_COOKIE)
    return answer


async def _end(request: Request) -> Response:
    """End the session on the server and take its cookie away."""
    if not _is_ours(request):
        return Response(status_code=_FORBIDDEN)
    token = request.cookies.get(SESSION_COOKIE, "")
    if token:
        opened = await run_in_threadpool(house, data_home())
        await run_in_threadpool(identity.end_session, opened, token)
    answer = _plain()
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return answer


async def _welcome(request: Request) -> Response:
    """Take an invitation's token out of the address; reading it does not use it up."""
    answer = RedirectResponse("/", status_code=303, headers=_QUIET)
    token = request.query_params.get("link", "")
    if 0 < len(token) <= _TICKET_MOST:
        _set(request, answer, LINK_COOKIE, token, _LINK_S)
    return answer


_QUIET: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def _plain() -> Response:
    return Response(status_code=_NO_CONTENT, headers=_QUIET)


def _set(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    forwarded = request.headers.get("x-forwarded-proto", request.url.scheme)
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=forwarded == "https",
    )


def _is_ours(request: Request) -> bool:
    """Say whether a page of ours sent this: browsers always name the origin of a POST."""
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host", "")


async def _body(request: Request) -> str:
    read = b""
    async for chunk in request.stream():
        read += chunk
        if len(read) > _TICKET_MOST:
            return ""
    return read.decode("ascii", errors="replace")


ROUTES: Final = (
    Route("/session", _begin, methods=["POST"]),
    Route("/session/end", _end, methods=["POST"]),
    Route("/welcome", _welcome, methods=["GET"]),
)
