"""Time answers in this process: questions on a short article, and a long text, first and again.

python benchmarks/speed.py [--data ../shared/data] [--threads 2] [--rounds 5]
"""

import statistics
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from measuring import new_parser, p99, read_rows

from qa_service.answerer import answer_question
from qa_service.extraction.extracted import MAX_TEXT
from qa_service.library import OwnTexts
from qa_service.reader.model import Model
from qa_service.reader.reader import Reader
from qa_service.resources import shipped_model

_LONG_QUESTION = "Siapa bertemu siapa, di mana, dan kapan?"


def main() -> None:
    """Print medians, means and tails in milliseconds; peers' figures belong in the same run."""
    cli = new_parser(__doc__)
    cli.add_argument("--threads", type=int, default=2)
    cli.add_argument("--rounds", type=int, default=5)
    args = cli.parse_args()
    began = perf_counter()
    reader = Reader(Model(shipped_model(), threads=args.threads))
    print(f"model loaded in {perf_counter() - began:.2f} s")
    time_questions(args.data, reader, args.rounds)
    time_long_text(args.data, reader, args.rounds)


def time_questions(data: Path, reader: Reader, rounds: int) -> None:
    """Ask each question of seed_questions_dev so often; the article is indexed before."""
    text = (data / "articles" / "seed.txt").read_text(encoding="utf-8")
    retriever = OwnTexts().search(text)
    single: list[float] = []
    compound: list[float] = []
    for row in read_rows(data, "seed_questions_dev") * rounds:
        began = perf_counter()
        answer_question(row["question"], retriever, reader, history=row.get("history", []))
        spent = (perf_counter() - began) * 1000
        (compound if row["kind"] == "compound" else single).append(spent)
    print(_summarise("all questions", single + compound))
    print(_summarise("  for one thing", single))
    print(_summarise("  compound", compound))


def time_long_text(data: Path, reader: Reader, rounds: int) -> None:
    """Ask a text as long as the service takes: once unseen, then again."""
    files = sorted((data / "articles_real").glob("*.txt"))
    joined = "\n\n".join(file.read_text(encoding="utf-8") for file in files)
    text = (joined * (1 + MAX_TEXT // len(joined)))[:MAX_TEXT]
    first: list[float] = []
    again: list[float] = []
    for _ in range(rounds):
        texts = OwnTexts()
        for times in (first, again):
            began = perf_counter()
            answer_question(_LONG_QUESTION, texts.search(text), reader)
            times.append((perf_counter() - began) * 1000)
    print(_summarise(f"{len(text):,} characters, first", first))
    print(_summarise(f"{len(text):,} characters, again", again))


def _summarise(name: str, times: Sequence[float]) -> str:
    middle, mean = statistics.median(times), statistics.fmean(times)
    return f"{name:<28} median {middle:7.1f} ms   mean {mean:7.1f} ms   p99 {p99(times):7.1f} ms"


if __name__ == "__main__":
    main()
