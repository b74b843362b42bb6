import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.text import Span, find_words, fold


@given(whole=st.text(min_size=1), data=st.data())
def test_a_cut_span_is_the_slice_its_offsets_name(whole, data):
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    assert Span.cut(whole, start, end).text == whole[start:end]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 4), (2, 2), (2, 1)])
def test_a_range_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError, match="outside a text of 3 characters"):
        Span.cut("abc", start, end)


@given(text=st.text())
def test_words_are_exact_slices_in_order(text):
    place = 0
    for word in find_words(text):
        assert word.start >= place
        assert text[word.start : word.end] == word.text
        place = word.end


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rp1.250.000,50 lunas", ["Rp", "1.250.000,50", "lunas"]),
        ("pulau-pulau itu", ["pulau", "pulau", "itu"]),
        ("Jum'at, Japan’s", ["Jum'at", "Japan’s"]),
        ("cafe\u0301 \U0001f469\u200d\U0001f680 ok", ["cafe\u0301", "ok"]),
        ("(21/06/2024)", ["21", "06", "2024"]),
        ("😀😀", []),
    ],
)
def test_words_are_found(text, words):
    assert [word.text for word in find_words(text)] == words


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Jum’at", "jumat"),
        ("Japan's", "japan"),
        ("Japan’s", "japan"),
        ("Pelé", "pele"),
        ("Pele\u0301", "pele"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
    ],
)
def test_forms_of_a_word_fold_to_the_same(word, folded):
    assert fold(word) == folded
