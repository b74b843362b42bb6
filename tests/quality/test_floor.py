"""The quality gate: the reader that is shipped, asked about articles that it never saw."""

import json
from pathlib import Path

import pytest

from qa_service.training.evaluation import score_file, summarise

HERE = Path(__file__).parent
FLOOR = json.loads((HERE / "floor.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scored(reader):
    return score_file(HERE / "questions.jsonl", reader)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("figure", ["f1", "quote@1", "answered", "refused"])
def test_no_figure_falls_more_than_three_questions_under_its_floor(scored, language, figure):
    values = [
        s.figures[figure] for s in scored if f"lang={language}" in s.groups and figure in s.figures
    ]
    # Processors round the last digit of a sum each in its own way, which turned up to three
    # questions of a language where it was tried (docs/model-card.md).
    assert sum(values) >= FLOOR[language][figure] * len(values) - 3


def test_every_part_and_quote_is_verbatim(scored):
    assert summarise(scored)["verbatim"] == 1
