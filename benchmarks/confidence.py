"""Fit how confidence follows from retrieval, and show how reliable it is on other questions.

python benchmarks/confidence.py [--data ../shared/data]
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from qa_service.answerer import MAX_QUOTES, lead
from qa_service.article import Article
from qa_service.question import analyse_question
from qa_service.retriever import BM25Retriever

FIT = ("facqa_train", "idk_train", "tydi_en_train")
CHECK = ("facqa_valid", "idk_valid", "xquad_en_train")


def observe(file: Path) -> Iterator[tuple[float, float, bool]]:
    """Yield each answered question's coverage and lead, and whether its first quote was right."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        article = Article.of(row["context"], id="")
        hits = BM25Retriever([article]).retrieve(analyse_question(row["question"]), k=MAX_QUOTES)
        if hits:
            first = article.sentences[hits[0].sentence]
            right = any(first.start <= gold["start"] < first.end for gold in row["answers"])
            yield hits[0].coverage, lead(hits), right and row.get("answerable", True)


def fit(rows: np.ndarray) -> np.ndarray:
    """Fit a logistic regression by Newton's method; ``rows``: float, (n, 3), the last 0 or 1."""
    x = np.column_stack([np.ones(len(rows)), rows[:, :2]])
    weights = np.zeros(3)
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ weights))
        weights += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (rows[:, 2] - p))
    return weights


def main() -> None:
    """Print the weights, and for each check file the confidence beside the share that was right."""
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("--data", type=Path, default=Path("../shared/data"))
    data: Path = cli.parse_args().data
    weights = fit(
        np.array([row for name in FIT for row in observe(data / f"{name}.jsonl")], dtype=float)
    )
    print("intercept, coverage, lead:", np.round(weights, 2).tolist())
    for name in CHECK:
        rows = np.array(list(observe(data / f"{name}.jsonl")), dtype=float)
        confidence = 1 / (1 + np.exp(-(weights[0] + rows[:, :2] @ weights[1:])))
        print(
            name,
            f"n={len(rows)} mean confidence {confidence.mean():.3f} right {rows[:, 2].mean():.3f}",
        )
        for low in np.arange(0, 1, 0.2):
            inside = (confidence >= low) & (confidence < low + 0.2)
            if inside.any():
                said, right = confidence[inside].mean(), rows[inside, 2].mean()
                bucket = f"  {low:.1f}-{low + 0.2:.1f}  n={inside.sum():5}"
                print(f"{bucket}  confidence {said:.3f}  right {right:.3f}")


if __name__ == "__main__":
    main()
