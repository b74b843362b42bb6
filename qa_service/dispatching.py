"""Which threads of a worker run.

Python lets one thread run at a time. Where many have something to do, each gives way at every read
and write and then waits for all the others: a short request that one thread would have done with at
once is handed around among them. So no more are woken than it takes to keep a core busy, unless
they wait for something else than each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress.task import ThreadedTaskDispatcher

_AT_ONCE = 2
"""Threads that run: while one reads or writes, the other goes on."""


class Dispatcher(ThreadedTaskDispatcher):
    """waitress's dispatcher, which wakes a thread only where another is needed."""

    def __init__(self) -> None:
        super().__init__()
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
        while True:
            with self.lock:
                while not self.queue and not self.stop_count:
                    self._awake -= 1
                    self._idle += 1
                    self.active_count -= 1
                    self.queue_cv.wait()
                    self.active_count += 1
                if self.stop_count:
                    self.active_count -= 1
                    self.stop_count -= 1
                    self.threads.discard(thread_no)
                    self.thread_exit_cv.notify()
                    return
                task = self.queue.popleft()
            try:
                task.service()
            except BaseException:
                self.logger.exception("Exception when servicing %r", task)

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
