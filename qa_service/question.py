"""What a question asks for, thing by thing, and the terms to look for.

A question is cut into clauses, each with the words that ask (its *form*): *siapa bertemu siapa, di
mana, dan kapan* has four forms in three clauses. Each becomes an :class:`Ask` that can be read
alone. One that says nothing without an earlier question takes what it lacks from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import dropwhile
from typing import NamedTuple

from qa_service.coordination import take_apart
from qa_service.languages import Language, known_words, language, recognise_language
from qa_service.text import Span, find_words, fold

_LABEL = 4
"""Words before a question word that are put into its label, at most."""
MAX_ASKS = 6
"""Things that one question can ask for; each is read on its own, and more would take too long."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that is asked for.

    ``kind`` is "who", "where", …; ``text`` the question to read for it; ``label`` what it is called
    in an answer of several lines. Where ``filled_by`` is the index of an earlier ask, that one's
    answer takes the place of ``text[gap[0] : gap[1]]``: *siapa bertemu siapa* asks whom X met.
    ``many`` says that more than one answer may be expected: *which towns*; ``listed`` that it is,
    and each by itself: *siapa saja*, *which two towns*. ``measures`` are what a number that answers
    may be measured in, all if there are none: *how long* asks for a "duration", *how many* for a
    "count", which is none of the others. ``alone`` says that it needs nothing of the other asks.
    ``parts`` are the things that it may ask for in one breath, put in one way or another: *berapa
    korban tewas dan luka*.
    """

    kind: str
    text: str
    label: str
    filled_by: int | None = None
    gap: tuple[int, int] = (0, 0)
    many: bool = False
    listed: bool = False
    measures: frozenset[str] = frozenset()
    alone: bool = True
    parts: tuple[tuple["AskPart", ...], ...] = ()

    def fill(self, answer: str) -> str:
        """Return the question with ``answer`` in its gap."""
        return self.text[: self.gap[0]] + answer + self.text[self.gap[1] :]


class AskPart(NamedTuple):
    """One of the things that an ask may ask for: what it is called, and the question for it.

    ``is_deed`` says that it asks who did something, ``may_lack`` that an article which tells of the
    others may lack it.
    """

    label: str
    text: str
    is_deed: bool
    may_lack: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, and as it is answered.

    ``resolved`` is the question itself unless it says nothing without the earlier ones. ``asks``
    holds what is asked for, in order, at least one. ``terms`` are the folded words to look for, in
    order, and ``terms_language`` the language they are in: that of an earlier question where they
    come from there. It is ``idle`` if it asks nothing that an article could tell: a greeting,
    thanks, who *you* are; ``explicit`` if a word asks: it needs no term that an article has, then.
    """

    text: str
    resolved: str
    language: str
    asks: tuple[Ask, ...]
    terms: tuple[str, ...]
    terms_language: str
    idle: bool
    explicit: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is asked for, each kind once."""
        return tuple(dict.fromkeys(ask.kind for ask in self.asks))

    @property
    def labels(self) -> tuple[str, ...]:
        """What the asks are called, each once."""
        return tuple(dict.fromkeys(ask.label for ask in self.asks))


def analyse_question(
    text: str, *, history: Sequence[str] = (), default_language: str = "id"
) -> Question:
    """Analyse ``text``; what it lacks it takes from the last question that has it.

    It lacks something if it has no terms, or names nobody and speaks of *him* or *it*.
    ``default_language`` is that of a question whose words belong to none, or to several.
    """
    parsed = _parse(text, default_language)
    code = parsed.spoken.code
    before = _find_topic(history, default_language) if parsed.is_open else None
    said = partial(Question, text, language=code, idle=parsed.is_idle, explicit=parsed.is_explicit)
    if before is None:
        return said(
            resolved=text, asks=_find_asks(parsed, ""), terms=parsed.terms, terms_language=code
        )
    if parsed.terms:
        return said(
            resolved=f"{before.text.strip()} {text.strip()}",
            asks=_find_asks(parsed, before.text.strip()),
            terms=tuple(dict.fromkeys((*parsed.terms, *before.terms))),
            terms_language=code,
        )
    return said(
        resolved=_resolve(parsed, before),
        asks=_find_asks(parsed if parsed.forms else before, before.text.strip()),
        terms=before.terms,
        terms_language=before.spoken.code,
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """The words of a question, ``[start, end)`` by index, that ask for something."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Parse:
    """The words of a question, its forms, and the folded words that tell what it is about."""

    text: str
    spoken: Language
    words: tuple[Span, ...]
    folded: tuple[str, ...]
    forms: tuple[_Form, ...]
    terms: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the question says too little to stand alone."""
        if not self.terms:
            return True
        if any(w.text[0].isupper() or w.text[0].isdigit() for w in self.words[1:]):
            return False
        return self.folded[0] in self.spoken.continuations or any(
            self.points_back(index) for index in range(len(self.folded)) if index not in self.asking
        )

    @property
    def is_explicit(self) -> bool:
        """Whether a word says what is asked for."""
        return bool(self.forms) or self.head is not None

    @property
    def head(self) -> str | None:
        """What the noun that begins the question asks for, if it does."""
        return self.spoken.heads.get(self.folded[0]) if self.folded else None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is said but courtesies, or nothing asked but after who speaks."""
        polite, asking, speakers = self._find_courtesies(), self.asking, known_words("speakers")
        left = {w for i, w in enumerate(self.folded) if i not in polite and i not in asking}
        said = left & speakers if asking - polite else polite
        return bool(said) and left - speakers <= self.spoken.stopwords

    def _find_courtesies(self) -> frozenset[int]:
        """Return the indices of the words of courtesies, in whatever language."""
        runs = (
            range(start, start + length)
            for length in range(1, 4)
            for start in range(len(self.folded) - length + 1)
        )
        known = known_words("courtesies")
        return frozenset(
            i for run in runs if " ".join(self.folded[run.start : run.stop]) in known for i in run
        )

    def points_back(self, index: int) -> bool:
        """Whether the word at ``index`` stands for something that was named before."""
        word = self.folded[index]
        return word in self.spoken.pronouns or word.endswith(self.spoken.enclitics)

    def begins(self, *indices: int) -> bool:
        """Whether any of the words at ``indices`` begins the question, or a part of it."""
        return any(
            i == 0
            or self.folded[i - 1] in self.spoken.coordinators
            or not self.text[self.words[i - 1].end : self.words[i].start].isspace()
            for i in indices
        )

    def is_part(self, index: int) -> bool:
        """Whether the word at ``index`` is the first of several joined by hyphens."""
        return self.text.startswith("-", self.words[index].end)

    @property
    def asking(self) -> frozenset[int]:
        """The indices of the words that ask."""
        return frozenset(i for form in self.forms for i in range(form.start, form.end))

    def slice(self, start: int, end: int) -> str:
        """Return the text from the word ``start`` up to the word ``end``, as it was typed."""
        return self.text[self.words[start].start : self.words[end - 1].end]


def _parse(text: str, default_language: str) -> _Parse:
    spoken = language(recognise_language(text, default=default_language))
    words = tuple(find_words(text))
    folded = tuple(fold(word.text) for word in words)
    forms = _find_forms(folded, spoken) or _find_forms(_correct(folded, spoken), spoken)
    asking = {i for form in forms for i in range(form.start, form.end)}
    terms = (
        word
        for i, word in enumerate(folded)
        # An apostrophe alone is a letter to Unicode, and nothing when folded.
        if word
        and i not in asking
        and word not in spoken.stopwords
        and word not in spoken.continuations
    )
    return _Parse(text, spoken, words, folded, tuple(forms), tuple(dict.fromkeys(terms)))


def _find_forms(folded: Sequence[str], spoken: Language) -> list[_Form]:
    forms: list[_Form] = []
    index = 0
    while index < len(folded):
        form = _match_form(folded, index, spoken)
        if form is not None:
            forms.append(form)
        index = index + 1 if form is None else form.end
    return forms


def _match_form(folded: Sequence[str], index: int, spoken: Language) -> _Form | None:
    """Return the longest form that begins at ``index``."""
    for length in range(min(3, len(folded) - index), 0, -1):
        words, end = tuple(folded[index : index + length]), index + length
        # "Apakah nama kapal itu" asks what, "apakah kapal itu tenggelam" whether.
        asks_what = not spoken.asked.isdisjoint(folded[end : end + 1])
        if index == 0 and words in spoken.openings and not asks_what:
            return _Form(index, end, spoken.openings[words])
        if words in spoken.question_words:
            kind = spoken.question_words[words]
            if kind == "which" and _find_noun(folded, index, spoken)[1]:
                kind = "where"
            return _Form(index, end, kind)
    return None


def _find_noun(folded: Sequence[str], index: int, spoken: Language) -> tuple[int, bool]:
    """Return where the noun before ``index`` begins, and whether a preposition leads it in.

    *Perusahaan mana* asks which, *di rumah sakit mana* where. A language without such prepositions
    has no noun there.
    """
    if not spoken.prepositions:
        return index, False
    first = index
    while first > 0 and folded[first - 1] not in spoken.stopwords:
        first -= 1
    led = 0 < first < index and folded[first - 1] in spoken.prepositions
    return (first - 1 if led else first), led


def _correct(folded: Sequence[str], spoken: Language) -> list[str]:
    """Return the words with those that look like a misspelt question word put right."""
    known = [form[0] for form in spoken.question_words if len(form) == 1 and len(form[0]) > 3]
    return [
        word
        if word in spoken.stopwords
        else next((right for right in known if _is_slip(word, right)), word)
        for word in folded
    ]


def _is_slip(word: str, right: str) -> bool:
    """Whether ``word`` is ``right`` with a letter left out, doubled or swapped with the next.

    A wrong letter is no slip: *kapal* is a ship and not *kapan*.
    """
    if abs(len(word) - len(right)) > 1 or word[:1] != right[:1]:
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), None)
    if same is None:
        return len(word) != len(right)
    if len(word) < len(right):
        return word[same:] == right[same + 1 :]
    if len(word) > len(right):
        return word[same + 1 :] == right[same:] and word[same] in word[same - 1]
    swapped = word[:same] + word[same + 1 : same + 2] + word[same] + word[same + 2 :]
    return swapped == right


@dataclass(frozen=True, slots=True)
class _Clause:
    """The words ``[start, end)`` of a question and the forms in them that ask."""

    start: int
    end: int
    forms: tuple[_Form, ...]


def _find_asks(parsed: _Parse, before: str) -> tuple[Ask, ...]:
    """Return what ``parsed`` asks for; ``before`` is the question that it goes on from, if any."""
    clauses = _find_clauses(parsed)
    if not clauses:
        kind = parsed.head or "what"
        label = parsed.spoken.phrases.labels[kind]
        # "Name the two towns": what is counted stands near the beginning.
        listed = kind in _LISTED and not parsed.spoken.counts.isdisjoint(parsed.folded[1:3])
        return (Ask(kind, _join(before, parsed.text), label, many=listed, listed=listed),)
    several = len(clauses) > 1 or len(clauses[0].forms) > 1
    # "Who opened it, where, and when?": what says too little alone is read after the whole.
    whole = _join(before, parsed.text.strip())
    asks: list[Ask] = []
    for index, clause in enumerate(clauses):
        said = _spell_out(parsed, clause, clauses[index + 1 :]) if several else parsed.text
        alone = index == 0 or _stands_alone(parsed, clause)
        text = _join(before if index == 0 else "" if alone else whole, said)
        ask = replace(_ask(parsed, clause.forms[0], text), alone=alone)
        parts = _find_parts(parsed, clause, clauses[index + 1 :])
        if parts:
            # What is true of all of them has the name of none.
            ask = replace(ask, label=parsed.spoken.phrases.labels[ask.kind], parts=parts)
        if any(ask.label == other.label for other in asks):
            # "Siapa yang datang, dan siapa yang menyambut": which of the two is which.
            ask = replace(ask, label=_capitalise(parsed.slice(clause.start, clause.end)))
        asks.append(ask)
        for form in clause.forms[1:]:
            asks.append(_ask_more(parsed, clause, form, whole, len(asks) - 1))
    # The same thing twice is asked once.
    return _bound(tuple(dict.fromkeys(asks))[:MAX_ASKS])


def _bound(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Leave what can be taken apart as it is where there would be too many things to read."""
    room = MAX_ASKS - len(asks)
    bounded = []
    for ask in asks:
        more = len(ask.parts[0]) - 1 if ask.parts else 0
        if more > room:
            ask, more = replace(ask, parts=()), 0
        room -= more
        bounded.append(ask)
    return tuple(bounded)


def _stands_alone(parsed: _Parse, clause: _Clause) -> bool:
    """Whether ``clause`` says what it is about, and speaks of nothing named before.

    *What was the reason* says too little; a name, a number or two terms say enough.
    """
    places = [i for i in range(clause.start, clause.end) if i not in parsed.asking]
    if any(parsed.points_back(i) for i in places):
        return False
    named = any(not parsed.words[i].text[0].islower() for i in places if i > clause.start)
    return named or len({parsed.folded[i] for i in places} & set(parsed.terms)) > 1


def _find_clauses(parsed: _Parse) -> list[_Clause]:
    """Cut the question where something else begins to be asked."""
    clauses: list[_Clause] = []
    for part_start, part_end, after in _split(parsed):
        forms = [f for f in parsed.forms if part_start <= f.start and f.end <= part_end]
        if clauses and not _asks_anew(parsed, part_start, part_end, forms, after):
            last = clauses.pop()
            clauses.append(_Clause(last.start, part_end, last.forms))
        elif forms:
            begin = part_start if clauses else 0
            clauses.append(_Clause(begin, part_end, _asking_forms(parsed, part_end, forms)))
    return clauses


def _split(parsed: _Parse) -> Iterator[tuple[int, int, bool]]:
    """Yield the runs of words between commas and coordinators, and whether a coordinator led in."""
    start, led = 0, False
    joins = parsed.spoken.coordinators
    for index in range(len(parsed.words) + 1):
        at_end = index == len(parsed.words)
        joined = not at_end and parsed.folded[index] in joins
        broken = (
            not at_end
            and index > start
            and any(
                mark in parsed.text[parsed.words[index - 1].end : parsed.words[index].start]
                for mark in ",;:?!."
            )
        )
        if at_end or joined or broken:
            if index > start:
                yield start, index, led
                led = False
            start = index + 1 if joined else index
            # A question mark ends a question as surely as "and" begins one.
            led = led or joined or (broken and "?" in parsed.text[: parsed.words[index].start])


def _asks_anew(parsed: _Parse, start: int, end: int, forms: Sequence[_Form], joined: bool) -> bool:
    """Whether these words ask for something, and don't go on with what was asked before."""
    if not forms:
        return False
    link = parsed.spoken.stopwords
    # "Dan di kota mana": the noun is a part of what asks.
    first = forms[0].start
    if forms[0].kind in ("which", "where"):
        first = max(start, _find_noun(parsed.folded, first, parsed.spoken)[0])
    leads = all(word in link for word in parsed.folded[start:first])
    closes = all(word in link for word in parsed.folded[forms[-1].end : end])
    if leads and closes:
        return True
    # "Who is Kishida, who met Putin?": what can be a relative clause asks anew behind "and" alone.
    return closes or (leads and (joined or forms[0].kind not in parsed.spoken.relatives))


def _asking_forms(parsed: _Parse, end: int, forms: Sequence[_Form]) -> tuple[_Form, ...]:
    """Return the first form and those at the end: *siapa bertemu siapa*.

    Between them they are relative: *the man who met whom*.
    """
    last = len(forms)
    edge = end
    while last > 1 and all(
        word in parsed.spoken.stopwords for word in parsed.folded[forms[last - 1].end : edge]
    ):
        last -= 1
        edge = forms[last].start
    # A form that asks for yes or no counts only where it begins, so that it is never among these.
    return (forms[0], *forms[last:])


def _spell_out(parsed: _Parse, clause: _Clause, following: Sequence[_Clause]) -> str:
    """Return ``clause`` as a question; one that is only a form shares the rest of the next.

    *Di mana dan kapan mereka bertemu* asks *di mana mereka bertemu*.
    """
    form = clause.forms[0]
    words = parsed.slice(clause.start, clause.end)
    if clause.start == form.start and form.end == clause.end and clause.start == 0:
        whole = next((c for c in following if c.forms[0].end < c.end), None)
        if whole is not None and whole.forms[0].start <= whole.start + 1:
            words = f"{words} {parsed.slice(whole.forms[0].end, whole.end)}"
    return f"{_capitalise(words)}?"


def _ask(parsed: _Parse, form: _Form, text: str) -> Ask:
    listed = _asks_for_list(parsed, form)
    many = listed or _speaks_of_many(parsed, form)
    measures = _find_measures(parsed, form)
    label = _label(parsed, form)
    return Ask(form.kind, text, label, many=many, listed=listed, measures=measures)


def _find_parts(
    parsed: _Parse, clause: _Clause, following: Sequence[_Clause]
) -> tuple[tuple[AskPart, ...], ...]:
    """Return the things that a clause may ask for in one breath, in each way to put them."""
    form = clause.forms[0]
    # A word that can join questions may end one: "tahun lalu".
    end = clause.end if following else len(parsed.words)
    asked = [other for other in parsed.forms if clause.start <= other.start < end]
    if len(asked) > 1 or _asks_for_list(parsed, form):
        return ()
    if form.kind == "what" and (
        form.start > clause.start or parsed.folded[form.end - 1] in parsed.spoken.leads
    ):
        # "Apa yang dilihat dan didengar warga" joins deeds, "bidang apa" asks which.
        return ()
    said = _capitalise(parsed.slice(clause.start, form.end))
    ways = take_apart(parsed.text, parsed.words[form.end : end], parsed.spoken, form.kind)
    return tuple(
        tuple(
            AskPart(f"{said} {each.name}", f"{said} {each.whole}?", each.is_deed, each.may_lack)
            for each in joined
        )
        for joined in ways
    )


_MEASURED = ("how many", "how much", "how long", "when", "what", "which")
"""The kinds that can ask for what is measured."""
_PRODUCTS = ("area", "volume")
"""What is measured in a length and the word for its power."""


def _find_measures(parsed: _Parse, form: _Form) -> frozenset[str]:
    """Return what a number that answers may be measured in; nothing where that isn't told.

    *Berapa persen*, *berapa harga*, *how many square miles*, *what was the price*, *jam berapa*.
    """
    spoken, known = parsed.spoken, parsed.spoken.measures
    if form.kind not in _MEASURED:
        return frozenset()
    following = " ".join(parsed.folded[form.start : form.end + 1])
    if following in known.within:
        return known.within[following]
    idle = (spoken.stopwords | spoken.numbers) - known.units.keys() - known.behind.keys()
    nouns = list(dropwhile(idle.__contains__, parsed.folded[form.end :]))[:2]
    if form.kind.startswith("how") and nouns and nouns[0] in known.units:
        # "Kilometer persegi" is an area.
        last = known.units.get(nouns[-1])
        return frozenset((last if last in _PRODUCTS else known.units[nouns[0]],))
    for noun in (" ".join(nouns), *nouns[:1]):
        if noun in known.behind:
            return known.behind[noun]
    told = (word for word in parsed.folded[form.start : form.end] if word in known.within)
    word = next(told, None)
    return known.kinds.get(form.kind, frozenset()) if word is None else known.within[word]


_LISTED = ("who", "whom", "what", "which", "where")
"""The kinds whose answers can be listed."""


def _asks_for_list(parsed: _Parse, form: _Form) -> bool:
    """Whether a word at ``form`` asks for each of several: *siapa saja*, *which two lines*."""
    folded, counts = parsed.folded, parsed.spoken.counts
    if form.kind not in _LISTED:
        return False
    if not parsed.spoken.several.isdisjoint(folded[form.start : form.end + 1]):
        return True
    # "Di mana dua pejabat itu bertemu": behind where, others are counted.
    if form.kind != "where" and not counts.isdisjoint(folded[form.end : form.end + 1]):
        return not parsed.is_part(form.end)
    # "Dua pulau mana": what is counted stands between, at the beginning; neither "pukul dua siapa"
    # nor "pukul dua siang siapa" counts anybody.
    first = form.start - 2
    return (
        first >= 0
        and form.end == form.start + 1
        and folded[first] in counts
        and parsed.begins(first)
        and not parsed.begins(first + 1, form.start)
    )


def _speaks_of_many(parsed: _Parse, form: _Form) -> bool:
    """Whether what stands behind ``form`` is in the plural: *which towns*, *who were*."""
    spoken, following = parsed.spoken, parsed.folded[form.end : form.end + 2]
    if not following or form.kind not in ("who", "what", "which"):
        return False
    if following[0] in spoken.plural_verbs:
        return True
    # "Who leads" and "what makes it special" have a verb there, "what measures did they" a noun.
    noun = form.kind == "which" or (form.kind == "what" and following[1:] in spoken.openings)
    return (
        noun
        and following[0].endswith(spoken.plurals)
        and not following[0].endswith(spoken.singulars)
        and following[0] not in spoken.stopwords
    )


def _ask_more(parsed: _Parse, clause: _Clause, form: _Form, context: str, first: int) -> Ask:
    """Return the ask of a clause's second form, or of a later one."""
    if form.kind not in ("who", "whom", "what", "which"):
        words = parsed.slice(form.start, form.end)
        text = _join(context, f"{_capitalise(words)}?")
        return replace(_ask(parsed, form, text), alone=False)
    kind = "whom" if form.kind == "who" else form.kind
    head = clause.forms[0]
    text = f"{parsed.slice(clause.start, form.end)}?"
    begin = parsed.words[clause.start].start
    gap = (parsed.words[head.start].start - begin, parsed.words[head.end - 1].end - begin)
    label = _capitalise(parsed.slice(form.start - 1, form.end))
    listed = _asks_for_list(parsed, form)
    return Ask(kind, text, label, first, gap, many=listed, listed=listed, alone=False)


def _label(parsed: _Parse, form: _Form) -> str:
    """Return the form with the words that say of what: *Berapa turbin angin*, *Perusahaan mana*."""
    begin, end = form.start, form.end
    for led in (begin, begin - 1):
        # "Kepada siapa", "by whom", "dari mana".
        if led >= 0 and parsed.folded[led] in parsed.spoken.cases:
            return _capitalise(parsed.slice(led, end))
    if form.kind in ("which", "where", "what") and end == begin + 1:
        begin = max(_find_noun(parsed.folded, begin, parsed.spoken)[0], begin - _LABEL)
    if begin == form.start and form.kind in ("which", "what", "how many", "how much"):
        while (
            end < min(form.end + 2, len(parsed.words))
            and parsed.folded[end] not in parsed.spoken.stopwords
            and end not in parsed.asking
            and parsed.folded[end] not in parsed.spoken.coordinators
            and not (end > form.end and _is_deed(parsed.folded[end], parsed.spoken))
        ):
            end += 1
        # Not in the middle of a name: "harga saham Nusa Pangan".
        capitals = [word.text[0].isupper() for word in parsed.words]
        if end < len(capitals) and capitals[end]:
            while end > form.end and capitals[end - 1]:
                end -= 1
    if (begin, end) == (form.start, form.end):
        if form.kind in ("how many", "how much") and end > begin + 1:
            # "How old", "berapa kali".
            return _capitalise(parsed.slice(begin, end))
        return parsed.spoken.phrases.labels[form.kind]
    return _capitalise(parsed.slice(begin, end))


def _is_deed(word: str, spoken: Language) -> bool:
    """Whether ``word`` says what somebody did: *which museum lost*. *Menteri* looks so, too."""
    return spoken.is_verb(word) and word not in spoken.offices


def _capitalise(words: str) -> str:
    """Return ``words`` with a capital at the beginning; the others stay as they are."""
    return f"{words[0].upper()}{words[1:]}"


def _join(before: str, text: str) -> str:
    return f"{before} {text}" if before else text


def _find_topic(history: Sequence[str], default_language: str) -> _Parse | None:
    """Return the last of the earlier questions that stands alone; a greeting is none."""
    for earlier in reversed(history):
        parsed = _parse(earlier, default_language)
        if parsed.terms and (parsed.forms or len(parsed.terms) > 1):
            return parsed
    return None


def _resolve(parsed: _Parse, before: _Parse) -> str:
    """Say the earlier question again, asking what is asked now: "Di mana Nakagome bertemu?"."""
    if not parsed.forms:
        return before.text
    if parsed.spoken == before.spoken:
        asked = [parsed.slice(form.start, form.end) for form in parsed.forms]
    else:
        # "Kapan?" after "Who visited Moscow?" is "When visited Moscow?", not half of each.
        asked = [before.spoken.phrases.labels[form.kind] for form in parsed.forms]
    told = [word.text for i, word in enumerate(before.words) if i not in before.asking]
    # "yang ditemui Nakagome": what linked the words to the question word that is gone.
    while fold(told[0]) in before.spoken.stopwords:
        told = told[1:]
    while fold(told[-1]) in before.spoken.stopwords:
        told = told[:-1]
    sentence = " ".join((*asked, *told))
    return f"{_capitalise(sentence)}?"
