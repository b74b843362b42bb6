import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.languages import language
from qa_service.reader.enumeration import complete_list, split_list
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


def complete(text, part, code="id"):
    start = text.index(part)
    candidate = Candidate(0, start, start + len(part), 1.0)
    found = complete_list(candidate, text, (0, len(text)), language(code))
    return text[found.start : found.end]


AID = "Bantuan itu terdiri atas 500 paket makanan siap saji, 120 selimut, dan 30 tenda keluarga."
TEAM = "Tim yang terdiri atas Basarnas, TNI, Polri, dan relawan mengerahkan 320 orang."
SEIZED = "Penyidik menyita uang tunai Rp 62 juta, dua mobil mewah, dan empat kapal milik Rahmi."
GUESTS = "Acara dihadiri nelayan Rahmi Hasanah, Dewi, dan Bagas pada Senin."


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        *(
            (AID, part, "500 paket makanan siap saji, 120 selimut, dan 30 tenda keluarga")
            for part in ("500 paket makanan siap saji", "120 selimut", "30 tenda keluarga")
        ),
        (TEAM, "Basarnas, TNI, Polri", "Basarnas, TNI, Polri, dan relawan"),
        (TEAM, "TNI", "Basarnas, TNI, Polri, dan relawan"),
        (
            SEIZED,
            "empat kapal milik Rahmi",
            "uang tunai Rp 62 juta, dua mobil mewah, dan empat kapal milik Rahmi",
        ),
        (GUESTS, "Dewi", "Rahmi Hasanah, Dewi, dan Bagas"),
        ("Rahmi dan Dewi pulang.", "Dewi", "Rahmi dan Dewi"),
        # A comma alone makes no list, nor do a clause and its like.
        ("Rahmi, 40, pulang ke Tirta, desanya.", "Rahmi", "Rahmi"),
        ("Rahmi pulang, dan Dewi menyusul.", "Rahmi", "Rahmi"),
        ("Rahmi singgah di Tirta, dan Dewi menyusul.", "Dewi", "Dewi"),
        (f"Di Wanua, {GUESTS}", "Rahmi Hasanah, Dewi, dan Bagas", "Rahmi Hasanah, Dewi, dan Bagas"),
        ("Rahmi, Dewi, dan Bagas Pramana hadir.", "Rahmi", "Rahmi, Dewi, dan Bagas Pramana"),
        ("Acara dibuka Rahmi dan ditutup Dewi.", "Rahmi", "Rahmi"),
        ("Tahun lalu Rahmi, Dewi, lalu Bagas hadir.", "Rahmi", "Rahmi"),
        ("Rahmi menjual ikan dan membeli beras.", "ikan", "ikan"),
        ("Rahmi pulang.", "Rahmi", "Rahmi"),
    ],
)
def test_a_list_is_completed_from_what_it_names(text, part, whole):
    assert complete(text, part) == whole


def test_an_english_list_is_completed_too():
    text = "They brought 20 tents, 40 blankets and 300 loaves of bread."
    assert complete(text, "40 blankets", "en") == "20 tents, 40 blankets and 300 loaves"


LISTED = st.lists(
    st.sampled_from(["Rahmi", "Dewi", "tenda", "12", "dan", ",", "yang", "menyita", ".", "-"]),
    min_size=1,
    max_size=14,
).map(" ".join)


@given(LISTED, st.data())
def test_a_list_holds_what_it_was_completed_from_and_stays_within_bounds(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    bounds = (data.draw(st.integers(0, start)), data.draw(st.integers(end, len(text))))
    found = complete_list(Candidate(0, start, end, 1.0), text, bounds, language("id"))
    assert bounds[0] <= found.start <= start < end <= found.end <= bounds[1]
