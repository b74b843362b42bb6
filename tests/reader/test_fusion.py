import numpy as np
import pytest

from qa_service.errors import UnreadableModel
from qa_service.reader.fusion import CONFIDENCE, RANKING, Evidence, Fusion
from qa_service.reader.spans import Candidate, Marks, Reading

CANDIDATES = (Candidate(0, 0, 4, 3.0), Candidate(1, 10, 14, 1.0), Candidate(1, 16, 19, 0.5))
NOTHING = np.zeros(0, np.float32)
MARKS = {
    0: Marks(NOTHING, NOTHING, -1.0, 0.5, (), ()),
    1: Marks(NOTHING, NOTHING, 2.0, 0.2, (), ()),
}
READING = Reading(MARKS, CANDIDATES)
EVIDENCE = {1: Evidence(1.0, 0.5)}


def card(**weights):
    weighed = {
        "ranking": {name: weights.get(name, 0.0) for name in RANKING},
        "confidence": {name: weights.get(name, 0.0) for name in CONFIDENCE},
    }
    return {"first": weighed, "again": {}}


def rank(fitting=(True, True, True), **weights):
    typed = list(zip(CANDIDATES, fitting, strict=True))
    return Fusion.of(card(**weights), "first").rank(typed, READING, EVIDENCE)


def test_each_sentence_is_ranked_once_by_its_best_span():
    assert [r.candidate for r in rank(span=1)] == [CANDIDATES[0], CANDIDATES[1]]


@pytest.mark.parametrize("feature", ["support", "bm25", "coverage"])
def test_what_is_known_of_a_sentence_can_outweigh_its_span(feature):
    assert rank(span=1, **{feature: 10})[0].candidate == CANDIDATES[1]


def test_sentences_that_were_read_again_come_first():
    fusion = Fusion.of(card(span=1), "first")
    reading = Reading(MARKS, CANDIDATES, again=frozenset({1}))
    ranked = fusion.rank([(c, True) for c in CANDIDATES], reading, {})
    assert [r.candidate.sentence for r in ranked] == [1, 0]


def test_a_span_of_the_wrong_type_gives_way_to_another_of_its_sentence():
    ranked = rank((False, False, True), span=1, fits=5)
    assert ranked[0].candidate == CANDIDATES[2]


def test_confidence_lies_between_0_and_1_and_grows_with_the_score_of_the_span():
    fusion = Fusion.of(card(span=1), "first")
    better, worse = fusion.rank([(c, True) for c in CANDIDATES], READING, {})
    assert 0 < fusion.judge(worse) < fusion.judge(better) < 1


@pytest.mark.parametrize("feature", [name for name in CONFIDENCE if name not in ("span", "bias")])
def test_each_feature_of_confidence_is_the_one_of_that_name(feature):
    (seen,) = Fusion.of(card(), "first").rank([(CANDIDATES[1], True)], READING, EVIDENCE)
    value = seen.features[RANKING.index(feature)]
    assert value != 0
    confidence = Fusion.of(card(**{feature: 1 / value, "bias": 1}), "first").judge(seen)
    assert confidence == pytest.approx(1 / (1 + np.exp(-2)))


def test_a_card_with_other_features_is_refused():
    with pytest.raises(UnreadableModel, match="weighs"):
        Fusion.of({"again": {"ranking": {"luck": 1.0}}}, "again")
