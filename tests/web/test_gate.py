import threading

import pytest
from werkzeug.exceptions import ServiceUnavailable

from qa_service.web.gate import Gate


def test_one_is_answered_at_a_time_and_who_finds_no_room_is_refused_at_once():
    gate = Gate(2)
    inside, leave, second_in = threading.Event(), threading.Event(), threading.Event()

    def first():
        with gate.enter():
            inside.set()
            leave.wait(10)

    def second():
        with gate.enter():
            second_in.set()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    try:
        # The second waits for its turn and takes the last room.
        assert not second_in.wait(0.2)
        with pytest.raises(ServiceUnavailable, match="2 requests") as refusal, gate.enter():
            pass
        assert refusal.value.retry_after == 1
    finally:
        leave.set()
        for thread in threads:
            thread.join(10)
    assert second_in.is_set()
    with gate.enter():
        pass


def test_a_question_that_fails_gives_its_room_back():
    gate = Gate(1)
    for _ in range(3):
        with pytest.raises(KeyError), gate.enter():
            raise KeyError
