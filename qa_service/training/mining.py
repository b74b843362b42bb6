"""Where a reader is tempted: sentences that don't answer a question but look as if they did.

Of an article's many sentences most are easily told from an answer; what the reader that training
goes on from takes for one is what it must learn from (hard negatives, as Karpukhin et al., 2020,
"Dense Passage Retrieval for Open-Domain Question Answering", take them from BM25).
"""

import logging
from collections.abc import Mapping

from qa_service.reader.reader import Passage, Reader
from qa_service.reader.spans import Reading
from qa_service.training.datasets import Corpus

_MOST = 3
"""Sentences kept for a question."""

Tempting = Mapping[tuple[int, str], tuple[int, ...]]
"""By passage and question, the sentences that tempt, by index, most tempting first."""

_log = logging.getLogger(__name__)


def find_tempting(reader: Reader, corpus: Corpus, *, sentences: int) -> Tempting:
    """Return what tempts ``reader`` in the passages of more than so many ``sentences``."""
    tempting: dict[tuple[int, str], tuple[int, ...]] = {}
    for row in corpus.rows:
        key = row.passage, row.question
        passage = corpus.passages[row.passage]
        if len(passage.sentences) <= sentences or key in tempting:
            continue
        question = f"{row.context} {row.question}".strip()
        [reading] = reader.read([Passage(question, passage, ())])
        answering = {
            i
            for i, sentence in enumerate(passage.sentences)
            if any(sentence.start < end and start < sentence.end for start, end in row.golds)
        }
        tempting[key] = _rank(reading, answering)
        if len(tempting) % 1000 == 0:
            _log.info("what tempts is found for %d questions", len(tempting))
    return tempting


def _rank(reading: Reading, answering: set[int]) -> tuple[int, ...]:
    """Return the sentences outside ``answering`` in the order of their best spans."""
    ranked = dict.fromkeys(c.sentence for c in reading.candidates if c.sentence not in answering)
    return tuple(ranked)[:_MOST]
