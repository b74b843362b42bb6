"""What one article says to each thing that is asked.

Every ask that stands alone is read at once; then those that another's answer belongs in: *siapa
bertemu siapa* asks whom X met, once it is told who X is. What is in doubt after that is read again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from qa_service.article import Article
from qa_service.composing import Finding
from qa_service.languages import known_words
from qa_service.question import Ask
from qa_service.reader.fusion import Evidence
from qa_service.reader.reader import DOUBT, Passage, Reader
from qa_service.reader.spans import Candidate, Reading
from qa_service.reader.trimming import trim, trim_name
from qa_service.reader.types import fits_ask
from qa_service.text import fold

SURE = DOUBT[1]
"""Confidence from which what the best sentences say will do, and the others are left unread: what
is beyond doubt."""
_SETTLED = 6
"""Things asked at once, at most, of which *who* and *whom* are tried both ways: that costs time."""

Readings = dict[tuple[Ask, str], Reading]
"""What was read for an ask, in the words that it was put in."""


@dataclass(frozen=True, slots=True)
class Source:
    """An article to read: its sentences by index, best first, and what BM25 says of them.

    ``behind`` is how much less than the best article it is worth.
    """

    article: Article
    ranked: tuple[int, ...]
    evidence: Mapping[int, Evidence]
    behind: float


def read_source(
    asks: Sequence[Ask],
    source: Source,
    reader: Reader,
    *,
    doubt: tuple[float, float] | None = DOUBT,
    sure: float = SURE,
    known: Readings | None = None,
) -> list[Finding]:
    """Return what ``source`` says to each ask.

    Its best sentences are read first; where what they say is as ``sure``, no others are. What is
    less sure than the second, and surer than the first, confidence in ``doubt`` is read again,
    once; nothing is where there is no ``doubt``. What was read before is taken from ``known``, and
    what is read is put there.
    """
    return Account(source, reader, sure, len(asks), {} if known is None else known).give(
        asks, doubt
    )


class Account:
    """What a source says, ask by ask, while it is being read."""

    def __init__(
        self, source: Source, reader: Reader, sure: float, of: int, known: Readings
    ) -> None:
        self._source, self._reader, self._sure, self._of = source, reader, sure, of
        self._known = known
        # A span that was read is judged several times: alone, beside more, beside other asks.
        self._cut = cache(partial(_cut, source.article.text))
        self._fits = cache(partial(fits_ask, source.article.text))
        self._read: dict[int, Reading] = {}
        self._found: dict[int, Finding] = {}
        self._passed: dict[int, Finding] = {}

    def give(self, asks: Sequence[Ask], doubt: tuple[float, float] | None) -> list[Finding]:
        """Return what it says to each ask; what is in ``doubt`` is read again, once."""
        for waits in (False, True):
            due = {i: ask for i, ask in enumerate(asks) if (ask.filled_by is not None) is waits}
            for ask in due.values():
                self._settle(ask)
            asked = {i: (ask, self._fill(ask)) for i, ask in due.items()}
            self._read_new(list(asked.values()))
            for i, words in asked.items():
                self._read[i] = self._known[words]
                self._found[i] = self.judge(asks[i], self._read[i], ())
            if doubt is not None:
                self._read_again(asked, doubt)
        # Who it was is not also where it was: the surest ask keeps a span, the others look
        # elsewhere.
        taken: list[Finding] = []
        for i in sorted(self._found, key=lambda i: -self._found[i].confidence):
            elsewhere = [*taken, self._passed[i]] if i in self._passed else taken
            if elsewhere:
                self._found[i] = self.judge(asks[i], self._read[i], elsewhere)
            taken.append(self._found[i])
        return [self._found[i] for i in range(len(asks))]

    def _read_new(self, asked: Sequence[tuple[Ask, str]]) -> None:
        """Read what isn't known yet, no further than to a sure answer."""
        new = [words for words in dict.fromkeys(asked) if words not in self._known]

        def is_enough(number: int, reading: Reading) -> bool:
            return _is_sure(self.judge(new[number][0], reading, ()), self._sure)

        passages = [Passage(text, self._source.article, self._source.ranked) for _, text in new]
        readings = self._reader.read(passages, of=self._of, enough=is_enough)
        self._known.update(zip(new, readings, strict=True))

    def _settle(self, ask: Ask) -> None:
        """Let the ask whose answer belongs in ``ask`` be answered by what makes both surest.

        *Who met whom* has two people for either place: whoever else may be the one who met is tried
        in the question after whom, too, and who makes more of both stays, by their odds; who
        doesn't is passed over.
        """
        first = ask.filled_by
        chosen = None if first is None else self._found.get(first)
        if first is None or chosen is None or not chosen.ranked or self._of > _SETTLED:
            return
        other = self.judge(chosen.ask, self._read[first], [chosen])
        if other.confidence < self._reader.threshold:
            return
        pairs = [chosen, other]
        asked = [(ask, self._fill(ask, finding)) for finding in pairs]
        self._read_new(asked)
        both = [
            _odds(finding) * _odds(self.judge(ask, self._known[words], [finding]))
            for finding, words in zip(pairs, asked, strict=True)
        ]
        if both[1] > both[0]:
            self._found[first], self._passed[first] = other, chosen

    def _read_again(self, asked: Mapping[int, tuple[Ask, str]], doubt: tuple[float, float]) -> None:
        """Read again what is in doubt of what was found for what was ``asked``."""
        found, article = self._found, self._source.article
        due = [i for i in asked if found[i].ranked and doubt[0] < found[i].confidence < doubt[1]]
        passages = [
            Passage(asked[i][1], article, tuple(r.candidate.sentence for r in found[i].ranked))
            for i in due
        ]
        readings = self._reader.read_again(passages, [self._read[i] for i in due])
        for i, again in zip(due, readings, strict=True):
            self._read[i] = again
            found[i] = self.judge(found[i].ask, again, ())

    def _fill(self, ask: Ask, other: Finding | None = None) -> str:
        """Return an ask in words, with the answer that belongs in it, or with that of ``other``."""
        if ask.filled_by is None:
            return ask.text
        filling = self._found.get(ask.filled_by) if other is None else other
        if filling is None or not filling.ranked:
            return ask.text
        best = filling.ranked[0].candidate
        return ask.fill(self._source.article.text[best.start : best.end])

    def judge(self, ask: Ask, reading: Reading, taken: Sequence[Finding]) -> Finding:
        """Rank the sentences of a reading and say how sure the best one's answer is.

        What is ``taken`` by others is left to them.
        """
        is_name = ask.kind in ("who", "whom")
        cut = (self._cut(candidate, is_name) for candidate in reading.candidates)
        candidates = [c for c in cut if c is not None]
        held = {c for c in candidates if _is_taken(c, taken)}
        typed = [
            (c, self._fits(c.start, c.end, kind=ask.kind, measures=ask.measures))
            for c in candidates
            if c not in held
        ]
        # A sentence that was read again for a span that another ask has comes no more before
        # others.
        reading = replace(reading, again=reading.again - {c.sentence for c in held})
        fusion = self._reader.again if reading.again else self._reader.first
        ranked = fusion.rank(typed, reading, self._source.evidence)
        confidence = fusion.judge(ranked[0]) if ranked else 0.0
        others = tuple(candidate for candidate, fits in typed if fits) if ask.many else ()
        return Finding(ask, self._source.article, reading, tuple(ranked), others, confidence)


def _cut(text: str, candidate: Candidate, is_name: bool) -> Candidate | None:
    """Return a span as a person would cut it; ``None`` for a word such as *kepada*, too."""
    trimmed = trim(candidate, text)
    if trimmed is None or fold(text[trimmed.start : trimmed.end]) in known_words("cases"):
        return None
    return trim_name(trimmed, text) if is_name else trimmed


def _is_taken(candidate: Candidate, taken: Sequence[Finding]) -> bool:
    return any(
        finding.ranked and candidate.overlaps(finding.ranked[0].candidate) for finding in taken
    )


def _odds(finding: Finding) -> float:
    """Return how much likelier than not what was found is right."""
    return finding.confidence / max(1 - finding.confidence, 1e-9)


def _is_sure(finding: Finding, sure: float) -> bool:
    """Return whether nothing more need be read for what was found."""
    # What asks for all of something isn't answered before all is read.
    return not finding.ask.many and finding.confidence >= sure
