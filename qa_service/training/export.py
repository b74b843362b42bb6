"""Write the trained encoder as the files that are served: an int8 ONNX model and its tokenizer."""

import hashlib
import json
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper, shape_inference
from onnx.utils import Extractor
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.quant_utils import TENSOR_NAME_QUANT_SUFFIX
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer
from torch import Tensor, nn

from qa_service.reader.model import (
    CARD_FILE,
    FORMAT,
    LOWER_FILE,
    SUMMED,
    TOKENIZER_FILE,
    UPPER_FILE,
)
from qa_service.training.encoder import HEADS, HIDDEN, Attention, Encoder
from qa_service.training.nearness import write_blank_nearness
from qa_service.training.rounding import round_weights

THRESHOLD = 0.25
"""Confidence under which an answer is better not given: more than 0.97 of short news's questions
that have an answer get one (docs/model-card.md)."""


# Of the vectors of each layer, those of the seventh find the sentence that a question is about best
# (docs/model-card.md).
_CUT = "/layers.6/output_norm/LayerNormalization_output_0"


class _Fused(Attention):
    """Attention as one operator of onnxruntime's."""

    def forward(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        """Map queries, keys and values; nothing is masked, ``bias`` is left out."""
        return _MultiHeadAttention.apply(q, k, v, self.count)


class _MultiHeadAttention(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, q: Tensor, k: Tensor, v: Tensor, count: int) -> Tensor:
        return Attention(count)(q, k, v, q.new_zeros(1))

    @staticmethod
    def symbolic(graph: Any, q: Any, k: Any, v: Any, count: int) -> Any:
        mixed = graph.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=count)
        return mixed.setType(q.type())


class _Scaled(nn.Linear):
    """A linear map that is given each token's values as shares of the greatest of them.

    onnxruntime rounds what a matrix is multiplied by to 256 levels between the least and the
    greatest of all its values (DynamicQuantizeLinear). In the feed-forward nets a few tokens have
    values far above the others', and theirs would be the levels of all (docs/decisions.md).
    """

    def forward(self, x: Tensor) -> Tensor:
        """Map ``x``, ``(1, length, inputs)``."""
        greatest = x.abs().amax(-1, keepdim=True).clamp(min=1e-9)
        return nn.functional.linear(x / greatest, self.weight) * greatest + self.bias


class _Narrow(Encoder):
    """The encoder as it is served: an input at a time, so that nothing is masked.

    Its words' vectors are in eight bits, each with a scale of its own.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.word.num_embeddings, encoder.widths)
        self.load_state_dict(encoder.state_dict())
        for layer in self.layers:
            layer.attention = _Fused(layer.count)
            layer.inner, layer.outer = _scale_tokens(layer.inner), _scale_tokens(layer.outer)
        weight = self.word.weight.detach()
        scale = (weight.abs().amax(1, keepdim=True) / 127).clamp(min=1e-9)
        self.register_buffer("narrow", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        del self.word

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Score ``ids``, ``(1, length)``: ``(1, length, 3)``."""
        return super().forward(ids, torch.ones_like(ids) if mask is None else mask)

    def embed(self, ids: Tensor) -> Tensor:
        return self.narrow[ids].float() * self.scale[ids]


def _scale_tokens(linear: nn.Linear) -> _Scaled:
    scaled = _Scaled(linear.in_features, linear.out_features)
    scaled.load_state_dict(linear.state_dict())
    return scaled


def export(encoder: Encoder, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the model, its tokenizer and a nearness yet to be fitted into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused, whole = (
            Path(scratch, f"{name}.onnx") for name in ("plain", "fused", "whole")
        )
        _write_plain(_Narrow(encoder).eval(), plain)
        _fuse(plain, fused)
        quantize_dynamic(
            fused,
            whole,
            op_types_to_quantize=["MatMul", "Attention"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        _round_again(whole, fused)
        split(whole, folder)
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    write_blank_nearness(folder)


def _round_again(whole: Path, exact: Path) -> None:
    """Put the weights in ``exact``, as every processor multiplies by them alike, into ``whole``."""
    weights = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(exact)).graph.initializer}
    model = onnx.load(str(whole))
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    for name in stored:
        matrix = name.removesuffix(TENSOR_NAME_QUANT_SUFFIX)
        if matrix != name:
            rounded, scale = round_weights(weights[matrix])
            stored[name].CopyFrom(numpy_helper.from_array(rounded, name))
            stored[f"{matrix}_scale"].CopyFrom(numpy_helper.from_array(scale, f"{matrix}_scale"))
    onnx.save(model, str(whole))


def split(whole: Path, folder: Path) -> None:
    """Cut the model in ``whole`` behind the layer whose vectors tell best what a sentence is about.

    Both halves are written into ``folder``.
    """
    model = onnx.load(str(whole))
    for node in model.graph.node:
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                if name == _CUT:
                    names[place] = "hidden"
    extractor = Extractor(shape_inference.infer_shapes(model))
    for file, inputs, outputs in (
        (LOWER_FILE, ["ids"], ["hidden"]),
        (UPPER_FILE, ["hidden"], ["scores"]),
    ):
        onnx.save(extractor.extract_model(inputs, outputs), str(folder / file))


def write_card(folder: Path, weights: Mapping[str, Any]) -> None:
    """Write the card of the reader in ``folder``: format, checksums, and how it is weighed."""
    checksums = {name: checksum(folder / name) for name in SUMMED}
    content = {"format": FORMAT, "sha256": checksums, "threshold": THRESHOLD, **weights}
    (folder / CARD_FILE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_plain(encoder: Encoder, path: Path) -> None:
    sample = torch.ones(1, 16, dtype=torch.long)
    axes = {1: "length"}
    with warnings.catch_warnings():
        # The newer exporter writes other graphs, in which onnxruntime finds nothing to fuse.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            encoder,
            (sample,),
            str(path),
            input_names=["ids"],
            output_names=["scores"],
            dynamic_axes={"ids": axes, "scores": axes},
            opset_version=17,
            dynamo=False,
        )


def _fuse(plain: Path, fused: Path) -> None:
    options = FusionOptions("bert")
    options.enable_attention = False
    options.enable_embed_layer_norm = False
    # onnxruntime's fused SkipLayerNormalization takes eight times as long on a CPU as an addition
    # and a LayerNormalization, a fifth of all. When it loads a model it fuses an Add, but no Sum.
    options.enable_skip_layer_norm = False
    model = optimize_model(
        str(plain), "bert", num_heads=HEADS, hidden_size=HIDDEN, optimization_options=options
    ).model
    normalised = {n.input[0] for n in model.graph.node if n.op_type == "LayerNormalization"}
    for node in model.graph.node:
        if node.op_type == "Add" and node.output[0] in normalised:
            node.op_type = "Sum"
    onnx.save(model, str(fused))
