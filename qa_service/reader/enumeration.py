"""An answer that lists several things, cut into them: *Saijo, Niihama, dan Toon*."""

from dataclasses import replace
from functools import cache

import regex

from qa_service.languages import known_words
from qa_service.reader.spans import Candidate
from qa_service.reader.trimming import trim
from qa_service.text import find_words, fold

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
