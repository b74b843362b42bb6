"""Ask a running service from several clients at once, beside a bare Flask app that runs BM25.

python benchmarks/load.py [--seconds 10] [--warm 20] [--clients 1 8 64] [--data ../shared/data]
    [--out docs/benchmarks] [--soak MINUTES]

Both run as they would be served: two workers, on this machine, together with the clients. Asked are
the questions of seed_questions_dev, each made different from all before by a number that changes no
answer, and the same ones again and again, which the service has in its cache.
"""

import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

from measuring import children, new_parser, p99, read_rows
from results import COLOURS, FOLDER, new_plot, save_plot, tabulate, write_results

# Rounds in which each client connects anew, so that every worker gets some of the questions.
_WARM_ROUNDS = 5
_BARE = Path(__file__).with_name("bare.py")
_SERVED = ("-m", "qa_service", "serve", "--port", "0", "--rate-limit", "1000000/second")


@dataclass(slots=True)
class Measured:
    """What the clients saw in so many ``seconds``."""

    seconds: float
    answered: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def rate(self) -> float:
        """Return how many questions were answered a second."""
        return len(self.answered) / self.seconds

    def quantiles(self) -> tuple[float, float]:
        """Return the median and the 99th percentile of the times, in milliseconds."""
        times = self.answered or [float("nan")]
        return statistics.median(times) * 1000, p99(times) * 1000

    def tell_refused(self) -> str:
        """Return what was not answered, in words."""
        return ", ".join(f"{n} × {what}" for what, n in sorted(self.refused.items())) or "none"


def main() -> None:
    """Print questions a second, median and p99 in milliseconds, and write them with a plot."""
    cli = new_parser(__doc__)
    cli.add_argument("--seconds", type=float, default=10)
    cli.add_argument("--warm", type=float, default=20, help="seconds of asking before")
    cli.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    cli.add_argument("--out", type=Path, default=FOLDER)
    cli.add_argument("--soak", type=float, default=0, metavar="MINUTES")
    args = cli.parse_args()
    rows = read_rows(args.data, "seed_questions_dev")
    questions = [{"question": row["question"], "history": row.get("history", [])} for row in rows]
    if args.soak:
        soak(questions, args.soak * 60)
        return
    found: dict[str, dict[int, dict[str, float | str]]] = {}
    table = []
    for clients in args.clients:
        for name, command, vary in (
            ("ours, different questions", _SERVED, True),
            ("ours, repeated questions", _SERVED, False),
            ("bare BM25, different questions", (str(_BARE),), True),
        ):
            with running(command) as (host, port, _):
                # Until every worker has answered each question once.
                for _ in range(_WARM_ROUNDS):
                    warm = args.warm / _WARM_ROUNDS
                    asyncio.run(ask(host, port, questions, 8, warm, vary=False))
                seen = asyncio.run(ask(host, port, questions, clients, args.seconds, vary=vary))
            middle, tail = seen.quantiles()
            figures: dict[str, float | str] = {
                "a_second": round(seen.rate(), 1),
                "p50_ms": round(middle, 1),
                "p99_ms": round(tail, 1),
                "not_answered": seen.tell_refused(),
            }
            found.setdefault(name, {})[clients] = figures
            table.append([name, str(clients), *map(str, figures.values())])
    head = ["", "clients", "a second", "median, ms", "p99, ms", "not answered"]
    print(tabulate(head, table))
    write_results("load", {"seconds": args.seconds, "systems": found}, args.out)
    plot(found, args.out)


def plot(found: dict[str, dict[int, dict[str, float | str]]], folder: Path) -> None:
    """Draw how many questions are answered a second, by the number of clients."""
    figure, axis = new_plot()
    for colour, (name, by_clients) in zip(COLOURS, found.items(), strict=False):
        rates = [figures["a_second"] for figures in by_clients.values()]
        axis.plot(list(map(str, by_clients)), rates, "o-", ms=4, color=colour, label=name)
    axis.set_yscale("log")
    axis.set_xlabel("clients")
    axis.set_title("questions a second")
    axis.grid(alpha=0.5)
    save_plot(figure, "load", folder)


def soak(questions: list[dict[str, Any]], seconds: float) -> None:
    """Load the service for long, every tenth question with a text of its own; print its memory."""
    with running(_SERVED) as (host, port, process):
        for minute in range(max(1, int(seconds // 60))):
            measured = asyncio.run(ask(host, port, questions, 8, 60, vary=True, texts=True))
            megabytes = sum(_resident(pid) for pid in children(process)) / 1e6
            print(
                f"minute {minute + 1}: {megabytes:.1f} MB in all workers, "
                f"{measured.rate():.1f} a second, not answered: {measured.tell_refused()}",
                flush=True,
            )


@contextmanager
def running(command: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    """Run a service that prints its address; give its host, its port and its process id."""
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://([\d.]+):(\d+)", process.stdout.readline())
        assert found is not None
        yield found[1], int(found[2]), process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


async def ask(
    host: str,
    port: int,
    questions: list[dict[str, Any]],
    clients: int,
    seconds: float,
    *,
    vary: bool,
    texts: bool = False,
) -> Measured:
    """Let so many clients ask, each one question after the other, for so long."""
    measured = Measured(seconds)
    numbers = count()
    bodies = cycle(questions)
    began = monotonic()

    async def client() -> None:
        while monotonic() - began < seconds:
            reader, writer = await asyncio.open_connection(host, port)
            try:
                while monotonic() - began < seconds:
                    number = next(numbers)
                    body = dict(next(bodies))
                    if vary:
                        # An earlier question that the next one doesn't need makes it a new one.
                        body["history"] = [f"{number}?", *body["history"]]
                    if texts and number % 10 == 0:
                        body["text"] = f"Rahmi {number} tiba di Bandung. " * (1 + number % 500)
                    start = perf_counter()
                    status, wait = await _post(reader, writer, host, json.dumps(body).encode())
                    left = began + seconds - monotonic()
                    # What comes later was waited for while others had left already.
                    if left < 0:
                        break
                    if status == 200:
                        measured.answered.append(perf_counter() - start)
                    else:
                        measured.refused[str(status)] += 1
                        # Who is asked to wait waits.
                        await asyncio.sleep(min(wait, left))
                writer.close()
            except (OSError, asyncio.IncompleteReadError) as error:
                measured.refused[type(error).__name__] += 1
                writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return measured


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, body: bytes
) -> tuple[int, float]:
    """Send one question; return the status, and for how long to wait."""
    head = (
        f"POST /api/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = re.search(r"content-length: (\d+)", answer)
    await reader.readexactly(int(length[1]) if length else 0)
    wait = re.search(r"retry-after: (\d+)", answer)
    return int(answer.split(" ", 2)[1]), float(wait[1]) if wait else 0.0


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
