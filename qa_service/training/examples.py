"""What the reader is trained on: rows turned into windows, each time a little differently.

A window holds some of the passage's sentences, now and then with sentences of another passage
between them, as it will be served: so the reader learns to find the place, and that often there is
none. Questions are varied as people write them: in everyday spelling, with typing errors, as a
follow-up, as part of a compound question.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import regex
from tokenizers import Tokenizer

from qa_service.article import Article
from qa_service.reader.encoding import Tokens, Window, build_window
from qa_service.training.datasets import Corpus, Gold, Row
from qa_service.training.mining import Tempting
from qa_service.training.swapping import Swapper

_BUDGETS = ((60, 0.2), (110, 0.5), (160, 0.25), (220, 0.05))
"""Tokens that a window's sentences may have, and how often."""
LONG = 8
"""Sentences of a passage that is served in several windows, of which most have no answer."""


@dataclass(frozen=True, slots=True)
class Example:
    """A window and its answers.

    ``spans`` are pairs of positions in ``window.ids``, first and last token; none means that the
    window has no answer. ``support`` are the positions of the sentences that hold one.
    """

    window: Window
    spans: tuple[tuple[int, int], ...]
    support: tuple[int, ...]


class Sampler:
    """Draws examples from a corpus; the same seed draws the same."""

    def __init__(
        self,
        corpus: Corpus,
        tokenizer: Tokenizer,
        *,
        repeats: Mapping[str, float],
        seed: int,
        tempting: Tempting | None = None,
    ) -> None:
        """Draw from ``corpus``, each row as often in an epoch as ``repeats`` says of its source.

        Windows often hold a sentence that is ``tempting`` (:func:`find_tempting`).

        :raises ValueError: ``repeats`` says nothing of one.
        """
        unknown = {row.source for row in corpus.rows} - set(repeats)
        if unknown:
            raise ValueError(f"how often are rows of {sorted(unknown)} to be drawn?")
        self._corpus = corpus
        self._repeats = repeats
        self._tempting = tempting or {}
        self._tokenizer = tokenizer
        self._seed = seed
        self._random = random.Random(seed)
        self._sentences = [tokenize_sentences(tokenizer, passage) for passage in corpus.passages]
        self._by_source: dict[str, list[int]] = defaultdict(list)
        self._by_passage: dict[int, list[Row]] = defaultdict(list)
        for row in corpus.rows:
            self._by_source[row.source].append(row.passage)
            self._by_passage[row.passage].append(row)
        self._swapper = Swapper(row.question for row in corpus.rows)

    def checksum(self) -> int:
        """Return a CRC-32 of the rows, of how often they are drawn and of what tempts."""
        rows = [f"{row.source} {row.question} {row.golds}" for row in self._corpus.rows]
        tempting = sorted(self._tempting.items())
        return crc32(repr((sorted(self._repeats.items()), self._seed, rows, tempting)).encode())

    def epoch(self, number: int) -> list[Example]:
        """Return the examples of the epoch with this number, in random order."""
        self._random.seed(f"{self._seed} {number}")
        rows: list[Row] = []
        for row in self._corpus.rows:
            repeats = self._repeats[row.source]
            more = self._random.random() < repeats - int(repeats)
            rows += [row] * (int(repeats) + more)
        self._random.shuffle(rows)
        return [self.draw(row) for row in rows]

    def draw(self, row: Row) -> Example:
        """Return one example of ``row``."""
        question, golds = self._vary(row)
        tokens = Tokens.of_question(self._tokenizer, question)
        # Where it is asked for something else, what would be the answer is there to be mistaken.
        chosen, golds = self._choose(row, golds, row.golds)
        return label(build_window(tokens, chosen), golds)

    def _vary(self, row: Row) -> tuple[str, tuple[Gold, ...]]:
        """Return the question as someone could have put it, and its answers."""
        pick = self._random.random
        question, golds = row.question, row.golds
        text = self._corpus.passages[row.passage].text
        if golds and not row.context:
            swapped = self._swapper.swap(question, text, self._random)
            if swapped is not None:
                question, golds = swapped, ()
        if not row.context and golds == row.golds and pick() < 0.12:
            question = self._as_part(row, question)
        if pick() < 0.15:
            question = misspell(question, self._random)
        if row.context:
            question = f"{row.context} {question}"
        return question, golds

    def _as_part(self, row: Row, question: str) -> str:
        """Return ``question`` after another one, cut to its question word where it has one."""
        if "?" in question.rstrip(" ?"):
            # It stands after another one already.
            return question
        opening = _OPENING.match(question)
        if opening and self._random.random() < 0.7:
            words = _OPENERS[0] if fold_opening(opening[1]) in _OPENERS[0] else _OPENERS[1]
            other = self._random.choice([w for w in words if w != fold_opening(opening[1])])
            rest = question[opening.end() :].rstrip(" ?")
            earlier = other.capitalize()
            if self._random.random() < 0.5:
                earlier += f" {'dan' if words is _OPENERS[0] else 'and'} {opening[1].lower()}"
            return f"{earlier} {rest}? {opening[1]}?"
        other_row = self._random.choice(self._by_passage[row.passage])
        # What asks for the same, perhaps in the other language, is no other question.
        same = other_row.golds == row.golds if row.golds else other_row.question == row.question
        return question if same else f"{other_row.question} {question}"

    def _choose(
        self, row: Row, golds: tuple[Gold, ...], near: tuple[Gold, ...]
    ) -> tuple[list[tuple[int, Tokens]], tuple[Gold, ...]]:
        """Choose the sentences of a window, mostly with those that hold what is ``near``.

        Return them and the answers that they hold.
        """
        passage, sentences = self._corpus.passages[row.passage], self._sentences[row.passage]
        holding = sorted({place for gold in near if (place := _find(passage, gold)) is not None})
        rest = [i for i in range(len(sentences)) if i not in holding]
        pick = self._random.random
        empty = 0.3 if len(sentences) > LONG else 0.08
        if holding and len(rest) > 1 and pick() < empty:
            said = {passage.text[start:end] for start, end in near}
            others = " ".join(passage.sentences[i].text for i in rest)
            # Said elsewhere, too, it would perhaps be an answer there.
            if not any(answer in others for answer in said):
                holding, golds = [], ()
        budget = self._random.choices(
            [tokens for tokens, _ in _BUDGETS], [share for _, share in _BUDGETS]
        )[0]
        chosen = set(holding)
        used = sum(len(sentences[i].ids) for i in chosen)
        for i in self._order(row, rest, holding):
            if used + len(sentences[i].ids) <= budget:
                chosen.add(i)
                used += len(sentences[i].ids)
        kept = sorted(chosen) or [self._random.choice(rest or range(len(sentences)))]
        window = [(i, sentences[i]) for i in kept]
        if pick() < 0.3 and used < budget - 30:
            window = self._mix(window, row, budget - used)
        return window, golds

    def _order(self, row: Row, rest: list[int], holding: Sequence[int]) -> list[int]:
        """Return the other sentences in the order in which they are taken in."""
        tempting = [i for i in self._tempting.get((row.passage, row.question), ()) if i in rest]
        if tempting and self._random.random() < (0.5 if holding else 0.8):
            most = tempting[0] if self._random.random() < 0.6 else self._random.choice(tempting)
            around = self._random.choice(holding) if holding else most
            near = sorted(rest, key=lambda i: (abs(i - around), i))
            return list(dict.fromkeys([most, *near]))
        if self._random.random() < 0.5:
            return self._random.sample(rest, len(rest))
        around = self._random.choice(holding or rest or [0])
        shift = self._random.uniform(-2, 2)
        return sorted(rest, key=lambda i: abs(i - around - shift))

    def _mix(
        self, window: list[tuple[int, Tokens]], row: Row, room: int
    ) -> list[tuple[int, Tokens]]:
        """Put sentences of another passage before or behind ``window``, as if of one article."""
        other = self._random.choice(self._by_source[row.source])
        if other == row.passage:
            return window
        strange: list[Tokens] = []
        for tokens in self._sentences[other]:
            if len(tokens.ids) > room:
                break
            strange.append(_nowhere(tokens))
            room -= len(tokens.ids)
        if self._random.random() < 0.5:
            return [*window, *((window[-1][0] + 2 + i, t) for i, t in enumerate(strange))]
        return [*((i - len(strange) - 1, t) for i, t in enumerate(strange)), *window]


def tokenize_sentences(tokenizer: Tokenizer, article: Article) -> list[Tokens]:
    """Return the tokens of each sentence, with offsets into the article."""
    return Tokens.of_all(
        tokenizer,
        [sentence.text for sentence in article.sentences],
        offsets=[sentence.start for sentence in article.sentences],
    )


def label(window: Window, golds: Sequence[Gold]) -> Example:
    """Find the tokens of the answers, and of the sentences they are in, inside ``window``."""
    spans: list[tuple[int, int]] = []
    support: set[int] = set()
    for start, end in golds:
        inside = [
            i
            for i, (begin, stop) in enumerate(zip(window.starts, window.ends, strict=True))
            if begin < end and stop > start and stop > begin
        ]
        if inside:
            spans.append((window.positions[inside[0]], window.positions[inside[-1]]))
            numbers = {window.sentences[i] for i in inside}
            support |= {window.positions[i] for i, n in enumerate(window.sentences) if n in numbers}
    return Example(window, tuple(dict.fromkeys(spans)), tuple(sorted(support)))


def _nowhere(tokens: Tokens) -> Tokens:
    """Return ``tokens`` with offsets that no answer can have."""
    return Tokens(tokens.ids, (-1,) * len(tokens.ids), (-1,) * len(tokens.ids))


def _find(passage: Article, gold: Gold) -> int | None:
    return next((i for i, s in enumerate(passage.sentences) if s.start <= gold[0] < s.end), None)


_OPENERS = (
    ("siapa", "kapan", "di mana", "berapa", "mengapa", "kenapa", "bagaimana", "apa"),
    ("who", "when", "where", "why", "how", "what"),
)
_OPENING = regex.compile(
    r"(siapa|kapan|di ?mana|berapa|mengapa|kenapa|bagaimana|apa|who|when|where|why|how|what)\b",
    regex.IGNORECASE,
)


def fold_opening(word: str) -> str:
    """Return the question word as the lists have it."""
    return "di mana" if word.lower() == "dimana" else word.lower()


# How the words are written in chats; every form was seen in use by Indonesian speakers.
_COLLOQUIAL: Mapping[str, tuple[str, ...]] = {
    "siapa": ("siapa sih", "sapa", "siapakah"),
    "di mana": ("dimana", "dmn", "di manakah"),
    "dimana": ("di mana", "dmn"),
    "kapan": ("kapan sih", "kpn", "kapankah"),
    "berapa": ("brp", "brapa", "berapakah"),
    "mengapa": ("kenapa", "knp", "kenapa sih"),
    "bagaimana": ("gimana", "gmn", "bagaimanakah"),
    "apa": ("apa sih", "apaan", "apakah"),
    "yang": ("yg",),
    "dengan": ("dgn",),
    "tidak": ("nggak", "gak"),
    "untuk": ("buat", "utk"),
    "dalam": ("dlm",),
    "tersebut": ("itu",),
}
_WORD = regex.compile(r"\p{L}{5,}")
_FORMS = regex.compile(r"\b(" + "|".join(_COLLOQUIAL) + r")\b", regex.IGNORECASE)


def misspell(question: str, chance: random.Random) -> str:
    """Return ``question`` as typed in haste: everyday forms, a wrong letter, no capitals."""
    if chance.random() < 0.6:
        question = _FORMS.sub(
            lambda m: chance.choice(_COLLOQUIAL[m[0].lower()]) if chance.random() < 0.7 else m[0],
            question,
        )
    if chance.random() < 0.5:
        words = list(_WORD.finditer(question))
        if words:
            word = chance.choice(words)
            question = question[: word.start()] + _slip(word[0], chance) + question[word.end() :]
    if chance.random() < 0.3:
        question = question.lower()
    if chance.random() < 0.3:
        question = question.rstrip(" ?")
    return question


def _slip(word: str, chance: random.Random) -> str:
    i = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:i] + word[i + 1 :],
            word[:i] + word[i] + word[i:],
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
        )
    )


def batches(
    examples: Sequence[Example], *, tokens: int, chance: random.Random
) -> Iterator[list[Example]]:
    """Yield batches of about ``tokens`` tokens, padding included, in random order.

    Examples of about the same length share a batch; which of them is a matter of chance.
    """
    order = sorted(examples, key=lambda e: len(e.window.ids) + chance.random() * 8)
    groups: list[list[Example]] = [[]]
    for example in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(example.window.ids) > tokens:
            groups.append([])
        groups[-1].append(example)
    chance.shuffle(groups)
    yield from groups
