import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.reader.enumeration import split_list
from qa_service.reader.spans import Candidate


def split(text):
    return [text[c.start : c.end] for c in split_list(Candidate(0, 0, len(text), 1.0), text)]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Saijo, Niihama, dan Toon", ["Saijo", "Niihama", "Toon"]),
        ("bread, salt and lamp oil", ["bread", "salt", "lamp oil"]),
        ("3 kapal serta 40 awak", ["3 kapal", "40 awak"]),
        ("Rahmi Hasanah dan Doni Pratama", ["Rahmi Hasanah", "Doni Pratama"]),
        ("Doni, ketua partai, dan Wira", ["Doni, ketua partai, dan Wira"]),
        ("Doni Pratama, 61, and Wira", ["Doni Pratama, 61, and Wira"]),
        ("Doni Pratama, Ketua DPRD, dan Wira", ["Doni Pratama, Ketua DPRD, dan Wira"]),
        ("Kementerian Kelautan dan Perikanan", ["Kementerian Kelautan dan Perikanan"]),
        ("Bupati Rahmi dan Camat Doni", ["Bupati Rahmi", "Camat Doni"]),
        ("Ruth Calder, Dan Price and Lee Hart", ["Ruth Calder", "Dan Price", "Lee Hart"]),
        ("Doni (Partai Laut, Bali) dan Wira", ["Doni (Partai Laut, Bali)", "Wira"]),
        ("film “Kopi dan Teh”", ["film “Kopi dan Teh”"]),
        ("Moskwa, Rusia", ["Moskwa, Rusia"]),
        ("dan Wira", ["dan Wira"]),
        ("Sandang", ["Sandang"]),
    ],
)
def test_a_list_is_cut_into_what_it_lists(text, things):
    assert split(text) == things


def test_a_clause_with_commas_is_no_list():
    clause = "the bridge, which was built when the old road had been washed away, and the new one"
    assert split(clause) == [clause]


@given(text=st.text(alphabet="aB1, dn&\n", min_size=1, max_size=40), data=st.data())
def test_what_is_listed_lies_inside_in_order_and_apart(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = split_list(Candidate(0, start, end, 1.0), text)
    edges = [edge for c in found for edge in (c.start, c.end)]
    assert edges == sorted(edges)
    assert all(c.start < c.end for c in found)
    assert start <= edges[0]
    assert edges[-1] <= end
