"""Which threads of a worker run.

Python lets one thread run at a time. Where many have something to do, each gives way at every read
and write and then waits for all the others: a short request that one thread would have done with at
once is handed around among them. So no more are woken than it takes to keep a core busy, unless
they wait for something else than each other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Any

from waitress.task import ThreadedTaskDispatcher

_AT_ONCE = 2
"""Threads that run: while one reads or writes, the other goes on."""


class _Counted(Condition):
    """A condition that says when a thread begins to wait at it."""

    def __init__(self, lock: Lock, before: Callable[[], None]) -> None:
        super().__init__(lock)
        self._before = before

    def wait(self, timeout: float | None = None) -> bool:
        self._before()
        return super().wait(timeout)


class Dispatcher(ThreadedTaskDispatcher):
    """waitress's dispatcher, which wakes a thread only where another is needed."""

    def __init__(self) -> None:
        super().__init__()
        self.queue_cv = _Counted(self.lock, self._rest)
        self._awake = 0
        """Threads that run, or are about to."""
        self._idle = 0
        """Threads that wait to be woken."""

    def add_task(self, task: Any) -> None:
        """Let a thread see to a task when it is its turn."""
        with self.lock:
            self.queue.append(task)
            self._wake()

    def handler_thread(self, thread_no: int) -> None:
        """See to one task after the other, until the dispatcher is stopped."""
        with self.lock:
            self._awake += 1
        super().handler_thread(thread_no)

    def _rest(self) -> None:
        """Count the thread that begins to wait, as idle until it is woken; the lock is held."""
        self._awake -= 1
        self._idle += 1

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Let another thread run in place of this one, which waits or computes outside Python."""
        with self.lock:
            self._awake -= 1
            self._wake()
        try:
            yield
        finally:
            with self.lock:
                self._awake += 1

    def _wake(self) -> None:
        """Wake a thread if there is something to do and few are awake; the lock is held.

        Only one that is idle is counted as woken: where none is, because they have yet to start or
        pause, each looks for itself what there is to do before it waits.
        """
        if self.queue and self._idle and self._awake < _AT_ONCE:
            self._idle -= 1
            self._awake += 1
            self.queue_cv.notify()
