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


def card(**weights):
    weighed = {
        "ranking": {name: weights.get(name, 0.0) for name in RANKING},
        "confidence": {name: weights.get(name, 0.0) for name in CONFIDENCE},
    }
    return {"first": weighed, "again": {}}


def rank(fitting=(True, True, True), **weights):
    typed = list(zip(CANDIDATES, fitting, strict=True))
    evidence = {1: Evidence(1.0, 0.5)}
    return Fusion.of(card(**weights), "first").rank(typed, READING, evidence)


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


def test_confidence_lies_between_0_and_1_and_grows_with_the_lead():
    fusion = Fusion.of(card(span=1, lead=0.3), "first")
    ranked = fusion.rank([(c, True) for c in CANDIDATES], READING, {})
    alone = fusion.judge(ranked[:1], absent=0)
    assert 0 < fusion.judge(ranked, absent=0) < alone < 1


def test_what_the_article_holds_nowhere_is_weighed():
    fusion = Fusion.of(card(span=1, absent=-2), "first")
    ranked = fusion.rank([(c, True) for c in CANDIDATES], READING, {})
    assert fusion.judge(ranked, absent=1) < fusion.judge(ranked, absent=0.2)


def test_a_card_with_other_features_is_refused():
    with pytest.raises(UnreadableModel, match="weighs"):
        Fusion.of({"again": {"ranking": {"luck": 1.0}}}, "again")
