"""An article and where its sentences lie in it.

sentence-splitter decides where sentences end; it returns new strings, though, with white space
changed. It is therefore given one paragraph's words joined by single spaces, and what comes back is
used only to count how many words each sentence has: the offsets are those of the words, so nothing
can be normalised away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Self

import regex
from sentence_splitter import SentenceSplitter

from qa_service.languages import Language, language, recognise_language
from qa_service.text import Span, find_words, fold

MAX_TITLE = 200
"""Characters a headline may have; the longest in common use have about 120."""
MAX_SENTENCE = 1_200
"""Characters after which a "sentence" is cut at a pause or between words, to bound quotes."""

# Zero-width space and byte order mark look like nothing and separate words, as white space does.
# The separators \x1c to \x1f are no white space to `regex`, but they are to `str.strip`.
_BLANK = r"\s\x1c-\x1f\u200b\ufeff"
# A run longer than any word is taken in pieces; marks and joiners stay with the character they
# change.
_CHUNK = regex.compile(rf"[^{_BLANK}]{{1,400}}+[\p{{M}}\u200d]{{0,32}}+")
_LINE = regex.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]++")
_ENDS_SENTENCE = regex.compile(r"[.!?…][\"'”’»)\]]*+$")
_ENDS_IN_FULL_STOP = regex.compile(r"(?<!\.)\.[\"'”’»)\]]*+$")
_PUNCTUATION_RUN = regex.compile(r"([.?!'\"”’)\]\p{Pf}])\1{2,}+")
_ENUMERATOR = regex.compile(r"(?:\d{1,3}|[a-z])\.")
_ABBREVIATION = regex.compile(r"[(\[\"'“‘«]*+([\p{L}.]+)\.")
# What sentence-splitter may end a sentence after, and what it may begin one with; quotes can stand
# alone between them.
_MAY_END = regex.compile(r"[.?!]|^[^\p{L}\p{N}]++$")
_MAY_BEGIN = regex.compile(r"^[^\p{L}\p{N}]*+[\p{Lu}\p{Lt}\p{Lo}\p{N}]|^[^\p{L}\p{N}.?!]++$")
_BATCH = 200
# Stands for the words that are not shown, as one word in small letters, so that none comes to stand
# beside another.
_GAP = -1
_ACRONYM = regex.compile(r"\p{Lu}(?:\.\p{Lu})*")
_OPENING = "\"'([“‘«¿¡"
# Hard-wrapped text has lines of about this many characters; longer lines are paragraphs, shorter
# ones verse or lists.
_WRAP_WIDTH = range(40, 121)


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence of an article, the headline included: ``article.text[start:end] == text``."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article comes from, in its file's own words."""

    author: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A text and where its title, paragraphs and sentences lie.

    ``paragraphs`` and ``sentences`` are ordered and disjoint. ``title`` is the first of the
    sentences, if the first line is followed by a blank one and is no longer than a headline; else
    ``None``. ``language`` is a code.
    """

    id: str
    text: str
    language: str
    title: Sentence | None
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    origin: Origin = Origin()

    @classmethod
    def of(cls, text: str, *, id: str, origin: Origin = Origin()) -> Self:
        """Split ``text``, of which nothing is changed, in the language that it is written in."""
        code = recognise_language(text)
        paragraphs = tuple(Span.cut(text, start, end) for start, end in _find_paragraphs(text))
        sentences = tuple(_split_sentences(text, paragraphs, language(code)))
        return cls(id, text, code, _find_title(text, sentences), paragraphs, sentences, origin)

    def named(self, id: str) -> Self:
        """Return the same article under another id."""
        return self if id == self.id else replace(self, id=id)

    @property
    def headline(self) -> Sentence | None:
        """The title, unless a full stop says that it may be the first paragraph of the story."""
        if self.title is None or _ENDS_IN_FULL_STOP.search(self.title.text):
            return None
        return self.title

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences without the title."""
        return self.sentences if self.title is None else self.sentences[1:]


def _find_title(text: str, sentences: Sequence[Sentence]) -> Sentence | None:
    if len(sentences) < 2 or sentences[0].end - sentences[0].start > MAX_TITLE:
        return None
    first, second = sentences[:2]
    return first if _has_blank_line(text, first.end, second.start) else None


def _find_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the range of each paragraph: lines that belong together, without blanks around them."""
    block: list[Span] = []
    for line in _lines(text):
        if block and _has_blank_line(text, block[-1].end, line.start):
            yield from _join_lines(block)
            block = []
        block.append(line)
    yield from _join_lines(block)


def _lines(text: str) -> Iterator[Span]:
    """Yield the lines that hold something, without the blanks around it."""
    for match in _LINE.finditer(text):
        chunks = list(_CHUNK.finditer(text, match.start(), match.end()))
        if chunks:
            yield Span.cut(text, chunks[0].start(), chunks[-1].end())


def _has_blank_line(text: str, start: int, end: int) -> bool:
    between = text[start:end]
    # The x stands for what follows: a line's indent is no blank line.
    return len(f"{between}x".splitlines()) > 2 or "\u2029" in between


def _join_lines(block: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Yield ranges of lines: those of hard-wrapped prose are one paragraph, others one each."""
    if not block:
        return
    wrapped = _is_wrapped(block)
    start = block[0].start
    for index, (line, following) in enumerate(pairwise(block)):
        heading = index == 0 and wrapped and _looks_like_heading(line.text, following.text)
        goes_on = following.text[0].islower() and not _ENDS_SENTENCE.search(line.text)
        if heading or not (wrapped or goes_on):
            yield start, line.end
            start = following.start
    yield start, block[-1].end


def _is_wrapped(lines: Sequence[Span]) -> bool:
    """Whether every line but the last is full: the next one's first word would not fit on it."""
    width = max(line.end - line.start for line in lines)
    if len(lines) < 2 or width not in _WRAP_WIDTH:
        return False
    # A headline on top may be short.
    prose = lines[1:] if len(lines) > 2 else lines
    return all(
        line.end - line.start + 1 + len(following.text.split(None, 1)[0]) > width
        for line, following in pairwise(prose)
    )


def _looks_like_heading(line: str, following: str) -> bool:
    """Whether ``line`` is all in capitalised words, without an end, above a new start."""
    if _ENDS_SENTENCE.search(line) or following[0].islower():
        return False
    words = [word.text for word in find_words(line) if len(word.text) > 3]
    return all(word[0].isupper() or word[0].isdigit() for word in words)


def _split_sentences(text: str, paragraphs: Sequence[Span], spoken: Language) -> Iterator[Sentence]:
    chunks = [list(_CHUNK.finditer(text, p.start, p.end)) for p in paragraphs]
    words = [match[0] for paragraph in chunks for match in paragraph]
    ends = _splitter_ends(words, spoken) | _ends_after_abbreviations(words, text, spoken)
    first = 0
    for paragraph in chunks:
        ranges = [match.span() for match in paragraph]
        begun = 0
        for index in range(len(ranges)):
            # "1. Pemerintah …": the number of a list's entry belongs to the entry.
            alone = index == begun and _ENUMERATOR.fullmatch(words[first + index])
            if index + 1 == len(ranges) or (first + index in ends and not alone):
                yield from _bound(text, ranges[begun : index + 1])
                begun = index + 1
        first += len(ranges)


def _splitter_ends(words: Sequence[str], spoken: Language) -> set[int]:
    """Return the indices of the words after which sentence-splitter ends a sentence.

    It looks at a word with a stop in it, at what closes behind that and at the next word. Only
    those are shown to it, a batch at a time, since it copies all of its text for every word of it.
    """
    shown: list[int] = []
    for index in range(len(words) - 1):
        if _MAY_END.search(words[index]) and _MAY_BEGIN.search(words[index + 1]):
            shown += [index + 1] if shown[-1:] == [index] else [_GAP, index, index + 1]
    splitter = _splitter(spoken.code)
    ends: set[int] = set()
    for first in range(0, len(shown), _BATCH):
        # The next batch begins with the word that this one's last is judged by.
        batch = shown[first : first + _BATCH + 1]
        position = -1
        shapes = ("x" if index == _GAP else _shape(words[index]) for index in batch)
        for sentence in splitter.split(" ".join(shapes)):
            position += 1 + sentence.count(" ")
            ends.add(batch[position])
        # The end of a batch is no end of a sentence.
        ends.discard(batch[-1])
    return ends


def _ends_after_abbreviations(words: Sequence[str], text: str, spoken: Language) -> set[int]:
    """Return the indices of the abbreviations that end a sentence: the next word begins one.

    A capitalised word that is a function word, or that the text also writes in small letters, is no
    name and so has its capital from its place: the orthographic heuristic of Kiss and Strunk
    (2006), "Unsupervised Multilingual Sentence Boundary Detection", section 4.3.
    """
    candidates = [
        (index, fold(following[0].text))
        for index, word in enumerate(words[:-1])
        if _may_close(word, spoken) and (following := _capitalised(words[index + 1]))
    ]
    if not candidates:
        return set()
    common = set(spoken.markers).union(
        fold(word.text) for word in find_words(text) if word.text.islower()
    )
    return {index for index, word in candidates if len(word) > 1 and word in common}


def _may_close(word: str, spoken: Language) -> bool:
    match = _ABBREVIATION.fullmatch(word)
    return match is not None and (
        match[1] in spoken.closing_abbreviations or _ACRONYM.fullmatch(match[1]) is not None
    )


def _capitalised(word: str) -> list[Span]:
    """Return the words in ``word``, which may open with quotes, if it has a capital; else none."""
    bare = word.lstrip(_OPENING)
    return list(find_words(bare)) if bare[:1].isupper() and bare[1:2] != "." else []


@cache
def _splitter(code: str) -> SentenceSplitter:
    return SentenceSplitter(
        language=code, non_breaking_prefix_file=str(language(code).abbreviations)
    )


def _shape(word: str) -> str:
    """Return what sentence-splitter needs to see of a word.

    Its patterns take quadratic time on long runs of punctuation; three of a kind mean what more of
    them mean.
    """
    return _PUNCTUATION_RUN.sub(r"\1\1\1", word)


def _bound(text: str, words: Sequence[tuple[int, int]]) -> Iterator[Sentence]:
    """Yield the words as one sentence, or in pieces of at most ``MAX_SENTENCE`` characters."""
    first = 0
    while words[-1][1] - words[first][0] > MAX_SENTENCE:
        last = first
        while words[last + 1][1] - words[first][0] <= MAX_SENTENCE:
            last += 1
        # A pause in the second half is a better place to cut than the last word that fits.
        middle = words[first][0] + MAX_SENTENCE // 2
        pauses = (
            i
            for i in range(last, first, -1)
            if words[i][1] > middle and text[words[i][1] - 1] in ",;:–—"
        )
        last = next(pauses, last)
        yield Sentence.cut(text, words[first][0], words[last][1])
        first = last + 1
    yield Sentence.cut(text, words[first][0], words[-1][1])
