"""An answer that lists several things, cut into them: *Saijo, Niihama, dan Toon*."""

from dataclasses import replace
from functools import cache

import regex

from qa_service.languages import known_coordinators
from qa_service.reader.spans import Candidate
from qa_service.reader.trimming import trim
from qa_service.text import find_words

_MAX_WORDS = 8
"""Words of the longest thing in a list; what is longer is a clause, whose commas mean more."""


def split_list(candidate: Candidate, text: str) -> list[Candidate]:
    """Return the things that ``candidate`` lists, or itself if it isn't surely a list.

    A list ends in a coordinator, and all that it names begins alike, in capitals, small letters or
    digits: in *Doni, ketua partai, dan Wira* or *Doni, 61, and Wira* the middle says who Doni is.
    """
    span = text[candidate.start : candidate.end]
    joints = list(_joint().finditer(span))
    if not joints or joints[-1]["coordinator"] is None:
        return [candidate]
    edges = [0, *(edge for joint in joints for edge in joint.span()), len(span)]
    items = [
        trim(replace(candidate, start=candidate.start + start, end=candidate.start + end), text)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    found = [item for item in items if item is not None]
    words = [find_words(text[item.start : item.end]) for item in found]
    whole = len(found) == len(items) and all(0 < len(list(w)) <= _MAX_WORDS for w in words)
    if not whole or len({_begins(text[item.start]) for item in found}) > 1:
        return [candidate]
    return found


def _begins(letter: str) -> str:
    return "digit" if letter.isdigit() else "small" if letter.islower() else "capital"


@cache
def _joint() -> regex.Pattern[str]:
    """Return what stands between the things of a list."""
    words = "|".join(sorted(map(regex.escape, known_coordinators())))
    coordinator = rf"(?P<coordinator>{words})\s++"
    return regex.compile(rf"[,;]\s++(?:{coordinator})?|\s++{coordinator}", regex.IGNORECASE)
