"""The sentences of an article that a question is about, found by BM25."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from qa_service.article import Article
from qa_service.languages import language, translate_stem
from qa_service.question import Question
from qa_service.text import find_words, fold

# How fast more of the same term stops to count, and how much a long sentence is held against
# itself. Chosen on facqa_train and idk_train by `python benchmarks/retrieval.py`: sentences differ
# less in length than documents.
_K1 = 1.2
_B = 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that shares terms with the question.

    ``sentence`` is its index in ``article.sentences``. ``score`` is over 0 and compares with other
    hits on the same question only. ``coverage``, in (0, 1], is the share of the weight of the
    question's terms that the sentence holds.
    """

    article: Article
    sentence: int
    score: float
    coverage: float


class Retriever(Protocol):
    """Finds the sentences of some articles that a question is about."""

    @property
    def articles(self) -> Sequence[Article]:
        """The articles searched, in order."""
        ...

    def retrieve(self, question: Question, *, k: int) -> list[Hit]:
        """Return at most ``k`` hits, best first; equal scores keep the order of the text.

        A sentence that shares no term with ``question`` is never a hit. A headline comes after all
        other sentences: it repeats the story and proves nothing. One that ends in a full stop may
        be the first paragraph of a story without a headline, and is a sentence like others.
        """
        ...


class BM25Retriever:
    """BM25 over the stems of the sentences of some articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = tuple(articles)
        self._places = [(article, i) for article in articles for i in range(len(article.sentences))]
        self._headlines = {
            place
            for place, (article, i) in enumerate(self._places)
            if i == 0 and article.headline is not None
        }
        terms = [stems for article in articles for stems in _stem_sentences(article)]
        self._codes = tuple(dict.fromkeys(article.language for article in articles))
        # rank-bm25 divides by zero when there is no sentence, or no term in any.
        self._index = _Index(terms, k1=_K1, b=_B) if any(terms) else None

    def retrieve(self, question: Question, *, k: int) -> list[Hit]:
        """Return at most ``k`` hits, best first, as :class:`Retriever` promises."""
        if self._index is None:
            return []
        wanted = self._stem_terms(question)
        scores = self._index.score(wanted)
        places = [place for place, score in enumerate(scores) if score > 0]
        places.sort(key=lambda place: (place in self._headlines, -scores[place], place))
        return [
            Hit(*self._places[place], float(scores[place]), self._index.coverage(wanted, place))
            for place in places[:k]
        ]

    def _stem_terms(self, question: Question) -> list[frozenset[str]]:
        """Return each term's stems: its own in each language, and those of its translations."""
        source = question.terms_language
        own = language(source).stem(question.terms)
        wanted = [set[str]() for _ in own]
        for code in self._codes:
            found = language(code).find_stems(question.terms)
            for stems, forms, asked in zip(wanted, found, own, strict=True):
                # A name is the same word in both languages.
                stems |= forms
                if code != source:
                    stems |= translate_stem(asked, source=source, target=code)
        return list(dict.fromkeys(map(frozenset, wanted)))


class _Index(BM25Okapi):  # type: ignore[misc]  # rank-bm25 has no types
    """rank-bm25 with an inverse document frequency that is never negative.

    Robertson's, which rank-bm25 has, is zero or less for a term in half of the sentences or more,
    which among one or two sentences is every term. This is Lucene's, ``ln(1 + (N - n + 0.5) / (n +
    0.5))``.
    """

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {term: self._weight(n) for term, n in nd.items()}

    def _weight(self, n: int) -> float:
        return math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5))

    def score(self, wanted: Sequence[frozenset[str]]) -> NDArray[np.float64]:
        """Return every sentence's score, float, ``(n_sentences,)``.

        The stems that a term can stand for count as one term, the best of them, after Pirkola's
        structured queries (1998, "The Effects of Query Structure and Dictionary Setups in
        Dictionary-Based Cross-Language Information Retrieval").
        """
        scores = np.zeros(self.corpus_size)
        for stems in wanted:
            known = [self.get_scores([stem]) for stem in sorted(stems) if stem in self.idf]
            if known:
                scores += np.maximum.reduce(known)
        return scores

    def coverage(self, wanted: Sequence[frozenset[str]], place: int) -> float:
        unseen = self._weight(0)
        weights = [max(self.idf.get(stem, unseen) for stem in stems) for stems in wanted]
        held = [
            w
            for w, stems in zip(weights, wanted, strict=True)
            if stems & self.doc_freqs[place].keys()
        ]
        return sum(held) / sum(weights)


def _stem_sentences(article: Article) -> list[list[str]]:
    spoken = language(article.language)
    terms = []
    for sentence in article.sentences:
        words = (fold(word.text) for word in find_words(sentence.text))
        terms.append(spoken.stem([word for word in words if word not in spoken.stopwords]))
    return terms
