"""Ask our service and its peers the same questions in one run: which sentences, which answers.

python benchmarks/quality.py [--data ../shared/data] [--limit N] [--out docs/benchmarks]

A peer shows sentences; its short answer is the first of them, whole. It refuses where no sentence
shares a word with the question; the dense one never does.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import measuring
from peers import PEERS, Peer, split_sentences
from results import COLOURS, FOLDER, new_plot, save_plot, tabulate, write_results

from qa_service.answer import Abstention, Answer, Outcome, Part, Quote
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.reader.reader import load_reader
from qa_service.retriever import BM25Retriever
from qa_service.training.evaluation import score

FILES = (
    "facqa_valid",
    "idk_valid",
    "en_facqa_valid",
    "en_idk_valid",
    "seed_questions_dev",
    "article_questions_dev",
)
FIGURES = ("quote@1", "quote@3", "f1", "answered", "refused")
Row = dict[str, Any]
Ask = Callable[[Row, str], Outcome]


def ask_ours() -> Ask:
    """Return how our service is asked."""
    reader = load_reader()

    def ask(row: Row, text: str) -> Outcome:
        retriever = BM25Retriever([Article.of(text, id="text")])
        history = row.get("history", [])
        return answer_question(row["question"], retriever, reader, history=history)[1]

    return ask


def ask_peer(peer: Peer) -> Ask:
    """Return how a peer is asked; the sentences of the text before are kept."""
    loaded = ""
    sentences = split_sentences(loaded)

    def ask(row: Row, text: str) -> Outcome:
        nonlocal loaded, sentences
        if text != loaded:
            loaded, sentences = text, split_sentences(text)
            peer.load([sentence.text for sentence in sentences])
        found = peer.find(row["question"], 3)
        if not found:
            return Abstention(missing=())
        quotes = tuple(Quote("text", i, sentences[i], 0.0) for i in found)
        first = quotes[0].span
        part = Part.cut(quotes, 0, first.start, first.end, asks="what", label="", confidence=1.0)
        return Answer(quotes, 1.0, (part,))

    return ask


def systems() -> Iterator[tuple[str, Ask]]:
    """Yield ours and the peers by name."""
    yield "ours", ask_ours()
    for peer in PEERS:
        yield peer.name, ask_peer(peer())


def read_rows(data: Path, limit: int | None) -> Iterator[tuple[Row, str, list[str]]]:
    """Yield each question, its text and the groups that it counts in."""
    for name in FILES:
        for row in measuring.read_rows(data, name)[:limit]:
            if "context" in row:
                yield row, row["context"], [name]
                continue
            path = data / "articles" / f"{row.get('article', 'seed')}.txt"
            text = path.read_text(encoding="utf-8")
            pair = f"{row['lang']} on {Article.of(text, id='text').language}"
            yield row, text, [name, f"{row['kind']} questions", f"{pair} (articles)"]


def mean(values: list[float]) -> float | None:
    """Return the mean, if there is one."""
    return round(fmean(values), 3) if values else None


def main() -> None:
    """Print a table for each file and group, and write them with a plot."""
    cli = measuring.new_parser(__doc__)
    cli.add_argument("--limit", type=int, help="rows of each file")
    cli.add_argument("--out", type=Path, default=FOLDER)
    args = cli.parse_args()
    rows = list(read_rows(args.data, args.limit))
    groups = list(dict.fromkeys(group for _, _, names in rows for group in names))
    found: dict[str, dict[str, dict[str, float | None]]] = {group: {} for group in groups}
    for name, ask in systems():
        scored = [(score(row, ask(row, text)), names) for row, text, names in rows]
        for group in groups:
            inside = [figures for figures, names in scored if group in names]
            found[group][name] = {
                figure: mean([s[figure] for s in inside if figure in s]) for figure in FIGURES
            }
    for group, by_system in found.items():
        count = sum(group in names for _, _, names in rows)
        lines = [
            [name, *("" if f[x] is None else f"{f[x]:.3f}" for x in FIGURES)]
            for name, f in by_system.items()
        ]
        print(tabulate([f"{group} ({count})", *FIGURES], lines), end="\n\n", flush=True)
    write_results("quality", {"questions": len(rows), "groups": found}, args.out)
    plot(found, args.out)


def plot(found: dict[str, dict[str, dict[str, float | None]]], folder: Path) -> None:
    """Draw quote@1 and F1 of each file."""
    figure, axes = new_plot(2)
    for axis, measure in zip(axes, ("quote@1", "f1"), strict=True):
        names = list(next(iter(found.values())))
        for place, name in enumerate(names):
            heights = [found[file][name][measure] or 0.0 for file in FILES]
            at = [i + (place - len(names) / 2) * 0.15 for i in range(len(FILES))]
            axis.bar(at, heights, 0.13, color=COLOURS[place], label=name)
        axis.set_title(measure)
        axis.set_ylim(0, 1)
        labels = [file.replace("_questions", "").replace("_", " ") for file in FILES]
        axis.set_xticks(range(len(FILES)), labels, rotation=30, ha="right")
        axis.grid(axis="y")
        axis.set_axisbelow(True)
    save_plot(figure, "quality", folder)


if __name__ == "__main__":
    main()
