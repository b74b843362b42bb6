"""What is known of each language, read from its folder.

Every folder ``languages/<code>/`` holds the same files; a new language is a new folder and its name
in ``CODES``.

=============================  ==================================================================
``abbreviations.txt``          full stops that end no sentence, in sentence-splitter's own form
``closing_abbreviations.txt``  those of them that may close a sentence all the same
``stopwords.txt``              words that say nothing about the subject
``question_words.txt``         ``ask: form, form, …``
``discourse.toml``             how questions hang together
``values.toml``                words for numbers and times
``measures.toml``              units, and words that ask for what has them
``phrases.toml``               what the service itself says
=============================  ==================================================================

:mod:`.lexicon` says which words of the two mean the same.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any, Literal, Self

from qa_service.languages.lexicon import is_known
from qa_service.languages.stemming import stem_words, vary_stem
from qa_service.text import find_words, fold

YES_NO = "yes/no"
CODES = ("id", "en")
"""The languages known, the default first."""

# Characters that a language is recognised by: a few dozen sentences, whatever the length of the
# text.
_SAMPLE = 10_000
# A word of so many letters is no verb only because it begins or ends like one.
_SHORT = 5
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Phrases:
    """What the service itself says in a language."""

    abstention: str
    abstention_library: str
    nearest: str
    untold: str
    suggestions: tuple[str, ...]
    plain_suggestions: tuple[str, ...]
    doer: str
    follow_ups: Mapping[str, str]
    labels: Mapping[str, str]
    thousands: str
    """What stands between three digits and three more."""
    problems: Mapping[str, str]
    """What the service's messages are in the language, by their English templates."""


@dataclass(frozen=True)
class Measures:
    """What numbers are measured in, and what a question asks a number of.

    ``units`` maps a unit to what it measures: "money", "length", …; ``within`` maps a word of those
    that ask, or all of them with the word behind, to what the number that is asked for may be
    measured in, "count" if in nothing; ``behind`` does so for the word or the two behind them,
    ``kinds`` for a kind of question. The time of day is asked for as "clock".
    """

    units: Mapping[str, str]
    within: Mapping[str, frozenset[str]]
    behind: Mapping[str, frozenset[str]]
    kinds: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a language's file."""
        read = _read_toml(path)
        within, behind, kinds = (
            {word: frozenset(measures) for word, measures in read[table].items()}
            for table in ("within", "behind", "kinds")
        )
        units = {unit: measure for measure, units in read["units"].items() for unit in units}
        return cls(units, within, behind, kinds)


@dataclass(frozen=True)
class Language:
    """One language's data.

    ``question_words`` maps a form, as its folded words, to what it asks for; ``openings`` does so
    for the forms that ask for yes or no, which count only where they begin a question; ``heads``
    does so for nouns that begin one without a question word. ``coordinators`` join two questions,
    ``conjunctions`` two things that one asks for, unless it speaks of ``relations`` between them,
    ``leads`` lead in what is said of a thing, ``copulas`` who or what something is, and
    ``genitives`` whose it is; ``continuations`` at the beginning, ``pronouns`` and words with
    ``enclitics`` go back to an earlier one. ``courtesies`` greet, thank or say goodbye,
    ``speakers`` are who asks and who is asked. ``cases`` before a question word go with it.
    ``several`` behind a question word, and ``counts`` before its noun, ask for a list;
    ``plural_verbs`` behind it, or a noun that has one of the endings ``plurals`` and none of
    ``singulars``, may have more than one answer. ``relatives`` are the kinds whose question words
    lead in relative clauses, too. ``numbers`` and ``times`` are words that a number or a time can
    be told in, ``before_day`` those that a day of the week does as well without, ``clock`` those of
    the time of day, ``measures`` what a number counts; ``offices`` those that the names of bodies
    and titles begin with; ``verbs`` say what somebody did, as do longer words with
    ``verb_beginnings`` or ``verb_endings``.
    """

    code: str
    abbreviations: Path
    closing_abbreviations: frozenset[str]
    stopwords: frozenset[str]
    question_words: Mapping[tuple[str, ...], str]
    openings: Mapping[tuple[str, ...], str]
    coordinators: frozenset[str]
    conjunctions: frozenset[str]
    leads: frozenset[str]
    copulas: frozenset[str]
    genitives: frozenset[str]
    relations: frozenset[str]
    pronouns: frozenset[str]
    continuations: frozenset[str]
    courtesies: frozenset[str]
    speakers: frozenset[str]
    several: frozenset[str]
    relatives: frozenset[str]
    prepositions: frozenset[str]
    cases: frozenset[str]
    asked: frozenset[str]
    counts: frozenset[str]
    plural_verbs: frozenset[str]
    plurals: tuple[str, ...]
    singulars: tuple[str, ...]
    enclitics: tuple[str, ...]
    heads: Mapping[str, str]
    numbers: frozenset[str]
    times: frozenset[str]
    before_day: frozenset[str]
    clock: frozenset[str]
    measures: Measures
    offices: frozenset[str]
    verbs: frozenset[str]
    verb_beginnings: tuple[str, ...]
    verb_endings: tuple[str, ...]
    phrases: Phrases

    def is_verb(self, word: str) -> bool:
        """Return whether a word looks like what somebody did; some that don't do so, too."""
        return word in self.verbs or (
            len(word) > _SHORT
            and (
                bool(self.verb_beginnings and word.startswith(self.verb_beginnings))
                or bool(self.verb_endings and word.endswith(self.verb_endings))
            )
        )

    def stem(self, words: Sequence[str]) -> list[str]:
        """Return the stem of each folded word, in order."""
        return stem_words(words, code=self.code)

    def find_stems(self, words: Sequence[str]) -> list[frozenset[str]]:
        """Return, for each folded word in order, every stem that a form of it can have."""
        pairs = zip(words, self.stem(words), strict=True)
        return [vary_stem(word, stem, code=self.code) for word, stem in pairs]

    @cached_property
    def markers(self) -> Mapping[str, int]:
        """The words by which the language is recognised, folded, and what each weighs.

        A question word counts twice: the title of an English film in an Indonesian question has an
        article, too.
        """
        return dict.fromkeys(self.stopwords, 1) | {
            word: 2 for form in (*self.question_words, *self.openings) for word in form
        }


@cache
def language(code: str) -> Language:
    """Return the language of this code.

    :raises KeyError: no such language.
    """
    if code not in CODES:
        raise KeyError(code)
    folder = _FOLDER / code
    discourse = _read_toml(folder / "discourse.toml")
    listed = _entries(folder / "question_words.txt")
    asking = [line for line in listed if not line.startswith(f"{YES_NO}:")]
    opening = [line for line in listed if line.startswith(f"{YES_NO}:")]
    values = _read_toml(folder / "values.toml")
    return Language(
        code=code,
        abbreviations=folder / "abbreviations.txt",
        closing_abbreviations=frozenset(_entries(folder / "closing_abbreviations.txt")),
        stopwords=frozenset(_entries(folder / "stopwords.txt")),
        question_words=_question_forms(asking, discourse["spellings"]),
        openings=_question_forms(opening, discourse["spellings"]),
        coordinators=frozenset(discourse["coordinators"]),
        conjunctions=frozenset(discourse["conjunctions"]),
        leads=frozenset(discourse["leads"]),
        copulas=frozenset(discourse["copulas"]),
        genitives=frozenset(discourse["genitives"]),
        relations=frozenset(discourse["relations"]),
        pronouns=frozenset(discourse["pronouns"]),
        continuations=frozenset(discourse["continuations"]),
        courtesies=frozenset(discourse["courtesies"]),
        speakers=frozenset(discourse["speakers"]),
        several=frozenset(discourse["several"]),
        relatives=frozenset(discourse["relatives"]),
        prepositions=frozenset(discourse["prepositions"]),
        cases=frozenset(discourse["cases"]),
        asked=frozenset(discourse["asked"]),
        counts=frozenset(discourse["counts"]),
        plural_verbs=frozenset(discourse["plural_verbs"]),
        plurals=tuple(discourse["plurals"]),
        singulars=tuple(discourse["singulars"]),
        enclitics=tuple(discourse["enclitics"]),
        heads=discourse["heads"],
        numbers=frozenset(values["numbers"]),
        times=frozenset(values["times"]),
        before_day=frozenset(values["before_day"]),
        clock=frozenset(values["clock"]),
        measures=Measures.read(folder / "measures.toml"),
        offices=frozenset(values["offices"]),
        verbs=frozenset(values["verbs"]),
        verb_beginnings=tuple(values["verb_beginnings"]),
        verb_endings=tuple(values["verb_endings"]),
        phrases=Phrases(**_read_toml(folder / "phrases.toml")),
    )


@cache
def known_words(
    field: Literal[
        "before_day",
        "cases",
        "clock",
        "coordinators",
        "courtesies",
        "numbers",
        "offices",
        "speakers",
        "times",
    ],
) -> frozenset[str]:
    """Return the words that a ``field`` of :class:`Language` has in any language."""
    return frozenset[str]().union(*(getattr(language(code), field) for code in CODES))


@cache
def known_units() -> Mapping[str, str]:
    """Return what each unit of any language measures."""
    return {unit: m for code in CODES for unit, m in language(code).measures.units.items()}


def recognise_language(text: str, *, default: str = CODES[0]) -> str:
    """Return the code of the language that ``text`` is written in, judged by its most common words.

    Where they decide nothing ("Russia sanctions"), those of the lexicon do; a text in which no
    language is ahead even so is taken for ``default``.
    """
    counts = Counter(fold(word.text) for word in find_words(text[:_SAMPLE]))
    for score in (_score_markers, _score_lexicon):
        scores = {code: score(counts, language(code)) for code in CODES}
        best = max(scores.values())
        ahead = [code for code in CODES if scores[code] == best]
        if len(ahead) == 1:
            return ahead[0]
    return default


def _score_markers(counts: Counter[str], spoken: Language) -> int:
    return sum(counts[w] * weight for w, weight in spoken.markers.items() if w in counts)


def _score_lexicon(counts: Counter[str], spoken: Language) -> int:
    """Return how many words have a translation into another language."""
    stems = spoken.stem(list(counts))
    return sum(
        n
        for stem, n in zip(stems, counts.values(), strict=True)
        if is_known(stem, source=spoken.code)
    )


def _entries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _question_forms(
    lines: Iterable[str], spellings: Mapping[str, Sequence[str]]
) -> dict[tuple[str, ...], str]:
    """Return each form and what it asks for; as it is listed, or in another spelling of a word."""
    listed, respelt = dict[tuple[str, ...], str](), dict[tuple[str, ...], str]()
    for line in lines:
        asks, _, forms = line.partition(": ")
        for form in forms.split(", "):
            words = tuple(fold(word.text) for word in find_words(form))
            listed[words] = asks
            spelt = ((word, *map(fold, spellings.get(word, ()))) for word in words)
            for variant in product(*spelt):
                respelt.setdefault(variant, asks)
    return respelt | listed
