"""Whether a span can be an answer of the kind that is asked for."""

import regex

from qa_service.languages import known_words
from qa_service.text import find_words, fold

_DIGIT = regex.compile(r"\p{N}")


def fits_kind(span: str, kind: str) -> bool:
    """Whether ``span`` can answer a question of ``kind``: a *when* is never a person.

    Only what can be told from the words is judged; of *why* or *what* nothing can.
    """
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


def _is_number(word: str) -> bool:
    return _DIGIT.search(word) is not None or word in known_words("numbers")
