import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.training.swapping import PLACES, TERMS, Swapper, Terms, read_terms

TEXT = (
    "Gubernur Maluku Rahmat Tuasikal membuka jembatan di Ambon bersama Presiden Peru Luis Quispe. "
    "Rombongan dari Chili ikut hadir."
)


@pytest.fixture(scope="module")
def swapper():
    return Swapper(["Siapa yang menemui Made Sukerti di Tual?", "When did Ann Lee leave?"])


def swaps(swapper, question, text=TEXT, tries=400):
    found = (swapper.swap(question, text, random.Random(seed)) for seed in range(tries))
    return {swapped for swapped in found if swapped is not None}


def test_another_post_is_asked_for_that_the_text_does_not_speak_of(swapper):
    found = swaps(swapper, "Siapa gubernur Maluku?")
    assert {"Siapa bupati Maluku?", "Siapa wakil gubernur Maluku?"} <= found
    assert "Siapa presiden Maluku?" not in found


def test_the_post_of_another_place_is_asked_for_of_which_none_is_told(swapper):
    assert "Siapa presiden Cile?" in swaps(swapper, "Siapa presiden Peru?")
    assert "Who is the president of Chile?" in swaps(swapper, "Who is the president of Peru?")
    assert not any("Maluku" in found for found in swaps(swapper, "Siapa presiden Peru?"))


def test_a_deed_is_swapped_for_another_in_the_same_voice(swapper):
    done = swaps(swapper, "Siapa yang membuka jembatan itu?")
    assert "Siapa yang menjual jembatan itu?" in done
    assert not any(" di" in question for question in done)
    assert "Kapan jembatan itu dijual?" in swaps(swapper, "Kapan jembatan itu dibuka?")


def test_what_the_text_tells_in_other_words_is_not_asked_for(swapper):
    found = swaps(swapper, "Siapa yang membuka jembatan itu?", f"{TEXT} Penjualan dilarang.")
    assert "Siapa yang menjual jembatan itu?" not in found
    assert "Siapa yang melarang jembatan itu?" not in found


def test_a_name_or_a_number_is_swapped_for_one_that_is_not_there(swapper):
    found = swaps(swapper, "Kenapa Rahmat pergi pada 2019?")
    assert "Kenapa Made Sukerti pergi pada 2019?" in found
    assert any("Rahmat" in question for question in found)
    assert swaps(swapper, "Kenapa Rahmat pergi?", f"{TEXT} Made Sukerti, Tual, Ann Lee") == set()


def test_mostly_nothing_is_swapped(swapper):
    questions = ["Siapa gubernur Maluku?", "Kapan Rahmat tiba?", "Siapa yang membuka jembatan itu?"]
    for question in questions:
        found = [swapper.swap(question, TEXT, random.Random(seed)) for seed in range(300)]
        assert found.count(None) > 150


@given(question=st.text(max_size=60), text=st.text(max_size=60), seed=st.integers(0, 50))
def test_any_question_can_be_swapped(swapper, question, text, seed):
    swapped = swapper.swap(question, text, random.Random(seed))
    assert swapped is None or swapped != question


def test_every_line_of_the_list_can_be_asked_for_in_both_languages():
    terms = read_terms(TERMS)
    assert len(terms) > 250
    for term in terms:
        assert term.section
        assert all(term.words[language] for language in ("en", "id"))


def test_a_form_is_found_as_the_longest_word_there_is():
    posts = Terms(term for term in read_terms(TERMS) if term.section == "states")
    assert [match[0] for _, match in posts.find("Wakil Presiden dan presiden")] == [
        "Wakil Presiden",
        "presiden",
    ]
    places = Terms(term for term in read_terms(TERMS) if term.section == PLACES)
    assert [match[0] for _, match in places.find("us, US and Papua Nugini")] == [
        "US",
        "Papua Nugini",
    ]
