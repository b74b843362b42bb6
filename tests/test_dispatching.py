from contextlib import nullcontext
from threading import Event, Lock
from time import monotonic, sleep

import pytest

from qa_service.dispatching import Dispatcher


class Task:
    """Runs, inside ``around``, until it is let go."""

    def __init__(self, around=nullcontext):
        self.around = around
        self.begun, self.go = Event(), Event()

    def service(self):
        with self.around():
            self.begun.set()
            self.go.wait(10)

    def cancel(self):
        self.go.set()


@pytest.fixture
def dispatcher():
    dispatcher = Dispatcher()
    dispatcher.set_thread_count(6)
    until = monotonic() + 5
    while dispatcher.active_count and monotonic() < until:
        sleep(0.01)
    yield dispatcher
    assert dispatcher.shutdown()
    assert not dispatcher.threads


def begun(tasks):
    sleep(0.1)
    return [task.begun.is_set() for task in tasks]


def test_two_tasks_run_at_once_and_the_next_when_one_is_done(dispatcher):
    tasks = [Task() for _ in range(4)]
    for task in tasks:
        dispatcher.add_task(task)
    assert begun(tasks) == [True, True, False, False]
    tasks[1].go.set()
    assert tasks[2].begun.wait(5)
    assert begun(tasks) == [True, True, True, False]
    for task in tasks:
        task.go.set()
    assert tasks[3].begun.wait(5)


def test_who_pauses_lets_another_run(dispatcher):
    waiting = [Task(dispatcher.pause) for _ in range(3)]
    others = [Task() for _ in range(3)]
    for task in (*waiting, *others):
        dispatcher.add_task(task)
    assert all(task.begun.wait(5) for task in (*waiting, *others[:2]))
    assert begun(others) == [True, True, False]
    for task in (*waiting, *others):
        task.go.set()
    assert others[2].begun.wait(5)


def test_a_task_that_fails_takes_no_thread_away(dispatcher, caplog):
    class Broken(Task):
        def service(self):
            raise ValueError("broken")

    for _ in range(20):
        dispatcher.add_task(Broken())
    last = Task()
    dispatcher.add_task(last)
    assert last.begun.wait(5)
    last.go.set()
    assert "broken" in caplog.text


def assert_two_are_awake(dispatcher):
    """What comes once all is done is seen to."""
    sleep(0.1)
    tasks = [Task() for _ in range(2)]
    for task in tasks:
        dispatcher.add_task(task)
    assert all(task.begun.wait(5) for task in tasks)
    for task in tasks:
        task.go.set()


def test_what_came_before_the_threads_keeps_none_of_them_asleep():
    dispatcher = Dispatcher()
    early = [Task() for _ in range(5)]
    for task in early:
        dispatcher.add_task(task)
        task.go.set()
    dispatcher.set_thread_count(6)
    assert all(task.begun.wait(5) for task in early)
    assert_two_are_awake(dispatcher)
    assert dispatcher.shutdown()


def test_what_came_while_all_paused_keeps_none_of_them_asleep(dispatcher):
    paused = [Task(dispatcher.pause) for _ in range(6)]
    meanwhile = [Task() for _ in range(5)]
    for task in paused:
        dispatcher.add_task(task)
    assert all(task.begun.wait(5) for task in paused)
    for task in meanwhile:
        dispatcher.add_task(task)
        task.go.set()
    assert not any(begun(meanwhile))
    for task in paused:
        task.go.set()
    assert all(task.begun.wait(5) for task in meanwhile)
    assert_two_are_awake(dispatcher)


def test_many_short_tasks_are_all_done(dispatcher):
    done: list[Task] = []
    lock = Lock()

    class Short(Task):
        def service(self):
            with dispatcher.pause() if len(done) % 3 else nullcontext(), lock:
                done.append(self)

    tasks = [Short() for _ in range(500)]
    for task in tasks:
        dispatcher.add_task(task)
    until = monotonic() + 10
    while len(done) < len(tasks) and monotonic() < until:
        sleep(0.01)
    assert len(done) == len(tasks)
