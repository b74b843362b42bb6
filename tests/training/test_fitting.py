import numpy as np
import pytest

from qa_service.article import Article
from qa_service.reader.fusion import CONFIDENCE, RANKING
from qa_service.training.fitting import Judged, Observed, fit, fit_ranking, judge_all, observe


def simulate(count, *, told_by, seed=0):
    """Questions on five sentences of which the right one is told by one feature, mostly."""
    rng = np.random.default_rng(seed)
    place = RANKING.index(told_by)
    for _ in range(count):
        features = rng.normal(size=(5, len(RANKING)))
        right = int(np.argmax(features[:, place] + 0.3 * rng.normal(size=5)))
        rights = np.arange(5) == right
        yield Observed(features, rights, rights.astype(float), 1.0)


@pytest.mark.parametrize("feature", ["span", "bm25", "support"])
def test_what_tells_the_right_sentence_is_weighed_most(feature):
    weights = fit_ranking(list(simulate(200, told_by=feature)))
    assert np.argmax(np.abs(weights)) == RANKING.index(feature)
    assert weights[RANKING.index(feature)] > 0


def test_a_span_that_does_not_fit_is_never_weighed_higher():
    fits, span = RANKING.index("fits"), RANKING.index("span")
    observed = list(simulate(200, told_by="span")) + list(simulate(100, told_by="fits", seed=1))
    for seen in observed:
        seen.features[:, fits] *= -1
    weights = fit_ranking(observed)
    assert weights[fits] == 0
    assert np.argmax(weights) == span
    for seen in observed:
        seen.features[:, fits] = 0
    assert weights == pytest.approx(fit_ranking(observed))


def test_confidence_is_as_high_as_the_share_that_is_right():
    observed = list(simulate(400, told_by="span"))
    fusion = fit(observed)
    assert len(fusion.ranking) == len(RANKING)
    assert len(fusion.confidence) == len(CONFIDENCE)
    rows, rights, _ = judge_all(observed, np.array(fusion.ranking))
    told = 1 / (1 + np.exp(-rows @ fusion.confidence))
    assert 0.5 < rights.mean() < 1
    assert told.mean() == pytest.approx(rights.mean(), abs=0.01)
    assert fusion.confidence[CONFIDENCE.index("span")] > 0


def test_a_question_is_observed_as_it_would_be_answered(harbour, reader):
    answer = "Rahmi Hasanah"
    told = Judged("Siapa yang membuka Pelabuhan Sejati?", (), harbour, (answer,), frozenset({1}))
    (seen,) = observe(reader, [told], again=False)
    assert seen.features.shape == (len(harbour.sentences), len(RANKING))
    assert seen.rights.sum() == 1
    assert seen.scores[seen.rights] > 0


@pytest.mark.parametrize("again", [False, True])
def test_questions_for_several_things_are_left_out(again, harbour, reader):
    several = Judged("Siapa membuka pelabuhan dan kapan?", (), harbour, (), frozenset())
    nothing = Judged("Siapa?", (), Article.of("", id="a"), (), frozenset())
    assert list(observe(reader, [several, nothing], again=again)) == []
