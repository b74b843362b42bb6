"""Ask the dev questions of all articles at once, and of their own, and say what that costs.

python benchmarks/all_articles.py [--data ../shared/data]

The articles are those of articles and articles_real, the questions those of seed_questions_dev and
article_questions_dev.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from measuring import new_parser, read_articles, read_rows
from results import tabulate

from qa_service.answer import Abstention
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.reader.reader import Reader, load_reader
from qa_service.retriever import BM25Retriever
from qa_service.training.evaluation import score

_SETS = ("seed_questions_dev", "article_questions_dev")
_FIGURES = ("f1", "quote@1", "answered", "refused")
_FIRST = "right article first"


def main() -> None:
    """Print a table: each set with its article given, and without."""
    args = new_parser(__doc__).parse_args()
    articles = [Article.of(text, id=id) for id, text in read_articles(args.data).items()]
    reader = load_reader()
    everything = BM25Retriever(articles)
    alone = {article.id: BM25Retriever([article]) for article in articles}
    print(f"{len(articles)} articles\n")
    table = []
    for name in _SETS:
        rows = read_rows(args.data, name)
        for said, retrievers in (
            ("given", alone),
            ("not given", dict.fromkeys(alone, everything)),
        ):
            means = measure(rows, retrievers, reader)
            cells = [f"{means[f]:.3f}" if f in means else "" for f in (*_FIGURES, _FIRST)]
            table.append([name, said, *cells])
    print(tabulate(["set", "article", *_FIGURES, _FIRST], table))


def measure(
    rows: Sequence[Mapping[str, Any]], retrievers: Mapping[str, BM25Retriever], reader: Reader
) -> dict[str, float]:
    """Return the means of all figures; each row is asked of the retriever of its article.

    Whether the right article comes first counts where there is an answer, or what comes nearest.
    """
    figures: dict[str, list[float]] = {}
    for row in rows:
        article = row.get("article", "seed")
        history = row.get("history", [])
        _, outcome = answer_question(row["question"], retrievers[article], reader, history=history)
        quotes = outcome.nearest if isinstance(outcome, Abstention) else outcome.quotes
        found = score(row, outcome)
        if row["answerable"]:
            found[_FIRST] = float(any(quote.article_id == article for quote in quotes[:1]))
        for name, value in found.items():
            figures.setdefault(name, []).append(value)
    return {name: fmean(values) for name, values in figures.items()}


if __name__ == "__main__":
    main()
