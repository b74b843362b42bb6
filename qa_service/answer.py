"""The outcome of a question: an answer, or an abstention.

Parts and quotes are cut out of the article by their offsets, and an answer holds the quote of each
of its parts, so that an answer that can't be checked can't be built.
"""

from dataclasses import dataclass
from typing import Self

from qa_service.text import Span


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article that supports an answer.

    ``span`` is its place: ``article.text[span.start : span.end] == span.text``. ``sentence`` is the
    index of the sentence in its article; ``score`` says how well it supports the answer and
    compares with the other quotes of one outcome only.
    """

    article_id: str
    sentence: int
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Part:
    """The short answer to one thing asked for, inside a quote.

    ``asks`` is what was asked for ("who"), ``label`` the same in the question's words; ``quote``
    the index of the quote in the answer; ``confidence`` in [0, 1].
    """

    asks: str
    label: str
    span: Span
    quote: int
    confidence: float

    @classmethod
    def cut(
        cls,
        quotes: tuple[Quote, ...],
        quote: int,
        start: int,
        end: int,
        *,
        asks: str,
        label: str,
        confidence: float,
    ) -> Self:
        """Cut ``[start, end)``, offsets into the article, out of the quote at this index.

        :raises ValueError: the range is empty or leaves the quote.
        """
        whole = quotes[quote].span
        inner = Span.cut(whole.text, start - whole.start, end - whole.start)
        return cls(asks, label, Span(inner.text, start, end), quote, confidence)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say: quotes, best first, and the parts read out of them, as asked.

    ``confidence``, in [0, 1], is how often answers given with this confidence are right.
    ``missing`` names what was asked for and not found, ``missing_labels`` does so as it was asked.

    :raises ValueError: there is no quote, or a part lies outside its quote.
    """

    quotes: tuple[Quote, ...]
    confidence: float
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()
    missing_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.quotes:
            raise ValueError("an answer needs a quote that supports it")
        for part in self.parts:
            if not 0 <= part.quote < len(self.quotes) or not _holds(
                self.quotes[part.quote].span, part.span
            ):
                raise ValueError(f"the part {part.span.text!r} is not in its quote")


@dataclass(frozen=True, slots=True)
class Abstention:
    """The articles don't say.

    ``missing`` and ``missing_labels`` name what was asked for; ``nearest`` holds the sentences that
    came closest, if any.
    """

    missing: tuple[str, ...]
    missing_labels: tuple[str, ...] = ()
    nearest: tuple[Quote, ...] = ()


Outcome = Answer | Abstention


def _holds(whole: Span, inner: Span) -> bool:
    return whole.start <= inner.start < inner.end <= whole.end and (
        whole.text[inner.start - whole.start : inner.end - whole.start] == inner.text
    )
