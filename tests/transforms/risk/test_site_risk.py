"""Points for what a site shows; what is not known is never low risk; clean links never raise it."""

from __future__ import annotations

import ast
import datetime
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.risk.points import Params
from transforms.risk.site_risk import build
from transforms.schemas import table
from transforms.schemas.vocabulary import ORIGINS, RISKY_ORIGINS

AS_OF = datetime.date(2026, 6, 30)
PROJECT = Path(__file__).parents[3]
PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")
Tables = dict[str, pd.DataFrame]
Rows = Callable[..., pd.DataFrame]


def risk_of(tables: Tables, site: str = "a.example") -> pd.Series:
    site_risk = build(tables, as_of=AS_OF)
    return site_risk[site_risk["site_domain"] == site].iloc[0]


def points(row: pd.Series) -> dict[str, float]:
    return {given["key"]: given["points"] for given in json.loads(row["reasons"])}


def domains(text_table: Rows, **counts: int) -> pd.DataFrame:
    lines = [f"{origin}{n}.example | {origin}" for origin, count in counts.items() for n in range(count)]
    return text_table("signals.domain_origins", "source_domain | origin\n" + "\n".join(lines))


def test_a_clean_profile_is_low_and_says_what_was_looked_at(clean: Tables) -> None:
    row = risk_of(clean)
    assert (row["risk_score"], row["tier"], row["basis"]) == (0.0, "low", "both")
    assert set(points(row)) == {"risk.exposure.none", "risk.momentum.none", "risk.association.none"}


def test_exposure_alone_is_at_most_raised(clean: Tables, text_table: Rows) -> None:
    some = risk_of(clean | {"signals.domain_origins": domains(text_table, bought=10, natural=90)})
    many = risk_of(clean | {"signals.domain_origins": domains(text_table, bought=5000, natural=10)})
    assert some["tier"] == "low"
    assert 0 < some["risk_score"] < many["risk_score"] < 50
    assert many["tier"] == "raised"


def test_a_recent_surge_adds_and_fades(clean: Tables, text_table: Rows) -> None:
    exposed = clean | {"signals.domain_origins": domains(text_table, guest_post=30, natural=60)}

    def with_surge(ends_on: str, q_value: float = 0.0, origin: str = "bought") -> pd.Series:
        surge = f"surge_id | ends_on | excess_count | q_value | origin\n s1 | {ends_on} | 30 | {q_value} | {origin}"
        return risk_of(exposed | {"surges.link_surges": text_table("surges.link_surges", surge)})

    now, month_ago, old = with_surge("2026-06-30"), with_surge("2026-05-31"), with_surge("2025-12-01")
    assert points(now)["risk.momentum.surge"] == 14.7
    assert points(month_ago)["risk.momentum.surge"] == 11.0
    assert old["risk_score"] == risk_of(exposed)["risk_score"] < month_ago["risk_score"] < now["risk_score"]
    assert with_surge("2026-06-30", q_value=0.5)["risk_score"] < now["risk_score"]
    for origin in set(ORIGINS) - set(RISKY_ORIGINS):
        assert with_surge("2026-06-30", origin=origin)["risk_score"] == risk_of(exposed)["risk_score"]


def test_a_drop_consistent_with_the_links_adds_and_a_recovered_one_half(clean: Tables, text_table: Rows) -> None:
    header = "pair_id | drop_id | drop_starts_on | verdict | probability\n"

    def with_pair(verdict: str, start: str = "2026-05-01", recovered_on: str = "-") -> dict[str, float]:
        drops = f"drop_id | site_domain | starts_on | recovered_on\n d1 | a.example | {start} | {recovered_on}"
        pair = header + f"p1 | d1 | {start} | {verdict} | 0.8"
        return points(
            risk_of(
                clean
                | {
                    "drops.ranking_drops": text_table("drops.ranking_drops", drops),
                    "correlation.surge_drop_pairs": text_table("correlation.surge_drop_pairs", pair),
                }
            )
        )

    assert with_pair("links_likely")["risk.association.likely"] == 27.2
    assert with_pair("links_possible")["risk.association.possible"] == 13.6
    assert with_pair("links_likely", recovered_on="2026-06-10")["risk.association.likely"] == 13.6
    assert "risk.association.none" in with_pair("links_likely", start="2025-05-01")
    assert "risk.association.none" in with_pair("not_explained_by_links")
    for verdict, key in (("confounded", "confounded"), ("insufficient_data", "too_little_data")):
        undecided = with_pair(verdict)
        assert undecided[f"risk.association.{key}"] == 0.0
        assert "risk.association.none" not in undecided
        assert "risk.association.none" in with_pair(verdict, start="2025-05-01")


def test_a_standing_manual_action_about_links_is_severe(clean: Tables, text_table: Rows) -> None:
    header = "kind | name | site_domain | starts_on | ends_on\n manual_action | "

    def with_event(event: str) -> str:
        events = text_table("staging.search_events", header + event)
        return str(risk_of(clean | {"staging.search_events": events})["tier"])

    assert with_event("Unnatural links to your site | a.example | 2026-06-01 | -") == "severe"
    assert with_event("Unnatural links to your site | a.example | 2026-06-01 | 2026-06-20") == "low"
    assert with_event("Unnatural links to your site | b.example | 2026-06-01 | -") == "low"
    assert with_event("Thin content | a.example | 2026-06-01 | -") == "low"


def test_no_link_data_is_not_assessed_and_no_rankings_is_links_only(clean: Tables, text_table: Rows) -> None:
    only_b = text_table("signals.link_series", "site_domain\n b.example")
    rankings_only = risk_of(clean | {"signals.link_series": only_b})
    assert pd.isna(rankings_only["risk_score"])
    assert (rankings_only["tier"], rankings_only["basis"]) == ("not_assessed", "rankings")
    nothing = {"drops.assessed_series": clean["drops.assessed_series"].iloc[:0]}
    links_only = risk_of(clean | nothing)
    assert links_only["basis"] == "links"
    assert "risk.association.not_assessed" in points(links_only)


def test_links_without_dates_say_that_surges_could_not_be_looked_for(clean: Tables, text_table: Rows) -> None:
    undated = text_table("surges.assessed_series", "site_domain | status\n a.example | no_dates")
    said = points(risk_of(clean | {"surges.assessed_series": undated}))
    assert set(said) == {"risk.exposure.none", "risk.momentum.not_assessed", "risk.association.links_untold"}


@pytest.mark.parametrize(
    ("links", "rankings", "momentum", "association"),
    [
        ("2025-01-01 | 2026-06-30", "2025-02-01 | 2026-06-27", {"none"}, {"none"}),
        ("2025-01-01 | 2026-05-26", "2025-02-01 | 2026-05-26", {"none"}, {"none"}),
        ("2025-01-01 | 2026-05-25", "2025-02-01 | 2026-06-27", {"not_since"}, {"links_not_since"}),
        ("2025-01-01 | 2026-06-30", "2024-02-01 | 2026-01-31", {"none"}, {"not_since"}),
        ("2025-01-01 | 2026-03-01", "2024-02-01 | 2024-12-31", {"not_since"}, {"not_since", "links_not_since"}),
        ("2026-04-01 | 2026-06-30", "2025-02-01 | 2026-06-27", {"none"}, {"none_in_part"}),
        ("2026-06-01 | 2026-06-30", "2025-02-01 | 2026-06-27", {"none"}, {"links_untold"}),
    ],
)
def test_none_is_said_only_of_days_that_were_looked_at(
    clean: Tables, text_table: Rows, links: str, rankings: str, momentum: set[str], association: set[str]
) -> None:
    header = "site_domain | tested_from_on | tested_until_on\n a.example | "
    tables = clean | {
        name: text_table(name, header + span)
        for name, span in (("surges.assessed_series", links), ("drops.assessed_series", rankings))
    }
    said = set(points(risk_of(tables))) - {"risk.exposure.none"}
    expected = {f"risk.momentum.{key}" for key in momentum} | {f"risk.association.{key}" for key in association}
    assert said == expected


def test_what_was_looked_at_is_said_in_days(clean: Tables, text_table: Rows) -> None:
    header = "site_domain | tested_from_on | tested_until_on\n a.example | "
    short = text_table("surges.assessed_series", header + "2026-04-01 | 2026-06-29")
    reasons = {
        given["key"]: given["args"]
        for given in json.loads(risk_of(clean | {"surges.assessed_series": short})["reasons"])
    }
    assert reasons["risk.momentum.none"] == {"days": 90, "end": "2026-06-29"}
    assert reasons["risk.association.none_in_part"] == {"start": "2026-05-16", "end": "2026-06-27"}


def test_link_data_that_ended_long_ago_say_nothing_about_today(clean: Tables, text_table: Rows) -> None:
    def ended(ends_on: str, more: Tables) -> pd.Series:
        series = text_table("signals.link_series", f"site_domain | ends_on\n a.example | {ends_on}")
        return risk_of(clean | {"signals.link_series": series} | more)

    assert ended("2026-01-01", {})["tier"] == "low"
    old = ended("2025-12-31", {})
    assert pd.isna(old["risk_score"])
    assert (old["tier"], old["basis"]) == ("not_assessed", "rankings")
    assert json.loads(old["reasons"]) == [
        {"key": "risk.not_assessed.since", "points": 0.0, "args": {"end": "2025-12-31"}}
    ]
    nothing = {"drops.assessed_series": clean["drops.assessed_series"].iloc[:0]}
    assert ended("2025-12-31", nothing)["basis"] == "none"
    action = "kind | name | site_domain | starts_on | ends_on\n manual_action | links | a.example | 2026-06-01 | -"
    standing = ended("2025-12-31", {"staging.search_events": text_table("staging.search_events", action)})
    assert (standing["tier"], standing["risk_score"]) == ("severe", 75.0)


def test_a_provider_whose_series_ended_does_not_stand_for_the_profile(clean: Tables, text_table: Rows) -> None:
    series = "site_domain | provider | ends_on\n a.example | ahrefs_backlinks | 2025-05-20"
    both = series + "\n a.example | semrush_backlinks | 2026-06-30"
    seen = "source_domain | origin | provider\n n.example | natural | semrush_backlinks\n"
    seen += "\n".join(f"x{n}.example | bought | ahrefs_backlinks" for n in range(10))
    tables = clean | {"signals.domain_origins": text_table("signals.domain_origins", seen)}
    row = risk_of(tables | {"signals.link_series": text_table("signals.link_series", both)})
    assert row["risk_score"] == 0.0
    assert "risk.exposure.none" in points(row)


def test_a_profile_nobody_can_judge_says_so(clean: Tables, text_table: Rows) -> None:
    unknown = domains(text_table, unknown=30, natural=10)
    reasons = json.loads(risk_of(clean | {"signals.domain_origins": unknown})["reasons"])
    assert {"key": "risk.exposure.unknown", "points": 0.0, "args": {"share": 0.75}} in reasons


def test_several_providers_count_once_and_lost_domains_not_at_all(clean: Tables, text_table: Rows) -> None:
    header = "source_domain | origin | provider | lost_on\n"
    seen = [f"x{n}.example | bought | ahrefs_backlinks | -" for n in range(10)]
    again = [line.replace("ahrefs", "semrush") for line in seen]
    lost = [f"y{n}.example | bought | ahrefs_backlinks | 2026-06-01" for n in range(10)]

    def score(*lines: str) -> float:
        origins = text_table("signals.domain_origins", header + "\n".join(lines))
        return float(risk_of(clean | {"signals.domain_origins": origins})["risk_score"])

    assert score(*seen) == score(*seen, *again) == score(*seen, *lost) > 0


counts = st.fixed_dictionaries({origin: st.integers(0, 25) for origin in ORIGINS})


@given(counts, st.sampled_from(ORIGINS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_more_link_raises_only_if_it_looks_arranged(
    clean: Tables, text_table: Rows, counted: dict[str, int], added: str
) -> None:
    """Natural, unknown and spam domains never raise; a link marked sponsored arrives as one of the first two."""
    before = risk_of(clean | {"signals.domain_origins": domains(text_table, **counted)})
    more = counted | {added: counted[added] + 1}
    after = risk_of(clean | {"signals.domain_origins": domains(text_table, **more)})
    if added in RISKY_ORIGINS:
        assert after["risk_score"] >= before["risk_score"]
    elif added == "spam":
        assert after["risk_score"] == before["risk_score"]
    else:
        assert after["risk_score"] <= before["risk_score"]


@given(counts, st.floats(0, 5000), st.floats(0, 0.9), st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reasons_add_up_exactly_and_the_score_stays_within_bounds(
    clean: Tables, text_table: Rows, counted: dict[str, int], excess: float, probability: float, has_action: bool
) -> None:
    surge = f"surge_id | ends_on | excess_count\n s1 | 2026-06-30 | {excess}"
    columns = "pair_id | drop_id | drop_starts_on | verdict | probability"
    pair = f"{columns}\n p1 | d1 | 2026-05-01 | links_likely | {probability}"
    action = "kind | name | site_domain | starts_on | ends_on\n manual_action | links | a.example | 2026-06-01 | -"
    row = risk_of(
        clean
        | {
            "signals.domain_origins": domains(text_table, **counted),
            "surges.link_surges": text_table("surges.link_surges", surge),
            "correlation.surge_drop_pairs": text_table("correlation.surge_drop_pairs", pair),
            "staging.search_events": text_table("staging.search_events", action if has_action else ""),
        }
    )
    assert round(row["risk_score"] * 10) == sum(round(given * 10) for given in points(row).values())
    assert 0 <= row["risk_score"] <= 100
    assert row["tier"] == Params().tier_of(row["risk_score"])
    assert row["tier"] == "severe" or not has_action


def test_empty_tables_and_row_order(clean: Tables, text_table: Rows) -> None:
    empty = build({name: rows.iloc[:0] for name, rows in clean.items()}, as_of=AS_OF)
    assert len(empty) == 0
    assert set(empty.columns) == set(table("risk.site_risk").column_names)
    tables = clean | {"signals.domain_origins": domains(text_table, bought=7, exchanged=3, natural=20, spam=4)}
    backwards = {name: rows.iloc[::-1] for name, rows in tables.items()}
    pd.testing.assert_frame_equal(build(tables, as_of=AS_OF), build(backwards, as_of=AS_OF))


def test_every_reason_has_both_sentences_with_its_arguments_and_no_sentence_is_idle() -> None:
    said: dict[str, set[frozenset[str]]] = {}
    for path in sorted((PROJECT / "transforms" / "risk").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reason":
                key = node.args[0]
                assert isinstance(key, ast.Constant), f"{path.name}:{node.lineno} gives a key that is not a literal"
                names = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
                said.setdefault(str(key.value), set()).add(names)
    written = tomllib.loads((PROJECT / "reports" / "messages" / "risk.toml").read_text(encoding="utf-8"))
    assert set(said) == set(written)
    for name, variants in said.items():
        for language in ("en", "nl"):
            assert variants == {frozenset(PLACEHOLDER.findall(written[name][language]))}, name


@pytest.mark.parametrize(("score", "tier"), [(0, "low"), (24.9, "low"), (25, "raised"), (50, "high"), (75, "severe")])
def test_bands(score: float, tier: str) -> None:
    assert Params().tier_of(score) == tier


def test_a_declared_campaign_counts_like_any_other_surge(clean: Tables, text_table: Rows) -> None:
    surge = text_table("surges.link_surges", "surge_id | ends_on | excess_count\n s1 | 2026-06-20 | 60")
    declared = pd.DataFrame({"surge_id": ["s1"], "site_domain": ["a.example"], "is_declared": [True]})
    told = clean | {"surges.link_surges": surge}
    assert risk_of(told)["risk_score"] > risk_of(clean)["risk_score"]
    assert risk_of(told | {"surges.surge_declarations": declared})["risk_score"] == risk_of(told)["risk_score"]


def test_a_drop_that_is_not_confirmed_has_no_points(clean: Tables, text_table: Rows) -> None:
    drop = text_table("drops.ranking_drops", "drop_id | site_domain | starts_on\n d1 | a.example | 2026-05-01")
    columns = "pair_id | drop_id | drop_starts_on | verdict | probability"
    pair = text_table("correlation.surge_drop_pairs", f"{columns}\n p1 | d1 | 2026-05-01 | links_likely | 0.8")
    tables = clean | {"correlation.surge_drop_pairs": pair}
    doubtful = risk_of(tables | {"drops.ranking_drops": drop.assign(is_confirmed=False)})
    sure = risk_of(tables | {"drops.ranking_drops": drop.assign(is_confirmed=True)})
    assert doubtful["risk_score"] == 0.0 < sure["risk_score"]


def test_precedent_counts_only_beside_a_recent_surge_and_by_what_other_sites_show(
    clean: Tables, text_table: Rows
) -> None:
    recent = "s1 | a.example | 2026-06-20 | 2026-06-25 | 30"
    header = "surge_id | site_domain | starts_on | ends_on | excess_count\n"
    fallen = "drop_id | site_domain | starts_on | provider | segment | depth_share | is_provisional\n"
    fallen += "\n".join(f"d{n} | b.example | {day} | search_console | site | 0.3 | false" for n, day in
                        enumerate(("2025-04-20", "2025-07-20", "2025-10-20")))  # fmt: skip
    earlier = "\n".join(f"e{n} | b.example | {day} | {day} | 30" for n, day in
                        enumerate(("2025-04-01", "2025-07-01", "2025-10-01")))  # fmt: skip

    def precedent(*surges: str, more: Tables | None = None) -> dict[str, float]:
        table = text_table("surges.link_surges", header + "\n".join(surges))
        said = points(risk_of(clean | {"surges.link_surges": table} | (more or {})))
        return {key: given for key, given in said.items() if key.startswith("risk.precedent")}

    drops = {"drops.ranking_drops": text_table("drops.ranking_drops", fallen)}
    alone = precedent(recent)
    assert set(alone) == {"risk.precedent.simulated"}
    assert precedent(earlier) == {}
    bad, good = precedent(recent, earlier, more=drops), precedent(recent, earlier)
    assert bad["risk.precedent"] >= alone["risk.precedent.simulated"] >= good["risk.precedent"] > 0


surge_shapes = st.tuples(st.integers(0, 200), st.integers(1, 300), st.sampled_from(["ahrefs_backlinks", "semrush"]))


@given(st.lists(surge_shapes, max_size=4), surge_shapes, st.integers(0, 60))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_more_surge_or_a_later_end_never_lowers_the_score(
    clean: Tables, text_table: Rows, before: list[tuple[int, int, str]], more: tuple[int, int, str], later: int
) -> None:
    def score(found: list[tuple[int, int, str]]) -> float:
        header = "surge_id | starts_on | ends_on | excess_count | provider\n"
        lines = [
            f"s{n} | 2025-12-01 | {AS_OF - datetime.timedelta(days=age)} | {excess} | {provider}"
            for n, (age, excess, provider) in enumerate(found)
        ]
        surges = text_table("surges.link_surges", header + "\n".join(lines))
        exposed = domains(text_table, bought=5, natural=20)
        return float(risk_of(clean | {"surges.link_surges": surges, "signals.domain_origins": exposed})["risk_score"])

    with_more = score([*before, more])
    assert with_more >= score(before)
    age, excess, provider = more
    assert score([*before, (max(0, age - later), excess, provider)]) >= with_more


@given(st.floats(0.02, 0.98), st.sampled_from(["links_likely", "links_possible"]), st.integers(0, 30))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_recovery_and_disclosed_links_never_raise_the_score(
    clean: Tables, text_table: Rows, probability: float, verdict: str, disclosed: int
) -> None:
    """A link disclosed as paid arrives as natural or unknown: the rules of origins see the disclosure."""
    columns = "pair_id | drop_id | drop_starts_on | verdict | probability"
    pair = text_table("correlation.surge_drop_pairs", f"{columns}\n p1 | d1 | 2026-05-01 | {verdict} | {probability}")

    def score(recovered: str, natural: int) -> float:
        drop = f"drop_id | site_domain | starts_on | recovered_on\n d1 | a.example | 2026-05-01 | {recovered}"
        return float(
            risk_of(
                clean
                | {
                    "drops.ranking_drops": text_table("drops.ranking_drops", drop),
                    "correlation.surge_drop_pairs": pair,
                    "signals.domain_origins": domains(text_table, bought=8, natural=natural),
                }
            )["risk_score"]
        )

    assert score("2026-06-01", 10) <= score("-", 10)
    assert score("-", 10 + disclosed) <= score("-", 10)
