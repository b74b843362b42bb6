import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.article import Article
from qa_service.reader.encoding import BEGIN, END, MAX_QUESTION, MAX_SENTENCE, Tokens, build_window
from qa_service.reader.model import Model
from qa_service.resources import shipped_model


@pytest.fixture(scope="module")
def tokenizer():
    return Model(shipped_model(), threads=1).tokenizer


def test_the_question_comes_first_and_a_gap_is_marked():
    question = Tokens((10, 11), (0, 3), (3, 5))
    first, third = Tokens((20,), (0,), (4,)), Tokens((21, 22), (9, 12), (12, 15))
    window = build_window(question, [(0, first), (2, third)])
    assert window.ids == (BEGIN, 10, 11, END, 20, END, 21, 22, END)
    assert window.positions == (4, 6, 7)
    assert window.sentences == (0, 2, 2)
    assert (window.starts, window.ends) == ((0, 9, 12), (4, 12, 15))


def test_sentences_that_follow_each_other_stand_side_by_side():
    window = build_window(
        Tokens((), (), ()), [(3, Tokens((5,), (0,), (1,))), (4, Tokens((6,), (2,), (3,)))]
    )
    assert window.ids == (BEGIN, END, 5, 6, END)


def test_of_a_long_question_the_end_is_read(tokenizer):
    text = "rumah makan " * 300 + "Kapan presiden tiba?"
    end = Tokens.of_question(tokenizer, "Kapan presiden tiba?").ids
    tokens = Tokens.of_question(tokenizer, text)
    assert len(tokens.ids) == MAX_QUESTION
    assert tokens.ids[-len(end) :] == end


def test_a_long_sentence_is_read_from_its_beginning(tokenizer):
    tokens = Tokens.of(tokenizer, "kata " * 1_000)
    assert len(tokens.ids) == MAX_SENTENCE
    assert tokens.starts[0] == 0


@settings(deadline=None)
@given(text=st.text(max_size=200), offset=st.integers(0, 1_000))
def test_tokens_lie_in_order_inside_their_text(tokenizer, text, offset):
    tokens = Tokens.of(tokenizer, text, offset=offset)
    assert len(tokens.ids) == len(tokens.starts) == len(tokens.ends)
    assert all(
        offset <= s <= e <= offset + len(text)
        for s, e in zip(tokens.starts, tokens.ends, strict=True)
    )
    assert list(tokens.starts) == sorted(tokens.starts)


@pytest.mark.parametrize(
    "text", ["Moskwa 🚢 Jumat", "Ⅳ ﬁnal e\u0301lan", "a\u00a0b\tc\r\nd", "\ufeffMula", "ﷺ tiba"]
)
def test_the_tokens_of_a_word_cover_it_whatever_stands_before(tokenizer, text):
    last = text.split()[-1]
    tokens = Tokens.of(tokenizer, text)
    assert text[: tokens.ends[-1]].endswith(last)


def test_many_texts_at_once_give_the_same(tokenizer):
    article = Article.of("Rahmi tiba. Ia pulang.", id="a")
    texts = [s.text for s in article.sentences]
    offsets = [s.start for s in article.sentences]
    assert Tokens.of_all(tokenizer, texts, offsets=offsets) == [
        Tokens.of(tokenizer, text, offset=offset)
        for text, offset in zip(texts, offsets, strict=True)
    ]
