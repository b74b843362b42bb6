"""Compare how often the first quote holds the answer: ours, parts of ours left out, and plain BM25.

python benchmarks/retrieval.py [--data ../shared/data] [--limit 1500]

Plain BM25 is what a notebook would have: sentence-splitter, lower-case words, rank-bm25's
BM25Okapi.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import measuring
import numpy as np
from rank_bm25 import BM25Okapi
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from sentence_splitter import SentenceSplitter

from qa_service import languages, retriever
from qa_service.article import Article
from qa_service.languages import lexicon
from qa_service.question import analyse_question

READING = ("facqa_valid", "idk_valid", "facqa_train", "idk_train", "en_facqa_valid", "en_idk_valid")
ARTICLES = ("seed_questions_dev", "article_questions_dev")
Row = dict[str, Any]
Ask = Callable[[Row, str], str]


def ask_ours(row: Row, text: str) -> str:
    """Return our first quote, or nothing."""
    article = Article.of(text, id="")
    found = retriever.BM25Retriever([article])
    history = row.get("history", [])
    asked = analyse_question(row["question"], history=history, default_language=article.language)
    hits = found.retrieve(asked, k=1)
    return article.sentences[hits[0].sentence].text if hits else ""


def ask_plain(row: Row, text: str) -> str:
    """Return plain BM25's first sentence; it shows one even where nothing matches."""
    splitter = _plain_splitter()
    sentences = [s for line in text.splitlines() for s in splitter.split(line) if s.strip()]
    index = BM25Okapi([re.findall(r"\w+", s.lower()) for s in sentences])
    scores = index.get_scores(re.findall(r"\w+", row["question"].lower()))
    return str(sentences[int(np.argmax(scores))])


@cache
def _plain_splitter() -> SentenceSplitter:
    return SentenceSplitter(language="en")


@cache
def _sastrawi(word: str) -> str:
    return str(_sastrawi_stemmer().stem(word))


@cache
def _sastrawi_stemmer() -> Any:
    return StemmerFactory().create_stemmer()


def systems() -> Iterator[tuple[str, Ask]]:
    """Yield each system by name; what is left out of ours is put back afterwards."""
    yield "plain rank-bm25", ask_plain
    yield "ours", ask_ours
    snowball = languages.Language.stem

    def stem_with_sastrawi(self: languages.Language, words: list[str]) -> list[str]:
        return [_sastrawi(w) for w in words] if self.code == "id" else snowball(self, words)

    def stem_sastrawi(words: list[str], *, code: str) -> list[str]:
        return languages.language(code).stem(words)

    def stem_once(self: languages.Language, words: list[str]) -> list[frozenset[str]]:
        return [frozenset((stem,)) for stem in self.stem(words)]

    def vary_nothing(_: str, stem: str, *, code: str) -> frozenset[str]:
        return frozenset((stem,))

    replaced: dict[str, list[tuple[Any, str, Any]]] = {
        "ours, Sastrawi's stemmer": [
            (languages.Language, "stem", stem_with_sastrawi),
            (lexicon, "stem_words", stem_sastrawi),
        ],
        "ours, one stem a word": [
            (languages.Language, "find_stems", stem_once),
            (lexicon, "vary_stem", vary_nothing),
        ],
        "ours, no stemmer": [
            (languages.Language, "stem", lambda _, words: list(words)),
            (lexicon, "stem_words", lambda words, code: list(words)),
            (lexicon, "vary_stem", vary_nothing),
        ],
        "ours, no lexicon": [
            (lexicon.Lexicon, "translate", lambda _, stems: [frozenset()] * len(stems))
        ],
        "ours, no dictionary": [(lexicon, "FILES", ("news.txt",))],
        "ours, no neighbours": [(retriever, "_REACH", 0)],
        "ours, b=0.75": [(retriever, "_B", 0.75)],
    }
    for name, parts in replaced.items():
        _forget()
        with ExitStack() as patches:
            for holder, attribute, other in parts:
                patches.enter_context(patch.object(holder, attribute, other))
            yield name, ask_ours
    _forget()


def _forget() -> None:
    lexicon.load_lexicon.cache_clear()
    lexicon._find_forms.cache_clear()


def read_rows(data: Path, name: str, limit: int) -> Iterator[tuple[str, Row, str]]:
    """Yield the answerable rows of a file: the group they count in, the row, the text asked."""
    for row in measuring.read_rows(data, name)[:limit]:
        if not row.get("answerable", True):
            continue
        if "context" in row:
            yield name, row, row["context"]
        else:
            path = data / "articles" / f"{row.get('article', 'seed')}.txt"
            yield f"{name} {row['lang']}", row, path.read_text(encoding="utf-8")


def holds_answer(quote: str, row: Row, text: str) -> bool:
    """Whether the quote covers the place of an answer, or is a gold quote."""
    plain = " ".join(quote.split())
    if not plain:
        return False
    if "context" not in row:
        golds = [" ".join(gold.split()) for gold in row["quotes"]]
        return any(gold in plain or plain in gold for gold in golds)
    start = text.find(quote)
    return any(start <= gold["start"] < start + len(quote) for gold in row["answers"])


def main() -> None:
    """Print quote@1 of every system on every file, and its median time a question."""
    cli = measuring.new_parser(__doc__)
    cli.add_argument("--limit", type=int, default=1500, help="rows of each file")
    options = cli.parse_args()
    rows = [r for n in (*READING, *ARTICLES) for r in read_rows(options.data, n, options.limit)]
    groups = list(dict.fromkeys(group for group, _, _ in rows))
    print("| | " + " | ".join(groups) + " | ms, median |")
    print("|---|" + "---|" * (len(groups) + 1))
    for name, ask in systems():
        right: dict[str, list[bool]] = {group: [] for group in groups}
        seconds = []
        for group, row, text in rows:
            began = perf_counter()
            quote = ask(row, text)
            seconds.append(perf_counter() - began)
            right[group].append(holds_answer(quote, row, text))
        cells = [f"{np.mean(right[group]):.3f}" for group in groups]
        cells.append(f"{1000 * np.median(seconds):.2f}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
