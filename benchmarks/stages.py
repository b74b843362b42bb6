"""Tell where the time of a question about the seed article goes, stage by stage.

python benchmarks/stages.py [--data ../shared/data] [--rounds 3] [--out docs/benchmarks]

Reading and comparing are timed as the question waits for them, with two threads; what a stage does
inside another counts for the inner one.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

from measuring import new_parser, read_rows
from results import FOLDER, tabulate, write_results

from qa_service import answerer, source
from qa_service.library import OwnTexts
from qa_service.reader.reader import Reader, load_reader
from qa_service.retriever import BM25Retriever

STAGES: tuple[tuple[str, Any, str], ...] = (
    ("analysing the question", answerer, "analyse_question"),
    ("retrieving, by BM25", BM25Retriever, "retrieve"),
    ("comparing, by the lower half", Reader, "compare"),
    ("reading", Reader, "read"),
    ("reading again", Reader, "read_again"),
    ("judging", source.Account, "judge"),
    ("composing", answerer, "compose"),
)


class Watch:
    """Sums what each stage takes, less what stages inside it do."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inner: list[float] = []

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function``, timed."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            began = perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                whole = perf_counter() - began
                self.spent[stage] += whole - self._inner.pop()
                if self._inner:
                    self._inner[-1] += whole

        return timed


def main() -> None:
    """Print the milliseconds of each stage, a question, and their share."""
    cli = new_parser(__doc__)
    cli.add_argument("--rounds", type=int, default=3)
    cli.add_argument("--out", type=Path, default=FOLDER)
    args = cli.parse_args()
    text = (args.data / "articles" / "seed.txt").read_text(encoding="utf-8")
    rows = read_rows(args.data, "seed_questions_dev")
    reader, retriever = load_reader(), OwnTexts().search(text)

    def ask(row: dict[str, Any]) -> None:
        history = row.get("history", [])
        answerer.answer_question(row["question"], retriever, reader, history=history)

    for row in rows:
        ask(row)
    watch = Watch()
    times = []
    with ExitStack() as patches:
        for stage, holder, name in STAGES:
            timed = watch.wrap(stage, getattr(holder, name))
            patches.enter_context(patch.object(holder, name, timed))
        for row in rows * args.rounds:
            began = perf_counter()
            ask(row)
            times.append(perf_counter() - began)
    whole = sum(times)
    watch.spent["everything else"] = whole - sum(watch.spent.values())
    found = {stage: 1000 * spent / len(times) for stage, spent in watch.spent.items()}
    table = [[s, f"{ms:.2f}", f"{ms * len(times) / whole / 10:.1f} %"] for s, ms in found.items()]
    median = 1000 * statistics.median(times)
    table.append(["all (mean)", f"{1000 * whole / len(times):.2f}", ""])
    table.append(["all (median)", f"{median:.2f}", ""])
    print(tabulate(["stage", "ms a question", "share"], table))
    stages = {stage: round(ms, 3) for stage, ms in found.items()}
    write_results("stages", {"stages_ms": stages, "median_ms": round(median, 2)}, args.out)


if __name__ == "__main__":
    main()
