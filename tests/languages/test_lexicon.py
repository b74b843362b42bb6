import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.languages import CODES, language
from qa_service.languages.lexicon import FILES, LONGEST, load_lexicon
from qa_service.languages.lexicon.make import HERE, clean, parse_entry, read_cldr, read_dictd
from qa_service.text import find_words, fold


def translate(words, source, target):
    return load_lexicon(source, target).translate(language(source).stem(words.split()))


@pytest.mark.parametrize(
    ("source", "target", "word", "translation"),
    [
        ("en", "id", "met", "bertemu"),
        ("en", "id", "islands", "pulau"),
        ("id", "en", "kapalnya", "ship"),
        ("id", "en", "membuka", "opened"),
        ("en", "id", "moscow", "moskwa"),
        ("id", "en", "jepang", "japan"),
        ("en", "id", "august", "agustus"),
        ("en", "id", "volcanoes", "gunung berapi"),
    ],
)
def test_forms_of_a_word_are_translated_by_their_stem(source, target, word, translation):
    assert tuple(language(target).stem(translation.split())) in translate(word, source, target)[0]


@pytest.mark.parametrize(
    ("source", "target", "words", "translation"),
    [
        ("en", "id", "japan prime minister", "perdana menteri"),
        ("id", "en", "jepang perdana menteri", "prime minister"),
    ],
)
def test_each_word_of_a_phrase_stands_for_what_the_phrase_does(source, target, words, translation):
    form = tuple(language(target).stem(translation.split()))
    japan, *rest = translate(words, source, target)
    assert form not in japan
    assert all(form in forms for forms in rest)


def test_a_word_without_a_translation_has_none():
    assert translate("rahmi", "id", "en") == [frozenset()]
    assert "rahmi" not in load_lexicon("id", "en")


KNOWN = sorted({stem for form in load_lexicon("en", "id").entries for stem in form})


@given(stems=st.lists(st.sampled_from(KNOWN) | st.text(max_size=8), max_size=6))
def test_every_stem_gets_its_forms(stems):
    found = load_lexicon("en", "id").translate(stems)
    assert len(found) == len(stems)
    assert all(1 <= len(form) <= LONGEST for forms in found for form in forms)


@pytest.mark.parametrize("name", FILES)
def test_a_file_holds_folded_words_on_two_sides(name):
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sides = [side.split(", ") for side in line.split(" = ")]
            assert len(sides) == 2, line
            for phrase in (*sides[0], *sides[1]):
                assert phrase == " ".join(fold(word.text) for word in find_words(phrase)), line
                assert 1 <= len(phrase.split()) <= LONGEST, line


def test_an_entry_of_the_dictionary_is_read_sense_by_sense():
    entry = (
        "meeting //ˈmitɪŋ// /[ˈmiɾɪŋ]/ <n>\n1. rapat, temu\nencounter between people\n"
        "2. pertemuan\ngathering, for a purpose\n 3.\nwithout translation\n"
    )
    assert [t.strip() for _, t in parse_entry(entry)] == ["rapat", "temu", "pertemuan"]
    assert {word for word, _ in parse_entry(entry)} == {"meeting"}
    assert list(parse_entry("again /x/ <preposition>\nlagi\n")) == []


def test_pairs_are_folded_and_what_says_nothing_is_left_out():
    pairs = [
        ("Prime Minister", "Perdana Menteri"),
        ("dog (animal)", "anjing"),
        ("radio", "Radio"),
        ("-ism", "isme"),
        ("the", "itu"),
        ("where", "tempat"),
        ("one two three four", "satu"),
    ]
    assert clean(pairs) == {"dog": ["anjing"], "prime minister": ["perdana menteri"]}


def test_a_dictionary_in_dictd_s_format_is_read_by_its_index(tmp_path):
    text = "00-database-info\nx\ncat /kæt/ <n>\nkucing\nship /ʃɪp/ <n>\nkapal\n"
    entries = ["cat /kæt/ <n>\nkucing\n", "ship /ʃɪp/ <n>\nkapal\n"]
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    def number(value):
        return digits[value // 64] + digits[value % 64]

    places = [(len(text[: text.index(e)].encode()), len(e.encode())) for e in entries]
    index = "".join(
        f"{word}\t{number(start)}\t{number(size)}\n"
        for word, (start, size) in zip(["cat", "ship", "Ship"], [*places, places[1]], strict=True)
    )
    (tmp_path / "x.dict.dz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "x.index").write_text(f"00-database-info\tA\tT\n{index}", encoding="utf-8")
    assert list(read_dictd(tmp_path, "x")) == entries


def test_cldr_knows_countries_cities_and_months():
    pairs = set(read_cldr())
    assert {("Japan", "Jepang"), ("Moscow", "Moskwa"), ("May", "Mei")} <= pairs


def test_there_is_a_lexicon_from_each_language_into_each_other():
    for source in CODES:
        for target in CODES:
            if source != target:
                assert len(load_lexicon(source, target).entries) > 5_000
