import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.coordination import take_apart
from qa_service.languages import language
from qa_service.text import find_words


def apart(code, text, kind="how many"):
    ways = take_apart(text, tuple(find_words(text)), language(code), kind)
    return [joined.whole for joined in ways[0]] if ways else []


@pytest.mark.parametrize(
    ("code", "text", "wholes"),
    [
        ("id", "korban tewas dan luka", ["korban tewas", "korban luka"]),
        ("id", "rumah rusak, hanyut, dan roboh", ["rumah rusak", "rumah hanyut", "rumah roboh"]),
        ("id", "tenda dan selimut yang dikirim", ["tenda yang dikirim", "selimut yang dikirim"]),
        ("id", "anak yang sakit dan sembuh", ["anak yang sakit", "anak yang sembuh"]),
        ("id", "anak yang sakit dan guru yang cuti", ["anak yang sakit", "guru yang cuti"]),
        ("id", "yang menang dan yang kalah", ["yang menang", "yang kalah"]),
        ("id", "yang patah hati dan sembuh", ["yang patah hati", "yang sembuh"]),
        ("id", "warga luka-luka dan hilang", ["warga luka-luka", "warga hilang"]),
        (
            "id",
            "hasil panen tahun ini dan tahun lalu",
            ["hasil panen tahun ini", "hasil panen tahun lalu"],
        ),
        ("id", "lurah serta kepala puskesmas", ["lurah", "kepala puskesmas"]),
        ("id", "hakim ketua dan jaksanya", ["hakim ketua", "jaksanya"]),
        ("id", "umur Rahmi dan Dewi", ["umur Rahmi", "umur Dewi"]),
        ("en", "people died and were hurt", ["people died", "people were hurt"]),
        ("en", "goats were sold and eaten", ["goats were sold", "goats were eaten"]),
        ("en", "does the pool open and close", ["does the pool open", "does the pool close"]),
        ("en", "boats and nets in the bay", ["boats in the bay", "nets in the bay"]),
        (
            "en",
            "rain fell this month and last month",
            ["rain fell this month", "rain fell last month"],
        ),
    ],
)
def test_each_of_the_things_joined_gets_what_is_said_of_all(code, text, wholes):
    assert apart(code, text) == wholes


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("id", "korban tewas"),
        ("id", "korban tewas, luka"),
        ("id", "kali Putin dan Kim berunding"),
        ("id", "kali Rahmi dan Dewi bertemu"),
        ("id", "jarak antara dermaga dan pasar"),
        ("id", "selisih pemasukan dan pengeluaran"),
        ("id", "dan"),
        ("id", "tenda dan"),
        ("id", "a, b, c, d, dan e"),
        ("en", "goats and sheep combined"),
        ("en", ""),
    ],
)
def test_what_joins_nothing_or_names_or_is_one_stays_whole(code, text):
    assert apart(code, text) == []


@pytest.mark.parametrize(
    ("code", "kind", "text", "wholes"),
    [
        ("id", "when", "loket dibuka dan ditutup", ["loket dibuka", "loket ditutup"]),
        ("en", "where", "was she born and raised", ["was she born", "was she raised"]),
        ("id", "where", "dukungan bagi warga dan pembangunan kembali desa diumumkan", []),
        ("id", "who", "lurah dan kepala puskesmas", ["lurah", "kepala puskesmas"]),
        ("id", "who", "yang membuka dan menutup acara", ["yang membuka", "menutup acara"]),
        ("id", "who", "yang membuka acara dan pulang", []),
        ("id", "what", "penyebab dan dampak longsor", ["penyebab", "dampak longsor"]),
        ("id", "what", "yang dilihat dan didengar warga", []),
        ("en", "who", "is the mayor and the judge", ["is the mayor", "is the judge"]),
        ("id", "who", "Kepala BPBD dan Bupati Tirta", ["Kepala BPBD", "Bupati Tirta"]),
        ("id", "who", "Kepala BPBD dan Bupati", ["Kepala BPBD", "Bupati"]),
        ("id", "who", "pelatih Tirta dan Wanua", ["pelatih Tirta", "pelatih Wanua"]),
        ("id", "when", "Rahmi dan Dewi bertemu", []),
        ("en", "who", "was on watch and raised the alarm", []),
        (
            "en",
            "who",
            "are the mayor of Tirta and the head of Wanua",
            ["are the mayor of Tirta", "are the head of Wanua"],
        ),
        ("en", "who", "opened and closed the fair", ["opened the fair", "closed the fair"]),
        ("en", "what", "general and pilot was it", []),
        ("en", "what", "did the mayor and the judge sign", []),
        ("id", "why", "warga pergi dan kembali", []),
    ],
)
def test_what_may_be_joined_depends_on_what_is_asked(code, kind, text, wholes):
    assert apart(code, text, kind) == wholes


def test_what_is_shared_may_be_left_out():
    text = "dosis vaksin dan ambulans"
    ways = take_apart(text, tuple(find_words(text)), language("id"), "how many")
    assert [[joined.whole for joined in way] for way in ways] == [
        ["dosis vaksin", "dosis ambulans"],
        ["dosis vaksin", "ambulans"],
    ]


def test_a_name_is_that_of_one_thing_alone():
    text = "tenda dan selimut yang dikirim"
    found = take_apart(text, tuple(find_words(text)), language("id"), "how many")[0]
    assert [joined.name for joined in found] == ["tenda", "selimut"]


KINDS = st.sampled_from(["how many", "when", "where", "who", "what", "why"])
WORDS = st.sampled_from(
    [
        "dan",
        "serta",
        "yang",
        "di",
        ",",
        "-",
        "tewas",
        "luka",
        "Rahmi",
        "tahun",
        "lalu",
        "and",
        "were",
    ]
)


@given(st.lists(WORDS, max_size=12).map(" ".join), st.sampled_from(["id", "en"]), KINDS)
def test_whatever_is_joined_is_told_in_its_own_words(text, code, kind):
    words = {word.text for word in find_words(text)}
    for way in take_apart(text, tuple(find_words(text)), language(code), kind):
        assert len(way) > 1
        for joined in way:
            assert {word.text for word in find_words(joined.whole)} <= words
            assert joined.whole.startswith(joined.name[:1])
            assert joined.name
