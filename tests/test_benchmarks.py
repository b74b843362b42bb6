"""Every benchmark runs, over a little data of its own; what it measures is for a person to read."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parent.parent
SENTENCES = (
    "Nakhoda Rahmi Hasanah membawa kapal biru ke Pelabuhan Tirta pada Senin (3/3/2025).",
    "Kapal itu mengangkut 40 ton beras dari Semarang.",
    "Bupati Sari Wulandari menyambut awak kapal di dermaga.",
    "Hujan turun sejak pagi, tetapi warga tetap datang.",
)
PASSAGE = " ".join(SENTENCES)
READ = {
    "id": "1",
    "question": "Siapa yang membawa kapal biru?",
    "context": PASSAGE,
    "answers": [{"text": "Rahmi Hasanah", "start": PASSAGE.index("Rahmi")}],
}
UNTOLD = READ | {"id": "2", "question": "Berapa harga tiket?", "answers": [], "answerable": False}
ASKED = {
    "id": "3",
    "lang": "en",
    "kind": "factoid",
    "question": "Who welcomed the crew?",
    "history": [],
    "answerable": True,
    "facets": ["who"],
    "answers": [["Sari Wulandari"]],
    "quotes": [SENTENCES[2]],
}
SETS = ("facqa_valid", "idk_valid", "en_facqa_valid", "en_idk_valid", "facqa_train", "idk_train")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for name in (*SETS, "squad_id_train", "tydi_en_train", "xquad_en_train"):
        write_lines(folder / f"{name}.jsonl", READ, UNTOLD)
    for name in ("seed_questions_dev", "article_questions_dev"):
        compound = {"kind": "compound", "question": "Siapa membawa kapal, dan kapan?"}
        write_lines(folder / f"{name}.jsonl", ASKED, ASKED | compound)
    for name in ("articles/seed.txt", "articles_real/kapal.txt"):
        (folder / name).parent.mkdir()
        (folder / name).write_text("Kapal Tiba\n\n" + "\n".join(SENTENCES), encoding="utf-8")
    return folder


def write_lines(path, *rows):
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")


def run(script, *options):
    command = [sys.executable, f"benchmarks/{script}.py", *map(str, options)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("script", "options", "said"),
    [
        ("retrieval", (), "| plain rank-bm25 |"),
        ("speed", ("--rounds", 1), "all questions"),
        ("library", ("--articles", 2), "2 articles"),
        ("all_articles", (), "| article_questions_dev | not given |"),
    ],
)
def test_a_benchmark_prints_what_it_measured(data, script, options, said):
    assert said in run(script, "--data", data, *options)


def test_the_start_is_measured(tmp_path):
    assert "first answer of a fresh process" in run("start", "--times", 1, "--out", tmp_path)
    check_results(tmp_path, "start", "medians")


def test_confidence_is_set_beside_truth(data):
    assert "idk_valid: n=2, confidence" in run("reliability", data / "idk_valid.jsonl")


@pytest.mark.parametrize(
    ("script", "options", "holds"),
    [
        ("quality", (), "groups"),
        ("growth", ("--sizes", 25, "--questions", 2), "systems"),
        ("stages", ("--rounds", 1), "stages_ms"),
        ("load", ("--seconds", 0.5, "--warm", 0.5, "--clients", 2), "systems"),
    ],
)
def test_a_benchmark_writes_what_it_measured_and_draws_it(data, script, options, holds, tmp_path):
    table = run(script, "--data", data, "--out", tmp_path, *options)
    assert table.startswith("| ")
    check_results(tmp_path, script, holds)


def check_results(folder, script, holds):
    written = json.loads((folder / f"{script}.json").read_text(encoding="utf-8"))
    assert written[holds]
    assert written["versions"]["rank-bm25"]
    # With them or without makes more of a difference than anything else of a processor.
    assert {"machine", "byte_products"} <= written.keys()
    if script != "stages":
        drawn = ElementTree.parse(folder / f"{script}.svg").getroot()
        assert drawn.tag.endswith("svg")


def test_a_peer_s_sentences_are_where_it_says(data):
    written = run("quality", "--data", data, "--out", data / "out")
    # All of them find the sentence that has the words of the question.
    facqa = written.split("\n\n")[0].splitlines()[2:]
    assert [line.split(" | ")[2] for line in facqa] == ["1.000"] * len(facqa)
