"""The encoder with its heads, in torch: layers of 384, as multilingual-e5-small has them."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

HIDDEN, LAYERS, HEADS, INNER, PLACES = 384, 12, 12, 1536, 512
HEAD = HIDDEN // HEADS
"""Features of a head of attention."""
Width = tuple[int, int]
"""Of a layer: how many heads its attention has, and how many neurons its feed-forward net."""
FULL: Sequence[Width] = ((HEADS, INNER),) * LAYERS
"""The widths of the base model's layers."""
_EPSILON = 1e-12


class Dropped(nn.Module):
    """Sets some features to zero while training, the same ones at every token of an input.

    One mask an input (Gal & Ghahramani, 2016, "A Theoretically Grounded Application of Dropout in
    Recurrent Neural Networks") costs a hundredth of one a token, whose random numbers would take a
    sixth of the training's time on a CPU.
    """

    share = 0.0

    def forward(self, x: Tensor) -> Tensor:
        """Map ``x``, ``(batch, length, features)``."""
        if not self.training or not self.share:
            return x
        kept = torch.rand(len(x), 1, x.shape[2]) >= self.share
        return x * (kept / (1 - self.share)).to(x.dtype)


class Attention(nn.Module):
    """Mixes the tokens of an input, each head of attention by itself."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        """Map queries, keys and values, ``(batch, length, count * HEAD)`` each, to as many.

        ``bias`` is added to the scores.
        """
        q, k, v = (x.view(*x.shape[:2], self.count, HEAD).transpose(1, 2) for x in (q, k, v))
        # Written out: torch's fused attention is slower on a CPU, backwards, for heads this small.
        scores = torch.matmul(q * (1 / math.sqrt(HEAD)), k.transpose(-1, -2)) + bias
        mixed = torch.matmul(torch.softmax(scores, -1).to(v.dtype), v)
        return mixed.transpose(1, 2).flatten(2)


class Layer(nn.Module):
    """One layer of BERT (Devlin et al., 2019): attention and a feed-forward net."""

    def __init__(self, width: Width) -> None:
        super().__init__()
        self.count, inner = width
        mixed = self.count * HEAD
        self.q, self.k, self.v = (nn.Linear(HIDDEN, mixed) for _ in range(3))
        self.attention = Attention(self.count)
        self.o = nn.Linear(mixed, HIDDEN)
        self.inner, self.outer = nn.Linear(HIDDEN, inner), nn.Linear(inner, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, _EPSILON)
        self.output_norm = nn.LayerNorm(HIDDEN, _EPSILON)
        self.dropped = Dropped()

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Map ``x``, ``(batch, length, HIDDEN)``; ``bias`` is added to the attention's scores."""
        mixed = self.attention(self.q(x), self.k(x), self.v(x), bias)
        x = self.attention_norm(x + self.dropped(self.o(mixed)))
        inner = nn.functional.gelu(self.inner(x))
        return self.output_norm(x + self.dropped(self.outer(inner)))


class Encoder(nn.Module):
    """Token ids in, three scores a token out: answer begins, answer ends, sentence supports it."""

    def __init__(self, vocabulary: int, widths: Sequence[Width] = FULL) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, HIDDEN)
        self.place = nn.Embedding(PLACES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, _EPSILON)
        self.layers = nn.ModuleList(map(Layer, widths))
        self.heads = nn.Linear(HIDDEN, 3)
        self.words_dropped = 0.0

    @property
    def widths(self) -> Sequence[Width]:
        """How wide each layer is."""
        return tuple((layer.count, layer.inner.out_features) for layer in self.layers)

    def freeze(self, layers: int) -> None:
        """Keep the vectors of words and places, and so many of the lowest layers, as they are."""
        kept: list[nn.Module] = [self.word, self.place, *self.layers[:layers]]
        for module in [*kept, self.norm] if layers else kept:
            module.requires_grad_(False)

    def drop(self, features: float, words: float) -> None:
        """Set these shares of each layer's features, and of the words, to zero while training."""
        self.words_dropped = words
        for module in self.modules():
            if isinstance(module, Dropped):
                module.share = features

    def embed(self, ids: Tensor) -> Tensor:
        """Return the vectors of the words alone, ``(batch, length, HIDDEN)``."""
        return self.word(ids)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Score ``ids``, ``(batch, length)``, where ``mask`` is 1: ``(batch, length, 3)``."""
        return self.heads(self.follow(ids, mask)[-1])

    def follow(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Return what each layer makes of ``ids``, ``(batch, length, HIDDEN)`` each."""
        words = self.embed(ids)
        if self.training and self.words_dropped:
            words = words * (torch.rand(*ids.shape, 1) >= self.words_dropped)
        x = words + self.place.weight[: ids.shape[1]]
        x = self.norm(x)
        narrow = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else x.dtype
        bias = ((1 - mask[:, None, None, :]) * -1e4).to(narrow)
        found = []
        for layer in self.layers:
            x = layer(x, bias)
            found.append(x)
        return found

    def load_base(self, weights: Mapping[str, NDArray[np.float32]], kept: Sequence[int]) -> None:
        """Take over the base model's weights, of its words those ``kept``."""
        # Every token has type 0, so that its vector is part of the place's.
        state = {
            "word.weight": weights["emb.word"][list(kept)],
            "place.weight": weights["emb.pos"] + weights["emb.type"][0],
            "norm.weight": weights["emb.ln.w"],
            "norm.bias": weights["emb.ln.b"],
        }
        names = {
            "q": "q", "k": "k", "v": "v", "ao": "o", "fi": "inner", "fo": "outer",
            "aln": "attention_norm", "oln": "output_norm",
        }  # fmt: skip
        for i in range(LAYERS):
            for theirs, ours in names.items():
                state[f"layers.{i}.{ours}.weight"] = weights[f"l{i}.{theirs}.w"]
                state[f"layers.{i}.{ours}.bias"] = weights[f"l{i}.{theirs}.b"]
        state["heads.weight"] = self.heads.weight.detach().numpy()
        state["heads.bias"] = self.heads.bias.detach().numpy()
        self.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
