import re

import pytest

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_the_page_shows_the_first_article(client):
    page = client.get("/", headers=BROWSER).text
    assert "Pelabuhan Sejati Resmi Dibuka" in page
    assert "menelan biaya Rp1.250.000.000" in page


def test_a_question_in_the_address_is_answered_without_a_script(client):
    page = client.get(
        "/?question=Siapa+membuka+Pelabuhan+Sejati%3F&article_id=harbour", headers=BROWSER
    ).text
    sentence = (
        "Wali Kota Rahmi Hasanah membuka Pelabuhan Sejati di Teluk Biru pada Senin (3/2/2025)."
    )
    # With the title or without, but everywhere the same.
    said = re.search(r'<a class="part" href="#mark-0">(.+?)</a>', page)
    assert said is not None
    name = said[1]
    assert name.endswith("Rahmi Hasanah")
    marked = sentence.replace(name, f'<strong class="answer">{name}</strong>')
    assert f'<mark id="mark-0" data-number="1" class=" chosen">{marked}</mark>' in page
    assert f"<q>{marked}</q>" in page
    assert '<dt lang="id">Siapa</dt>' in page


def test_what_is_not_told_is_named_among_the_parts(client):
    question = "Siapa+membuka+Pelabuhan+Sejati+dan+berapa+harga+tiketnya%3F"
    page = client.get(f"/?question={question}&article_id=harbour", headers=BROWSER).text
    label = "Berapa harga tiketnya"
    row = f'<div class="untold"><dt lang="id">{label}</dt><dd>tidak disebutkan</dd></div>'
    assert row in page


def test_the_language_that_is_chosen_is_kept(client):
    page = client.get("/?language=en", headers=BROWSER | {"Accept-Language": "id"})
    assert '<html lang="en">' in page.text
    assert "Ask the News" in client.get("/", headers=BROWSER | {"Accept-Language": "id"}).text
    assert "Tanya Berita" in client.get("/?language=id", headers=BROWSER).text


def test_a_language_that_the_page_has_not_is_no_mistake(client):
    assert "Tanya Berita" in client.get("/?language=xx", headers=BROWSER).text


def test_a_refusal_is_shown(client):
    page = client.get("/?question=Berapa+harga+beras%3F", headers=BROWSER).text
    assert "Artikel ini tidak menyebutkannya." in page
    assert "<mark id" not in page


@pytest.mark.parametrize(
    ("languages", "code", "words"),
    [
        ("en-GB,en;q=0.9", "en", "Ask the News"),
        ("id", "id", "Tanya Berita"),
        ("id-ID,en;q=0.9", "id", "Tanya Berita"),
        ("fr", "id", "Tanya Berita"),
        ("", "id", "Tanya Berita"),
    ],
)
def test_the_page_speaks_the_browser_s_language(client, languages, code, words):
    page = client.get("/", headers=BROWSER | {"Accept-Language": languages}).text
    assert f'<html lang="{code}">' in page
    assert words in page


def test_what_an_article_or_a_question_says_is_text_and_never_html(folder, make_client):
    (folder / "a.txt").write_text("<script>alert(1)</script> & kapal", encoding="utf-8")
    page = make_client().get("/?question=kapal+%3Cb%3E", headers=BROWSER).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; kapal" in page
    assert "kapal <b>" not in page


@pytest.mark.parametrize("path", ["/?article_id=nowhere", "/?question=" + "x" * 501, "/nowhere"])
def test_an_error_is_a_page_for_people_and_a_problem_for_programs(client, path):
    page = client.get(path, headers=BROWSER)
    assert page.content_type == "text/html; charset=utf-8"
    problem = client.get(path, headers={"Accept-Language": "id"})
    assert problem.content_type == "application/problem+json"
    assert page.status_code == problem.status_code >= 400
    assert problem.json["detail"].split("'")[0] in page.text
    # The page is in Indonesian, then, and so is all that it says.
    english = client.get(path).json["detail"]
    assert english.split("'")[0] not in page.text
    assert "refresh" not in page.text


@pytest.mark.parametrize("question", ["", "%20"])
def test_a_blank_question_in_the_address_asks_nothing(client, question):
    assert client.get(f"/?question={question}", headers=BROWSER).status_code == 200
