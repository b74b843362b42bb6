"""Exact match and F1 as SQuAD scores them (Rajpurkar et al., 2016), without dropping articles."""

import string
from collections import Counter

_PUNCTUATION = frozenset(string.punctuation) | frozenset("“”‘’–—«»")


def normalise(text: str) -> list[str]:
    """Return the lower-case words of ``text``, without punctuation."""
    return "".join(" " if c in _PUNCTUATION else c for c in text.lower()).split()


def f1(said: str, gold: str) -> float:
    """Return the harmonic mean of precision and recall of the words of ``said``."""
    a, b = normalise(said), normalise(gold)
    same = sum((Counter(a) & Counter(b)).values())
    return 2 * same / (len(a) + len(b)) if same else 0.0


def exact_match(said: str, gold: str) -> float:
    """Return 1 if both have the same words in the same order, else 0."""
    return float(normalise(said) == normalise(gold))
