"""The question files as passages with the questions on them.

Reading sets have {"id", "question", "context", "answers": [{"text", "start"}], "answerable"?} a
line; article sets {"question", "history", "answerable", "answers": [[str, ...], ...], "quotes",
"article", …} with the article's text in a file of its own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

from qa_service.article import Article
from qa_service.question import analyse_question

Gold = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A question on a passage; ``golds`` are the answers' ranges, none if the passage has none.

    ``context`` holds what was asked before, or the whole of which the question is one part.
    """

    id: str
    question: str
    passage: int
    golds: tuple[Gold, ...]
    source: str
    context: str = ""


@dataclass(slots=True)
class Corpus:
    """Passages, each split into sentences, and the rows that ask about them.

    One passage in twenty of the reading sets is held back from training: what weighs the reader's
    scores must be fitted on passages that the reader hasn't seen. ``held_back`` takes those only.
    """

    held_back: bool = False
    passages: list[Article] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _index: dict[str, int] = field(default_factory=dict)
    _asked: dict[tuple[str, str], Row] = field(default_factory=dict)

    def add_passage(self, text: str) -> int:
        """Return the number of the passage with this text."""
        if text not in self._index:
            self._index[text] = len(self.passages)
            self.passages.append(Article.of(text, id=str(len(self.passages))))
        return self._index[text]

    def add_reading_set(self, path: Path) -> None:
        """Add every row of a reading set; the file's name is the rows' source."""
        for row in read_rows(path):
            self._add_reading(row, path.stem)

    def _add_reading(self, row: Mapping[str, Any], source: str) -> None:
        if is_held_back(row["context"]) != self.held_back:
            return
        golds = tuple(
            (a["start"], a["start"] + len(a["text"]))
            for a in row["answers"]
            if row.get("answerable", True) and a["text"].strip()
        )
        passage = self.add_passage(row["context"])
        asked = Row(row["id"], row["question"], passage, golds, source)
        self.rows.append(asked)
        self._asked[source, asked.id] = asked

    def add_translations(self, path: Path) -> None:
        """Add the questions in ``path``, each asking in the other language what a row asks.

        A line is {"set", "id", "question"}: the reading set and the row in it, which must have been
        added before; those of rows that are not in this corpus are passed over.
        """
        for line, row in self._find_asked(path):
            source = f"{row.source} translated"
            self.rows.append(replace(row, question=line["question"], source=source))

    def add_questions(self, path: Path) -> None:
        """Add the questions in ``path``, each asking something else of a row's passage.

        A line is {"set", "id", "question", "start", "end"}: the reading set and the row in it, as
        for translations, and the answer's range in the passage, or null where it tells nothing.
        """
        for line, row in self._find_asked(path):
            golds = () if line["start"] is None else ((line["start"], line["end"]),)
            source = f"{row.source} asked"
            self.rows.append(replace(row, question=line["question"], golds=golds, source=source))

    def _find_asked(self, path: Path) -> Iterator[tuple[Mapping[str, Any], Row]]:
        """Yield the lines of ``path`` whose row is in this corpus, each with that row."""
        for line in read_rows(path):
            row = self._asked.get((line["set"], line["id"]))
            if row is not None:
                yield line, row

    def add_pairs(self, path: Path, translated: Path) -> None:
        """Add the questions of one file on the passages of its translation, and the reverse.

        XQuAD's questions and those of the Indonesian translation of SQuAD have the same id.
        """
        theirs = {row["id"].rpartition("-")[2]: row for row in read_rows(translated)}
        for row in read_rows(path):
            other = theirs.get(row["id"])
            if other is not None and other.get("answerable", True):
                self._add_reading({**other, "question": row["question"]}, "pairs")
                self._add_reading({**row, "question": other["question"]}, "pairs")

    def add_article_set(self, path: Path, *, source: str) -> None:
        """Add every row of an article set, whose articles lie in ``articles/`` beside the file."""
        for number, row in enumerate(read_rows(path)):
            text = (path.parent / "articles" / f"{row['article']}.txt").read_text(encoding="utf-8")
            passage = self.add_passage(text)
            for part, (question, context, golds) in enumerate(_unfold(row, text)):
                id = f"{source}-{number}-{part}"
                self.rows.append(Row(id, question, passage, golds, source, context))


def is_held_back(text: str) -> bool:
    """Whether the passage with this text is one of the twentieth that no reader is trained on."""
    return crc32(text.encode()) % 20 == 0


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _unfold(row: Mapping[str, Any], text: str) -> Iterator[tuple[str, str, tuple[Gold, ...]]]:
    """Yield each thing that the row asks: question, what was said before, answers.

    Of an answer that can't be found nothing is learnt, least of all that there is none.
    """
    question, history = row["question"], row.get("history") or []
    found = [_locate(text, row["quotes"], facet[0]) for facet in row["answers"]]
    places = tuple(place for place in found if place is not None)
    if len(places) < len(found):
        return
    if row["kind"] != "compound" or not places:
        yield question, " ".join(history), places
        if row.get("standalone"):
            yield row["standalone"], "", places
        return
    served = analyse_question(question, default_language=row["lang"]).asks
    kinds = [_KINDS.get(facet, facet) for facet in row["facets"]]
    # As it was written, and as it is served.
    forms = [row["asks"]]
    if [_KINDS.get(ask.kind, ask.kind) for ask in served] == kinds:
        said = [text[start:end] for start, end in places]
        forms.append(
            [ask.text if ask.filled_by is None else ask.fill(said[ask.filled_by]) for ask in served]
        )
    pairs = (zip(asks, places, strict=True) for asks in forms if len(asks) == len(places))
    for ask, place in dict.fromkeys(chain.from_iterable(pairs)):
        yield ask, "", (place,)


# The kinds that people who write questions and those who read them tell apart differently.
_KINDS = {
    "whom": "who",
    "whose": "who",
    "which": "what",
    "how many": "how much",
    "howmany": "how much",
    "howmuch": "how much",
    "howlong": "how long",
    "yesno": "yes/no",
}


def _locate(text: str, quotes: list[str], answer: str) -> Gold | None:
    """Return where ``answer`` stands inside the first quote that holds it."""
    for quote in quotes:
        if answer in quote:
            start = text.index(quote) + quote.index(answer)
            return start, start + len(answer)
    return None
