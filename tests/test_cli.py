import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from qa_service.cli import main
from tests.conftest import HARBOUR
from tests.extraction.files import make_docx


@pytest.fixture
def run(folder, monkeypatch):
    monkeypatch.setenv("QA_SERVICE_ARTICLES", str(folder))
    return lambda *words: CliRunner().invoke(main, words)


def test_ask_prints_the_answer_and_its_quotes_with_their_place(run):
    result = run("ask", "Siapa yang membuka Pelabuhan Sejati?")
    assert result.exit_code == 0
    assert "Rahmi Hasanah" in result.output.splitlines()[0]
    assert "harbour, characters 31–116" in result.output


def test_ask_prints_what_the_endpoint_replies(run):
    reply = json.loads(
        run("ask", "--json", "Kapan kapal pertama tiba?", "--article", "harbour").output
    )
    quote = reply["quotes"][0]
    assert reply["answered"]
    assert (
        HARBOUR[quote["start"] : quote["end"]]
        == quote["text"]
        == "Kapal pertama tiba pukul 10.30 WIB."
    )


def test_ask_says_when_the_article_does_not(run):
    assert (
        run("ask", "Berapa harga beras?").output
        == "Tidak ada artikel di sini yang menyebutkannya.\n"
    )


def test_ask_says_that_what_comes_closest_is_no_answer(run, monkeypatch):
    monkeypatch.setenv("QA_SERVICE_THRESHOLD", "1")
    lines = run("ask", "Siapa arsitek Pelabuhan Sejati?").output.splitlines()
    assert lines[2] == "Paling dekat, bukan jawaban:"
    assert "Pelabuhan Sejati" in lines[4]


def test_ask_reads_a_file(run, tmp_path):
    path = tmp_path / "own.md"
    path.write_text("Gunung Merpati meletus.", encoding="utf-8")
    assert (
        "Gunung Merpati meletus."
        in run("ask", "Gunung apa yang meletus?", "--article", str(path)).output
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["ask", "Kapan?", "--article", "nowhere"],
            "there is no file 'nowhere', and no article has the id 'nowhere'",
        ),
        (["ask", "Kapan?", "--article", "/"], "/ is a folder; set QA_SERVICE_ARTICLES to it"),
        (["ask", " "], "it is blank"),
        (["ask", "x" * 501], "501 characters; at most 500"),
        (["serve", "--port", "70000"], "QA_SERVICE_PORT (--port) is '70000'"),
        (["serve", "--port", "x"], "'x'; it must be a whole number"),
        (["serve", "--host", "999.1.1.1"], "999.1.1.1, port 8000, can't be listened on"),
    ],
)
def test_a_wrong_word_is_named(run, words, message):
    result = run(*words)
    assert result.exit_code != 0
    assert message in result.output


def test_a_folder_without_an_article_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_SERVICE_ARTICLES", str(tmp_path))
    (tmp_path / "harbour.txt").unlink()
    (tmp_path / "village.txt").unlink()
    result = run("ask", "Kapan?")
    assert result.exit_code == 1
    assert "holds no article" in result.output


def test_an_encoding_without_quotation_marks_is_no_hindrance(folder):
    environ = os.environ | {"QA_SERVICE_ARTICLES": str(folder), "PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "qa_service", "ask", "Siapa yang membuka Pelabuhan Sejati?"]
    shown = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    assert "\\u201cWali Kota Rahmi Hasanah" in shown


def test_help_names_every_setting_and_its_variable(run):
    shown = run("serve", "--help").output
    for name in ["host", "port", "workers", "articles", "rate-limit"]:
        assert f"--{name}" in shown
        assert f"QA_SERVICE_{name.upper().replace('-', '_')}" in shown


@pytest.fixture
def questions(tmp_path):
    row = {
        "id": "1",
        "question": "Siapa yang membuka Pelabuhan Sejati?",
        "context": HARBOUR,
        "answers": [{"text": "Rahmi Hasanah", "start": HARBOUR.index("Rahmi")}],
    }
    path = tmp_path / "harbour_set.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def test_evaluate_prints_how_well_a_file_was_answered(run, questions):
    heading, figures = run("evaluate", str(questions)).output.splitlines()
    found = dict(zip(heading.split(), figures.split(), strict=True))
    assert found["set"] == "harbour_set"
    assert (found["n"], found["answered"], found["verbatim"]) == ("1", "1.000", "1.000")
    assert float(found["f1"]) > 0.5


def test_evaluate_refuses_all_below_a_threshold_of_one(run, questions):
    assert " 0.000 " in run("evaluate", "--threshold", "1", str(questions)).output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evaluate", "nowhere.jsonl"], "nowhere.jsonl can't be read as JSON lines"),
        (["evaluate", "--reader", "nowhere", "x.jsonl"], "reader.json can't be read"),
        (["evaluate", "--threshold", "2", "x.jsonl"], "2.0 is not in the range 0<=x<=1"),
        (
            ["train", "--data", ".", "--work", "w", "--out", "o", "--slim"],
            "needs a reader to begin",
        ),
        (["train", "--data", "nowhere", "--work", "w", "--out", "o"], "'nowhere' does not exist"),
    ],
)
def test_what_evaluate_and_train_cannot_use_is_named(run, words, message):
    result = run(*words)
    assert result.exit_code != 0
    assert message in result.output


def test_train_says_what_must_be_installed(run, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("qa_service.training.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    folder = str(tmp_path)
    result = run("train", "--data", folder, "--work", folder, "--out", folder)
    assert result.exit_code == 1
    assert "this needs torch: pip install 'qa-service[train]'" in result.output


def test_ask_reads_files_of_every_kind(run, tmp_path):
    path = tmp_path / "own.docx"
    path.write_bytes(make_docx("Gunung Merpati meletus pada Senin (3/3/2025)."))
    result = run("ask", "Kapan gunung meletus?", "--article", str(path))
    assert result.output.splitlines()[0] == "Senin (3/3/2025)"


def test_ask_reads_standard_input(folder):
    done = CliRunner().invoke(
        main, ["ask", "Kapan gunung meletus?", "--article", "-"], "Gunung Merpati meletus, Senin."
    )
    assert done.output.splitlines()[0] == "Senin"
    empty = CliRunner().invoke(main, ["ask", "Kapan?", "--article", "-"], "")
    assert empty.exit_code != 0
    assert "standard input: it is empty" in empty.output


def test_ask_shows_how_far_the_reading_of_many_files_is(run, folder):
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"Kapal {number} tiba.", encoding="utf-8")
    assert "Reading articles" in run("ask", "Siapa yang membuka Pelabuhan Sejati?").stderr
