"""Make the lexicon's files from their sources: ``python -m qa_service.languages.lexicon.make``.

FreeDict's English-Indonesian dictionary is Debian's package dict-freedict-eng-ind (CC BY-SA 3.0);
CLDR comes with Babel (Unicode License), which the requirements for development install.
"""

import argparse
import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

import regex

from qa_service.languages import language
from qa_service.languages.lexicon import LONGEST
from qa_service.text import find_words, fold

HERE = Path(__file__).parent
DICTD = Path("/usr/share/dictd")
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# Parts of words, and what serves grammar rather than a subject.
_LEFT_OUT = frozenset(
    (
        "prefix", "suffix", "proverb", "phraseologicalUnit", "interjection", "particle", "article",
        "symbol", "conjunction", "preposition", "pronoun", "determiner",
    )
)  # fmt: skip
_HEAD = regex.compile(r"(?P<word>.*?)(?: /.*/)?(?: <(?P<class>[^>]*)>)?")
_SENSE = regex.compile(r"(?:(?P<number>\d+)\. )?(?P<translations>.*?)(?: \d+\.)?")
_FREEDICT = """\
# English and Indonesian words that mean the same, from FreeDict's English-Indonesian dictionary
# (edition 2022.11.18, made by WikDict from Wiktionary; https://freedict.org, https://www.wikdict.com),
# under the Creative Commons Attribution-ShareAlike 3.0 Unported licence; so is this file.
# Left out: what is the same in both languages, parts of words, function words, longer phrases.
# Made by `python -m qa_service.languages.lexicon.make`.
"""
_CLDR = """\
# Countries, languages, cities, months and days in English and Indonesian, from Unicode CLDR
# {version} (https://cldr.unicode.org), as Babel carries it; Unicode License v3.
# Made by `python -m qa_service.languages.lexicon.make`.
"""

Pair = tuple[str, str]


def read_dictd(folder: Path, name: str) -> Iterator[str]:
    """Yield the entries of a dictionary in dictd's format, each once, in the index's order.

    A line of the index has a headword, and the entry's offset and length, digits of base 64.

    :raises OSError: a file is missing.
    """
    text = gzip.decompress((folder / f"{name}.dict.dz").read_bytes())
    places = {}
    for line in (folder / f"{name}.index").read_text(encoding="utf-8").splitlines():
        headword, offset, length = line.split("\t")
        if not headword.startswith("00-"):
            places[_number(offset)] = _number(length)
    for start, size in places.items():
        yield text[start : start + size].decode("utf-8")


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * len(_DIGITS) + _DIGITS.index(digit)
    return value


def parse_entry(entry: str) -> Iterator[Pair]:
    """Yield a headword of FreeDict's with each of its translations.

    An entry has a line with the headword, its sound and its class; then a line of translations for
    each sense, numbered if there are several, each followed by lines that explain it.
    """
    first, *rest = entry.splitlines()
    head = _HEAD.fullmatch(first)
    if head is None or head["class"] in _LEFT_OUT:
        return
    for place, line in enumerate(rest):
        sense = _SENSE.fullmatch(line)
        if sense is not None and (place == 0 or sense["number"]):
            for translation in sense["translations"].split(","):
                yield head["word"], translation


def read_cldr() -> Iterator[Pair]:
    """Yield the names that CLDR has in both languages."""
    from babel import Locale

    english, indonesian = Locale("en"), Locale("id")
    for names in ("territories", "languages"):
        theirs = getattr(indonesian, names)
        for code, name in getattr(english, names).items():
            yield name, theirs.get(code, name)
    for names in ("months", "days"):
        for width in ("wide", "abbreviated"):
            theirs = getattr(indonesian, names)["format"][width]
            for number, name in getattr(english, names)["format"][width].items():
                yield name, theirs[number]
    for zone in {**english.time_zones, **indonesian.time_zones}:
        # Where a language has no name of its own for a city, it is the zone's.
        city = zone.rpartition("/")[2].replace("_", " ")
        theirs, ours = english.time_zones.get(zone, {}), indonesian.time_zones.get(zone, {})
        yield theirs.get("city", city), ours.get("city", city)


def clean(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Return the pairs as the lexicon has them, in order: folded, without function words.

    What is the same in both languages, asks, or has more than three words, is left out.
    """
    cleaned: dict[str, dict[str, None]] = {}
    for english, indonesian in pairs:
        if any(regex.search(r"^\s*-|-\s*$", side) for side in (english, indonesian)):
            continue
        one, other = _fold_phrase(english, "en"), _fold_phrase(indonesian, "id")
        asks = _asks(one, "en") or _asks(other, "id")
        if one and other and one != other and not asks:
            cleaned.setdefault(one, {})[other] = None
    return {one: list(others) for one, others in sorted(cleaned.items())}


def _asks(phrase: str, code: str) -> bool:
    return tuple(phrase.split(" ")) in language(code).question_words


def _fold_phrase(phrase: str, code: str) -> str:
    """Return the words of ``phrase`` that say something; nothing if they are too many."""
    # "dog (animal)": what stands in brackets explains.
    words = [fold(word.text) for word in find_words(regex.sub(r"\(.*?\)", "", phrase))]
    words = [word for word in words if word not in language(code).stopwords]
    return " ".join(words) if len(words) <= LONGEST else ""


def write(path: Path, heading: str, pairs: Iterable[Pair]) -> None:
    """Write a file of the lexicon."""
    lines = (f"{one} = {', '.join(others)}\n" for one, others in clean(pairs).items())
    path.write_text(heading + "\n" + "".join(lines), encoding="utf-8")


def main() -> None:
    """Write both files beside this one."""
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--dictd", type=Path, default=DICTD, help="the folder of the dictionary")
    options = cli.parse_args()
    from babel.core import get_cldr_version

    entries = read_dictd(options.dictd, "freedict-eng-ind")
    write(HERE / "freedict.txt", _FREEDICT, (pair for e in entries for pair in parse_entry(e)))
    write(HERE / "cldr.txt", _CLDR.format(version=get_cldr_version()), read_cldr())


if __name__ == "__main__":
    main()
