"""Spans as a person would cut them: without stray punctuation, with the brackets they begin."""

from dataclasses import replace

import regex

from qa_service.languages import known_words
from qa_service.reader.spans import Candidate
from qa_service.text import fold

_LOOSE = " \t\r\n\f\v\u00a0\u200b\ufeff,.;:!?–—-…"
_DATE = regex.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?")
_DAY_AND_DATE = regex.compile(rf"\b(\p{{L}}++)\s?\({_DATE.pattern}\)")
_DAY_LENGTH = 12
_RESULT = regex.compile(r"(?<=\p{L})\s++\(?\d{1,3}\s?[-–:]\s?\d{1,3}\)?$")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("‘", "’"), ("«", "»"))


def trim(candidate: Candidate, text: str) -> Candidate | None:
    """Return ``candidate`` without what doesn't belong to it; ``None`` if nothing is left."""
    start, end = candidate.start, candidate.end
    while start < end:
        before = start, end
        start, end = _cut_loose(text, start, end)
        start, end = _balance(text, start, end)
        if (start, end) == before:
            break
    start, end = _complete_date(text, start, end)
    return replace(candidate, start=start, end=end) if start < end else None


def trim_name(candidate: Candidate, text: str) -> Candidate:
    """Return a name without the result of a match behind it: *Garuda Tirta 3-1*."""
    match = _RESULT.search(text, candidate.start, candidate.end)
    return candidate if match is None else replace(candidate, end=match.start())


def _complete_date(text: str, start: int, end: int) -> tuple[int, int]:
    """Return *Jumat (21/06/2024)* for *(21/06/2024)*, *Jumat* or *hari Jumat (21/06/2024)*."""
    is_date = _DATE.fullmatch(text[start:end].strip("()")) is not None
    after = end + _DAY_LENGTH + 3
    for match in _DAY_AND_DATE.finditer(text, max(0, start - _DAY_LENGTH), after):
        if fold(match[1]) not in known_words("times"):
            continue
        if is_date and match.start() <= start and end <= match.end():
            return match.span()
        if start <= match.start() and end in (match.end(1), match.end()):
            before = fold(text[start : match.start()].strip())
            return (match.start() if before in known_words("before_day") else start), match.end()
    return start, end


def _cut_loose(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start] in _LOOSE or text[start].isspace()):
        # A minus sign belongs to its number.
        if text[start] in "-–" and text[start + 1 : start + 2].isdigit():
            break
        start += 1
    while start < end and (text[end - 1] in _LOOSE or text[end - 1].isspace()):
        end -= 1
    return start, end


def _balance(text: str, start: int, end: int) -> tuple[int, int]:
    """Close a bracket that stays open, if it closes at once; drop one that stands alone."""
    for opening, closing in _PAIRS:
        span = text[start:end]
        opened, closed = span.count(opening), span.count(closing)
        if opened == closed + 1 and text[end : end + 1] == closing:
            end += 1
        elif closed == opened + 1 and start and text[start - 1] == opening:
            start -= 1
        elif opened > closed and span.startswith(opening):
            start += 1
        elif closed > opened and span.endswith(closing):
            end -= 1
    if text[start:end].count('"') == 1:
        if text[start : start + 1] == '"':
            start += 1
        elif text[end - 1 : end] == '"':
            end -= 1
    return start, end
