"""The base model's vocabulary, cut to what Indonesian and English news needs.

The base has 250,000 pieces for a hundred languages, three quarters of its weights. A piece is kept
if the training texts use it, or if it is made of the letters, digits and marks of Indonesian and
English and frequent enough; a word whose piece is gone is spelled from shorter pieces.
"""

from collections.abc import Iterable, Sequence

import regex
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

_SPECIAL = 4
"""``<s>``, ``<pad>``, ``</s>`` and ``<unk>`` come first."""
_PLAIN = regex.compile(r"▁?(?:[a-z]++|[A-Z][a-z]*+|[0-9]++|[A-Z]++|[^\p{L}\p{N}\s])")


def build_tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """Return the tokenizer of XLM-R with these pieces; blanks of every kind are one blank."""
    tokenizer = Tokenizer(models.Unigram([*pieces], unk_id=3))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def choose_pieces(
    vocabulary: Sequence[tuple[str, float]], texts: Iterable[str], *, size: int
) -> list[int]:
    """Return the indices of at most ``size`` pieces to keep, ascending; special ones come first."""
    tokenizer = build_tokenizer(vocabulary)
    kept = set(range(_SPECIAL))
    for encoding in tokenizer.encode_batch(list(texts)):
        kept.update(encoding.ids)
    # A single character can spell what no longer piece does.
    kept |= {
        i for i, (piece, _) in enumerate(vocabulary) if len(piece) == 1 and ord(piece) < 0x2200
    }
    plain = (i for i, (piece, _) in enumerate(vocabulary) if _PLAIN.fullmatch(piece))
    for index in sorted(plain, key=lambda i: -vocabulary[i][1]):
        if len(kept) >= size:
            break
        kept.add(index)
    return sorted(kept)
