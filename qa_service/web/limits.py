"""How many questions a client may ask."""

import ipaddress

from flask import Flask, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import MemoryStorage, storage_from_string

from qa_service.settings import Settings
from qa_service.web.api import Limit
from qa_service.web.page import asked_in_address

# A server that counts and doesn't answer must not hold up who asks.
_STORAGE_SECONDS = 1.0


def make_limiter(app: Flask, settings: Settings) -> Limiter:
    """Return what counts the questions asked of ``app``, in the storage that is set.

    While the storage can't be reached, each worker counts for itself.
    """
    storage = settings.rate_limit_storage
    in_memory = isinstance(storage_from_string(storage), MemoryStorage)
    waits = {"socket_connect_timeout": _STORAGE_SECONDS, "socket_timeout": _STORAGE_SECONDS}
    return Limiter(
        _name_client,
        app=app,
        storage_uri=storage,
        storage_options={} if in_memory else waits,  # type: ignore[arg-type]  # any type is passed on
        in_memory_fallback_enabled=not in_memory,
    )


def limit_questions(limiter: Limiter, settings: Settings) -> Limit:
    """Return a decorator for views: one budget for both ways to ask."""
    limit: Limit = limiter.shared_limit(
        settings.rate_limit, scope="questions", exempt_when=_asks_nothing
    )
    return limit


def _name_client() -> str:
    """Return the client: its key, where keys are asked for, else its address.

    Whoever has an IPv6 address has as many as a /64 network holds, so that one counts as a whole.
    """
    client: str = g.get("client") or get_remote_address()
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return client
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address.packed, 64), strict=False))


def _asks_nothing() -> bool:
    return request.method != "POST" and not asked_in_address()
