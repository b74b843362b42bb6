"""Show how confidence and truth agree: of answers given at 0.9, nine in ten should be right.

python benchmarks/reliability.py ../shared/data/idk_valid.jsonl ../shared/data/facqa_valid.jsonl …

Every question of these reading sets is answered whatever the confidence. An answer is right if the
question has one and their F1 is at least a half.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from qa_service.answer import Answer
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.reader.reader import Reader, load_reader
from qa_service.retriever import BM25Retriever
from qa_service.training.datasets import read_rows
from qa_service.training.fitting import RIGHT
from qa_service.training.scoring import f1


def observe(file: Path, reader: Reader) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each question's answer, and whether it is right."""
    for row in read_rows(file):
        retriever = BM25Retriever([Article.of(row["context"], id="")])
        _, outcome = answer_question(row["question"], retriever, reader, threshold=0.0)
        if isinstance(outcome, Answer):
            part = outcome.parts[0]
            golds = [g["text"] for g in row["answers"] if row.get("answerable", True)]
            yield part.confidence, any(f1(part.span.text, gold) >= RIGHT for gold in golds)


def main() -> None:
    """Print, for each file and each tenth of confidence, the mean confidence and the truth."""
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("files", nargs="+", type=Path)
    reader = load_reader()
    for file in cli.parse_args().files:
        rows = np.array(list(observe(file, reader)), dtype=float)
        said, right = rows[:, 0], rows[:, 1]
        print(f"{file.stem}: n={len(rows)}, confidence {said.mean():.3f}, right {right.mean():.3f}")
        for low in np.arange(0, 1, 0.1):
            inside = (said >= low) & (said < low + 0.1)
            if inside.any():
                means = f"confidence {said[inside].mean():.2f}  right {right[inside].mean():.2f}"
                print(f"  {low:.1f} to {low + 0.1:.1f}  n={inside.sum():4}  {means}")


if __name__ == "__main__":
    main()
