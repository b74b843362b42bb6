import os
import time
from pathlib import Path

import pytest

from qa_service.errors import UnreadableArticle
from qa_service.extraction import Extractor
from qa_service.wording import translate
from tests.extraction.files import NASTY, make_docx, make_pages

BOUND_SECONDS = 2.0


@pytest.fixture
def extractor():
    with Extractor() as extractor:
        yield extractor


def children():
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return {
        int(child)
        for task in tasks
        for child in (task / "children").read_text(encoding="utf-8").split()
    }


@pytest.mark.alone
@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_file_gets_its_message_in_time(extractor, name):
    data, message = NASTY[name]
    began = time.monotonic()
    with pytest.raises(UnreadableArticle) as caught:
        extractor.read(data.encode() if isinstance(data, str) else data, name)
    # Not how fast it is, but that it ends: the bound is there to be held.
    assert time.monotonic() - began < BOUND_SECONDS + 1
    assert message in str(caught.value)
    # It comes from another process and can be said in another language all the same.
    assert translate(caught.value.message, "en") == str(caught.value)
    assert translate(caught.value.message, "id") != str(caught.value)
    # The next file is read all the same.
    assert extractor.read(make_docx("Kapal tiba."), "a.docx").text == "Kapal tiba."


def test_one_that_takes_too_long_is_ended_and_the_next_is_read():
    with Extractor(seconds=0) as extractor:
        with pytest.raises(UnreadableArticle, match="longer to read"):
            extractor.read(make_pages(1), "a.pdf")
        extractor._seconds = 10
        assert extractor.read(make_pages(1), "a.pdf").text == "Kapal tiba di pelabuhan."


def test_a_slow_start_is_not_the_file_s_time(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import time; time.sleep(2)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Extractor(seconds=1.9) as extractor:
        assert extractor.read(make_docx("Kapal tiba."), "a.docx").text == "Kapal tiba."


def test_one_that_ends_the_process_is_told_and_the_next_is_read(extractor):
    extractor.read(make_docx("Kapal tiba."), "a.docx")
    extractor._process.kill()
    with pytest.raises(UnreadableArticle, match="more memory"):
        extractor.read(make_docx("Kapal tiba."), "a.docx")
    assert extractor.read(make_docx("Kapal tiba."), "a.docx").text == "Kapal tiba."


def test_one_process_reads_many_files_and_is_gone_at_the_end():
    before = children()
    with Extractor() as extractor:
        for number in range(3):
            extractor.read(make_docx(f"Kapal {number} tiba."), "a.docx")
        assert len(children() - before) == 1
    assert children() == before


def test_plain_text_needs_no_process():
    before = children()
    with Extractor() as extractor:
        assert extractor.read("Kapal 🚢 tiba.".encode(), "A.TXT").text == "Kapal 🚢 tiba."
        assert children() == before
