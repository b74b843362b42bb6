"""Stems of words: Snowball's, and what Indonesian needs beyond them.

Snowball's Indonesian stemmer follows Tala (2003), "A Study of Stemming Effects on Information
Retrieval in Bahasa Indonesia". It has no dictionary, so it can't know whether *menangkap* comes
from *tangkap* or *angkap*; a word of a question is therefore looked for by every stem it can have.
"""

from collections.abc import Iterator, Sequence

import Stemmer

_SNOWBALL = {"id": "indonesian", "en": "english"}
_VOWELS = "aeiou"
# The first letter of a base that meN- and peN- swallow or may keep: menangkap (tangkap), menilai
# (nilai), mengirim (kirim), and, since Snowball writes p for mem- before a vowel, memulai (mulai).
_SWALLOWED = {"men": "tn", "pen": "tn", "meng": "k", "peng": "k"}


def stem_words(words: Sequence[str], *, code: str) -> list[str]:
    """Return the stem of each folded word, in order."""
    # A Snowball stemmer is not safe to share between threads, and making one costs a few
    # microseconds.
    return list(Stemmer.Stemmer(_SNOWBALL[code], 0).stemWords(words))


def vary_stem(word: str, stem: str, *, code: str) -> frozenset[str]:
    """Return the stems, ``stem`` included, by which other forms of ``word`` can be indexed."""
    return frozenset((stem, *(_vary_indonesian(word, stem) if code == "id" else ())))


def _vary_indonesian(word: str, stem: str) -> Iterator[str]:
    if len(stem) < 3:
        return
    for prefix, letters in _SWALLOWED.items():
        if stem[0] in _VOWELS and word.startswith(f"{prefix}{stem[0]}"):
            yield from (f"{letter}{stem}" for letter in letters)
    if len(stem) > 3 and stem[1] in _VOWELS:
        if stem[0] in "tnk":
            yield stem[1:]
        elif stem[0] == "m" or (stem[0] == "p" and word.startswith(("mem", "pem"))):
            yield f"{'p' if stem[0] == 'm' else 'm'}{stem[1:]}"
