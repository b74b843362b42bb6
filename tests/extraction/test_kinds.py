import pytest

from qa_service.extraction.kinds import extract, kind_of
from tests.extraction.files import make_docx, make_pages


def lost(extracted):
    return {each.what: each.count for each in extracted.lost}


@pytest.mark.parametrize("text", ["Kapal tiba.\r\n\r\nIa pulang.\n", "﻿Kapal", "--- bukan\n---\nx"])
def test_of_plain_text_nothing_is_changed(text):
    assert extract(text.encode(), "txt").text == text.removeprefix("\ufeff")


def test_plain_text_may_be_utf_16_with_a_mark():
    assert extract("Kapal tiba.".encode("utf-16"), "txt").text == "Kapal tiba."


@pytest.mark.parametrize("kind", ["txt", "md"])
def test_what_stands_above_the_text_is_no_text(kind):
    text = (
        "---\ntitle: Kapal Tiba\nauthor: Sari\ndate: 2025-03-04\nurl: https://a.example\n---\nIa."
    )
    found = extract(text.encode(), kind)
    assert found.text == "Kapal Tiba\n\nIa."
    assert (found.title, found.author, found.date) == ("Kapal Tiba", "Sari", "2025-03-04")
    assert found.url == "https://a.example"


@pytest.mark.parametrize("above", ["[a", "x", "- a\n- b", "a: !!python/object:os.system x"])
def test_what_is_no_table_of_names_above_the_text_stays(above):
    text = f"---\n{above}\n---\nKapal tiba."
    assert "Kapal tiba." in extract(text.encode(), "txt").text


@pytest.mark.parametrize(
    "above",
    [
        "a: &a [x]\ntitle: *a",
        "title: [a, b]",
        "date: !!bool x",
        "title: !!timestamp x",
        f"title: 0x{'f' * 5000}",
    ],
)
def test_what_stands_above_the_text_can_do_no_harm(above):
    found = extract(f"---\n{above}\n---\nKapal tiba.".encode(), "txt")
    assert "Kapal tiba." in found.text
    assert len(found.text) < 6_000


def test_half_a_character_is_replaced():
    found = extract(b'---\ntitle: "Kapal \\ud800"\n---\nIa tiba.', "txt")
    assert found.text.encode()
    assert found.title == "Kapal \ufffd"


def test_a_title_that_the_text_begins_with_stands_once():
    assert extract(b"---\ntitle: Kapal\n---\nKapal\n\nIa tiba.", "txt").text == "Kapal\n\nIa tiba."


def test_markdown_is_read_without_its_marks():
    text = (
        "# Kapal *Tiba*\n\nDi **Teluk Biru**, [Senin](https://a.example)\nmalam. ![foto](a.png)\n\n"
        "- satu\n- dua\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nkode\n```\n\n> Kata dia.\n"
    )
    found = extract(text.encode(), "md")
    assert found.text == ("Kapal Tiba\n\nDi Teluk Biru, Senin malam.\n\nsatu\n\ndua\n\nKata dia.")
    assert found.title == "Kapal Tiba"
    assert lost(found) == {"images": 1, "tables": 1, "code": 1}


def test_of_a_web_page_the_article_is_read():
    paragraphs = [
        f"Paragraf nomor {n} bercerita tentang kapal yang tiba di pelabuhan pada hari Senin pagi, "
        "dan tentang nakhodanya yang pulang."
        for n in range(4)
    ]
    page = (
        "<html><head><title>Kapal Tiba - Berita</title><meta name=author content='Sari Dewi'>"
        "<meta property='og:title' content='Kapal Tiba'></head><body><nav><a href=/>Beranda</a>"
        "</nav><article><h1>Kapal Tiba</h1><img src=a.png>"
        + "".join(f"<p>{p}</p>" for p in paragraphs)
        + "</article><script>alert(1)</script><footer>Hak cipta</footer></body></html>"
    )
    found = extract(page.encode(), "html")
    assert found.text.split("\n\n")[0] == "Kapal Tiba"
    assert found.text.split("\n\n")[-4:] == paragraphs
    assert "alert" not in found.text
    assert "Beranda" not in found.text
    assert found.author == "Sari Dewi"
    assert lost(found) == {"images": 1}


def test_a_word_document_is_read_with_its_title_and_author():
    data = make_docx("Ia tiba.", "Ia pulang.", title="Kapal Tiba", author="Sari", table=True)
    found = extract(data, "docx")
    assert found.text == "Kapal Tiba\n\nIa tiba.\n\nIa pulang."
    assert (found.title, found.author) == ("Kapal Tiba", "Sari")
    assert lost(found) == {"tables": 1}


def test_of_many_pages_what_stands_on_each_is_left_out():
    content = (
        b"BT /F1 12 Tf 72 800 Td (Harian Biru) Tj ET BT /F1 12 Tf 72 600 Td (Kapal tiba.) Tj ET "
        b"BT /F1 12 Tf 300 30 Td (Halaman 7) Tj ET"
    )
    once = extract(make_pages(1, content), "pdf").text
    assert once == "Harian Biru\n\nKapal tiba."


@pytest.mark.parametrize(
    ("name", "kind"), [("a.TXT", "txt"), ("a.b.Html", "html"), ("a.htm", "html"), ("x.PDF", "pdf")]
)
def test_a_file_s_kind_is_its_ending(name, kind):
    assert kind_of(name) == kind
