import os
import time

from qa_service.sharing import Shares, Turn


def test_a_worker_is_ahead_if_another_has_fewer_connections():
    shares = Shares()
    first, second, third = (shares.take_place() for _ in range(3))
    shares.tell(first, 2)
    # The others are not there yet.
    assert not shares.is_ahead(first)
    shares.tell(second, 2)
    shares.tell(third, 1)
    assert [shares.is_ahead(place) for place in (first, second, third)] == [True, True, False]


def test_a_worker_that_has_ended_is_no_longer_waited_for():
    shares = Shares()
    first, second = shares.take_place(), shares.take_place()
    shares.tell(first, 5)
    shares.tell(second, 0)
    shares.leave_place(second)
    assert not shares.is_ahead(first)


def test_places_are_given_again_and_without_one_a_worker_takes_what_comes():
    shares = Shares()
    places = []
    while (place := shares.take_place()) is not None:
        places.append(place)
    assert len(set(places)) == len(places) > 100
    shares.tell(None, 3)
    shares.tell(places[0], 1)
    assert not shares.is_ahead(None)
    shares.leave_place(None)
    shares.leave_place(places[7])
    assert shares.take_place() == places[7]


def test_what_one_process_tells_another_sees():
    shares = Shares()
    mine, its = shares.take_place(), shares.take_place()
    shares.tell(mine, 1)
    child = os.fork()
    if child == 0:
        shares.tell(its, 0)
        os._exit(0)
    os.waitpid(child, 0)
    assert shares.is_ahead(mine)


def test_a_connection_is_left_to_others_for_a_moment_and_then_taken():
    turn = Turn(lambda: True)
    assert not turn.take()
    left = turn.seconds_left
    assert left is not None
    assert 0 < left < 0.1
    time.sleep(left)
    assert turn.seconds_left == 0
    assert turn.take()
    assert turn.seconds_left is None


def test_who_is_not_ahead_takes_it_at_once():
    turn = Turn(lambda: False)
    assert turn.take()
    assert turn.seconds_left is None


def test_a_connection_that_another_worker_took_is_waited_for_no_more():
    turn = Turn(lambda: True)
    assert not turn.take()
    turn.forget()
    assert turn.seconds_left is None
    assert not turn.take()
