import json
import re
import time

import pytest
from playwright.sync_api import expect

from qa_service.web.texts import page_texts
from tests.browser.conftest import SCREENS, WIDE, open_page
from tests.extraction.files import make_docx
from tests.serving import running_service

# For what no width changes.
WIDE_AND_PHONE = (SCREENS[0], SCREENS[-1])
FLAGSHIP = "Siapa bertemu siapa, di mana, dan kapan?"
PARTS = [
    "Direktur Jenderal Biro Urusan Eropa Kementerian Luar Negeri Jepang Nakagome Masashi",
    "Lyudmila Vorobyova",
    "Moskwa",
    "Jumat (21/06/2024)",
]
MEETING = (
    "Direktur Jenderal Biro Urusan Eropa Kementerian Luar Negeri Jepang Nakagome Masashi bertemu "
    "dengan Direktur Departemen Asia Ketiga Kementerian Luar Negeri Rusia Lyudmila Vorobyova di "
    "Moskwa pada hari Jumat (21/06/2024)."
)
DOCX = make_docx("Nakhoda Rahmi pulang dari pulau.", title="Kapal Tiba", table=True)


def ask(page, question):
    page.get_by_label(page.texts["question"]).fill(question)
    page.get_by_role("button", name=page.texts["ask"], exact=True).click()


def follow(page, link):
    """Go where a link goes, and wait for the script there: until then, a form sends itself."""
    there = link.evaluate("link => link.href")
    link.click()
    page.wait_for_url(lambda address: address == there)


def test_the_flagship_question_marks_its_quote_in_the_article(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator("#turns .quotes q").first).to_have_text(MEETING)
    expect(page.locator("article mark.chosen")).to_have_text(MEETING)
    # Where the article stands above the conversation, the answer is what comes into view.
    besides = page.screen.width >= 800
    expect(
        page.locator("article mark.chosen" if besides else ".turn .part").first
    ).to_be_in_viewport()
    for place in ("#turns .quotes q", "article mark.chosen"):
        answers = page.locator(f"{place} >> nth=0").locator(".answer")
        expect(answers.filter(has_text="Nakagome Masashi")).to_have_count(1)
        expect(answers.filter(has_text="Jumat (21/06/2024)")).to_have_count(1)
    expect(page.get_by_label(page.texts["question"])).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text(page.texts["answered_status"])


def test_after_an_answer_what_goes_on_from_it_is_suggested_and_answered(page, seed_address):
    page.goto(seed_address)
    ask(page, "Siapa yang ditemui Nakagome?")
    suggested = page.locator(".follow-up a")
    expect(suggested.first).to_be_visible()
    question = suggested.first.inner_text()
    assert question in ("Kapan?", "Di mana?")
    suggested.first.click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn .asked").last).to_have_text(question)
    expect(page.locator(".turn .understood").last).to_contain_text("Nakagome")
    expect(page.locator(".turn .part").last).to_be_visible()
    # After a refusal nothing goes on.
    ask(page, "Berapa harga beras di Semarang?")
    expect(page.locator(".turn.refused")).to_have_count(1)
    expect(suggested).to_have_count(0)


def test_each_part_has_its_label_and_says_how_sure_it_is(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator(".parts dt")).to_have_text(["Siapa", "Bertemu siapa", "Di mana", "Kapan"])
    expect(page.locator(".part")).to_have_text(PARTS)
    for sure in page.locator(".sure").all_inner_texts():
        assert sure in (page.texts["very_sure"], page.texts["fairly_sure"], page.texts["less_sure"])


def test_a_long_label_leaves_room_for_its_answer(page, seed_address):
    page.goto(seed_address)
    ask(page, "Siapa perdana menteri Jepang dan presiden Rusia?")
    expect(page.locator(".part")).to_have_text(["Kishida Fumio", "Vladimir Putin"])
    for answer in page.locator(".parts dd").all():
        box, text = answer.bounding_box(), answer.locator(".sure").bounding_box()
        assert box["width"] > 2 * page.locator(".parts").bounding_box()["width"] / 5
        assert text["x"] + text["width"] <= page.screen.width


def test_a_part_is_marked_in_the_article_while_it_is_pointed_at_and_stays_after_a_click(
    page, seed_address
):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    pointed = page.locator("article .pointed")
    part = page.locator(".part", has_text="Moskwa")
    part.hover()
    expect(pointed).to_have_text("Moskwa")
    page.get_by_label(page.texts["question"]).hover()
    expect(pointed).to_have_count(0)
    part.focus()
    expect(pointed).to_have_text("Moskwa")
    part.click()
    page.get_by_label(page.texts["question"]).hover()
    page.get_by_label(page.texts["question"]).focus()
    expect(pointed).to_have_text("Moskwa")
    expect(pointed).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("article mark")).to_have_count(0)


def test_a_click_on_a_quote_marks_it_and_brings_it_into_view(page, seed_address):
    page.goto(seed_address)
    ask(page, "Apa yang dikatakan tentang Wilayah Utara?")
    quotes = page.locator("#turns .quotes a")
    expect(quotes.nth(1)).to_be_visible()
    words = quotes.nth(1).locator("q").inner_text()
    quotes.nth(1).click()
    expect(page.locator("article mark.chosen")).to_have_text(words)
    expect(page.locator("article mark.chosen")).to_be_in_viewport()
    expect(quotes.nth(1)).to_have_attribute("aria-current", "true")


def test_quotes_have_numbers_and_shades_of_their_own(page, seed_address):
    page.goto(seed_address)
    ask(page, "Negara mana yang menguasai pulau itu?")
    expect(page.locator("article mark")).not_to_have_count(0)
    marks = page.locator("article mark").evaluate_all(
        "marks => marks.map(m => [m.dataset.number, getComputedStyle(m).backgroundColor])"
    )
    assert len({number for number, _ in marks}) == len(marks) > 1
    assert len({shade for _, shade in marks}) == len(marks)


def test_a_follow_up_is_understood_from_the_conversation(page, seed_address):
    page.goto(seed_address)
    ask(page, "Siapa yang bertemu Nakagome?")
    expect(page.locator(".turn")).to_have_count(1)
    ask(page, "Di mana?")
    expect(page.locator(".turn")).to_have_count(2)
    understood = page.locator(".turn").last.locator(".understood")
    expect(understood).to_contain_text("Di mana bertemu Nakagome?")


def test_a_refusal_says_so_and_shows_what_comes_closest(page, seed_address):
    page.goto(seed_address)
    ask(page, "Berapa ton beras yang diimpor Rusia?")
    expect(page.locator(".refusal")).to_have_text("Artikel ini tidak menyebutkannya.")
    expect(page.locator(".quotes-label")).to_have_text(page.texts["closest"])
    expect(page.locator("article mark.closest")).not_to_have_count(0)
    expect(page.locator("article mark:not(.closest)")).to_have_count(0)
    expect(page.locator(".part")).to_have_count(0)


def test_a_suggestion_is_asked_by_a_click_and_then_gone(page, seed_address):
    page.goto(seed_address)
    suggestion = page.locator(".suggestions a").first
    words = suggestion.inner_text()
    suggestion.click()
    expect(page.locator(".turn .asked")).to_have_text(words)
    expect(page.locator("article mark.chosen")).to_be_visible()
    expect(page.locator(".suggestions a", has_text=words)).to_be_hidden()


def test_the_conversation_is_there_again_and_can_be_cleared(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator(".turn")).to_have_count(1)
    page.reload()
    expect(page.locator(".turn .asked")).to_have_text([FLAGSHIP])
    expect(page.locator("article mark.chosen")).to_have_text(MEETING)
    page.get_by_text(page.texts["menu"]).click()
    page.get_by_role("button", name=page.texts["clear_all"]).click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("article mark")).to_have_count(0)
    page.reload()
    expect(page.locator(".turn")).to_have_count(0)


@pytest.mark.parametrize("page", WIDE_AND_PHONE, ids=str, indirect=True)
@pytest.mark.parametrize("kind", ["Markdown", "JSON"])
def test_the_conversation_is_written_out(page, seed_address, kind):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_text(page.texts["menu"]).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    written = download.value.path().read_text(encoding="utf-8")
    if kind == "Markdown":
        assert f"**{FLAGSHIP}**" in written
        assert f"> {MEETING}" in written
        return
    annotations = json.loads(written)["annotations"]
    text = page.request.get(f"{seed_address}/api/articles/jepang-rusia-korea-utara").json()["text"]
    for annotation in annotations:
        position, quote = annotation["target"]["selector"]
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert text[: position["start"]].endswith(quote["prefix"])
    assert {"Moskwa", MEETING} <= {a["target"]["selector"][1]["exact"] for a in annotations}


def test_an_answer_is_copied_with_its_quotes_and_source(browser, seed_address):
    page = open_page(browser, permissions=["clipboard-read", "clipboard-write"])
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    page.get_by_role("button", name=page.texts["copy_answer"]).click()
    expect(page.get_by_role("status")).to_have_text(page.texts["copied"])
    copied = page.evaluate("navigator.clipboard.readText()")
    page.context.close()
    assert "Di mana: Moskwa" in copied
    assert f"> {MEETING}" in copied
    assert re.search(r"karakter 248–467", copied)


def test_an_answer_is_copied_where_the_browser_has_no_clipboard_for_scripts(page, seed_address):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    page.evaluate(
        """() => {
            const set = DataTransfer.prototype.setData;
            DataTransfer.prototype.setData = function (kind, text) {
              window.copied = text;
              return set.call(this, kind, text);
            };
        }"""
    )
    page.get_by_role("button", name=page.texts["copy_answer"]).click()
    expect(page.get_by_role("status")).to_have_text(page.texts["copied"])
    assert "Lyudmila Vorobyova" in page.evaluate("window.copied")


@pytest.mark.parametrize("page", WIDE_AND_PHONE, ids=str, indirect=True)
def test_an_answer_has_a_link_that_answers_the_same(page, seed_address):
    page.goto(seed_address)
    ask(page, "Siapa yang bertemu Nakagome?")
    expect(page.locator(".turn")).to_have_count(1)
    ask(page, "Di mana?")
    expect(page.locator(".turn")).to_have_count(2)
    link = (
        page.locator(".turn")
        .last.get_by_role("link", name=page.texts["link"])
        .get_attribute("href")
    )
    page.evaluate("localStorage.clear()")
    page.goto(seed_address + link)
    expect(page.locator(".turn .asked")).to_have_text(["Di mana bertemu Nakagome?"])
    expect(page.locator(".part")).to_have_text("Moskwa")
    expect(page.locator(".part")).to_be_in_viewport()


def test_a_question_can_be_changed_and_asked_again(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    page.get_by_role("button", name=page.texts["edit"]).click()
    expect(page.get_by_label(page.texts["question"])).to_have_value(FLAGSHIP)
    expect(page.get_by_label(page.texts["question"])).to_be_focused()


def test_the_keyboard_is_enough(page, seed_address):
    page.goto(seed_address)
    field = page.get_by_label(page.texts["question"])
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("Di mana")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Nakagome bertemu Vorobyova?")
    expect(field).to_have_value("Di mana\nNakagome bertemu Vorobyova?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    # Focus stays where it was.
    expect(field).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("Di mana\nNakagome bertemu Vorobyova?")
    field.fill("")
    page.locator("#turns").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_light_and_dark_are_switched_and_kept(page, seed_address):
    page.goto(seed_address)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name=page.texts["theme"]).click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark


def test_the_language_is_switched_and_kept(page, seed_address):
    page.goto(seed_address)
    other = page_texts({"id": "en", "en": "id"}[page.screen.language])
    page.get_by_role("link", name=page.texts["language"]).click()
    expect(page.get_by_role("heading", name=other["name"])).to_be_visible()
    page.goto(seed_address)
    expect(page.locator("html")).not_to_have_attribute("lang", page.screen.language)
    expect(page.locator("article")).to_have_attribute("lang", "id")


def test_without_a_script_the_page_answers_too(browser, seed_address):
    page = open_page(browser, java_script_enabled=False)
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator("article mark.chosen")).to_have_text(MEETING)
    expect(page.locator(".part")).to_have_text(PARTS)
    # Nothing is offered that needs one.
    page.locator(".library summary").click()
    expect(page.locator("#library li")).to_be_visible()
    expect(page.locator("button:visible")).to_have_text([page.texts["ask"]])
    expect(page.locator("details:visible")).to_have_count(1)
    page.context.close()


@pytest.mark.parametrize("page", WIDE_AND_PHONE, ids=str, indirect=True)
@pytest.mark.parametrize(
    ("fulfill", "said"),
    [
        (None, "offline"),
        ({"status": 500, "json": {"detail": "x"}}, "failed"),
        (
            {"status": 429, "headers": {"Retry-After": "2"}, "json": {"detail": "x"}},
            "wait",
        ),
    ],
)
def test_what_was_typed_stays_when_the_service_fails(page, seed_address, fulfill, said):
    page.goto(seed_address)
    page.route(
        "**/api/ask",
        lambda route: route.abort() if fulfill is None else route.fulfill(**fulfill),
    )
    ask(page, FLAGSHIP)
    expect(page.get_by_role("alert")).to_contain_text(page.texts[said].format(seconds=2))
    expect(page.get_by_label(page.texts["question"])).to_have_value(FLAGSHIP)
    page.unroute("**/api/ask")
    if fulfill is not None and fulfill["status"] == 429:
        expect(page.get_by_role("button", name=page.texts["ask"], exact=True)).to_be_disabled()
        expect(page.get_by_role("status")).to_have_text(page.texts["again"])
        page.get_by_role("button", name=page.texts["ask"], exact=True).click()
    else:
        page.get_by_role("button", name=page.texts["retry"]).click()
    expect(page.locator(".turn")).to_have_count(1)
    # Chromium itself reports the failed request.
    page.wrong.clear()


def test_a_question_that_is_too_long_says_by_how_much(page, seed_address):
    page.goto(seed_address)
    field = page.get_by_label(page.texts["question"])
    field.fill("😀" * 490)
    expect(page.locator("#counter")).to_have_text(page.texts["counter"].format(left=10))
    field.fill("😀" * 503)
    expect(page.locator("#counter")).to_have_text(page.texts["too_long"].format(over=3))
    expect(page.get_by_role("button", name=page.texts["ask"], exact=True)).to_be_disabled()


@pytest.fixture(scope="module")
def empty_address(tmp_path_factory):
    with running_service("--articles", str(tmp_path_factory.mktemp("empty"))) as (address, _):
        yield address


def test_a_library_without_articles_says_so(page, empty_address):
    page.goto(empty_address)
    expect(page.get_by_text(page.texts["no_articles"])).to_be_visible()


# A browser's parser takes CR LF for one character and drops NUL, JavaScript counts an emoji twice.
HARD = [
    "Judul 😀\r\n\r\nBaris pertama yang panjang sekali untuk satu baris saja\r\n"
    "dan \U0001f469\U0001f3fd lanjutannya juga. Kapal Merpati tiba.\r\n\r\nAkhir.",
    "Angka nol\0 di sini. Kapal\0 Merpati e\u0301 tiba.",
    "\ufeffMula \U0001f469\u200d\U0001f680. Kapal <b>Merpati</b> &amp; tiba.",
    "Kata \u202eterbalik\u202c dan مرحبا شلום. Kapal Merpati tiba di ירושלים.",
]


@pytest.fixture(scope="module")
def hard_address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hard")
    for number, text in enumerate(HARD):
        (folder / f"{number}.txt").write_text("Judul\n\n" + text, encoding="utf-8", newline="")
    with running_service("--articles", str(folder)) as (address, _):
        yield address


@pytest.mark.parametrize("page", WIDE_AND_PHONE, ids=str, indirect=True)
@pytest.mark.parametrize("number", range(len(HARD)))
def test_marks_are_exact_in_texts_that_browsers_count_differently(page, hard_address, number):
    page.goto(f"{hard_address}/?article_id={number}")
    ask(page, "Kapan kapal tiba?")
    mark = page.locator("article mark.chosen")
    expect(mark).to_have_count(1)
    asked = {"question": "Kapan kapal tiba?", "article_id": str(number)}
    quote = page.request.post(f"{hard_address}/api/ask", data=asked).json()["quotes"][0]["text"]
    assert "erpati" in quote
    assert mark.evaluate("mark => mark.textContent") == quote.replace("\0", "\ufffd")


OWN = (
    "Jembatan 🌉 Tirta Dibuka\n\nBupati Sari Wulandari membuka jembatan di Desa Tirta pada Senin "
    "(3/3/2025). Biayanya Rp3,2 miliar."
)


def add(page):
    page.locator(".library summary").click()
    page.get_by_role("button", name=page.texts["add"], exact=True).click()


def test_a_pasted_text_is_asked_kept_and_removed(page, seed_address):
    page.goto(seed_address)
    add(page)
    expect(page.get_by_role("dialog")).to_contain_text(page.texts["stays"])
    page.get_by_label(page.texts["paste"]).fill(OWN)
    page.get_by_role("button", name=page.texts["add_do"], exact=True).click()
    expect(page.get_by_role("status")).to_have_text(page.texts["added"])
    expect(page.locator("article h2")).to_have_text("Jembatan 🌉 Tirta Dibuka")
    expect(page.locator("#own small")).to_have_text(
        f"{page.texts['languages']['id']} · {page.texts['sentences'].format(count=3)}"
    )
    ask(page, "Kapan jembatan dibuka?")
    answer = page.locator("article mark .answer")
    expect(answer).to_have_text("Senin (3/3/2025)")
    # Neither the address nor the list of the service knows of it.
    assert page.request.get(f"{seed_address}/api/articles").json()[0]["id"] != "text"
    page.reload()
    expect(answer).to_have_text("Senin (3/3/2025)")
    expect(page.locator(".turn .asked")).to_have_text("Kapan jembatan dibuka?")
    page.locator(".library summary").click()
    page.get_by_role("button", name=f"{page.texts['remove']}: Jembatan").click()
    expect(page.locator("article h2")).to_have_text(re.compile("Jepang"))
    expect(page.locator("#own li")).to_have_count(0)
    assert "Sari Wulandari" not in page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.parametrize("page", WIDE_AND_PHONE, ids=str, indirect=True)
def test_an_own_text_stays_when_the_language_is_switched(page, seed_address):
    page.goto(seed_address)
    add(page)
    page.get_by_label(page.texts["paste"]).fill(OWN)
    page.get_by_role("button", name=page.texts["add_do"], exact=True).click()
    expect(page.locator("article h2")).to_have_text("Jembatan 🌉 Tirta Dibuka")
    ask(page, "Kapan jembatan dibuka?")
    expect(page.locator("article mark .answer")).to_have_text("Senin (3/3/2025)")
    other = page_texts({"id": "en", "en": "id"}[page.screen.language])
    page.get_by_role("link", name=page.texts["language"]).click()
    expect(page.get_by_role("heading", name=other["name"])).to_be_visible()
    expect(page.locator("article h2")).to_have_text("Jembatan 🌉 Tirta Dibuka")
    expect(page.locator(".turn .asked")).to_have_text("Kapan jembatan dibuka?")


def test_several_own_texts_lie_side_by_side(page, seed_address):
    page.goto(seed_address)
    for number in (1, 2):
        add(page) if number == 1 else page.get_by_role(
            "button", name=page.texts["add"], exact=True
        ).click()
        page.get_by_label(page.texts["paste"]).fill(
            f"Berita {number}\n\nKapal {number} tiba di Tirta."
        )
        page.get_by_role("button", name=page.texts["add_do"], exact=True).click()
        expect(page.locator("article h2")).to_have_text(f"Berita {number}")
    expect(page.locator("#own a")).to_have_text(["Berita 1", "Berita 2"])
    page.locator("#own a").first.click()
    expect(page.locator("article h2")).to_have_text("Berita 1")
    expect(page.locator("#own [aria-current]")).to_have_text("Berita 1")


def test_a_file_that_is_dropped_or_chosen_is_read(page, seed_address):
    page.goto(seed_address)
    file = {"name": "berita.docx", "mimeType": "x/y", "buffer": DOCX}
    # What a person drops, a script can only make.
    page.evaluate(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name));
            document.dispatchEvent(new DragEvent("drop", {
              dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        [file["name"], list(file["buffer"])],
    )
    expect(page.locator("article h2")).to_have_text("Kapal Tiba")
    page.locator(".library summary").click()
    expect(page.locator("#own small")).to_have_text(
        f"{page.texts['languages']['id']} · {page.texts['sentences'].format(count=2)} · "
        f"{page.texts['without']} 1 {page.texts['lost']['tables']}"
    )
    page.get_by_role("button", name=page.texts["add"], exact=True).click()
    page.locator("#file").set_input_files({**file, "name": "berita.pdf"})
    page.get_by_role("button", name=page.texts["add_do"], exact=True).click()
    expect(page.locator("#add-problem")).to_contain_text(
        {"id": "tetapi isinya dokumen Word (.docx)", "en": "but it is a Word document (.docx)"}[
            page.screen.language
        ]
    )
    # The browser says so, too, as for every reply of 422.
    page.wrong.clear()


@pytest.fixture(scope="module")
def shelves(tmp_path_factory):
    """The address of a service with two articles that say the same, and a third."""
    tmp_path = tmp_path_factory.mktemp("shelves")
    (tmp_path / "satu.md").write_text(
        "---\nauthor: Dewi\ndate: 2025-03-04\nurl: https://news.example/satu\n---\n"
        "# Jembatan Satu\n\n"
        "Bupati Sari Wulandari membuka jembatan gantung Desa Tirta pada Senin (3/3/2025).\n"
    )
    (tmp_path / "dua.txt").write_text(
        "Kabar Tirta\n\nJembatan gantung di Desa Tirta dibuka Bupati Sari Wulandari, Senin.\n\n"
        "Warga bersorak.\n"
    )
    (tmp_path / "tiga.txt").write_text("Kapal Biru\n\nNakhoda Rahmi Hasanah membawa kapal biru.\n")
    with running_service("--articles", str(tmp_path)) as (address, _):
        yield address


def test_all_articles_are_asked_and_each_quote_names_its_own(page, shelves):
    page.goto(shelves)
    page.locator(".library summary").click()
    follow(page, page.get_by_role("link", name=page.texts["all_articles"].format(count=3)))
    ask(page, "Siapa yang membuka jembatan gantung Desa Tirta?")
    expect(page.locator(".part")).to_have_text("Bupati Sari Wulandari")
    cites = page.locator(".turn cite")
    assert {"Jembatan Satu", "Kabar Tirta"} <= set(cites.all_inner_texts())
    for title, said in (("Kabar Tirta", "dibuka Bupati"), ("Jembatan Satu", "membuka jembatan")):
        page.locator(".quotes a", has_text=title).first.click()
        expect(page.locator("article h2")).to_have_text(title)
        expect(page.locator("article mark.chosen")).to_contain_text(said)
    expect(page.locator("#origin")).to_have_text("Dewi · 2025-03-04 · news.example")
    with page.expect_download() as download:
        page.locator(".tools summary").click()
        page.get_by_role("button", name=page.texts["export_json"]).click()
    written = json.loads(download.value.path().read_text(encoding="utf-8"))
    for annotation in written["annotations"]:
        text = page.request.get(annotation["target"]["source"]).json()["text"]
        place, quote = annotation["target"]["selector"]
        assert text[place["start"] : place["end"]] == quote["exact"]


def test_a_title_is_found_in_the_list(page, shelves):
    page.goto(shelves)
    page.locator(".library summary").click()
    page.get_by_label(page.texts["find"]).fill("kapal")
    expect(page.locator("#library li:visible")).to_have_count(1)
    page.locator("#library li:visible a").click()
    expect(page.locator("article h2")).to_have_text("Kapal Biru")


def test_printing_gives_the_article_the_marks_and_the_conversation(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator("article mark")).not_to_have_count(0)
    page.emulate_media(media="print")
    for shown in (
        "article p >> nth=-1",
        "article mark.chosen",
        ".turn .part >> nth=0",
        ".quotes q",
    ):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in ("#ask", ".tools", ".library", ".suggestions", ".turn .actions", ".masthead nav"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_screen_reader_is_told_what_happens(page, seed_address):
    page.goto(seed_address)
    field = page.get_by_label(page.texts["question"])
    ask(page, FLAGSHIP)
    expect(page.get_by_role("status")).to_have_text(page.texts["answered_status"])
    expect(page.get_by_role("log").locator(".turn")).to_have_count(1)
    first = page.locator("article mark.chosen")
    assert first.get_attribute("aria-description") == page.texts["quote_number"].format(number=1)
    ask(page, "Berapa ton beras yang diimpor?")
    expect(page.get_by_role("status")).to_have_text(page.texts["refused_status"])
    # The focus is where it was put: on the button that was pressed.
    expect(page.get_by_role("button", name=page.texts["ask"], exact=True)).to_be_focused()
    page.route("**/api/ask", lambda route: route.abort())
    field.fill("Siapa?")
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text=page.texts["offline"])).to_have_count(1)
    expect(field).to_be_focused()
    page.wrong.clear()


def test_one_comes_from_an_answer_to_its_words_and_back(page, seed_address):
    page.goto(seed_address)
    ask(page, FLAGSHIP)
    expect(page.locator(".turn .part").first).to_be_in_viewport()
    page.locator(".turn .part").first.click()
    expect(page.locator("article .pointed")).to_be_in_viewport()
    if page.screen.width < 800:
        page.get_by_role("link", name=page.texts["to_conversation"]).click()
    expect(page.locator(".turn .part").first).to_be_in_viewport()
    expect(page.get_by_label(page.texts["question"])).to_be_in_viewport()


@pytest.mark.parametrize("page", WIDE_AND_PHONE, ids=str, indirect=True)
def test_the_page_is_light(page, seed_address):
    sizes = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto(seed_address, wait_until="networkidle")
    assert all(url.startswith(seed_address) for url in sizes)
    assert len(sizes) <= 12
    assert sum(sizes.values()) < 60_000


# It waits for the service to look at its folder: once is enough.
@pytest.mark.parametrize("page", [WIDE], ids=str, indirect=True)
def test_an_article_that_changed_is_shown_as_it_is_now_before_it_is_marked(page, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Kapal Biru\n\nNakhoda Rahmi pulang dari Tirta pada Senin.\n", encoding="utf-8")
    with running_service("--articles", str(tmp_path), "--workers", "1") as (address, _):
        page.goto(address)
        path.write_text(
            "Kapal Biru\n\nHujan turun. Nakhoda Rahmi pulang dari Tirta pada Selasa.\n",
            encoding="utf-8",
        )
        deadline = time.monotonic() + 20
        while "Selasa" not in page.request.get(f"{address}/api/articles/a").json()["text"]:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        ask(page, "Kapan Nakhoda Rahmi pulang?")
        expect(page.locator("article mark.chosen")).to_have_text(
            "Nakhoda Rahmi pulang dari Tirta pada Selasa."
        )
        expect(page.locator("article")).to_contain_text("Hujan turun.")


@pytest.mark.parametrize("page", WIDE_AND_PHONE, ids=str, indirect=True)
def test_an_answer_that_comes_late_stays_with_its_own_article(page, seed_address):
    page.goto(seed_address)
    page.locator(".library summary").click()
    page.get_by_role("button", name=page.texts["add"], exact=True).click()
    page.get_by_label(page.texts["paste"]).fill(OWN)
    page.get_by_role("button", name=page.texts["add_do"], exact=True).click()
    expect(page.locator("#own li")).to_have_count(1)
    follow(page, page.locator("#library a").first)
    waiting = []
    page.route("**/api/ask", lambda route: waiting.append(route))
    ask(page, FLAGSHIP)
    expect(page.get_by_role("status")).to_have_text(page.texts["working"])
    page.locator(".library summary").click()
    page.locator("#own a").click()
    expect(page.locator("article h2")).to_have_text("Jembatan 🌉 Tirta Dibuka")
    waiting[0].continue_()
    expect(page.locator("#ask")).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("status")).to_have_text("")
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("article mark")).to_have_count(0)
    page.locator("#library a").first.click()
    expect(page.locator(".turn .asked")).to_have_text(FLAGSHIP)
