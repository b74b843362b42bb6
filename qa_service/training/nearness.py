"""Fit how near a sentence is to a question: two linear maps over the lower half's vectors.

Question and answering sentence are brought together, and kept apart from the other sentences of
their passage and of the batch, by their cosines, in either language (InfoNCE: van den Oord et al.,
2018, "Representation Learning with Contrastive Predictive Coding").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from qa_service.reader.encoding import BEGIN, END, Tokens
from qa_service.reader.model import NEAR, NEARNESS_FILE, Model
from qa_service.training.datasets import Corpus
from qa_service.training.encoder import HIDDEN

_EPOCHS, _BATCH, _RATE, _DECAY = 8, 512, 2e-3, 1e-4
_TEMPERATURE = 0.05
# Other sentences of the same passage that each question is compared with.
_SAME_PASSAGE = 2
# Tokens of a question or a sentence that are looked at.
_TOKENS = 128
_QUESTIONS = 30_000

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Questions and the sentences that answer them.

    ``questions`` are vectors, ``(n, 384)``, ``sentences`` those of all sentences, ``(m, 384)``;
    ``answers`` says which of these answers each question, ``passages`` which passage each is from.
    """

    questions: Vectors
    sentences: Vectors
    answers: NDArray[np.intp]
    passages: NDArray[np.intp]


def write_blank_nearness(folder: Path) -> None:
    """Let the reader in ``folder`` take every sentence for equally near, until that is fitted."""
    np.save(folder / NEARNESS_FILE, np.zeros((2, HIDDEN + 1, NEAR), np.float16))


def fit_nearness(corpus: Corpus, folder: Path, *, seed: int = 0) -> None:
    """Fit the maps of the reader in ``folder`` on what ``corpus`` asks and answers."""
    maps = fit(observe(Model(folder, threads=2), corpus, seed=seed), seed=seed)
    np.save(folder / NEARNESS_FILE, maps.astype(np.float16))


def observe(model: Model, corpus: Corpus, *, seed: int) -> Pairs:
    """Return what the lower half says of at most 30,000 questions, and of their passages."""
    random = np.random.default_rng(seed)
    rows = [row for row in corpus.rows if row.golds and not row.context]
    chosen = random.permutation(len(rows))[:_QUESTIONS]
    asked = [rows[i] for i in sorted(chosen)]
    numbers: dict[tuple[int, int], int] = {}
    texts: list[str] = []
    for passage in sorted({row.passage for row in asked}):
        for index, sentence in enumerate(corpus.passages[passage].sentences):
            numbers[passage, index] = len(texts)
            texts.append(sentence.text)
    kept, answers = [], []
    for row in asked:
        start = row.golds[0][0]
        for index, sentence in enumerate(corpus.passages[row.passage].sentences):
            if sentence.start <= start < sentence.end:
                kept.append(row.question)
                answers.append(numbers[row.passage, index])
    return Pairs(
        _embed(model, kept),
        _embed(model, texts),
        np.array(answers, np.intp),
        np.array([passage for passage, _ in numbers], np.intp),
    )


def fit(pairs: Pairs, *, seed: int) -> Vectors:
    """Return the two maps, for questions and for sentences, ``(2, 385, NEAR)``.

    The last row of each is added; the others multiply a vector.
    """
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    spread = pairs.sentences.std(axis=0) + 1e-6
    centres = [side.mean(axis=0) for side in (pairs.questions, pairs.sentences)]
    questions, sentences = (
        torch.from_numpy((side - centre) / spread)
        for side, centre in zip((pairs.questions, pairs.sentences), centres, strict=True)
    )
    _, _, directions = torch.linalg.svd(sentences[: 4 * _BATCH], full_matrices=False)
    begin = torch.zeros(HIDDEN, NEAR)
    begin[:, : len(directions[:NEAR])] = directions[:NEAR].T
    maps = [nn.Parameter(begin.clone()), nn.Parameter(begin.clone())]
    optimizer = torch.optim.AdamW(maps, lr=_RATE, weight_decay=_DECAY)
    batches = [batch for _ in range(_EPOCHS) for batch in _draw_batches(len(pairs.answers), random)]
    siblings = _group(pairs.passages)
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * (1 - step / len(batches))
        right = pairs.answers[batch]
        others = np.concatenate(
            [random.choice(siblings[pairs.passages[place]], _SAME_PASSAGE) for place in right]
        )
        compared = np.concatenate([right, others])
        loss = _contrast(questions[batch] @ maps[0], sentences[compared] @ maps[1], compared)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    found = []
    for centre, fitted in zip(centres, maps, strict=True):
        scaled = fitted.detach().numpy() / spread[:, None]
        found.append(np.vstack([scaled, -centre @ scaled]))
    return np.array(found, np.float32)


def _contrast(questions: Tensor, sentences: Tensor, numbers: NDArray[np.intp]) -> Tensor:
    """Return the loss of telling each question's sentence, in the same place, from the others."""
    near = nn.functional.normalize(questions, dim=1) @ nn.functional.normalize(sentences, dim=1).T
    # The right sentence may be there a second time.
    same = torch.from_numpy(numbers[None, :] == numbers[: len(questions), None])
    same[torch.arange(len(questions)), torch.arange(len(questions))] = False
    scores = (near / _TEMPERATURE).masked_fill(same, -1e9)
    return nn.functional.cross_entropy(scores, torch.arange(len(questions)))


def _draw_batches(count: int, random: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    order = random.permutation(count)
    for start in range(0, max(1, count - _BATCH + 1), _BATCH):
        yield order[start : start + _BATCH]


def _group(passages: NDArray[np.intp]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for place, passage in enumerate(passages):
        groups.setdefault(int(passage), []).append(place)
    return groups


def _embed(model: Model, texts: Sequence[str]) -> Vectors:
    inputs = [(BEGIN, *Tokens.of(model.tokenizer, text).ids[:_TOKENS], END) for text in texts]
    return np.array(model.embed(inputs), np.float32).reshape(len(texts), HIDDEN)
