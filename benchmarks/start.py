"""Measure the start and the size of the service, several times each, and print medians.

python benchmarks/start.py [--times 5]

Import: `import qa_service` and `import qa_service.answerer` in a fresh interpreter, less the
interpreter's own start. Ready: from starting `qa-service serve` to the first 200 of /readyz.
Memory: resident set size of each worker (VmRSS of /proc/PID/status) after 200 questions. Linux
only.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

QUESTION = {"question": "Siapa bertemu siapa, di mana, dan kapan?"}


def time_import(module: str) -> float:
    """Return the seconds that a fresh interpreter takes to start and import ``module``."""
    began = perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}" if module else "pass"], check=True)
    return perf_counter() - began


def start_service() -> tuple[float, int, float]:
    """Return the seconds to ready, how many workers there are and the largest one's MB."""
    environ = os.environ | {"QA_SERVICE_RATE_LIMIT": "100000/minute"}
    began = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "qa_service", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        while not _is_ready(address):
            sleep(0.005)
        ready = perf_counter() - began
        for _ in range(200):
            _ask(address)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        sizes = [_resident_mb(int(child)) for child in children]
        return ready, len(sizes), max(sizes)
    finally:
        process.terminate()
        process.wait()


def _ask(address: str) -> None:
    head = {"Content-Type": "application/json"}
    body = json.dumps(QUESTION).encode()
    with urlopen(Request(f"{address}/api/ask", body, head)) as reply:
        reply.read()


def _is_ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/readyz") as reply:
            return bool(reply.status == 200)
    except URLError:
        return False


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> None:
    """Print the medians."""
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("--times", type=int, default=5)
    times: int = cli.parse_args().times

    def median(measure: Callable[[], float]) -> float:
        return statistics.median(measure() for _ in range(times))

    bare = median(lambda: time_import(""))
    for module in ("qa_service", "qa_service.answerer", "qa_service.web"):
        seconds = median(partial(time_import, module)) - bare
        print(f"import {module:<20} {seconds:.3f} s")
    starts = [start_service() for _ in range(times)]
    print(f"ready                       {statistics.median(s[0] for s in starts):.3f} s")
    largest = statistics.median(s[2] for s in starts)
    print(f"memory of the largest of {starts[0][1]} workers  {largest:.0f} MB")


if __name__ == "__main__":
    main()
