"""Measure how often the right sentence of a long text is among the first that are retrieved.

python benchmarks/long_texts.py [--data ../shared/data]

The real news articles in the data folder are joined to texts of 50,000 and 200,000 characters, the
latter filled up with passages of IDK-MRC. The questions, ``long_questions.jsonl`` beside this file,
were written for it: half in Indonesian, half in English, each with one place in one article.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import numpy as np
from measuring import new_parser, read_rows

from qa_service import answerer, retriever
from qa_service.article import Article
from qa_service.languages.lexicon import Lexicon
from qa_service.question import analyse_question
from qa_service.reader.reader import load_reader
from qa_service.retriever import BM25Retriever

FIRST = (1, 3, 10, 24)
QUESTIONS = Path(__file__).parent / "long_questions.jsonl"


@dataclass(frozen=True)
class Asked:
    """A question on a long text, and where in it the answer begins."""

    text: str
    language: str
    start: int


def join(data: Path, *, length: int, parts: int) -> Iterator[tuple[str, list[Asked]]]:
    """Yield ``parts`` texts of at most so many characters, each with the questions on it."""
    articles = {
        p.stem: p.read_text("utf-8").strip() for p in (data / "articles_real").glob("*.txt")
    }
    asked = read_rows(QUESTIONS.parent, QUESTIONS.stem)
    rows = read_rows(data, "idk_train")
    filling = list(dict.fromkeys(row["context"].strip() for row in rows))
    for part in range(parts):
        text = ""
        starts: dict[str, int] = {}
        for name in sorted(articles)[part::parts]:
            if len(text) + len(articles[name]) <= length:
                starts[name] = len(text)
                text += articles[name] + "\n\n"
        for passage in filling:
            if len(text) + len(passage) <= length:
                text += passage + "\n\n"
        yield (
            text,
            [
                Asked(row["question"], row["lang"], starts[row["article"]] + row["start"])
                for row in asked
                if row["article"] in starts
            ],
        )


def find_rank(found: BM25Retriever, asked: Asked) -> int:
    """Return how many sentences come before the right one; a large number if it isn't found."""
    article = found.articles[0]
    question = analyse_question(asked.text, default_language=article.language)
    for source in answerer._retrieve(question, found, load_reader()):
        for rank, index in enumerate(source.ranked):
            sentence = article.sentences[index]
            if sentence.start <= asked.start < sentence.end:
                return rank
    return 10**6


def systems() -> Iterator[str]:
    """Yield each system by name; what is left out of ours is put back afterwards."""
    yield "ours"
    replaced = {
        "not compared": (answerer, "_FEW", 10**9),
        "no neighbours": (retriever, "_REACH", 0),
        "no lexicon": (Lexicon, "translate", lambda _, stems: [frozenset()] * len(stems)),
        "no other spelling": (retriever, "_ALIKE", 10**9),
    }
    for name, (holder, attribute, other) in replaced.items():
        with patch.object(holder, attribute, other):
            yield name


def main() -> None:
    """Print the share of questions whose sentence is among the first, by text and language."""
    cli = new_parser(__doc__)
    options = cli.parse_args()
    print(
        "| characters | | asked in | questions | " + " | ".join(f"@{n}" for n in FIRST) + " | ms |"
    )
    print("|---" * (5 + len(FIRST)) + "|")
    for length, parts in ((50_000, 3), (200_000, 1)):
        texts = [
            (BM25Retriever([Article.of(text, id="")]), asked)
            for text, asked in join(options.data, length=length, parts=parts)
        ]
        for name in systems():
            load_reader.cache_clear()
            ranks: dict[str, list[int]] = defaultdict(list)
            seconds = []
            for found, questions in texts:
                for asked in questions:
                    began = perf_counter()
                    ranks[asked.language].append(find_rank(found, asked))
                    seconds.append(perf_counter() - began)
            median = 1000 * np.median(seconds)
            for language, places in sorted(ranks.items()):
                shares = " | ".join(f"{np.mean(np.array(places) < n):.3f}" for n in FIRST)
                row = f"| {length:,} | {name} | {language} | {len(places)} | {shares}"
                print(f"{row} | {median:.1f} |", flush=True)


if __name__ == "__main__":
    main()
