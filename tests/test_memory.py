"""Whatever is asked, memory stays where it was: what is kept is bounded by bytes."""

import os
from pathlib import Path

from qa_service.library import OwnTexts


def resident_bytes():
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def ask(texts, numbers):
    for number in numbers:
        words = " ".join(f"kata{number}x{n}" for n in range(600))
        texts.search(f"Rahmi {number} tiba. {words}. " * 2)


def test_hundreds_of_different_texts_leave_the_process_where_it_was():
    texts = OwnTexts()
    ask(texts, range(200))
    before = resident_bytes()
    ask(texts, range(200, 500))
    assert resident_bytes() - before < 20_000_000
