"""The team's own word on the pages: of a link, and of the rules."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from markupsafe import escape

from reports.data import read_portfolio, read_quality, read_site
from reports.label_words import say_all_labels
from reports.messages import LANGUAGES, name_term, say
from reports.pages import render_site
from reports.quality_page import render_quality
from reports.sentences import Speaker
from reports.told_words import say_told
from tests.reports.invented_rows import AS_OF, insert, make_link
from tests.reports.invented_warehouse import make_warehouse
from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.schemas.vocabulary import TELLERS

DAY = datetime.date(2026, 5, 3)

CORRECTION = {
    "rule_set": "v1", "domain_count": 7, "bias": 0.4, "mean_before": 0.1, "mean_after": 0.2, "largest_move": 0.3,
    "strength": 0.9, "is_applied": True, "reason": "improves", "split": "folds", "label_count": 90,
    "train_domain_count": 60, "test_domain_count": 60, "log_loss_before": 1.2, "log_loss_after": 0.9,
    "brier_before": 0.6, "brier_after": 0.5, "calibration_error_before": 0.2, "calibration_error_after": 0.1,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("told_by", TELLERS)
def test_every_teller_has_a_sentence(told_by: str, language: str) -> None:
    sentence = say_told(told_by, language, origin="spam", subject="bron.example", who="Anna", day=DAY)
    assert sentence.startswith({"en": "The team says:", "nl": "Het team zegt:"}[language])
    assert "Anna, 3" in sentence
    if told_by.startswith("label"):
        assert name_term("spam", language) in sentence


def test_who_and_when_are_said_as_far_as_known() -> None:
    said: dict[str, Any] = {"origin": "bought", "subject": "bron.example"}
    assert say_told("label_link", "en", **said).endswith("page.")
    assert say_told("label_link", "en", **said, who="Anna").endswith("(Anna)")
    assert say_told("label_link", "en", **said, day=DAY).endswith("(3 May 2026)")
    unsaid = say_told("placement", "en", origin=None, subject="bron.example")
    assert "does not say how" in unsaid
    assert "–" not in unsaid


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_site_says_what_the_team_says_of_a_link(language: str) -> None:
    with make_warehouse(":memory:") as connection:
        portfolio = read_portfolio(connection, as_of=AS_OF)
        site = next(row for row in portfolio.sites if row.tier != "not_assessed")
        link, origins = make_link(
            site.site_domain, 71, "bought", told_by="label_domain", probability=1.0, source_authority=90.0
        )
        insert(connection, "staging.links", link)
        insert(connection, "signals.link_origins", origins)
        told = {
            "link_id": link["link_id"], "site_domain": site.site_domain, "source_domain": link["source_domain"],
            "told_by": "label_domain", "told_origin": "bought", "told_subject": link["source_domain"],
            "label_who": "Anna <b>", "told_on": DAY, "is_allowed": False,
        }  # fmt: skip
        insert(connection, "signals.told_links", told)
        page = render_site(read_site(connection, site, as_of=AS_OF), Speaker(language))
    sentence = say("told.label_domain", language, origin="bought", subject=link["source_domain"])
    assert sentence in page
    assert "Anna &lt;b&gt;" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quality_page_says_what_labels_changed(language: str) -> None:
    with make_warehouse(":memory:") as connection:
        title = say("origins.labels.title", language)
        assert str(escape(title)) not in render_quality(read_quality(connection, as_of=AS_OF), Speaker(language))
        insert(connection, "signals.label_corrections", *(CORRECTION | {"origin": origin} for origin in SIX_ORIGINS))
        view = read_quality(connection, as_of=AS_OF)
        page = render_quality(view, Speaker(language))
    assert str(escape(title)) in page
    (sentences,) = say_all_labels(view.label_corrections, language)
    assert len(sentences) == 4 + len(SIX_ORIGINS)
    assert all(str(escape(sentence)) in page for sentence in sentences)
    assert say("origins.labels.improves", language, labels=90, train=60, test=60) in sentences


def test_few_labels_are_said_without_figures() -> None:
    few = CORRECTION | {"reason": "too_few_labels", "is_applied": False, "split": "none", "train_domain_count": 4}
    few |= {name: None for name in CORRECTION if name.endswith(("_before", "_after"))}
    with make_warehouse(":memory:") as connection:
        insert(connection, "signals.label_corrections", *(few | {"origin": origin} for origin in SIX_ORIGINS))
        told = say_all_labels(read_quality(connection, as_of=AS_OF).label_corrections, "en")
    assert told == [[say("origins.labels.too_few_labels", "en", labels=90, train=4, test=60)]]
