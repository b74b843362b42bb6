"""Which words of the two languages mean the same.

Each file here holds lines ``english, english = indonesian, indonesian``, words or phrases:

================  ==============================================================================
``news.txt``      what the news speaks of; written for this project
``freedict.txt``  FreeDict's English-Indonesian dictionary, made by :mod:`.make`
``cldr.txt``      countries, languages, cities, months and days, from CLDR, made by :mod:`.make`
================  ==============================================================================
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa_service.languages.stemming import stem_words, vary_stem

FILES = ("news.txt", "cldr.txt", "freedict.txt")
_FOLDER = Path(__file__).parent
_SIDES = ("en", "id")
LONGEST = 3
"""Words of the longest phrase."""

Form = tuple[str, ...]
"""The stems of a word or, side by side, of a phrase."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """From one language into another: the stems of words and phrases to what they can stand for."""

    entries: Mapping[Form, tuple[str, ...]]
    target: str

    def translate(self, stems: Sequence[str]) -> list[frozenset[Form]]:
        """Return, for each stem of a question in order, the forms that it can stand for.

        What a phrase stands for, each of its words does.
        """
        found: list[set[Form]] = [set() for _ in stems]
        for start in range(len(stems)):
            for length in range(1, min(LONGEST, len(stems) - start) + 1):
                words = self.entries.get(tuple(stems[start : start + length]), ())
                forms = {form for word in words for form in _find_forms(word, self.target)}
                for place in range(start, start + length):
                    found[place] |= forms
        return [frozenset(forms) for forms in found]

    def __contains__(self, stem: str) -> bool:
        """Whether the word with this stem has a translation."""
        return (stem,) in self.entries


@cache
def load_lexicon(source: str, target: str) -> Lexicon:
    """Return the lexicon from one language into another, by their codes."""
    pairs = [pair for name in FILES for pair in _read_pairs(name, source, target)]
    words = [word for phrase, _ in pairs for word in phrase.split(" ")]
    # All at once: a call costs more than a word.
    stems = iter(stem_words(words, code=source))
    entries: dict[Form, dict[str, None]] = {}
    for phrase, translation in pairs:
        form = tuple(next(stems) for _ in phrase.split(" "))
        entries.setdefault(form, {})[translation] = None
    return Lexicon({form: tuple(words) for form, words in entries.items()}, target)


def is_known(stem: str, *, source: str) -> bool:
    """Whether the word with this stem has a translation into any language."""
    return any(stem in load_lexicon(source, target) for target in _SIDES if target != source)


def _read_pairs(name: str, source: str, target: str) -> Iterator[tuple[str, str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            parts = (part.split(", ") for part in line.split(" = "))
            sides = dict(zip(_SIDES, parts, strict=True))
            for word in sides[source]:
                for translation in sides[target]:
                    yield word, translation


@cache
def _find_forms(phrase: str, code: str) -> frozenset[Form]:
    """Return the forms that a translation has in an index: a word's every stem, or a phrase's."""
    words = phrase.split(" ")
    stems = stem_words(words, code=code)
    if len(words) > 1:
        return frozenset((tuple(stems),))
    return frozenset((stem,) for stem in vary_stem(words[0], stems[0], code=code))
