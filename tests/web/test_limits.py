import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa_service.web import limits

QUESTION = {"question": "Siapa Rahmi?", "article_id": "harbour"}
# Debian's redis-tools holds the server too, under the name of another tool, and starts no daemon.
SERVER = ("redis-server", "redis-check-rdb")


@pytest.fixture
def redis():
    """The address of a Redis server."""
    program = next(filter(None, map(shutil.which, SERVER)), None)
    assert program, "a Redis server is missing; `make test` installs redis-tools"
    port = free_port()
    # It is what its first argument says.
    arguments = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(arguments, executable=program, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


def ask(client, **headers):
    return client.post("/api/ask", json=QUESTION, headers=headers).status_code


def test_in_redis_a_client_is_counted_for_all_workers(make_client, redis):
    set_up = {"rate_limit": "2/hour", "rate_limit_storage": redis}
    workers = [make_client(**set_up) for _ in range(3)]
    assert [ask(worker) for worker in workers] == [200, 200, 429]


def test_while_redis_can_not_be_reached_questions_are_answered_and_counted(make_client):
    address = f"redis://127.0.0.1:{free_port()}"
    client = make_client(rate_limit="2/hour", rate_limit_storage=address)
    assert [ask(client) for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_an_ipv6_network_is_one_client(make_client, first, second, same):
    client = make_client(rate_limit="1/hour", trusted_hops=1)
    statuses = [ask(client, **{"X-Forwarded-For": address}) for address in (first, second)]
    assert statuses == [200, 429 if same else 200]


def test_who_asks_is_told_by_the_proxies_that_are_trusted_only(make_client):
    def statuses(client):
        return [ask(client, **{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(2)]

    assert statuses(make_client(rate_limit="1/hour")) == [200, 429]
    behind = make_client(rate_limit="1/hour", trusted_hops=1)
    assert statuses(behind) == [200, 200]
    # What a client writes in front of the proxy's own entry is not believed.
    forged = {"X-Forwarded-For": "198.51.100.7, 192.0.2.0"}
    assert ask(behind, **forged) == 429


def test_clients_that_ask_at_once_are_counted_without_a_failure(make_client):
    client = make_client(rate_limit="1000000/second")
    assert ask(client) == 200
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(16) as threads:
            clients = [client.application.test_client() for _ in range(16)]
            statuses = list(threads.map(lambda n: ask(clients[n % 16]), range(3_000)))
    finally:
        sys.setswitchinterval(switching)
    assert set(statuses) == {200}


def test_a_count_is_forgotten_when_its_window_ends(monkeypatch):
    now = 1_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    counts = limits.Counts()
    assert [counts.incr("a", 60), counts.incr("a", 60, amount=2), counts.incr("b", 10)] == [1, 3, 1]
    assert (counts.get("a"), counts.get_expiry("a")) == (3, 1_060.0)
    now = 1_059.0
    assert (counts.get("a"), counts.get("b"), counts.get_expiry("b")) == (3, 0, 1_059.0)
    now = 1_060.0
    assert (counts.get("a"), counts.incr("a", 60)) == (0, 1)
    assert counts.get_expiry("a") == 1_120.0
    counts.clear("a")
    assert (counts.get("a"), counts.incr("c", 5), counts.reset(), counts.get("c")) == (0, 1, 1, 0)


def test_clients_without_number_are_counted_in_bounded_room(monkeypatch):
    monkeypatch.setattr(limits, "_MOST_COUNTED", 3)
    counts = limits.Counts()
    for client in "abcd":
        counts.incr(client, 60)
    assert [counts.get(client) for client in "abcd"] == [0, 1, 1, 1]
