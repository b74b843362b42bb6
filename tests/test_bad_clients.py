"""Slow, broken and hostile clients get an error or a closed connection; others notice nothing."""

import json
import socket
import threading
import time
from contextlib import ExitStack, suppress

import pytest

from tests.serving import running_service
from tests.test_server import post

pytestmark = pytest.mark.alone

RECEIVE_SECONDS = 2
HEAD = "POST /api/ask HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def address():
    flags = (
        "--workers",
        "1",
        "--receive-seconds",
        str(RECEIVE_SECONDS),
        "--rate-limit",
        "999/second",
    )
    with running_service(*flags) as (address, _):
        yield address


@pytest.fixture
def connect(address):
    """Open a connection; at the end the others must be unharmed while all are open still."""
    host, port = address.removeprefix("http://").split(":")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection((host, int(port)), timeout=15))
        began = time.monotonic()
        assert post(address, question="Who met Lyudmila Vorobyova?")["answered"]
        assert time.monotonic() - began < 3


def read_all(connection):
    return connection.makefile("rb").read()


def test_slow_bodies_hold_up_nobody_and_are_closed(address, connect):
    slow = [connect() for _ in range(150)]
    for connection in slow:
        connection.sendall(f"{HEAD}Content-Length: 1000\r\n\r\n{{".encode())
    assert post(address, question="Di mana Lyudmila Vorobyova ditemui?")["answered"]
    deadline = time.monotonic() + RECEIVE_SECONDS + 5
    for connection in slow:
        assert read_all(connection) == b""
    assert time.monotonic() < deadline


def test_a_body_that_comes_byte_by_byte_is_cut_off_in_time(connect):
    connection = connect()
    connection.sendall(f"{HEAD}Content-Length: 1000\r\n\r\n".encode())
    began = time.monotonic()
    closed = threading.Event()

    def drip():
        while not closed.wait(0.2):
            with suppress(OSError):
                connection.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        with suppress(ConnectionResetError):
            assert not read_all(connection).startswith(b"HTTP/1.1 200")
    finally:
        closed.set()
        dripping.join()
    assert time.monotonic() - began < RECEIVE_SECONDS + 10


def test_connections_that_say_nothing_hold_up_nobody(connect):
    for _ in range(200):
        connect()


def test_clients_that_never_close_hold_up_nobody(connect):
    for _ in range(60):
        connect().sendall(b"GET /livez HTTP/1.0\r\n\r\n")


def test_clients_that_never_read_hold_up_nobody(connect):
    for _ in range(60):
        connection = connect()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
        connection.sendall(b"GET /docs HTTP/1.1\r\nHost: test\r\n\r\n" * 200)


def test_no_header_is_believed_that_only_a_proxy_may_send(connect):
    connection = connect()
    connection.sendall(
        b"GET /livez HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
        b"Script-Name: /x\r\nSCRIPT_NAME: /livez\r\nX-Forwarded-Proto: https\r\n\r\n"
    )
    assert read_all(connection).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_goes_away_in_the_middle_is_forgotten(connect):
    connection = connect()
    connection.sendall(f"{HEAD}Content-Length: 1000\r\n\r\n{{".encode())
    connection.close()


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ("Content-Length: 100000000\r\n", b"x", 413),
        ("Content-Length: abc\r\n", b"{}", 400),
        ("Content-Length: -1\r\n", b"{}", 400),
        ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n", 422),
        ("Content-Length: 14\r\n", b'{"question": "', 400),
        ("Content-Length: 16\r\n", b'{"question":"\xff"}', 400),
        ("Content-Length: 200000\r\n", b"[" * 200_000, 400),
        ("Content-Length: 14\r\n", b'{"question":5}', 422),
        ("Content-Length: 0\r\n", b"", 400),
        ("Transfer-Encoding: chunked\r\n", b"zz\r\n{}\r\n0\r\n\r\n", 400),
    ],
    ids=[
        "100 MB",
        "no number",
        "negative",
        "two lengths",
        "half a string",
        "no UTF-8",
        "nested 200,000 deep",
        "a number",
        "empty",
        "no chunk",
    ],
)
def test_what_is_no_request_gets_a_clear_error(connect, head, body, status):
    connection = connect()
    connection.sendall(f"{HEAD}Connection: close\r\n{head}\r\n".encode() + body)
    reply = read_all(connection)
    assert reply.split(b" ", 2)[1] == str(status).encode()
    head, _, body = reply.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    problem = json.loads(body)
    assert problem["status"] == status
    assert len(problem["detail"]) < 500
    if status == 413:
        assert problem["detail"] == "The request is larger than 6,000,000 bytes."


def test_a_head_that_is_too_long_is_refused(connect):
    connection = connect()
    connection.sendall(f"{HEAD}X: {'x' * 17_000}\r\n\r\n".encode())
    # What isn't read any more may make the system reset the connection before the error is there.
    with suppress(ConnectionResetError):
        reply = read_all(connection)
        assert reply == b"" or reply.startswith(b"HTTP/1.1 431 ")


def test_a_body_in_chunks_without_end_is_refused_at_the_limit(connect):
    connection = connect()
    connection.sendall(f"{HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = 0
    try:
        while sent < 100_000_000:
            connection.sendall(chunk)
            sent += len(chunk)
    except OSError:
        pass
    assert sent < 100_000_000
