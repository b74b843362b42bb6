"""How many questions a client may ask."""

import ipaddress
import logging
import math
import time
from functools import wraps
from threading import Lock

from cachetools import TLRUCache
from flask import Response, g, request
from limits import RateLimitItem, parse_many
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from qa_service.errors import Message
from qa_service.settings import Settings
from qa_service.web.api import Limit, View
from qa_service.web.page import asked_in_address

_SCOPE = "questions"
# A server that counts and doesn't answer must not hold up who asks.
_STORAGE_SECONDS = 1.0
# How long one that failed is left alone.
_LEFT_ALONE_SECONDS = 5.0
_MOST_COUNTED = 100_000
"""Counts that a worker keeps, one a client and limit: who asked least lately begins anew."""

_logger = logging.getLogger(__name__)


def limit_questions(settings: Settings) -> Limit:
    """Return a decorator for views: one budget for both ways to ask.

    The view answers 429 to a client that asks more often than is set.
    """
    counters = _Counters(settings)

    def limit(view: View) -> View:
        @wraps(view)
        def limited() -> Response:
            if request.method == "POST" or asked_in_address():
                counters.count(_name_client())
            return view()

        return limited

    return limit


class _Counters:
    """Questions by client, in the storage that is set.

    While that can't be reached, each worker counts for itself.
    """

    def __init__(self, settings: Settings) -> None:
        self._limits = parse_many(settings.rate_limit)
        self._own = FixedWindowRateLimiter(Counts())
        self._lock = Lock()
        self._shared: FixedWindowRateLimiter | None = None
        self._failed = -math.inf
        address = settings.rate_limit_storage
        if not address.startswith("memory:"):
            waits = {"socket_connect_timeout": _STORAGE_SECONDS, "socket_timeout": _STORAGE_SECONDS}
            storage = storage_from_string(address, **waits)
            self._shared = FixedWindowRateLimiter(storage)

    def count(self, client: str) -> None:
        """Count a question.

        :raises TooManyRequests: the client has none left.
        """
        if self._shared is not None and time.monotonic() > self._failed + _LEFT_ALONE_SECONDS:
            try:
                self._hit(self._shared, client)
            except TooManyRequests:
                raise
            except Exception as error:  # noqa: BLE001  # whatever the storage's client raises
                self._failed = time.monotonic()
                _logger.warning("the rate limit's storage fails: %s", type(error).__name__)
            else:
                return
        with self._lock:
            self._hit(self._own, client)

    def _hit(self, limiter: FixedWindowRateLimiter, client: str) -> None:
        for item in self._limits:
            if not limiter.hit(item, _SCOPE, client):
                raise _too_many(item, limiter, client)


class Counts(Storage):
    """Questions by client, in memory until the client's window ends. For one thread at a time.

    What limits (5.8) brings for it forgets in a thread of its own, which fails where another
    forgets first, and has no bound.
    """

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._counted: TLRUCache[str, tuple[int, float]] = TLRUCache(
            _MOST_COUNTED, ttu=lambda _key, counted, _now: counted[1], timer=time.time
        )

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a storage that can't be reached raises: this one is always there."""
        return ConnectionError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add ``amount`` to a count, which is forgotten ``expiry`` seconds after its first."""
        count, end = self._counted.get(key, (0, time.time() + expiry))
        self._counted[key] = count + amount, end
        return count + amount

    def get(self, key: str) -> int:
        """Return a count; 0 for what was not counted."""
        return self._counted.get(key, (0, 0.0))[0]

    def get_expiry(self, key: str) -> float:
        """Return when a count is forgotten, in seconds since the epoch; now, if there is none."""
        return self._counted.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Return whether it can be reached."""
        return True

    def reset(self) -> int:
        """Forget all; return how many counts there were."""
        count = len(self._counted)
        self._counted.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget a count."""
        self._counted.pop(key, None)


def _too_many(item: RateLimitItem, limiter: FixedWindowRateLimiter, client: str) -> TooManyRequests:
    left = limiter.get_window_stats(item, _SCOPE, client).reset_time - time.time()
    seconds = max(1, math.ceil(left))
    said = Message(
        "More than {most} questions; go on in {seconds} seconds.", most=str(item), seconds=seconds
    )
    return TooManyRequests(said, retry_after=seconds)


def _name_client() -> str:
    """Return the client: its key, where keys are asked for, else its address.

    Whoever has an IPv6 address has as many as a /64 network holds, so that one counts as a whole.
    """
    client: str = g.get("client") or request.remote_addr or "127.0.0.1"
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return client
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address.packed, 64), strict=False))
