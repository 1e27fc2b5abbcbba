"""The cause model: probabilities that add to 1, evidence that never counts the wrong way, a file that reads back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.correlation.cause_model import LINKS, load_model, render_model
from transforms.correlation.cause_terms import BASE, LINK_TERMS, OTHER_TERMS, TERMS, Term
from transforms.schemas.vocabulary import CAUSES

FEATURES = sorted({term.feature for term in OTHER_TERMS} - {BASE})


def share(others: dict[str, float], links: dict[str, float]) -> np.ndarray:
    model = load_model()
    return np.asarray(model.share_out(model.score_others([{BASE: 1.0} | others]), model.score_links([links]))[0, 0])


def test_every_term_has_a_weight_within_its_bounds_in_every_draw() -> None:
    model = load_model()
    low, high = (np.array([getattr(term, name) for term in TERMS]) for name in ("low", "high"))
    for weights in (model.weights, *model.draws):
        assert (low - 0.01 <= weights).all() and (weights <= high + 0.01).all()
    assert all(term.low <= term.guess <= term.high for term in TERMS)
    assert len({term.name for term in TERMS}) == len(TERMS)


def test_the_file_reads_back_as_it_was_written(tmp_path: Path) -> None:
    model = load_model()
    path = tmp_path / "model.toml"
    path.write_text(render_model(model, "what\nfor"), encoding="utf-8")
    again = load_model(path)
    np.testing.assert_allclose(again.weights, model.weights, atol=0.006)
    np.testing.assert_allclose(again.draws, model.draws, atol=0.006)
    assert path.read_text(encoding="utf-8").startswith("# what\n# for\n")
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    del values["weights"][TERMS[0].name]
    with pytest.raises(KeyError):
        load_model(_written(tmp_path, values))


def _written(folder: Path, values: dict[str, dict[str, object]]) -> Path:
    lines = [f"slope = {values['slope']}", f"doubt = {values['doubt']}", "[weights]"]
    lines += [f'"{name}" = {value}' for name, value in values["weights"].items()]
    path = folder / "broken.toml"
    path.write_text("\n".join([*lines, "[draws]"]), encoding="utf-8")
    return path


@given(st.sets(st.sampled_from(FEATURES), max_size=5), st.floats(-2, 4), st.floats(-1.5, 1.5))
@settings(max_examples=50, deadline=None)
def test_probabilities_of_all_causes_add_to_one(features: set[str], fell_more: float, size: float) -> None:
    seen = dict.fromkeys(features, 1.0)
    given_shares = share(seen, seen | {"arranged": 1.0, "pages.fell_more": fell_more, "size": size})
    assert given_shares.sum() == pytest.approx(1.0)
    assert (given_shares > 0).all()


@pytest.mark.parametrize("feature", ["pages.fell_more", "keywords.fell_more", "size", "rarity", "page.linked"])
def test_what_speaks_for_links_never_lowers_them(feature: str) -> None:
    less, more = (share({}, {"arranged": 1.0, feature: value})[LINKS] for value in (0.0, 1.0))
    assert more >= less


@pytest.mark.parametrize("term", [term for term in OTHER_TERMS if term.low >= 0], ids=lambda term: term.name)
def test_what_speaks_for_another_cause_never_lowers_it(term: Term) -> None:
    """A feature that speaks for several need not raise each share, but raises each against ``unknown``."""
    cause, unknown = CAUSES.index(term.cause), CAUSES.index("unknown")
    less, more = (share({term.feature: value}, {"no_surge": 1.0}) for value in (0.0, 1.0))
    if [other.cause for other in OTHER_TERMS if other.feature == term.feature] == [term.cause]:
        assert more[cause] >= less[cause]
    else:
        assert more[cause] / more[unknown] >= less[cause] / less[unknown] * (1 - 1e-9)


def test_what_moved_links_is_told_with_its_log_odds() -> None:
    model = load_model()
    weighed = model.weigh({"arranged": 1.0, "size": 0.0, "pages.fell_more": 2.0}, LINK_TERMS)
    assert set(weighed) == {"links:arranged", "links:pages.fell_more"}
    assert weighed["links:pages.fell_more"] >= 0
