"""Ask every question of some files in this process, and say how well they were answered.

The figures are those of the project's ``evaluate.py``, which measures a running service: exact
match and F1 of the short answer; whether the first quote (quote@1), or one of the first three
(quote@3), holds the answer; the share of answerable questions that were answered and of
unanswerable ones that were refused; and the share of parts and quotes that are verbatim.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any

from qa_service.answer import Answer, Outcome, Part, Quote
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.errors import UnreadableQuestions
from qa_service.reader.reader import Reader
from qa_service.retriever import BM25Retriever
from qa_service.training.datasets import read_rows
from qa_service.training.scoring import exact_match, f1

FIGURES = ("em", "f1", "quote@1", "quote@3", "answered", "refused", "balanced", "verbatim")


@dataclass(frozen=True, slots=True)
class Scored:
    """A question's figures, by name; those that it has none of are absent.

    ``groups`` are its kind, its language and that together with the article's: *id on en*.
    """

    groups: tuple[str, ...]
    figures: Mapping[str, float]
    verbatim: tuple[float, ...]
    milliseconds: float


def score_file(path: Path, reader: Reader, *, threshold: float | None = None) -> list[Scored]:
    """Ask every question of a reading set or an article set.

    The articles of an article set lie in ``articles/`` beside it.

    :raises UnreadableQuestions: the file is no such set, or an article is missing.
    """
    retrievers: dict[str, BM25Retriever] = {}
    scored = []
    for number, row in enumerate(_read(path), start=1):
        try:
            text = _find_text(row, path.parent)
            if text not in retrievers:
                retrievers[text] = BM25Retriever([Article.of(text, id="text")])
            began = perf_counter()
            _, outcome = answer_question(
                row["question"],
                retrievers[text],
                reader,
                history=row.get("history", []),
                threshold=threshold,
            )
            spent = (perf_counter() - began) * 1000
            figures = score(row, outcome)
        except (AttributeError, KeyError, TypeError, OSError) as error:
            raise UnreadableQuestions(
                f"{path}, line {number}, is no question of a reading set or an article set: "
                f"{type(error).__name__} {error}"
            ) from None
        groups = [f"{key}={row[key]}" for key in ("kind", "lang") if key in row]
        if "lang" in row:
            groups.append(f"{row['lang']} on {retrievers[text].articles[0].language}")
        scored.append(Scored(tuple(groups), figures, tuple(_verbatim(text, outcome)), spent))
    return scored


def summarise(scored: Sequence[Scored]) -> dict[str, float | None]:
    """Return the mean of each of ``FIGURES``, ``None`` for one that no question has."""
    means: dict[str, float | None] = {}
    for name in FIGURES:
        values = [s.figures[name] for s in scored if name in s.figures]
        means[name] = fmean(values) if values else None
    answered, refused = means["answered"], means["refused"]
    if answered is not None and refused is not None:
        means["balanced"] = (answered + refused) / 2
    exact = [v for s in scored for v in s.verbatim]
    means["verbatim"] = fmean(exact) if exact else None
    return means


def tabulate(name: str, scored: Sequence[Scored]) -> Iterator[str]:
    """Yield the lines of a table: all questions, then those of each of their groups."""
    groups = sorted({group for s in scored for group in s.groups})
    yield "  ".join((f"{'set':<28}", f"{'n':>5}", *(f"{f:>8}" for f in FIGURES), "  ms_p50"))
    yield _line(name, scored)
    for group in groups:
        yield _line(f"  {group}", [s for s in scored if group in s.groups])


def _line(name: str, scored: Sequence[Scored]) -> str:
    means = summarise(scored)
    cells = [f"{'-':>8}" if means[f] is None else f"{means[f]:8.3f}" for f in FIGURES]
    middle = sorted(s.milliseconds for s in scored)[len(scored) // 2] if scored else 0.0
    return "  ".join((f"{name:<28}", f"{len(scored):5}", *cells, f"{middle:8.1f}"))


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from read_rows(path)
    except (OSError, ValueError) as error:
        raise UnreadableQuestions(f"{path} can't be read as JSON lines: {error}") from None


def _find_text(row: Mapping[str, Any], folder: Path) -> str:
    if "context" in row:
        return str(row["context"])
    path = folder / "articles" / f"{row.get('article', 'seed')}.txt"
    return path.read_text(encoding="utf-8")


def score(row: Mapping[str, Any], outcome: Outcome) -> dict[str, float]:
    """Return the figures of one answer to a question of either kind of set, by name."""
    told = isinstance(outcome, Answer)
    if not row.get("answerable", True):
        return {"refused": float(not told)}
    parts = outcome.parts if isinstance(outcome, Answer) else ()
    quotes = outcome.quotes if isinstance(outcome, Answer) else ()
    figures = _score_reading if "context" in row else _score_article
    return {"answered": float(told), **figures(row, parts, quotes)}


def _score_reading(
    row: Mapping[str, Any], parts: Sequence[Part], quotes: Sequence[Quote]
) -> dict[str, float]:
    golds = [gold["text"] for gold in row["answers"]]
    starts = [gold["start"] for gold in row["answers"]]
    holds = [any(q.span.start <= start < q.span.end for start in starts) for q in quotes]
    said = [part.span.text for part in parts[:1]]
    return {
        "em": max((exact_match(s, g) for s in said for g in golds), default=0.0),
        "f1": max((f1(s, g) for s in said for g in golds), default=0.0),
        "quote@1": float(any(holds[:1])),
        "quote@3": float(any(holds[:3])),
    }


def _score_article(
    row: Mapping[str, Any], parts: Sequence[Part], quotes: Sequence[Quote]
) -> dict[str, float]:
    facets = row["answers"]
    said = [part.span.text for part in (parts if len(facets) > 1 else parts[:1])]
    golds = [_squash(quote) for quote in row["quotes"]]
    shown = [_squash(quote.span.text) for quote in quotes[:3]]
    found = [any(gold in text or text in gold for text in shown) for gold in golds]
    first = any(gold in text or text in gold for text in shown[:1] for gold in golds)
    return {
        "em": fmean(max((exact_match(s, g) for s in said for g in f), default=0.0) for f in facets),
        "f1": fmean(max((f1(s, g) for s in said for g in f), default=0.0) for f in facets),
        "quote@1": float(first),
        "quote@3": fmean(map(float, found)) if len(facets) > 1 else float(any(found)),
    }


def _verbatim(text: str, outcome: Outcome) -> Iterator[float]:
    quotes = outcome.quotes if isinstance(outcome, Answer) else outcome.nearest
    parts = outcome.parts if isinstance(outcome, Answer) else ()
    for span in (*(quote.span for quote in quotes), *(part.span for part in parts)):
        yield float(text[span.start : span.end] == span.text)


def _squash(text: str) -> str:
    return " ".join(text.split())
