import pytest
from playwright.sync_api import expect

from tests.serving import running_service

FLAGSHIP = "Siapa bertemu siapa, di mana, dan kapan?"
MEETING = (
    "Direktur Jenderal Biro Urusan Eropa Kementerian Luar Negeri Jepang Nakagome Masashi bertemu "
    "dengan Direktur Departemen Asia Ketiga Kementerian Luar Negeri Rusia Lyudmila Vorobyova di "
    "Moskwa pada hari Jumat (21/06/2024)."
)


def ask(page, question):
    page.get_by_label("Pertanyaan").fill(question)
    page.get_by_role("button", name="Tanya").click()


def test_the_flagship_question_marks_its_quote_in_the_article(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator("#turns .quotes q").first).to_have_text(MEETING)
    expect(page.locator("article mark.chosen")).to_have_text(MEETING)
    expect(page.locator("article mark.chosen")).to_be_in_viewport()
    for place in ("#turns .quotes q", "article mark.chosen"):
        answers = page.locator(f"{place} >> nth=0").locator(".answer")
        expect(answers.filter(has_text="Nakagome Masashi")).to_have_count(1)
        expect(answers.filter(has_text="Jumat (21/06/2024)")).to_have_count(1)
    # What is no answer isn't underlined.
    expect(page.locator(".article-column")).not_to_have_css("text-decoration-line", "underline")
    expect(page.locator(".said")).to_contain_text("Di mana: Moskwa")
    expect(page.get_by_label("Pertanyaan")).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text("Jawaban ditemukan.")


def test_a_click_on_a_quote_marks_it_and_brings_it_into_view(page, seed_address):
    page.set_viewport_size({"width": 420, "height": 700})
    page.goto(seed_address)
    ask(page, "Apa yang dikatakan tentang Wilayah Utara?")
    quotes = page.locator("#turns .quotes a")
    expect(quotes.nth(1)).to_be_visible()
    words = quotes.nth(1).inner_text()
    quotes.nth(1).click()
    expect(page.locator("article mark.chosen")).to_have_text(words)
    expect(page.locator("article mark.chosen")).to_be_in_viewport()
    expect(quotes.nth(1)).to_have_attribute("aria-current", "true")


def test_a_follow_up_is_understood_from_the_conversation(page, seed_address):
    page.goto(seed_address)
    ask(page, "Siapa yang bertemu Nakagome?")
    expect(page.locator(".turn")).to_have_count(1)
    ask(page, "Di mana?")
    expect(page.locator(".turn")).to_have_count(2)
    understood = page.locator(".turn").last.locator(".understood")
    expect(understood).to_contain_text("Di mana bertemu Nakagome?")


def test_a_refusal_says_so_and_leaves_no_mark(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator("article mark")).not_to_have_count(0)
    ask(page, "Berapa harga beras?")
    expect(page.locator(".refusal").last).to_have_text("Artikel ini tidak menyebutkannya.")
    expect(page.locator("article mark")).to_have_count(0)


def test_a_suggestion_is_asked_by_a_click(page, seed_address):
    page.goto(seed_address)
    suggestion = page.locator(".suggestions a").first
    words = suggestion.inner_text()
    suggestion.click()
    expect(page.locator(".turn .asked")).to_have_text(words)
    expect(page.locator("article mark.chosen")).to_be_visible()


def test_without_a_script_the_page_answers_too(browser, seed_address):
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator("article mark.chosen")).to_have_text(MEETING)
    context.close()


def test_what_was_typed_stays_when_the_service_is_gone(page, seed_address):
    page.goto(seed_address)
    page.route("**/api/ask", lambda route: route.abort())
    ask(page, FLAGSHIP)
    expect(page.get_by_role("status")).to_contain_text("tidak dapat dihubungi")
    expect(page.get_by_label("Pertanyaan")).to_have_value(FLAGSHIP)
    # Chromium itself reports the failed request.
    page.wrong.clear()


# A browser's parser takes CR LF for one character and drops NUL, JavaScript counts an emoji twice.
HARD = [
    "Judul 😀\r\n\r\nBaris pertama yang panjang sekali untuk satu baris saja\r\n"
    "dan \U0001f469\U0001f3fd lanjutannya juga. Kapal Merpati tiba.\r\n\r\nAkhir.",
    "Angka nol\0 di sini. Kapal\0 Merpati e\u0301 tiba.",
    "\ufeffMula \U0001f469\u200d\U0001f680. Kapal <b>Merpati</b> &amp; tiba.",
]


@pytest.mark.parametrize("text", HARD)
def test_marks_are_exact_in_texts_that_browsers_count_differently(page, tmp_path, text):
    (tmp_path / "a.txt").write_text("Judul\n\n" + text, encoding="utf-8", newline="")
    with running_service("--articles", str(tmp_path)) as (address, _):
        page.goto(address)
        ask(page, "Kapan kapal tiba?")
        mark = page.locator("article mark.chosen")
        expect(mark).to_have_count(1)
        quote = page.evaluate(
            "(async () => (await (await fetch('/api/ask', {method: 'POST', "
            "headers: {'Content-Type': 'application/json'}, "
            "body: JSON.stringify({question: 'Kapan kapal tiba?'})})).json()).quotes[0].text)()"
        )
        assert "erpati" in quote
        assert mark.evaluate("mark => mark.textContent") == quote.replace("\0", "\ufffd")
