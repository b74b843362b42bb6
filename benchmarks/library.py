"""Load a folder of many articles and ask all of them; each row names what a target is for.

python benchmarks/library.py [--data ../shared/data] [--articles 1000] [--sentences 15]

Articles are those of articles and articles_real and, beyond them, passages of the training files
joined until they have so many sentences; questions are those of seed_questions_dev and
article_questions_dev.
"""

import resource
import statistics
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from measuring import new_parser, p99, read_articles, read_rows

from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.folder import Folder
from qa_service.library import MemoryLibrary
from qa_service.question import analyse_question
from qa_service.reader.reader import load_reader

_FILES = ("idk_train", "squad_id_train", "xquad_en_train")


def main() -> None:
    """Print times in seconds and milliseconds, and the process's largest size."""
    cli = new_parser(__doc__)
    cli.add_argument("--articles", type=int, default=1000)
    cli.add_argument("--sentences", type=int, default=15)
    args = cli.parse_args()
    reader = load_reader()
    with TemporaryDirectory() as folder:
        texts = islice(make_texts(args.data, args.sentences), args.articles)
        for number, text in enumerate(texts):
            Path(folder, f"{number:05}.txt").write_text(text, encoding="utf-8")
        began = perf_counter()
        library = MemoryLibrary(Folder(Path(folder)).read() or [])
        print(f"loaded in {perf_counter() - began:.1f} s")
    retriever = library.search()
    count = sum(len(article.sentences) for article in library.articles)
    print(f"{len(library.articles)} articles, {count} sentences")
    rows = [
        row
        for name in ("seed_questions_dev", "article_questions_dev")
        for row in read_rows(args.data, name)
    ]
    times: dict[str, list[float]] = {"retrieval": [], "answer, first": [], "answer, again": []}
    for row in rows:
        began = perf_counter()
        retriever.retrieve(
            analyse_question(
                row["question"], history=row.get("history", []), default_language="id"
            ),
            k=150,
        )
        times["retrieval"].append(perf_counter() - began)
    for name in ("answer, first", "answer, again"):
        for row in rows:
            began = perf_counter()
            answer_question(row["question"], retriever, reader, history=row.get("history", []))
            times[name].append(perf_counter() - began)
    for name, spent in times.items():
        middle = statistics.median(spent)
        print(f"{name:<14} median {middle * 1000:6.1f} ms   p99 {p99(spent) * 1000:6.1f} ms")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


def make_texts(data: Path, sentences: int) -> Iterator[str]:
    """Yield texts of about so many sentences: articles first, then passages together."""
    yield from read_articles(data).values()
    passages: dict[str, None] = {}
    for name in _FILES:
        passages |= dict.fromkeys(row["context"] for row in read_rows(data, name))
    together: list[str] = []
    length = 0
    for passage in passages:
        together.append(passage)
        length += len(Article.of(passage, id="a").sentences)
        if length >= sentences:
            yield "\n\n".join(together)
            together, length = [], 0


if __name__ == "__main__":
    main()
