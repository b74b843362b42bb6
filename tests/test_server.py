import json
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import Request, urlopen

from tests.serving import COMMAND, running_service

FLAGSHIP = ["Siapa bertemu siapa, di mana, dan kapan?", "Who met whom, where, and when?"]


def post(address, **asked):
    request = Request(
        f"{address}/api/ask", json.dumps(asked).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=10) as response:
        return json.load(response)


def children(process):
    return (
        Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()
    )


def test_the_flagship_question_is_answered_in_both_languages_by_several_workers():
    with running_service("--workers", "3") as (address, process):
        for question in FLAGSHIP:
            quote = post(address, question=question)["quotes"][0]["text"]
            assert "Nakagome Masashi bertemu dengan" in quote
        # The master may still be starting the last of them.
        deadline = time.monotonic() + 10
        while len(children(process)) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(children(process)) == 3


def test_metrics_are_those_of_all_workers(folder):
    with running_service("--workers", "2", "--articles", str(folder)) as (address, _):
        for _ in range(20):
            post(address, question="Siapa?")
        with urlopen(f"{address}/metrics", timeout=10) as response:
            metrics = response.read().decode()
        assert 'qa_service_questions_total{language="id",outcome="refused"} 20.0' in metrics


def test_on_sigterm_the_service_finishes_what_it_is_doing(folder):
    with running_service("--workers", "1", "--articles", str(folder)) as (address, process):
        host, port = address.removeprefix("http://").split(":")
        body = json.dumps({"question": "Siapa Rahmi?", "text": "Rahmi pergi. " * 15_000}).encode()
        head = f"POST /api/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            # The worker has the head and waits for the rest when the signal comes.
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:100])
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            connection.sendall(body[100:])
            reply = connection.makefile("rb").read()
        assert reply.startswith(b"HTTP/1.1 200")
        assert b'"answered":' in reply
        assert process.wait(20) == 0


def test_a_worker_that_has_read_ends_without_a_word(folder):
    with running_service("--articles", str(folder)) as (address, process):
        body = json.dumps({"question": "Siapa membuka Pelabuhan Sejati?"}).encode()
        request = Request(f"{address}/api/ask", body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=20) as reply:
            assert json.load(reply)["answered"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert process.stdout is not None
        assert process.stdout.read() == ""


def test_a_port_that_is_taken_is_named():
    with running_service() as (address, _):
        port = address.rsplit(":", 1)[1]
        second = subprocess.run(
            [*COMMAND, "serve", "--port", port], capture_output=True, text=True, timeout=30
        )
        assert second.returncode != 0
        assert port in second.stderr
