"""An answer that lists several things, cut into them: *Saijo, Niihama, dan Toon*."""

from dataclasses import replace
from functools import cache

import regex

from qa_service.languages import Language, known_words
from qa_service.reader.spans import Candidate
from qa_service.reader.trimming import trim
from qa_service.text import Span, find_words, fold

_MAX_WORDS = 8
"""Words of the longest thing in a list; what is longer is a clause, whose commas mean more."""


def split_list(candidate: Candidate, text: str) -> list[Candidate]:
    """Return the things that ``candidate`` lists, or itself if it may be something else.

    A list ends in a coordinator, and all that it names begins alike: in capitals, small letters or
    digits, and with an office or without. In *Doni, ketua partai, dan Wira* and *Doni, 61, and
    Wira* the middle says who Doni is; *Kementerian Kelautan dan Perikanan* is one ministry.
    """
    span = text[candidate.start : candidate.end]
    joints = [m for m in _joint().finditer(span) if not _is_inside(span, m.start())]
    if not joints or joints[-1]["coordinator"] is None:
        return [candidate]
    edges = [0, *(edge for joint in joints for edge in joint.span()), len(span)]
    items = [
        trim(replace(candidate, start=candidate.start + start, end=candidate.start + end), text)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    found = [item for item in items if item is not None]
    beginnings = {_begins(text[item.start : item.end]) for item in found}
    whole = len(found) == len(items) and len(beginnings) == 1 and None not in beginnings
    return found if whole else [candidate]


def complete_list(
    candidate: Candidate, text: str, bounds: tuple[int, int], spoken: Language
) -> Candidate:
    """Return ``candidate`` with what else the list names that it stands in, within ``bounds``.

    The list is ``text``'s, in the language ``spoken``. What it names is parted by commas and a
    coordinator, ends at a small word, a verb or a stop, and begins alike; but for the last:
    *Basarnas, TNI, Polri, dan relawan*. Without a coordinator there is no list, and what holds one
    has nothing before it but further numbers: *in Italy, William and John*.
    """
    line = _Line(text, bounds, spoken)
    inside = [i for i, word in enumerate(line.words) if word.start < candidate.end]
    first = next((i for i in inside if line.words[i].start >= candidate.start), None)
    if first is None:
        return candidate
    start, end, alike = first, inside[-1] + 1, line.begins(first)
    joint = next(filter(line.joins, range(first + 1, end)), None)
    if joint is not None and alike != "number":
        return candidate
    count = 1 + sum(map(line.parts, range(first + 1, end)))
    if start and line.joins(start - 1):
        joint = start - 1
    while joint is None and end < len(line.words) and line.parts(end):
        joint = end if line.joins(end) else None
        begin = end if joint is None else end + 1
        end = line.run_on(begin)
        # Of two, "Rahmi dan ditutup", the last is named as the first is.
        if end == begin or (line.begins(begin) != alike and (joint is None or count < 2)):
            return candidate
        count += 1
    while joint is not None and start and (before := line.run_back(start, alike)) is not None:
        start, count = before, count + 1
    # "Rahmi pulang ke Tirta, dan Dewi": a comma before the coordinator takes three.
    if joint is None or (line.has_comma(joint) and count < 3):
        return candidate
    return replace(
        candidate,
        start=min(candidate.start, line.words[start].start),
        end=max(candidate.end, line.words[end - 1].end),
    )


class _Line:
    """The words between two places of a text, by what may be listed there."""

    def __init__(self, text: str, bounds: tuple[int, int], spoken: Language) -> None:
        self._text, self._spoken = text, spoken
        first = bounds[0]
        self.words = [
            Span(word.text, first + word.start, first + word.end)
            for word in find_words(text[slice(*bounds)])
        ]
        self.folded = [fold(word.text) for word in self.words]

    def _gap(self, index: int) -> str:
        """Return what stands before a word."""
        return self._text[self.words[index - 1].end : self.words[index].start] if index else ""

    def has_comma(self, index: int) -> bool:
        """Return whether a comma stands before a word, and nothing else."""
        return self._gap(index).strip() == ","

    def joins(self, index: int) -> bool:
        """Return whether a word is a coordinator of what is named, as *lalu* is not."""
        return self.folded[index] in self._spoken.conjunctions

    def parts(self, index: int) -> bool:
        """Return whether what is named ends before a word."""
        return self.has_comma(index) or (not self._gap(index).strip() and self.joins(index))

    def begins(self, index: int) -> str:
        """Return how what begins with a word does so."""
        first = self.words[index].text[0]
        if first.isdigit() or self.folded[index] in self._spoken.numbers:
            return "number"
        return "small" if first.islower() else "capital"

    def _is_named(self, index: int) -> bool:
        """Return whether a word may be in the name of something."""
        word = self.folded[index]
        small = word in self._spoken.stopwords or self.joins(index)
        return self.words[index].text[0].isupper() or not (small or self._spoken.is_verb(word))

    def run_on(self, index: int) -> int:
        """Return where the name ends that begins with a word: a capital one before small words."""
        end = index
        while end < len(self.words) and self._is_named(end):
            ends = self.begins(index) == "capital" and self.begins(end) == "small"
            if end > index and (ends or self._gap(end).strip() not in ("", "-")):
                break
            end += 1
        return end

    def run_back(self, index: int, alike: str) -> int | None:
        """Return where the name before a word begins, if it is listed with that."""
        end = index - 1 if self.joins(index - 1) else index
        if end < 1 or not (end < index or self.parts(index)):
            return None
        start = end
        while start > 0 and self._is_named(start - 1):
            start -= 1
            if start and self._gap(start).strip() not in ("", "-"):
                break
        if start == end:
            return None
        if start and self.parts(start):
            return start if self.begins(start) == alike else None
        # It is the first of the list.
        if alike == "capital":
            # "Nelayan Rahmi Hasanah, Dewi": what stands before a name is none.
            start = end
            while start > 0 and self.begins(start - 1) == alike and self._is_named(start - 1):
                start -= 1
            return start if start < end else None
        is_object = start > 0 and self._spoken.is_verb(self.folded[start - 1])
        # "Menyita uang, dua mobil, dan empat kapal": all that was, however it begins.
        return start if is_object or self.begins(start) == alike == "number" else None


def _is_inside(span: str, place: int) -> bool:
    """Whether brackets or quotation marks are open at ``place``."""
    before = span[:place]
    opened = sum(before.count(mark) for mark in "([“«")
    return opened > sum(before.count(mark) for mark in ")]”»") or before.count('"') % 2 == 1


def _begins(item: str) -> tuple[str, bool] | None:
    """Return how a thing in a list begins; ``None`` for what is none."""
    words = list(find_words(item))
    if not 0 < len(words) <= _MAX_WORDS:
        return None
    letter = item[0]
    kind = "digit" if letter.isdigit() else "small" if letter.islower() else "capital"
    return kind, fold(words[0].text) in known_words("offices")


@cache
def _joint() -> regex.Pattern[str]:
    """Return what stands between the things of a list; *Dan* in capitals is a name."""
    words = "|".join(sorted(map(regex.escape, known_words("coordinators"))))
    coordinator = rf"(?P<coordinator>{words})\s++"
    return regex.compile(rf"[,;]\s++(?:{coordinator})?|\s++{coordinator}")
