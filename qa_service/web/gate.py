"""Overload: what can't be answered soon is refused at once, so that no queue grows."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import BoundedSemaphore, Lock

from werkzeug.exceptions import ServiceUnavailable

from qa_service.errors import Message


class Gate:
    """Takes so many questions in hand and lets one be answered at a time.

    Two at once would share the same processor cores, and each take twice as long.
    """

    def __init__(self, most: int) -> None:
        self.pause: Callable[[], AbstractContextManager[None]] = nullcontext
        """What is entered while a thread waits here, and while it has its turn."""
        self._room = BoundedSemaphore(most)
        self._turn = Lock()
        self._most = most

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Wait for one's turn.

        :raises ServiceUnavailable: so many wait already.
        """
        if not self._room.acquire(blocking=False):
            raise ServiceUnavailable(
                Message(
                    "{count} requests are in hand already; try again in a moment.",
                    count=self._most,
                ),
                retry_after=1,
            )
        try:
            with self.pause(), self._turn:
                yield
        finally:
            self._room.release()
