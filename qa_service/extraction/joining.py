"""Lines of a printed page, made sentences again."""

from collections.abc import Iterable, Sequence

import regex

_SOFT_HYPHEN = "\u00ad"
_HYPHENATED = regex.compile(r"(\p{L}+)[-\u2010]$")
_FIRST_WORD = regex.compile(r"^\p{Ll}+")
_ENDS = regex.compile(r"[.!?…:;][\"'”’»)\]]*$")
# Letters that two halves of a doubled word have in common: *pulau-pulau*, *sayur-mayur* has fewer.
_DOUBLED = 3


def join_lines(lines: Iterable[str]) -> str:
    """Join lines into one paragraph; a word that was cut at a line's end is whole again."""
    joined = ""
    for line in (line.strip() for line in lines):
        if not line:
            continue
        if joined.endswith(_SOFT_HYPHEN) or _is_cut(joined, line):
            joined = joined[:-1] + line
        elif _HYPHENATED.search(joined):
            joined += line
        else:
            joined = f"{joined} {line}" if joined else line
    return joined.replace(_SOFT_HYPHEN, "")


def join_paragraphs(paragraphs: Sequence[str]) -> list[str]:
    """Join paragraphs that a column's or a page's end cut: the next goes on in small letters."""
    joined: list[str] = []
    for paragraph in paragraphs:
        if joined and paragraph[:1].islower() and not ends_sentence(joined[-1]):
            joined[-1] = join_lines([joined[-1], paragraph])
        else:
            joined.append(paragraph)
    return joined


def ends_sentence(text: str) -> bool:
    """Return whether a sentence may end where ``text`` does."""
    return _ENDS.search(text.rstrip()) is not None


def _is_cut(before: str, after: str) -> bool:
    """Return whether the hyphen that ``before`` ends in was put there by whoever set the lines.

    One between two halves of the same word is the word's own (*undang-undang*), and one before a
    capital or a digit, too.
    """
    head, tail = _HYPHENATED.search(before), _FIRST_WORD.match(after)
    if head is None or tail is None:
        return False
    return head[1].lower()[:_DOUBLED] != tail[0][:_DOUBLED]
