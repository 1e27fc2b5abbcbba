"""``penalty-radar explain`` of links, referring domains and profiles: what it says over a judged warehouse."""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from penalty_radar import explanation
from penalty_radar.explanation import LEAST_WIDTH, print_explanation
from reports.messages import LANGUAGES, name_term, say
from reports.told_words import say_told
from tests.transforms.signals.sign_rules import sign_rule, sign_rules
from tests.transforms.text_tables import fill, judge_links, make, open_memory
from transforms.errors import UsageError
from transforms.settings import load_settings

SITE = "kaas.example"
RULES = sign_rules(
    sign_rule("paid", "bought", 6.0, clause="L1", source="Prices that sellers publish."),
    sign_rule("liked", "natural", 3.0),
)

LINKS = """
link_id | source_url                   | source_domain  | anchor_text
1       | https://winkel.example/a     | winkel.example | [paid]
2       | https://winkel.example/b     | winkel.example | [liked]
3       | https://blog.example/        | blog.example   | [liked]
4       | https://ruil.example/links   | ruil.example   | [paid]
5       | https://niets.example/       | niets.example  |
"""

Explain = Callable[[str, str], str]


@pytest.fixture(scope="module")
def judged() -> Iterator[duckdb.DuckDBPyConnection]:
    """A small site, judged by two rules; of one domain the team says something."""
    with open_memory() as connection:
        fill(
            connection,
            "staging.links",
            LINKS,
            site_domain=SITE,
            provider="ahrefs_backlinks",
            source_host="h.example",
            target_url=f"https://{SITE}/",
            first_seen_on="2026-05-01",
            observed_on="2026-06-01",
            first_observed_on="2026-06-01",
            observation_count=1,
            merged_count=0,
        )
        connection.execute(
            "UPDATE staging.links SET link_number = CAST(link_id AS BIGINT), source_host = source_domain"
        )
        connection.execute(
            "INSERT INTO staging.hosts SELECT row_number() OVER (), source_host, source_domain FROM staging.links"
        )
        fill(
            connection,
            "staging.labels",
            "subject_kind | subject_key | origin | labelled_by | labelled_on\n"
            "domain | ruil.example | exchanged | Anna | 2026-05-03",
            site_domain=SITE,
        )
        judge_links(connection, rules=RULES)
        make(connection, "signals.domain_origins", "signals.profile_origins")
        _add_groups(connection)
        yield connection


def _add_groups(connection: duckdb.DuckDBPyConnection) -> None:
    fill(
        connection,
        "risk.site_risk",
        "site_domain | day | risk_score | tier | basis | reasons\nkaas.example | 2026-06-30 | 12 | low | links | []",
    )
    found = {"site_domain": SITE, "provider": "ahrefs_backlinks"}
    fill(
        connection,
        "signals.lockstep_members",
        "source_domain | group_id | source_count | target_count | site_count | starts_on | ends_on\n"
        "winkel.example | g | 9 | 4 | 2 | 2026-05-01 | 2026-05-04",
        **found,
    )
    fill(
        connection,
        "signals.link_batches",
        "batch_id | kind | placed_from_on | placed_to_on | domain_count | expected_count | p_value | target_url\n"
        "b | purchase | 2026-05-01 | 2026-05-05 | 11 | 1.25 | 0.000001 | https://kaas.example/oud",
        **found,
    )
    fill(connection, "signals.batch_members", "link_id | batch_id | kind\n1 | b | purchase", **found)
    fill(
        connection,
        "signals.exchange_partners",
        "source_domain | form | days_apart | link_out_url | is_synchronous | partner_site_count\n"
        "winkel.example | mutual | 3 | https://kaas.example/vrienden | true | 1",
        site_domain=SITE,
    )


@pytest.fixture
def explain(judged: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Explain:
    """What the command prints of a subject in a language, on a line of a hundred columns, spaces run together."""

    def print_it(subject: str, language: str) -> str:
        told = io.StringIO()
        monkeypatch.setattr(explanation, "Console", lambda **_: Console(file=told, width=400))
        monkeypatch.setattr(explanation, "open_reader", lambda _: contextlib.nullcontext(judged))
        print_explanation(load_settings({"PENALTY_RADAR_LANGUAGE": language}, tmp_path), subject)
        return " ".join(told.getvalue().split())

    return print_it


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_is_explained_by_its_rules_and_sums(explain: Explain, language: str) -> None:
    text = explain("https://winkel.example/a", language)
    assert f"{SITE}: {name_term('bought', language)}" in text
    assert {"en": "Seen: [paid].", "nl": "Gezien: [paid]."}[language] in text
    assert "paid: Prices that sellers publish." in text
    assert {"en": "+6.00", "nl": "+6,00"}[language] in text
    assert "L1" in text
    assert all(name_term(origin, language) in text for origin in ("natural", "exchanged", "guest_post", "spam"))
    assert say("origins.explain.rules.other", language, rule_set=RULES.version) in text
    assert say("origins.explain.exchange_untold", language, site=SITE) in text
    assert explain("1", language) == text  # by its id


def test_a_link_that_no_rule_speaks_of_says_so(explain: Explain) -> None:
    text = explain("https://niets.example/", "en")
    assert f"{SITE}: unknown" in text
    assert say("origins.explain.no_rule", "en") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_team_says_of_a_link_comes_first_and_the_rules_are_still_shown(
    explain: Explain, language: str
) -> None:
    text = explain("https://ruil.example/links", language)
    told = say_told(
        "label_domain", language, origin="exchanged", subject="ruil.example", who="Anna", day=datetime.date(2026, 5, 3)
    )
    assert told in text
    assert f"{SITE}: {name_term('exchanged', language)}" in text
    assert name_term("bought", language) in text.split(told)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_referring_domain_is_explained_over_its_links(explain: Explain, language: str) -> None:
    text = explain("winkel.example", language)
    assert say("origins.explain.domain", language, domain="winkel.example") in text
    assert say("origins.explain.domain_links", language, shown=2, count=2) in text
    assert "https://winkel.example/a" in text
    assert "https://winkel.example/b" in text
    days = {"starts_on": "2026-05-01", "ends_on": "2026-05-04"}
    group = {"sources": 9, "targets": 4, "sites": 2, **days}
    assert say("origins.explain.lockstep", language, site=SITE, provider="ahrefs_backlinks", **group) in text
    assert say("origins.explain.exchange.agreed", language) in text
    assert "https://kaas.example/oud" in text
    assert say("origins.explain.groups.none", language) not in text


def test_a_referring_domain_in_no_group_says_so(explain: Explain) -> None:
    assert say("origins.explain.groups.none", "en") in explain("blog.example", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_is_explained_at_three_levels(explain: Explain, language: str) -> None:
    text = explain(SITE, language)
    assert say("origins.explain.profile", language) in text
    assert say("origins.column.expected", language) in text
    assert f"{name_term('exchanged', language)} 1 1" in text
    assert say("origins.explain.exchange_untold", language, site=SITE) in text
    assert say("origins.explain.batches", language) in text
    assert say("origins.explain.locksteps", language) in text
    assert say("origins.labels.too_few_labels", language, labels=1, train=1, test=0) in text


def test_what_nobody_knows_is_refused_with_what_can_be_named(explain: Explain) -> None:
    with pytest.raises(UsageError, match="referring domain"):
        explain("nergens.example", "en")


def test_a_pipe_gets_lines_of_a_hundred_columns(
    judged: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = io.StringIO()
    monkeypatch.setattr(explanation, "Console", lambda **_: Console(file=told, width=80))
    monkeypatch.setattr(explanation, "open_reader", lambda _: contextlib.nullcontext(judged))
    print_explanation(load_settings({}, tmp_path), SITE)
    longest = max(map(len, told.getvalue().splitlines()))
    assert 80 < longest <= LEAST_WIDTH
