"""Make a reader faster: leave out the heads and neurons that its answers depend on least.

How much they depend on one is told by the Fisher information of a mask that would leave it out, the
mean of the square of the loss's derivative (Kwon et al., 2022, "A Fast Post-Training Pruning
Framework for Transformers"). What is left learns from the whole reader to do without
(:func:`qa_service.training.train.train` with a teacher).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from qa_service.training.encoder import FULL, HEAD, Encoder, Layer, Width
from qa_service.training.examples import Example
from qa_service.training.train import measure_loss

BLOCK = 64
"""Neurons that are left out together. They cost as much as a head: four matrices of 384 by 32 are
two of 384 by 64."""
LEAST = (2, 2)
"""Heads, and blocks of neurons, that every layer keeps."""


@dataclass(frozen=True, slots=True)
class Importance:
    """What a layer's ``heads``, ``(heads,)``, and ``neurons``, ``(neurons,)``, are worth."""

    heads: Tensor
    neurons: Tensor


def weigh_parts(
    encoder: Encoder, groups: Iterable[Sequence[Example]], *, support_weight: float
) -> list[Importance]:
    """Return what the parts of each layer are worth to the answers to the batches in ``groups``.

    The loss is that of :func:`qa_service.training.train.measure_loss`.
    """
    encoder.requires_grad_(False)
    masks: list[Tensor] = []
    size = 0

    def cover(module: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Put a mask of ones, one an input, over what the module is given."""
        x = given[0]
        parts = x.shape[2] // HEAD if module in mixers else x.shape[2]
        mask = torch.ones(len(x), 1, parts, requires_grad=True)
        masks.append(mask)
        return (x * mask.repeat_interleave(x.shape[2] // parts, 2).to(x.dtype),)

    layers: list[Layer] = list(encoder.layers)
    mixers = {layer.o for layer in layers}
    hooks = [
        module.register_forward_pre_hook(cover)
        for layer in layers
        for module in (layer.o, layer.outer)
    ]
    sums: list[Tensor] = []
    try:
        for group in groups:
            masks.clear()
            size += len(group)
            # The loss is a mean; each input's own derivative is wanted.
            loss = measure_loss(encoder, group, support_weight=support_weight)
            (loss * len(group)).backward()
            found = [(mask.grad[:, 0] ** 2).sum(0) for mask in masks if mask.grad is not None]
            sums = [a + b for a, b in zip(sums, found, strict=True)] if sums else found
    finally:
        for hook in hooks:
            hook.remove()
        encoder.requires_grad_(True)
    means = [each / size for each in sums]
    return [Importance(*pair) for pair in zip(means[::2], means[1::2], strict=True)]


def slim(encoder: Encoder, importance: Sequence[Importance], *, kept: float) -> Encoder:
    """Return an encoder of what is worth most in ``encoder``, about the share ``kept`` of it.

    It begins with the weights that are left.
    """
    chosen = _choose(importance, kept)
    widths = [(len(heads), len(neurons)) for heads, neurons in chosen]
    slimmer = Encoder(encoder.word.num_embeddings, widths)
    state = encoder.state_dict()
    for i, (heads, neurons) in enumerate(chosen):
        features = (heads[:, None] * HEAD + torch.arange(HEAD)).flatten()
        name = f"layers.{i}"
        for part, rows in (("q", features), ("k", features), ("v", features), ("inner", neurons)):
            state[f"{name}.{part}.weight"] = state[f"{name}.{part}.weight"][rows]
            state[f"{name}.{part}.bias"] = state[f"{name}.{part}.bias"][rows]
        for part, columns in (("o", features), ("outer", neurons)):
            state[f"{name}.{part}.weight"] = state[f"{name}.{part}.weight"][:, columns]
    slimmer.load_state_dict(state)
    return slimmer


def _choose(importance: Sequence[Importance], kept: float) -> list[tuple[Tensor, Tensor]]:
    """Return the heads and the neurons of each layer that are kept, by index."""
    orders = [
        (layer.heads.argsort(descending=True), layer.neurons.argsort(descending=True))
        for layer in importance
    ]
    counts: Counter[tuple[int, int]] = Counter()
    others: list[tuple[float, tuple[int, int]]] = []
    for i, (layer, (heads, neurons)) in enumerate(zip(importance, orders, strict=True)):
        blocks = layer.neurons[neurons].view(-1, BLOCK).sum(1)
        for part, (worth, least) in enumerate(
            zip((layer.heads[heads], blocks), LEAST, strict=True)
        ):
            counts[i, part] = least
            others += [(value, (i, part)) for value in worth[least:].tolist()]
    spared = counts.total()
    others.sort(reverse=True)
    # The best of a layer come first, so that it is enough to know how many of them.
    counts.update(place for _, place in others[: round(kept * (spared + len(others))) - spared])
    return [
        (
            heads[: counts[i, 0]].sort().values,
            neurons[: counts[i, 1] * BLOCK].sort().values,
        )
        for i, (heads, neurons) in enumerate(orders)
    ]


def share_of(encoder: Encoder) -> float:
    """Return which share of a full encoder's heads and blocks of neurons are left."""
    return _count(encoder.widths) / _count(FULL)


def _count(widths: Sequence[Width]) -> float:
    return sum(heads + neurons / BLOCK for heads, neurons in widths)
