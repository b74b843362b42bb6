"""Spans of a text and the words in it. Offsets count code points of the text as it came."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import regex

# A number keeps its separators (1.250.000, 10.30); a word keeps its inner apostrophes (Jum'at,
# Japan's) and the combining marks that follow its letters. Everything else, hyphens included, lies
# between words. The possessive quantifiers keep the search linear whatever the text is.
_WORD = regex.compile(r"\p{N}++(?:[.,]\p{N}++)*+|\p{L}[\p{L}\p{M}]*+(?:['’ʼ]\p{L}[\p{L}\p{M}]*+)*+")
_UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")
_APOSTROPHES = str.maketrans("", "", "'’ʼ")


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a text: ``whole[start:end] == text``.

    Offsets count code points of the text as received; ``end`` is exclusive.
    """

    text: str
    start: int
    end: int

    @classmethod
    def cut(cls, whole: str, start: int, end: int) -> Self:
        """Cut ``[start, end)`` out of ``whole``.

        :raises ValueError: the range is empty or leaves the text.
        """
        # Slicing would clamp a bad range in silence, and the quote would be wrong.
        if not 0 <= start < end <= len(whole):
            raise ValueError(f"[{start}, {end}) is outside a text of {len(whole)} characters")
        return cls(whole[start:end], start, end)


def find_words(text: str) -> Iterator[Span]:
    """Yield the words and numbers of ``text`` in order, each with its offsets."""
    for match in _WORD.finditer(text):
        yield Span(match[0], match.start(), match.end())


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` can be seen: white space, control and format characters only."""
    return all(unicodedata.category(character) in _UNSEEN for character in text)


def fold(word: str) -> str:
    """Return the form in which words are compared: no case, accents, apostrophes, possessive.

    >>> fold("Jum’at"), fold("Japan's"), fold("Pelé")
    ('jumat', 'japan', 'pele')
    """
    plain = word.casefold()
    if plain.isascii():
        # Most words: nothing to decompose.
        return _without_apostrophes(plain)
    decomposed = unicodedata.normalize("NFKD", plain)
    return _without_apostrophes("".join(c for c in decomposed if not unicodedata.combining(c)))


def _without_apostrophes(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s").translate(_APOSTROPHES)
