"""What a question asks for, and the terms to look for."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.languages import Language, language, recognise_language
from qa_service.text import Span, find_words, fold


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, and as it is answered.

    ``resolved`` is the question itself unless it says nothing without the earlier ones. ``asks``
    holds what is asked for ("who", "where", …), in order, each once. ``terms`` are the folded words
    to look for, in order, and ``terms_language`` the language they are in: that of an earlier
    question where they come from there.
    """

    text: str
    resolved: str
    language: str
    asks: tuple[str, ...]
    terms: tuple[str, ...]
    terms_language: str


def analyse_question(
    text: str, *, history: Sequence[str] = (), default_language: str = "id"
) -> Question:
    """Analyse ``text``; without terms of its own it takes those of the last question that has.

    ``default_language`` is that of a question whose words belong to none, or to several.
    """
    parsed = _parse(text, default_language)
    code = parsed.spoken.code
    if parsed.terms:
        return Question(text, text, code, parsed.asks, parsed.terms, code)
    for earlier in reversed(history):
        before = _parse(earlier, default_language)
        if before.terms:
            resolved = _resolve(parsed, before)
            asks = parsed.asks or before.asks
            return Question(text, resolved, code, asks, before.terms, before.spoken.code)
    return Question(text, text, code, parsed.asks, (), code)


@dataclass(frozen=True, slots=True)
class _Parse:
    """The words of a question; ``forms`` are the ranges of words that ask."""

    text: str
    spoken: Language
    words: tuple[Span, ...]
    forms: tuple[tuple[int, int], ...]
    asks: tuple[str, ...]
    terms: tuple[str, ...]


def _parse(text: str, default_language: str) -> _Parse:
    spoken = language(recognise_language(text, default=default_language))
    words = tuple(find_words(text))
    folded = [fold(word.text) for word in words]
    forms, asks, rest = [], [], []
    index = 0
    while index < len(words):
        length, kind = _match_form(folded, index, spoken)
        if length:
            forms.append((index, index + length))
            asks.append(kind)
        else:
            rest.append(folded[index])
        index += length or 1
    terms = [word for word in rest if word not in spoken.stopwords]
    return _Parse(
        text, spoken, words, tuple(forms), tuple(dict.fromkeys(asks)), tuple(dict.fromkeys(terms))
    )


def _match_form(folded: Sequence[str], index: int, spoken: Language) -> tuple[int, str]:
    """Return how many words the longest asking form at ``index`` has, or 0, and what it asks."""
    for length in range(min(3, len(folded) - index), 0, -1):
        form = tuple(folded[index : index + length])
        if index == 0 and form in spoken.openings:
            return length, spoken.openings[form]
        if form in spoken.question_words:
            return length, spoken.question_words[form]
    return 0, ""


def _resolve(parsed: _Parse, before: _Parse) -> str:
    """Say the earlier question again, asking what is asked now: "Di mana Nakagome bertemu?"."""
    if not parsed.forms:
        return before.text
    if parsed.spoken == before.spoken:
        asked = [parsed.words[i].text for start, end in parsed.forms for i in range(start, end)]
    else:
        # "Kapan?" after "Who visited Moscow?" is "When visited Moscow?", not half of each.
        asked = [before.spoken.phrases.labels[ask] for ask in parsed.asks]
    taken = {i for start, end in before.forms for i in range(start, end)}
    told = [word.text for i, word in enumerate(before.words) if i not in taken]
    # "yang ditemui Nakagome": what linked the words to the question word that is gone.
    while fold(told[0]) in before.spoken.stopwords:
        told = told[1:]
    while fold(told[-1]) in before.spoken.stopwords:
        told = told[:-1]
    sentence = " ".join((*asked, *told))
    return f"{sentence[0].upper()}{sentence[1:]}?"
