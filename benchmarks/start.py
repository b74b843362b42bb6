"""Measure the start and the size of the service, several times each, and print medians.

python benchmarks/start.py [--times 5] [--out docs/benchmarks]

Import: `import qa_service` and `import qa_service.answerer` in a fresh interpreter, less the
interpreter's own start. Ready: from starting `qa-service serve` to the first 200 of /readyz.
Memory: resident set size of each worker (VmRSS of /proc/PID/status) after 200 questions. First
answer: a fresh process that imports, loads the reader and the seed article, and answers. Size: that
of the wheel, and of all packages that it needs as they are installed here. Linux only.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import files, requires
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

from measuring import children, resident_mb
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from results import COLOURS, FOLDER, new_plot, save_plot, tabulate, write_results

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
        sizes = [resident_mb(child) for child in children(process.pid)]
        return ready, len(sizes), max(sizes)
    finally:
        process.terminate()
        process.wait()


_FIRST = """
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.reader.reader import load_reader
from qa_service.resources import shipped_folder
from qa_service.retriever import BM25Retriever
text = next(shipped_folder("seeds").glob("*.txt")).read_text(encoding="utf-8")
article = Article.of(text, id="seed")
answer_question("Siapa bertemu siapa?", BM25Retriever([article]), load_reader())
"""


def answer_first() -> float:
    """Return the seconds from the start of a fresh interpreter to its first answer."""
    began = perf_counter()
    subprocess.run([sys.executable, "-c", _FIRST], check=True)
    return perf_counter() - began


def find_needed(name: str) -> set[str]:
    """Return the names of the packages that one needs, without those of its extras."""
    found: set[str] = set()
    left = [name]
    while left:
        for line in requires(left.pop()) or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                canonical = canonicalize_name(needed.name)
                if canonical not in found:
                    found.add(canonical)
                    left.append(canonical)
    return found


def installed_mb(name: str) -> float:
    """Return the size of an installed package."""
    paths = (Path(str(path.locate())) for path in files(name) or ())
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def wheel_mb() -> float:
    """Return the size of the wheel, built anew."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", folder]
        root = Path(__file__).parent.parent
        subprocess.run(command, check=True, cwd=root, capture_output=True)
        return next(Path(folder).glob("*.whl")).stat().st_size / 1e6


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


def main() -> None:
    """Print the medians, and write them."""
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("--times", type=int, default=5)
    cli.add_argument("--out", type=Path, default=FOLDER)
    args = cli.parse_args()
    found = measure(args.times)
    print(tabulate(["", "median"], [[name, f"{value:,}"] for name, value in found.items()]))
    write_results("start", {"times": args.times, "medians": found}, args.out)
    plot(found, args.out)


def measure(times: int) -> dict[str, float]:
    """Return the medians of so many measurements, each with its unit in its name."""

    def median(take: Callable[[], float]) -> float:
        return statistics.median(take() for _ in range(times))

    bare = median(lambda: time_import(""))
    found = {
        f"import {module}, s": round(median(partial(time_import, module)) - bare, 3)
        for module in ("qa_service", "qa_service.answerer", "qa_service.web")
    }
    found["first answer of a fresh process, s"] = round(median(answer_first), 3)
    starts = [start_service() for _ in range(times)]
    found["from start to ready, s"] = round(statistics.median(s[0] for s in starts), 3)
    largest = statistics.median(s[2] for s in starts)
    found[f"memory of the largest of {starts[0][1]} workers, MB"] = round(largest)
    needed = find_needed("qa-service")
    found["wheel, MB"] = round(wheel_mb(), 1)
    found["packages needed"] = len(needed)
    found["packages installed, MB"] = round(sum(map(installed_mb, needed)))
    return found


def plot(found: dict[str, float], folder: Path) -> None:
    """Draw what takes seconds."""
    figure, axis = new_plot()
    seconds = {name.removesuffix(", s"): f for name, f in found.items() if name.endswith(", s")}
    bars = axis.barh(list(seconds), list(seconds.values()), 0.6, color=COLOURS[0], label="ours")
    axis.bar_label(bars, fmt="%.2f", padding=3)
    axis.invert_yaxis()
    axis.set_xlabel("seconds, median")
    save_plot(figure, "start", folder)


if __name__ == "__main__":
    main()
