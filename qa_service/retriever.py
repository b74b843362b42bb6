"""The sentences of an article that a question is about, found by BM25."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from qa_service.article import Article
from qa_service.languages import language
from qa_service.languages.lexicon import Form, is_known, load_lexicon
from qa_service.question import Question
from qa_service.text import find_words, fold

# How fast more of the same term stops to count, and how much a long sentence is held against
# itself. Chosen on facqa_train and idk_train by `python benchmarks/retrieval.py`: sentences differ
# less in length than documents.
_K1 = 1.2
_B = 0.3
# How much of a term a neighbour's counts for, how that fades with each sentence farther away, and
# how far it reaches. Chosen on `python benchmarks/long_texts.py`.
_NEAR, _FADING, _REACH = 0.6, 0.9, 8
# Terms of a question that are looked for, at most.
_TERMS = 64
# Letters of a word that is looked for in another spelling, and of one in which two may differ; and
# how many of a question's words are: each is compared with every word of the articles.
_ALIKE, _LONG, _MENDED = 5, 9, 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that shares terms with the question, or stands near one that does.

    ``sentence`` is its index in ``article.sentences``. ``context`` is over 0: the sentence's score
    where terms of its neighbours count in part; ``score`` is that of its own terms alone, perhaps
    0. Both compare with other hits on the same question only. ``coverage``, in [0, 1], is the share
    of the weight of the question's terms that the sentence holds, ``absent`` that of those which
    its article holds nowhere.
    """

    article: Article
    sentence: int
    context: float
    score: float
    coverage: float
    absent: float

    @property
    def is_headline(self) -> bool:
        """Whether the sentence is its article's headline."""
        return _is_headline(self.article, self.sentence)


class Retriever(Protocol):
    """Finds the sentences of some articles that a question is about."""

    @property
    def articles(self) -> Sequence[Article]:
        """The articles searched, in order."""
        ...

    def retrieve(self, question: Question, *, k: int) -> list[Hit]:
        """Return at most ``k`` hits, best context first; equals keep the order of the text.

        Where no sentence shares a term with ``question``, there is no hit. A headline comes after
        all other sentences: it repeats the story and proves nothing. One that ends in a full stop
        may be the first paragraph of a story without a headline, and is a sentence like others.
        """
        ...

    def narrow(self, article: Article) -> "Retriever":
        """Return what searches ``article``, one of the articles, as if it were the only one.

        :raises ValueError: it is none of them.
        """
        ...


class BM25Retriever:
    """BM25 over the stems of the sentences of some articles."""

    def __init__(
        self, articles: Sequence[Article], *, terms: Sequence[Sequence[str]] | None = None
    ) -> None:
        """Index ``articles``; ``terms`` are the stems of all their sentences, where they are known.

        They have the shape ``(n_sentences, n_stems of each)``.
        """
        self.articles = tuple(articles)
        if terms is None:
            terms = [stems for article in articles for stems in _stem_sentences(article)]
        self._places = [(article, i) for article in articles for i in range(len(article.sentences))]
        self._headlines = np.array([_is_headline(a, i) for a, i in self._places], dtype=bool)
        self._numbers = np.array([n for n, a in enumerate(articles) for _ in a.sentences])
        self._codes = tuple(dict.fromkeys(article.language for article in articles))
        # rank-bm25 divides by zero when there is no sentence, or no term in any.
        self._index = _Index(terms, k1=_K1, b=_B) if any(terms) else None

    @property
    def words(self) -> int:
        """How many different stems the articles have."""
        return 0 if self._index is None else self._index.words

    def retrieve(self, question: Question, *, k: int) -> list[Hit]:
        """Return at most ``k`` hits, best first, as :class:`Retriever` promises."""
        if self._index is None:
            return []
        contexts, scores, held = (np.zeros(len(self._places)) for _ in range(3))
        absent = np.zeros(len(self.articles))
        total = 0.0
        for forms in self._find_forms(question, self._index):
            weights, rarity = self._index.weigh(forms)
            total += rarity
            absent += rarity * (np.bincount(self._numbers, weights, len(absent)) == 0)
            if weights.any():
                contexts += self._spread(weights)
                scores += weights
                held += rarity * (weights > 0)
        found = np.flatnonzero(contexts)
        order = np.lexsort((-contexts[found], self._headlines[found]))[:k]
        return [
            Hit(
                self._places[place][0],
                self._places[place][1],
                float(contexts[place]),
                float(scores[place]),
                float(held[place] / total),
                float(absent[self._numbers[place]] / total),
            )
            for place in found[order].tolist()
        ]

    def narrow(self, article: Article) -> "BM25Retriever":
        """Return the index of one of the articles, as :class:`Retriever` promises."""
        number = self.articles.index(article)
        if len(self.articles) == 1:
            return self
        if self._index is None:
            return BM25Retriever([article])
        first, end = np.searchsorted(self._numbers, (number, number + 1))
        return BM25Retriever([article], terms=self._index.find_terms(first, end))

    def _spread(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a term adds to each sentence, ``(n_sentences,)``, its neighbours' counted.

        News names what it is about once and then goes on about it: a term that a neighbour in the
        same article holds counts in part, the less the farther away.
        """
        spread = weights.copy()
        for distance in range(1, min(_REACH, len(weights) - 1) + 1):
            share = _NEAR * _FADING ** (distance - 1)
            together = share * (self._numbers[distance:] == self._numbers[:-distance])
            np.maximum(spread[distance:], weights[:-distance] * together, out=spread[distance:])
            np.maximum(spread[:-distance], weights[distance:] * together, out=spread[:-distance])
        return spread

    def _find_forms(self, question: Question, index: "_Index") -> list[frozenset[Form]]:
        """Return each term's forms: its own in each language, and those of its translations.

        A word that neither the articles nor the lexicon know has those of words that are nearly the
        same: *Vorobyova* and *Vorobyeva*, or a typing error.
        """
        source = question.terms_language
        terms = question.terms[:_TERMS]
        stems = language(source).stem(terms)
        wanted = [set[Form]() for _ in stems]
        for code in self._codes:
            # A name is the same word in both languages.
            own = language(code).find_stems(terms)
            for forms, found in zip(wanted, own, strict=True):
                forms |= {(stem,) for stem in found}
            if code != source:
                translated = load_lexicon(source, code).translate(stems)
                for forms, others in zip(wanted, translated, strict=True):
                    forms |= others
        strange = [
            (forms, stem)
            for forms, stem in zip(wanted, stems, strict=True)
            if len(stem) >= _ALIKE
            and stem.isalpha()
            and not any(index.knows(form) for form in forms)
            and not is_known(stem, source=source)
        ]
        for forms, stem in strange[:_MENDED]:
            forms |= {(other,) for other in index.find_similar(stem)}
        return list(dict.fromkeys(map(frozenset, wanted)))


class _Index(BM25Okapi):  # type: ignore[misc]  # rank-bm25 has no types
    """rank-bm25 with phrases, and an inverse document frequency that is never negative.

    Robertson's, which rank-bm25 has, is zero or less for a term in half of the sentences or more,
    which among one or two sentences is every term. This is Lucene's, ``ln(1 + (N - n + 0.5) / (n +
    0.5))``.
    """

    def __init__(self, terms: Sequence[Sequence[str]], *, k1: float, b: float) -> None:
        super().__init__(terms, k1=k1, b=b)
        self._damping = k1 * (1 - b + b * np.array(self.doc_len) / self.avgdl)
        numbers = (self._numbers[stem] for stems in terms for stem in stems)
        self._tokens = np.fromiter(numbers, np.int32)
        self._places = np.repeat(np.arange(self.corpus_size), self.doc_len)
        # Where each stem stands, ascending: those of number n from _begins[n] to _begins[n + 1].
        self._order = np.argsort(self._tokens, kind="stable")
        self._begins = np.searchsorted(
            self._tokens, np.arange(len(self._numbers) + 1), sorter=self._order
        )
        # A dictionary a sentence; the tokens say the same in a tenth of the room.
        del self.doc_freqs

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self._stems = tuple(nd)
        self._numbers = {stem: number for number, stem in enumerate(nd)}

    def _weight(self, n: int) -> float:
        return math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5))

    @property
    def words(self) -> int:
        """How many different stems there are."""
        return len(self._numbers)

    def weigh(self, forms: frozenset[Form]) -> tuple[NDArray[np.float64], float]:
        """Return what a term adds to every sentence's score, ``(n_sentences,)``, and its rarity.

        The forms that a term can have count as one term, the best of them, after Pirkola's
        structured queries (1998, "The Effects of Query Structure and Dictionary Setups in
        Dictionary-Based Cross-Language Information Retrieval").
        """
        weights = np.zeros(self.corpus_size)
        rarity = 0.0
        for form in forms:
            places, counts = self._find(form)
            if len(places):
                weight = self._weight(len(places))
                rate = (self.k1 + 1) * counts / (counts + self._damping[places])
                weights[places] = np.maximum(weights[places], weight * rate)
                rarity = max(rarity, weight)
        return weights, rarity or self._weight(0)

    def find_terms(self, first: int, end: int) -> list[list[str]]:
        """Return the stems of the sentences from ``first`` to before ``end``, in their order."""
        begins = np.searchsorted(self._places, np.arange(first, end + 1))
        return [
            [self._stems[number] for number in self._tokens[begin:stop]]
            for begin, stop in itertools.pairwise(begins)
        ]

    def knows(self, form: Form) -> bool:
        """Whether the articles have every word of ``form``."""
        return all(stem in self._numbers for stem in form)

    def find_similar(self, stem: str) -> list[str]:
        """Return the stems that differ from ``stem`` by a letter, or, of a long one, by two.

        Letters that change places are one difference (Damerau, 1964); the first is the same.
        """
        most = 1 if len(stem) < _LONG else 2
        known = [other for other in self._numbers if other[:1] == stem[:1] and other.isalpha()]
        near = extract_iter(stem, known, scorer=OSA.distance, score_cutoff=most)
        return [other for other, _, _ in near]

    def _find(self, form: Form) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the sentences that hold ``form``, ascending, and how often each does."""
        numbers = [self._numbers.get(stem, -1) for stem in form]
        if min(numbers) < 0:
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        starts = self._order[self._begins[numbers[0]] : self._begins[numbers[0] + 1]]
        starts = starts[starts <= len(self._tokens) - len(form)]
        for step, number in enumerate(numbers[1:], 1):
            beside = self._tokens[starts + step] == number
            starts = starts[beside & (self._places[starts + step] == self._places[starts])]
        places, counts = np.unique(self._places[starts], return_counts=True)
        return places, counts


def _is_headline(article: Article, sentence: int) -> bool:
    return sentence == 0 and article.headline is not None


def _stem_sentences(article: Article) -> list[list[str]]:
    spoken = language(article.language)
    terms = []
    for sentence in article.sentences:
        words = (fold(word.text) for word in find_words(sentence.text))
        terms.append(spoken.stem([w for w in words if w and w not in spoken.stopwords]))
    return terms
