import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_service.article import MAX_SENTENCE, Article

# What is hard on offsets, more often than chance would have it.
_HARD = st.sampled_from(
    [
        "\r\n",
        "\n\n",
        "\t",
        "  ",
        "\xa0",
        "\u200b",
        "\ufeff",
        "\u2028",
        "\x85",
        "😀",
        "\U0001f469\u200d\U0001f680",
        "e\u0301",
        ". ",
        "? ",
        "! ",
        '."',
        "” ",
        "Dr. ",
        "A.S. ",
        "dll. ",
        "No. ",
        "1. ",
        "... ",
        "Ia ",
        "kata ",
        "x" * 401,
    ]
)
_TEXTS = st.one_of(st.text(), st.lists(st.one_of(_HARD, st.text(max_size=5))).map("".join))


def split(text):
    return [" ".join(s.text.split()) for s in Article.of(text, id="a").sentences]


@settings(max_examples=500)
@given(text=_TEXTS)
@example(text="\ufeffJudul\r\n\r\nIa  pulang.\tLalu\u00a0tidur")
def test_every_sentence_is_the_exact_slice_its_offsets_name(text):
    article = Article.of(text, id="a")
    assert article.text == text
    place = 0
    for sentence in article.sentences:
        assert sentence.start >= place
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip()
        place = sentence.end


@given(text=_TEXTS)
def test_nothing_but_blanks_lies_outside_the_sentences(text):
    article = Article.of(text, id="a")
    inside = {i for s in article.sentences for i in range(s.start, s.end)}
    assert all(c.isspace() or c in "\u200b\ufeff" for i, c in enumerate(text) if i not in inside)


@given(text=_TEXTS)
def test_every_sentence_lies_in_one_paragraph(text):
    article = Article.of(text, id="a")
    for s in article.sentences:
        assert sum(p.start <= s.start and s.end <= p.end for p in article.paragraphs) == 1


@given(text=_TEXTS)
def test_the_same_text_is_split_the_same_way(text):
    assert Article.of(text, id="a") == Article.of(text, id="a")


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Lestari dan Prof. Ir. Hadi Sukma datang.",
        "Budi Raharjo, S.H., M.Si., memimpin rapat.",
        "H. Amir dan Hj. Siti Aminah berangkat haji.",
        "Mereka membawa beras, gula, dll. dari gudang.",
        "Rapat digelar di Jl. Kenanga No. 12 Bandung.",
        "Harganya Rp. 5.000 atau Rp1.250.000 per ekor.",
        "Acara dimulai pukul 10.30 WIB tgl. 5 Mei.",
        "Novel karya A. B. Wijaya laris.",
        "Menteri A.S. Thomas Reed tiba di Jakarta.",
        "PT. Maju Jaya Tbk. untung besar.",
        '"Apa benar?" tanya Rina.',
        "Ia pergi ... lalu kembali.",
        "Luasnya 2.5 hektare.",
    ],
)
def test_an_abbreviation_ends_no_sentence(sentence):
    assert split(f"{sentence} Warga senang.") == [sentence, "Warga senang."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Hale met Dr. Ann Lee in St. Ives.",
        "The U.S. Senate voted at 10 a.m. on Jan. 5.",
        "See No. 7, e.g. the last page.",
    ],
)
def test_an_english_abbreviation_ends_no_sentence(sentence):
    assert split(f"{sentence} They were glad of it.") == [sentence, "They were glad of it."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mereka membawa beras, gula, dll.", "Namun, gudang kosong."),
        ("Ketuanya Budi Raharjo, S.H.", "Ia memimpin rapat."),
        ("Barang itu dikirim ke A.S.", "Mereka menunggu."),
        ("Ia kekurangan vitamin C.", "Menurut dokter, itu biasa."),
        ('Ia berkata, "Saya lelah."', "Mereka pulang."),
        ("Benarkah?", "“Ya,” katanya."),
        ("Itu terjadi pada 1998.", "Pada 2004 terulang."),
        ("Harganya 5.000.", "Itu mahal."),
        ("Ia pergi...", "Semua diam."),
    ],
)
def test_two_sentences_are_never_glued(first, second):
    assert split(f"{first} {second}") == [first, second]


def test_an_abbreviation_before_a_word_seen_in_small_letters_closes_its_sentence():
    text = "Pengamat itu setuju. Ia tinggal di A.S. Pengamat lain tidak. Banyak pengamat diam."
    assert split(text)[1:3] == ["Ia tinggal di A.S.", "Pengamat lain tidak."]


def test_the_number_of_an_entry_belongs_to_the_entry():
    assert split("1. Bawa payung.\n2. Bawa air.") == ["1. Bawa payung.", "2. Bawa air."]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \t\n", "\n\n\n\n", "\r\r", "\u2029\u2029"])
def test_a_first_line_before_a_blank_one_is_the_title(gap):
    article = Article.of(f"Banjir Surut{gap}Warga pulang. Ia lega.", id="a")
    assert article.title is not None
    assert article.title.text == "Banjir Surut"
    assert [s.text for s in article.body] == ["Warga pulang.", "Ia lega."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Banjir Surut",
        "Banjir surut. Warga pulang.",
        "Banjir Surut\nWarga pulang.",
        "x " * 120 + "\n\nIa.",
        "Banjir Surut\n   Warga pulang.",
    ],
)
def test_a_text_without_a_headline_has_no_title(text):
    assert Article.of(text, id="a").title is None


def test_a_blank_line_ends_a_paragraph_whose_lines_are_as_wide_as_wrapped_ones():
    first = "Polisi menangkap dua pelaku pencurian motor di Teluk Biru"
    text = f"{first}\n\nKeduanya ditahan sejak Senin. Motor disita."
    assert split(text) == [first, "Keduanya ditahan sejak Senin.", "Motor disita."]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \n"])
def test_wrapped_paragraphs_between_blank_lines_are_put_together(gap):
    paragraphs = (
        "Wali Kota Rahmi Hasanah membuka pelabuhan baru di Teluk\n"
        "Biru pada hari Senin bersama para nelayan dan pedagang.\n"
        "Mereka berharap hasil tangkapan naik.",
        "Kapal pertama tiba siang itu dari Teluk Kelapa membawa\nikan dan beras untuk warga kota.",
    )
    article = Article.of(gap.join(paragraphs), id="a")
    assert [p.text for p in article.paragraphs] == list(paragraphs)
    assert [s.text.split()[-1] for s in article.sentences] == ["pedagang.", "naik.", "kota."]


def test_a_subheading_is_glued_to_nothing():
    text = "Warga pulang.\n\nKerugian\nKerugian mencapai Rp2 miliar. Semua ditanggung."
    assert split(text) == [
        "Warga pulang.",
        "Kerugian",
        "Kerugian mencapai Rp2 miliar.",
        "Semua ditanggung.",
    ]


def test_hard_wrapped_lines_are_one_paragraph():
    text = (
        "Wali Kota Rahmi Hasanah membuka pelabuhan baru di Teluk\n"
        "Biru pada hari Senin bersama para nelayan dan pedagang.\n"
        "Mereka berharap hasil tangkapan naik. Kapal pertama\n"
        "tiba siang itu."
    )
    article = Article.of(text, id="a")
    assert len(article.paragraphs) == 1
    assert [s.text.split()[-1] for s in article.sentences] == ["pedagang.", "naik.", "itu."]


def test_a_headline_on_top_of_wrapped_lines_stays_alone():
    text = (
        "Pelabuhan Baru Dibuka\n"
        "Wali Kota Rahmi Hasanah membuka pelabuhan baru di Teluk\n"
        "Biru pada hari Senin bersama para nelayan dan pedagang.\n"
    )
    assert split(text)[0] == "Pelabuhan Baru Dibuka"
    assert len(split(text)) == 2


def test_the_language_of_an_article_is_recognised(harbour, village):
    assert (harbour.language, village.language) == ("id", "en")


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff"])
def test_a_text_of_blanks_has_no_sentence(text):
    article = Article.of(text, id="a")
    assert (article.sentences, article.paragraphs, article.title) == ((), (), None)


# Each of these took a second or many minutes in some version; the bound is generous on purpose: it
# tells linear from quadratic time, not a fast machine from a slow one.
@pytest.mark.parametrize(
    "piece",
    [".", "a ", "x", "😀", "!", "A. ", ". ", ".\n", '" ', "\u0301"],
)
def test_the_longest_text_is_split_in_bounded_pieces_and_time(piece):
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    article = Article.of(text, id="a")
    assert time.process_time() - began < 20
    assert all(s.end - s.start <= MAX_SENTENCE for s in article.sentences)


def test_a_long_sentence_is_cut_at_a_pause():
    clause = "kata " * 60 + "kata, "
    article = Article.of(clause * 10 + "habis.", id="a")
    assert len(article.sentences) > 1
    assert all(s.text.endswith((",", "habis.")) for s in article.sentences)
