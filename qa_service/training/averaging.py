"""The mean of several readers' weights.

Readers that went on from one another lie near enough that what lies between them reads as well as
either, and makes other mistakes fewer (Wortsman et al., 2022, "Model soups" and "Robust fine-tuning
of zero-shot models"): a reader that learnt something new keeps more of what the one before knew.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from qa_service.training.encoder import Encoder
from qa_service.training.export import export
from qa_service.training.start import load_reader_weights

Weights = Mapping[str, Tensor]


def copy_weights(encoder: Encoder) -> Weights:
    """Return the weights of ``encoder`` as they are now."""
    return {name: tensor.clone() for name, tensor in encoder.state_dict().items()}


def average(encoder: Encoder, *others: Weights) -> None:
    """Let every weight of ``encoder`` be the mean of what it is and is in the ``others``."""
    all_weights = [encoder.state_dict(), *others]
    encoder.load_state_dict(
        {name: torch.stack([each[name] for each in all_weights]).mean(0) for name in all_weights[0]}
    )


def average_readers(folders: Sequence[Path], out: Path) -> None:
    """Write the mean of the readers in ``folders`` into ``out``; `recipe.complete` does the rest.

    :raises UnreadableModel: a file is missing, damaged or of another format.
    """
    encoder, tokenizer = load_reader_weights(folders[0])
    average(encoder, *(copy_weights(load_reader_weights(folder)[0]) for folder in folders[1:]))
    export(encoder.eval(), tokenizer, out)
