"""Measure how loading, asking and memory grow with the number of sentences, ours and the peers.

python benchmarks/growth.py [--data ../shared/data] [--sizes 10 100 1000 10000 100000]
    [--questions 30] [--out docs/benchmarks]

Each system loads each number of sentences in a process of its own: the passages of the question
files, put together to articles of 20 sentences, for the larger sizes again with a number to each
sentence. Ours is asked over all of them as a library, answers read out included; the peers find
three sentences. What would take more than some minutes to load is left out: the dense peer with
more than 1,000.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from measuring import new_parser, p99, read_rows, resident_mb
from peers import PEERS, split_sentences
from results import COLOURS, FOLDER, new_plot, save_plot, tabulate, write_results

from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.question import analyse_question
from qa_service.reader.reader import load_reader
from qa_service.retriever import BM25Retriever

_PASSAGES = ("facqa_train", "idk_train", "squad_id_train")
_ARTICLE = 20
_DENSE_MOST = 1_000
OURS, RETRIEVAL = "ours", "ours, retrieval alone"


def read_sentences(data: Path, count: int) -> list[str]:
    """Return so many different sentences."""
    passages: dict[str, None] = {}
    for name in _PASSAGES:
        passages |= dict.fromkeys(row["context"] for row in read_rows(data, name))
    found: dict[str, None] = {}
    for passage in passages:
        for sentence in split_sentences(passage):
            found[sentence.text] = None
        if len(found) >= count:
            break
    known = list(found)[:count]
    return [known[i % len(known)] + ("" if i < len(known) else f" ({i})") for i in range(count)]


def load(name: str, sentences: list[str]) -> Callable[[str], object]:
    """Load the sentences into a system; return how it is asked."""
    if name in (OURS, RETRIEVAL):
        parts = (sentences[i : i + _ARTICLE] for i in range(0, len(sentences), _ARTICLE))
        articles = [Article.of("\n\n".join(part), id=str(n)) for n, part in enumerate(parts)]
        retriever = BM25Retriever(articles)
        if name == OURS:
            reader = load_reader()
            return lambda question: answer_question(question, retriever, reader)
        return lambda question: retriever.retrieve(analyse_question(question), k=150)
    peer = next(peer for peer in PEERS if peer.name == name)()
    peer.load(sentences)
    return lambda question: peer.find(question, 3)


def measure(name: str, size: int, data: Path, questions: int) -> dict[str, float]:
    """Return seconds to load, megabytes it took, and milliseconds a question, once each."""
    sentences = read_sentences(data, size)
    asked = [row["question"] for row in read_rows(data, "facqa_train")[: questions + 1]]
    # What is imported and read once is not what grows.
    load(name, sentences[:10])(asked[0])
    before, began = resident_mb(), perf_counter()
    ask = load(name, sentences)
    seconds = perf_counter() - began
    memory = resident_mb() - before
    times = []
    for question in asked[1:]:
        began = perf_counter()
        ask(question)
        times.append((perf_counter() - began) * 1000)
    return {
        "load_s": round(seconds, 3),
        "memory_mb": round(memory, 1),
        "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(p99(times), 2),
    }


def main() -> None:
    """Print a table of every system at every size, and write it with a plot."""
    cli = new_parser(__doc__)
    cli.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1_000, 10_000, 100_000])
    cli.add_argument("--questions", type=int, default=30)
    cli.add_argument("--out", type=Path, default=FOLDER)
    cli.add_argument("--one", help=argparse.SUPPRESS)
    args = cli.parse_args()
    if args.one:
        print(json.dumps(measure(args.one, args.sizes[0], args.data, args.questions)))
        return
    found: dict[str, dict[int, dict[str, float]]] = {}
    rows = []
    for name in (OURS, RETRIEVAL, *(peer.name for peer in PEERS)):
        for size in args.sizes:
            if name == PEERS[-1].name and size > _DENSE_MOST:
                continue
            command = [sys.executable, __file__, "--one", name, "--sizes", str(size)]
            command += ["--data", str(args.data), "--questions", str(args.questions)]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            figures = json.loads(said.splitlines()[-1])
            found.setdefault(name, {})[size] = figures
            rows.append([name, f"{size:,}", *(f"{value:,}" for value in figures.values())])
    head = ["", "sentences", "loading, s", "memory, MB", "median, ms", "p99, ms"]
    print(tabulate(head, rows))
    write_results("growth", {"questions": args.questions, "systems": found}, args.out)
    plot(found, args.out)


def plot(found: dict[str, dict[int, dict[str, float]]], folder: Path) -> None:
    """Draw how time to load, time a question and memory grow, on logarithmic axes."""
    figure, axes = new_plot(3)
    drawn = (("load_s", "seconds to load"), ("p50_ms", "ms a question"), ("memory_mb", "MB"))
    for axis, (measured, title) in zip(axes, drawn, strict=True):
        for colour, (name, by_size) in zip(COLOURS, found.items(), strict=False):
            # A logarithm has no place for what was too little to be seen.
            points = [(size, f[measured]) for size, f in by_size.items() if f[measured] > 0]
            axis.plot(*zip(*points, strict=True), "o-", ms=3, color=colour, label=name)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(title)
        axis.set_xlabel("sentences")
        axis.grid(alpha=0.5)
    save_plot(figure, "growth", folder)


if __name__ == "__main__":
    main()
