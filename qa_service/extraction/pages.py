"""Printed pages, made paragraphs again: letters to lines, lines to paragraphs.

Letters are taken in the order in which the file draws them, which is that of the text in what
writers and browsers print, columns included. Telling columns by their gaps alone fails where
justified lines have gaps as wide.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Protocol

import regex

from qa_service.extraction.joining import ends_sentence, join_lines

# In units of the letters' size: the least gap that is a space, how far a line's letters may be off
# its base line, how much farther than usual the next paragraph is, and how far its first line is
# set in.
_SPACE, _OFF, _FARTHER, _INDENT = 0.15, 0.5, 0.25, 0.8
# How far lines of a paragraph are from each other, at most.
_MOST_LEADING = 2.0
# Letters of another size are another paragraph.
_OTHER_SIZE = 0.08
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNKNOWN = regex.compile(r"\(cid:\d+\)")


class Letter(Protocol):
    """A letter of a page: its box, in points from the lower left, and its size."""

    x0: float
    x1: float
    y0: float
    size: float

    def get_text(self) -> str:
        """Return the letter."""
        ...


@dataclass(slots=True)
class _Line:
    text: str
    x0: float
    x1: float
    y0: float
    size: float


def read_page(letters: Iterable[Letter]) -> list[str]:
    """Return the paragraphs of a page; one that was cut at the end of a column is whole again."""
    lines = [line for line in _read_lines(letters) if line.text.strip()]
    leading = _usual_leading(lines)
    paragraphs: list[list[str]] = []
    for before, line in pairwise([None, *lines]):
        if line is None:
            continue
        if before is None or _begins_paragraph(before, line, leading):
            paragraphs.append([])
        paragraphs[-1].append(line.text)
    return [joined for lines_ in paragraphs if (joined := join_lines(lines_))]


def unknown_share(paragraphs: Sequence[str]) -> float:
    """Return which share, in [0, 1], of the letters has no text: fonts can lack it."""
    text = "".join(paragraphs)
    unknown = len(_UNKNOWN.findall(text))
    known = len(_UNKNOWN.sub("", text))
    return unknown / max(1, unknown + known)


def _read_lines(letters: Iterable[Letter]) -> Iterator[_Line]:
    line: _Line | None = None
    for letter, following in pairwise([*letters, None]):
        assert letter is not None
        text = letter.get_text()
        text = _LIGATURES.get(text, text)
        if text.isspace() and following is not None and _covers(following, letter):
            # Chromium marks so where a word may be cut.
            continue
        if line is None or not _goes_on(line, letter):
            if line is not None:
                yield line
            line = _Line(text, letter.x0, letter.x1, letter.y0, letter.size)
            continue
        if letter.x0 - line.x1 > _SPACE * line.size and not line.text.endswith(" "):
            line.text += " "
        line.text += text
        line.x1 = max(line.x1, letter.x1)
        # A raised figure doesn't make its line smaller.
        line.size = max(line.size, letter.size)
    if line is not None:
        yield line


def _covers(letter: Letter, space: Letter) -> bool:
    """Return whether a letter stands where the space before it is."""
    on_line = abs(letter.y0 - space.y0) < _OFF * space.size
    return on_line and space.x0 - space.size < letter.x0 < (space.x0 + space.x1) / 2


def _goes_on(line: _Line, letter: Letter) -> bool:
    size = max(line.size, letter.size)
    return abs(letter.y0 - line.y0) < _OFF * size and letter.x0 > line.x1 - size


def _usual_leading(lines: Sequence[_Line]) -> float:
    """Return how far lines of a paragraph are from each other, in units of their size."""
    steps = [
        (before.y0 - line.y0) / line.size
        for before, line in pairwise(lines)
        if before.y0 > line.y0 and _same_size(before, line)
    ]
    return min(median(steps), _MOST_LEADING) if steps else _MOST_LEADING


def _begins_paragraph(before: _Line, line: _Line, leading: float) -> bool:
    if not _same_size(before, line):
        return True
    step = (before.y0 - line.y0) / line.size
    if step <= 0:
        # The next column: a sentence that wasn't at its end goes on there.
        return ends_sentence(before.text)
    if step > leading + _FARTHER:
        return True
    return line.x0 - before.x0 > _INDENT * line.size and ends_sentence(before.text)


def _same_size(before: _Line, line: _Line) -> bool:
    return abs(before.size - line.size) <= _OTHER_SIZE * max(before.size, line.size)
