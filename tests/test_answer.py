import pytest

from qa_service.answer import Answer, Part, Quote
from qa_service.text import Span

TEXT = "Ia lama menunggu. Rahmi tiba di Bandung."
QUOTE = Quote("a", 1, Span.cut(TEXT, 18, 40), 1.0)


def test_a_part_is_cut_out_of_its_quote():
    part = Part.cut((QUOTE,), 0, 32, 39, asks="where", label="Di mana", confidence=0.9)
    assert part.span == Span("Bandung", 32, 39)
    assert Answer((QUOTE,), 0.9, parts=(part,)).parts == (part,)


@pytest.mark.parametrize(("start", "end"), [(0, 2), (10, 20), (30, 41), (32, 32)])
def test_a_part_outside_its_quote_cannot_be_cut(start, end):
    with pytest.raises(ValueError, match="outside"):
        Part.cut((QUOTE,), 0, start, end, asks="where", label="Di mana", confidence=0.9)


def test_an_answer_without_a_quote_cannot_be_built():
    with pytest.raises(ValueError, match="needs a quote"):
        Answer((), 0.9)


@pytest.mark.parametrize(
    ("span", "quote"),
    [
        (Span("Bandung", 33, 40), 0),
        (Span("Jakarta", 32, 39), 0),
        (Span("Ia", 0, 2), 0),
        (Span("Bandung", 32, 39), 1),
    ],
)
def test_an_answer_with_a_part_that_is_not_in_its_quote_cannot_be_built(span, quote):
    with pytest.raises(ValueError, match="not in its quote"):
        Answer((QUOTE,), 0.9, parts=(Part("where", "Di mana", span, quote, 0.9),))
