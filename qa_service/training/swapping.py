"""Near misses made of questions that a passage answers: asked for something else instead.

The words that are swapped are listed by section in ``written/swaps.txt``: a post for another post,
a deed for another deed. The passage still holds who or what would be the answer, so that a reader
learns to look at every word of the question. Names and numbers are swapped for others, too.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import regex

from qa_service.languages import CODES

TERMS = Path(__file__).parent / "written" / "swaps.txt"
POSTS = ("states", "regions", "bodies")
"""Sections of those who hold a post."""
PLACES = "places"
_OFTEN, _NOW_AND_THEN, _SELDOM = 0.35, 0.15, 0.05
"""How often a post, another word of the list, a name or a number is swapped."""
_ELSEWHERE = 0.4
"""How often a post is asked for of another place, where the passage speaks of one."""
_TRIES = 4
_REACH = 24
"""Characters beside a place in which a post may be that place's."""
_NAME = regex.compile(r"(?<=\s)\p{Lu}[\p{L}\p{M}'’-]+(?:\s\p{Lu}[\p{L}\p{M}'’-]+)*")
_NUMBER = regex.compile(r"(?<=\s)\d+\b(?![.,/:-]\d)")


@dataclass(frozen=True, eq=False)
class Term:
    """Something that can be asked for: its words by language, and the roots of others for it."""

    section: str
    words: Mapping[str, tuple[str, ...]]
    roots: tuple[str, ...]

    @cached_property
    def _told(self) -> regex.Pattern[str]:
        words = "|".join(_one_of(forms) for forms in self.words.values())
        roots = "|".join(regex.escape(root) for root in self.roots) or r"(?!)"
        return regex.compile(rf"\b(?:{words})(?!\w)|(?i:{roots})")

    def is_told(self, text: str) -> bool:
        """Whether ``text`` may speak of it."""
        return self._told.search(text) is not None


class Terms:
    """The terms of some sections, found in texts."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.all = tuple(terms)
        forms = [form for code in CODES for term in self.all for form in term.words[code]]
        self.pattern = _one_of(forms)
        self._regex = regex.compile(rf"\b(?:{self.pattern})(?!\w)")
        self._terms: dict[str, list[Term]] = {}
        for term in self.all:
            for forms_of_it in term.words.values():
                for form in forms_of_it:
                    known = self._terms.setdefault(form.casefold(), [])
                    if term not in known:
                        known.append(term)

    def find(self, text: str) -> Iterator[tuple[Term, regex.Match[str]]]:
        """Yield the terms in ``text`` with where they stand."""
        for match in self._regex.finditer(text):
            yield self.get(match[0])[0], match

    def get(self, form: str) -> list[Term]:
        """Return the terms with this form."""
        return self._terms[form.casefold()]


class Swapper:
    """Swaps what questions ask for."""

    def __init__(self, questions: Iterable[str]) -> None:
        """Take the names to swap for from ``questions``."""
        terms = read_terms(TERMS)
        self._terms = Terms(term for term in terms if term.section != PLACES)
        self._posts = Terms(term for term in terms if term.section in POSTS)
        self._places = Terms(term for term in terms if term.section == PLACES)
        self._names = sorted({m[0] for question in questions for m in _NAME.finditer(question)})

    def swap(self, question: str, text: str, chance: random.Random) -> str | None:
        """Return ``question`` for something that ``text`` doesn't tell, or mostly nothing."""
        found = list(self._terms.find(question))
        if found:
            term, match = chance.choice(found)
            often = _OFTEN if term.section in POSTS else _NOW_AND_THEN
            if chance.random() < often:
                return self._swap_term(question, match, text, chance)
        if chance.random() < _SELDOM:
            return self._swap_name(question, text, chance)
        return None

    def _swap_term(
        self, question: str, match: regex.Match[str], text: str, chance: random.Random
    ) -> str | None:
        old = match[0]
        own = chance.choice(self._terms.get(old))
        language, place = next(
            (code, forms.index(form))
            for code, forms in own.words.items()
            for form in forms
            if form.casefold() == old.casefold()
        )
        if own.section in POSTS and chance.random() < _ELSEWHERE:
            moved = self._move(question, text, language, chance)
            if moved is not None:
                return moved
        others = [term for term in self._terms.all if term.section == own.section]
        for other in chance.sample(others, min(_TRIES, len(others))):
            forms = other.words[language]
            new = forms[place] if place < len(forms) else forms[0]
            if not other.is_told(text) and not other.is_told(question):
                return _put(question, match.span(), new)
        return None

    def _move(self, question: str, text: str, language: str, chance: random.Random) -> str | None:
        """Return the question about another place that ``text`` speaks of, but no post there."""
        asked = list(self._places.find(question))
        if len(asked) != 1:
            return None
        own, match = asked[0]
        told = list(self._places.find(text))
        filled = {term for term, spot in told if self._is_near_post(text, spot.span())}
        others = dict.fromkeys(term for term, _ in told)
        free = [term for term in others if term is not own and term not in filled]
        if not free:
            return None
        return _put(question, match.span(), chance.choice(free).words[language][0])

    def _is_near_post(self, text: str, span: tuple[int, int]) -> bool:
        around = text[max(0, span[0] - _REACH) : span[1] + _REACH]
        return any(self._posts.find(around))

    def _swap_name(self, question: str, text: str, chance: random.Random) -> str | None:
        """Return ``question`` about another name or number, of which ``text`` says nothing."""
        own = [m for m in _NAME.finditer(question) if m.start() > 0]
        numbers = list(_NUMBER.finditer(question))
        if not own and not numbers:
            return None
        old = chance.choice([*own, *numbers])
        if old in numbers:
            new = "".join(chance.choice("123456789") for _ in old[0])
        else:
            new = chance.choice(self._names)
        if new in text or new in question:
            return None
        return _put(question, old.span(), new)


def read_terms(path: Path) -> list[Term]:
    """Return the terms in a file: ``english = indonesian = roots`` under their ``[section]``."""
    terms, section = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            english, indonesian, roots = (
                tuple(filter(None, side.strip().split(", "))) for side in f"{line} ".split(" =")
            )
            terms.append(Term(section, {"en": english, "id": indonesian}, roots))
    return terms


def _one_of(forms: Sequence[str]) -> str:
    """Return a pattern for the forms, longest first; those with a capital as they are written."""
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    return "|".join(
        regex.escape(form) if form.lower() != form else f"(?i:{regex.escape(form)})"
        for form in ordered
    )


def _put(question: str, span: tuple[int, int], new: str) -> str:
    start, end = span
    if start == 0 or question[start].isupper():
        new = new[0].upper() + new[1:]
    return question[:start] + new + question[end:]
