"""How worker processes share the connections that come in.

They all wait at one socket. Whoever is scheduled first takes what comes, and while it is busy with
that it stays scheduled, so that one worker may end up with every connection and the others with
none. So each says how many it has, in memory that all see, and who has more than another leaves a
new connection to the others for a moment.
"""

import time
from collections.abc import Callable
from mmap import mmap

# Workers at a time, at most; further ones take whatever comes.
_PLACES = 256
_NONE = -1
# How long a connection is left to others: some turns of a loop that isn't busy.
_LEFT_SECONDS = 0.005


class Shares:
    """The number of connections of each worker; made before the workers are."""

    def __init__(self) -> None:
        self._counts = memoryview(mmap(-1, 4 * _PLACES)).cast("i")
        self._free = list(range(_PLACES))
        for place in self._free:
            self._counts[place] = _NONE

    def take_place(self) -> int | None:
        """Return a place for a new worker; nothing, where there is none left."""
        return self._free.pop(0) if self._free else None

    def leave_place(self, place: int | None) -> None:
        """Give back the place of a worker that has ended."""
        if place is not None:
            self._counts[place] = _NONE
            self._free.append(place)

    def tell(self, place: int | None, count: int) -> None:
        """Say how many connections the worker at ``place`` has."""
        if place is not None:
            self._counts[place] = count

    def is_ahead(self, place: int | None) -> bool:
        """Return whether the worker at ``place`` has more connections than another."""
        if place is None:
            return False
        mine = self._counts[place]
        return any(_NONE < count < mine for count in self._counts)


class Turn:
    """Whether a worker takes the connection that is there, or leaves it to the others first."""

    def __init__(self, is_ahead: Callable[[], bool]) -> None:
        self._is_ahead = is_ahead
        self._until: float | None = None

    def take(self) -> bool:
        """Return whether it is this worker's; if not, ask again after :attr:`seconds_left`."""
        if self._until is None and self._is_ahead():
            self._until = time.monotonic() + _LEFT_SECONDS
            return False
        self._until = None
        return True

    def forget(self) -> None:
        """Say that it is not there any more: another worker has taken it."""
        self._until = None

    @property
    def seconds_left(self) -> float | None:
        """For how long a connection is left to others yet; ``None`` where none is."""
        return None if self._until is None else max(0.0, self._until - time.monotonic())
