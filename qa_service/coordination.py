"""Things that are asked for in one breath: *berapa korban tewas dan luka* asks for two numbers.

Whether it does, only the article can say: *how many people had trouble breathing and needed help*
asks for one. So each is put into words of its own here, and is an answer of its own where the
article tells them apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_service.languages import Language
from qa_service.text import Span, fold

_MOST = 4
"""Things joined, at most; a longer list is no question for each of them."""
_LONG = 6
"""Words of the first thing, at most; in a longer one, something else is joined."""
_FEW = 2
"""Words that may be joined where it is asked when or where: *was born and died*."""


@dataclass(frozen=True, slots=True)
class Joined:
    """One of several things joined: its ``name``, and with what is said of all, the ``whole``.

    ``is_deed`` says that something was done: *yang menutup acara*; ``may_lack`` that an article
    which tells of the others may lack it, and that it is no part of a name (*Tenaga Kerja dan
    Transmigrasi*), nor what the same person did.
    """

    name: str
    whole: str
    is_deed: bool
    may_lack: bool


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or several joined by hyphens, and where it stands."""

    start: int
    end: int
    folded: str


def take_apart(
    text: str, words: Sequence[Span], spoken: Language, kind: str
) -> list[tuple[Joined, ...]]:
    """Return the things that ``words`` of ``text`` join, which a question of ``kind`` asks for.

    There may be several ways to put them, the likeliest first: without the name behind the last
    (*ketua dan bendahara Koperasi Tirta*), without what the others share with the first (*dosis
    vaksin dan ambulans*).

    *Korban tewas dan luka* are *korban tewas* and *korban luka*, *tenda dan beras yang dikirim* are
    *tenda yang dikirim* and *beras yang dikirim*. There are none where they join names that do
    together what they do, or speak of what lies between things; nor where each is seldom asked for:
    *who was on watch and raised the alarm* asks for one person, *who opened and closed it* may not.
    """
    tokens = list(_join_hyphens(text, words))
    if not spoken.relations.isdisjoint(token.folded for token in tokens):
        return []
    parts = _split(text, tokens, spoken)
    if not 1 < len(parts) <= _MOST or not all(parts):
        return []
    first, last = parts[0], parts[-1]
    core, tail = _cut_tail(first, last, spoken)
    things = [first, *parts[1:-1], core]
    are_named = _join_names(text, parts)
    if len(first) > _LONG or not _may_ask(kind, things, are_named, spoken):
        return []
    heads = [[], *(_find_head(first, thing, spoken) for thing in things[1:])]
    pieces = [[*head, *thing] for head, thing in zip(heads, things, strict=True)]
    owned = len(pieces[-1]) - _count_owner(text, pieces[-1])
    said = [_say(text, piece) for piece in pieces]
    are_deeds = _are_deeds(things, spoken)
    ways = [
        zip(said, pieces, strict=True),
        zip(said, [*pieces[:-1], pieces[-1][:owned]], strict=True),
        ((_say(text, thing), thing) for thing in things),
    ]
    if not kind.startswith("how") or any(core[0].folded in spoken.times for core in things):
        ways = ways[:-1]
    may_lack = not are_deeds and (
        not are_named or all(thing[0].folded in spoken.offices for thing in things)
    )
    put = (
        tuple(Joined(name, _say(text, [*piece, *tail]), are_deeds, may_lack) for name, piece in way)
        for way in ways
    )
    return list(dict.fromkeys(put))


def _join_hyphens(text: str, words: Sequence[Span]) -> Iterator[_Token]:
    """Yield the words, those joined by hyphens as one: *luka-luka*."""
    start = 0
    for index, word in enumerate(words):
        if not text.startswith("-", word.end) or index == len(words) - 1:
            token = words[start].start, word.end
            yield _Token(*token, fold(text[token[0] : token[1]]))
            start = index + 1


def _split(text: str, tokens: Sequence[_Token], spoken: Language) -> list[list[_Token]]:
    """Return the tokens between conjunctions and, before the last of these, commas."""
    parts: list[list[_Token]] = [[]]
    joints = [i for i, token in enumerate(tokens) if token.folded in spoken.conjunctions]
    for i, token in enumerate(tokens):
        parted = i > 0 and "," in text[tokens[i - 1].end : token.start]
        if (i in joints or (parted and joints and i < joints[-1])) and parts[-1]:
            parts.append([])
        if i not in joints:
            parts[-1].append(token)
    return parts


def _join_names(text: str, parts: Sequence[Sequence[_Token]]) -> bool:
    """Return whether a name stands beside what joins: *Putin dan Kim*."""
    beside = [part[place] for part in parts for place in (0, -1)][1:-1]
    return any(not text[token.start].islower() for token in beside)


def _count_owner(text: str, tokens: Sequence[_Token]) -> int:
    """Return how many words of a name stand at the end, behind others."""
    count = 0
    while count < len(tokens) and text[tokens[-1 - count].start].isupper():
        count += 1
    return count if count < len(tokens) else 0


def _cut_tail(
    first: Sequence[_Token], last: Sequence[_Token], spoken: Language
) -> tuple[list[_Token], list[_Token]]:
    """Return the last thing alone, and what is said of all: *beras* and *yang dikirim*."""
    for i, token in enumerate(last[:-1]):
        if i > 0 and token.folded in spoken.stopwords:
            # "Penumpang yang luka dan pegawai yang tewas": of each something else is said.
            if any(token.folded == other.folded for other in first):
                break
            return list(last[:i]), list(last[i:])
    return list(last), []


def _may_ask(
    kind: str, things: Sequence[Sequence[_Token]], are_named: bool, spoken: Language
) -> bool:
    """Return whether a question of ``kind`` that joins ``things`` may ask for each."""
    match kind:
        case "how many" | "how much" | "how long":
            # "Umur Rini dan Budi" are two, "kali Putin dan Kim bertemu" is one.
            return not are_named or all(_is_noun_phrase(thing, spoken) for thing in things)
        case "when" | "where":
            return not are_named and all(len(thing) <= _FEW for thing in things[1:])
        case "who" | "what":
            if are_named and kind == "what":
                # "The first Point and Click video game" is one.
                return False
            # "What general and pilot" asks which, "what is the cause and the effect" for two.
            led = not spoken.copulas or things[0][0].folded in spoken.copulas
            return (led and all(_is_noun_phrase(thing, spoken) for thing in things)) or (
                kind == "who" and not are_named and _are_deeds(things, spoken)
            )
        case _:
            return False


def _are_deeds(things: Sequence[Sequence[_Token]], spoken: Language) -> bool:
    """Return whether each is what somebody did: *yang membuka*, *menutup acara*."""
    begins = (
        next((t.folded for t in thing if t.folded not in spoken.leads), "") for thing in things
    )
    return all(spoken.is_verb(word) and word not in spoken.offices for word in begins)


def _is_noun_phrase(tokens: Sequence[_Token], spoken: Language) -> bool:
    """Return whether there is no verb, and none but small words at the beginning and the end."""
    folded = [token.folded for token in tokens]
    while folded and folded[0] in spoken.stopwords - spoken.leads:
        del folded[0]
    while folded and folded[-1] in spoken.stopwords:
        del folded[-1]
    small = (spoken.stopwords | spoken.leads) - spoken.genitives
    return bool(folded) and not any(
        word in small or (spoken.is_verb(word) and word not in spoken.offices) for word in folded
    )


def _find_head(first: Sequence[_Token], part: Sequence[_Token], spoken: Language) -> list[_Token]:
    """Return what ``part`` shares with the ``first`` thing, and that has before it: *korban*."""
    folded = [token.folded for token in first]
    if part[0].folded in folded:
        # "Yang tewas dan yang luka": from there on all is another.
        return list(first[: folded.index(part[0].folded)])
    if (len(part) == 1 and part[0].folded.endswith(spoken.enclitics)) or (
        {part[0].folded, folded[0]} <= spoken.offices
    ):
        # "Hakim ketua dan jaksanya" says whose, "Kepala BPBD dan Bupati" has an office of its own.
        return []
    leads = [i for i, word in enumerate(folded[:-1]) if _leads(word, i, spoken)]
    if part[0].folded in spoken.stopwords:
        # "People died and were injured": the verb is another.
        return list(first[: leads[-1] if leads else -1])
    if any(token.folded in spoken.stopwords and token.folded in folded for token in part[1:-1]):
        # "Penumpang yang luka dan pegawai yang tewas": so is everything.
        return []
    if len(part) == 1 and leads:
        # "Yang meninggal dunia dan luka", "were badly hurt and missing".
        return list(first[: leads[-1] + 1])
    return list(first[: max(0, len(first) - len(part))])


def _leads(word: str, index: int, spoken: Language) -> bool:
    """Return whether what is said of a thing begins behind ``word``; *did* may begin a question."""
    return word in spoken.leads or (index > 0 and (word,) in spoken.openings)


def _say(text: str, tokens: Sequence[_Token]) -> str:
    """Return the tokens as they were typed, those side by side with what stands between them."""
    said = ""
    before: _Token | None = None
    for token in tokens:
        between = "" if before is None else " "
        if before is not None and before.end < token.start:
            gap = text[before.end : token.start]
            between = gap if gap.isspace() else " "
        said += between + text[token.start : token.end]
        before = token
    return said
