"""Questions on who holds which post, made from passages that name the holder.

*Presiden Rusia Vladimir Putin* tells the president of Russia. What it doesn't tell, another post
or that of another country, is asked for by :mod:`qa_service.training.swapping`.
"""

import random
from collections.abc import Iterator
from zlib import crc32

import regex

from qa_service.training.datasets import Corpus, Gold, Row
from qa_service.training.swapping import PLACES, POSTS, TERMS, Terms, read_terms

SOURCE = "posts"
_MOST = 2
"""Posts of a passage that are asked for."""

# A person's name: words with a capital, an initial among them, or what joins them.
_WORD = r"\p{Lu}(?:\.|[\p{L}'’-]*\p{Ll}[\p{L}'’-]*|(?=\s\p{Lu}\p{Ll}))"
_NAME = rf"\b(?P<name>{_WORD}(?:\s(?:(?:bin|binti|van|von|der|de|da|al|el)\s)?{_WORD}){{0,4}})"
_BODY = r"\p{Lu}{3,6}"
"""A body that is known by its letters: *KPK*, *BMKG*."""
_OTHER = regex.compile(
    r"\b(?:mantan|bekas|eks|calon|wakil|former|ex|then|future|late|deputy|vice)\W*$", regex.I
)
"""What makes another post of a title that it stands before."""
# What stands with a capital behind a title without being a person.
_NO_PERSON = regex.compile(
    r"\b(?:Komisi|Dinas|Badan|Kabinet|Partai|Umum|Departemen|Biro|Daerah|Republik|Kota|Kabupaten|"
    r"Negara|Dewan|Pusat|Bank|Hari|Komite|Kementerian|Direktorat|Bidang|Divisi|Wilayah|Provinsi|"
    r"Tim|Klub|Asosiasi|Ikatan|Persatuan|Perusahaan|Universitas|Utara|Selatan|Timur|Barat|Tengah|"
    r"Pertama|Kedua|The|Of|Office|Council|Party|Committee|Ministry|Senin|Selasa|Rabu|Kamis|Jumat|"
    r"Sabtu|Minggu|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Pada|Dan|Di|Menurut|"
    r"Currently|Today|Negeri|Swasta|City)\b"
)
_QUESTIONS = {
    "id": (
        "Siapa {title} {place}?",
        "Siapakah {title} {place}?",
        "Siapa nama {title} {place}?",
        "{title} {place} siapa?",
        "Siapa yang menjadi {title} {place}?",
        "Siapa {title} {place} saat ini?",
    ),
    "en": (
        "Who is the {title} of {place}?",
        "Who was the {title} of {place}?",
        "What is the name of the {title} of {place}?",
        "Who is {place}'s {title}?",
        "Who is the current {title} of {place}?",
        "Which person is {title} of {place}?",
    ),
}


class Posts:
    """Finds posts and their holders in texts."""

    def __init__(self) -> None:
        """Read the titles and the places that are known."""
        terms = read_terms(TERMS)
        self._titles = Terms(term for term in terms if term.section in POSTS)
        self._places = Terms(term for term in terms if term.section == PLACES)
        title = rf"\b(?P<title>(?>{self._titles.pattern}))(?!\w)"
        place = rf"\b(?P<place>(?>{self._places.pattern}))(?!\w)"
        of = rf"(?:{place}|(?P<body>{_BODY}))"
        self._told = [
            regex.compile(pattern)
            for pattern in (
                rf"{title}\s{of}\s{_NAME}",
                rf"{place}(?:['’]s)?\s{title}\s{_NAME}",
                rf"{title}\sof\s{of}\s{_NAME}",
                rf"{_NAME},\s(?:the\s)?{title}\sof\s{of}\b",
            )
        ]

    def ask(self, text: str) -> Iterator[tuple[str, tuple[Gold, ...]]]:
        """Yield questions on posts, in both languages, and the ranges of their holders in ``text``.

        The same text gives the same questions.
        """
        chance = random.Random(crc32(text.encode()))
        told: dict[tuple[str, str], list[Gold]] = {}
        for post, holder in self._find(text):
            told.setdefault(post, []).append(holder)
        # Of two holders one is perhaps the one before.
        sure = [post for post, spans in told.items() if len({text[s:e] for s, e in spans}) == 1]
        for post in chance.sample(sure, min(_MOST, len(sure))):
            for language in _QUESTIONS:
                yield self._put(*post, language, chance), tuple(told[post])

    def _find(self, text: str) -> Iterator[tuple[tuple[str, str], Gold]]:
        """Yield the posts whose holders ``text`` names: title and place, as in it, and holder."""
        # In a headline, every word may have a capital.
        heading = text.find("\n")
        for pattern in self._told:
            for match in pattern.finditer(text):
                name = match["name"]
                if not (
                    _OTHER.search(text[: match.start()])
                    or _NO_PERSON.search(name)
                    or any(self._titles.find(name))
                    or any(self._places.find(name))
                    or match.start() < heading
                ):
                    body = match.groupdict().get("body")
                    title = match["title"].casefold()
                    # What stands behind a place may be a body of that place, and its chairman's.
                    if body or self._titles.get(title)[0].section != "bodies":
                        yield (title, body or match["place"]), match.span("name")

    def _put(self, title: str, place: str, language: str, chance: random.Random) -> str:
        """Return a question for a post."""
        asked = self._titles.get(title)[0].words[language]
        if regex.fullmatch(self._places.pattern, place):
            place = self._places.get(place)[0].words[language][0]
        question = chance.choice(_QUESTIONS[language]).format(
            title=asked[0] if chance.random() < 0.7 else chance.choice(asked), place=place
        )
        return question[0].upper() + question[1:]


def add_posts(corpus: Corpus) -> None:
    """Add questions on the posts in the corpus's passages; their source is ``SOURCE``."""
    posts = Posts()
    for number, passage in enumerate(corpus.passages):
        for part, (question, golds) in enumerate(posts.ask(passage.text)):
            corpus.rows.append(Row(f"{SOURCE}-{number}-{part}", question, number, golds, SOURCE))
