"""Whether a span can be an answer of the kind that is asked for."""

from collections.abc import Set
from itertools import takewhile

import regex

from qa_service.languages import known_units, known_words
from qa_service.text import find_words, fold

_DIGIT = regex.compile(r"\p{N}")
# A number, a word or a sign; a unit may stand at once behind its number.
_TOKEN = regex.compile(r"\p{N}++(?:[.,:]\p{N}++)*+|\p{L}++[²2]?|[^\s\p{L}\p{N}]")
_SIGNS = {"$": "money", "€": "money", "£": "money", "¥": "money", "%": "share"}
_TIME_OF_DAY = regex.compile(
    r"(?<![\p{N}.,:])\p{N}{1,2}[.:]\p{N}{2}(?::\p{N}{2})?(?![.,:]?\p{N})|\p{N}\s?[ap]\.?m\b",
    regex.I,
)
# Characters beside a span in which the unit of its number stands.
_NEAR = 30


def fits_ask(text: str, start: int, end: int, *, kind: str, measures: Set[str]) -> bool:
    """Whether ``text[start:end]`` can answer a question of ``kind``: a *when* is never a person.

    Nor is *how long* ever a price: a number is measured in one of ``measures``, in anything if
    there are none. Only what can be told from the words is judged; of *why* or *what* nothing can.
    """
    return _fits_kind(text[start:end], kind) and _fits_measures(text, start, end, measures)


def _fits_kind(span: str, kind: str) -> bool:
    words = [fold(word.text) for word in find_words(span)]
    if not words:
        return False
    match kind:
        case "when" | "how long":
            return any(_is_number(word) or word in known_words("times") for word in words)
        case "how many" | "how much":
            return any(map(_is_number, words))
        case "who" | "whom" | "whose" | "where":
            return not all(_is_number(word) or word in known_words("times") for word in words)
        case _:
            return True


def _fits_measures(text: str, start: int, end: int, measures: Set[str]) -> bool:
    if not measures:
        return True
    if "clock" in measures:
        return _tells_time_of_day(text, start, end)
    found = _find_measures(text, start, end)
    return not found or not measures.isdisjoint(found)


def _tells_time_of_day(text: str, start: int, end: int) -> bool:
    """Whether a span tells the time of day, or no number: *seusai rapat*."""
    span = text[start:end]
    before = [word.text for word in find_words(text[max(0, start - _NEAR) : start])][-1:]
    words = {fold(word) for word in (*before, *(word.text for word in find_words(span)))}
    return (
        not words.isdisjoint(known_words("clock"))
        or _TIME_OF_DAY.search(span) is not None
        or _DIGIT.search(span) is None
    )


def _find_measures(text: str, start: int, end: int) -> set[str]:
    """Return what the numbers of a span are measured in; nothing if one may be in nothing."""
    tokens = list(_TOKEN.finditer(text, max(0, start - _NEAR), end + _NEAR))
    words = [fold(token[0]) or token[0] for token in tokens]
    found = set[str]()
    for place, token in enumerate(tokens):
        first = _counts(words[place]) and not (place and _counts(words[place - 1]))
        if first and start <= token.start() and token.end() <= end:
            measure = _find_measure(words, place)
            if measure is None:
                return set()
            found.add(measure)
    return found


def _find_measure(words: list[str], place: int) -> str | None:
    """Return what the number that begins at ``place`` is measured in: *Rp 5*, *5 dolar*, *5%*."""
    before = words[place - 1] if place else ""
    if _measure_of(before) == "money":
        return "money"
    behind = words[place + 1 :]
    named = behind[sum(1 for _ in takewhile(_counts, behind)) :]
    first, second = map(_measure_of, [*named, "", ""][:2])
    # "Kilometer persegi" is an area.
    return second if first == "length" and second in ("area", "volume") else first


def _measure_of(word: str) -> str | None:
    return _SIGNS.get(word) or known_units().get(word)


def _counts(word: str) -> bool:
    """Whether a word is a number or a part of one; *persen* measures."""
    return _is_number(word) and _measure_of(word) is None


def _is_number(word: str) -> bool:
    return _DIGIT.search(word) is not None or word in known_words("numbers")
