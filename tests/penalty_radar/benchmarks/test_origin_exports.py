"""Ours beside what others say of real links: areas that can be worked out by hand, made-up sites found and read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from penalty_radar.benchmarks import origin_exports
from penalty_radar.benchmarks.origin_disagreements import SORTS, sample_links, split_disagreements
from penalty_radar.benchmarks.origin_exports import AUDIT, AUDITED, DISAVOW, DISAVOWED, OWN_LIST, find_site, staged_site
from penalty_radar.benchmarks.origin_scores import area_under_curve, resample_area
from penalty_radar.benchmarks.rows import FIELDS
from tests.transforms.ingest.made_exports import AUDIT_HEADER
from tests.transforms.ingest.made_links_exports import AHREFS_TOOLS_HEADER
from transforms.ingest.inbox import discover
from transforms.schemas.signals_rules import LINK_FACTS
from transforms.signals.rule_set import bundled_rules

SPA, TRADESMAN = "badhuis.example", "voorbeeldwinkel.nl"


def write_audit(folder: Path, site: str, count: int = 12) -> None:
    """Every other link is from a weak page about domains and has a high score; the last four were seen in the wave."""
    rows = [AUDIT_HEADER]
    for number in range(count):
        day = "2025-11-11" if number >= count - 4 else "2025-06-11"
        if number % 2:
            rows.append(
                f"2,0,https://farm{number}.example/social/31530{number},Backlinks for {site},farm{number}.example,"
                f"https://{site}/,Backlinks for {site},compound,a,false,95,{day},2025-12-13,"
            )
        else:
            rows.append(
                f"40,9,https://krant{number}.example/nieuws,Een dag in het badhuis,krant{number}.example,"
                f"https://{site}/,Badhuis,compound,a,{number % 4 == 0},5,{day},2025-12-13,"
            )
    (folder / site).mkdir(parents=True, exist_ok=True)
    (folder / site / "backlink_audit_domains_1_2026-02-20.csv").write_text("\n".join(rows), encoding="utf-8")


def write_own_list(folder: Path, site: str) -> None:
    """Four newspapers and eight weak domains, of which the list of links lacks one; the weak ones are disavowed."""
    weak = [f"zwak{number}.example" for number in range(8)]
    strong = [f"krant{number}.example" for number in range(4)]
    links = [AHREFS_TOOLS_HEADER] + [
        f"{number},https://{domain}/p/31530{number},Backlinks for {site},{1 if domain in weak else 60},0,0,0,5,5,0,"
        f"{domain},True,{domain in weak[:4]},text,True,False,False,False,True,{site},,,2025-09-28T06:21:30Z,,"
        f"2026-05-06T00:04:50Z,200,,,https://{site}/"
        for number, domain in enumerate([*weak[1:], *strong])
    ]
    domains = [
        "root_name,backlinks_count,dofollow_links,new_links,lost_links,domain_dr,domain_traffic,domain_positions,"
        "domain_refdomains,domain_linked_domains,is_spam_grouped,first_seen,last_seen"
    ] + [
        f"{domain},2,0,2,0,{1 if domain in weak else 60},0,0,0,0,{domain in weak[:4]},2025-09-28T06:21:30Z,"
        for domain in [*weak, *strong]
    ]
    (folder / site).mkdir(parents=True)
    (folder / site / "awt-backlinks.csv").write_text("\n".join(links), encoding="utf-8")
    (folder / site / "awt-refdomains.csv").write_text("\n".join(domains), encoding="utf-8")
    disavow = "\n".join(f"domain:{domain}" for domain in weak)
    (folder / site / f"{site}-disavow-2026-05-11.txt").write_text(disavow, encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of benchmark sets beside exports of two judged sites."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "benchmarks").mkdir()
    write_audit(folder / "exports", SPA)
    write_own_list(folder / "exports", TRADESMAN)
    return folder / "benchmarks"


@pytest.fixture(scope="module")
def measured(data: Path) -> dict[tuple[str, str, str], object]:
    rows = origin_exports.measure_rows(data)
    assert all(tuple(row) == FIELDS for row in rows)
    return {(row["table"], row["case"], row["metric"]): row["value"] for row in rows}


def test_an_area_counts_ties_half() -> None:
    judged = np.array([True, True, False, False])
    assert area_under_curve(judged, np.array([3.0, 2.0, 1.0, 0.0])) == 1
    assert area_under_curve(judged, np.array([1.0, 1.0, 1.0, 1.0])) == 0.5
    assert area_under_curve(judged, np.array([3.0, 1.0, 1.0, 0.0])) == pytest.approx(3.5 / 4)
    assert np.isnan(area_under_curve(np.array([True]), np.array([1.0])))


def test_an_interval_holds_the_area_and_is_wider_where_rows_are_of_few_domains() -> None:
    random = np.random.default_rng(1)
    judged = np.arange(400) % 2 == 0
    score = judged + random.normal(size=400)
    area = area_under_curve(judged, score)
    own = resample_area(judged, score, pd.Series(np.arange(400)))
    assert own[0] < area < own[1]
    tenfold = np.repeat(judged, 10), np.repeat(score, 10)
    few = resample_area(*tenfold, pd.Series(np.repeat(np.arange(400), 10)))
    many = resample_area(*tenfold, pd.Series(np.arange(4000)))
    assert few[1] - few[0] > 2 * (many[1] - many[0])


def test_without_exports_a_row_of_each_set_says_so(tmp_path: Path) -> None:
    (tmp_path / "benchmarks").mkdir()
    rows = origin_exports.measure_rows(tmp_path / "benchmarks")
    assert [(row["case"], row["value"], row["reference"]) for row in rows] == [
        (AUDITED, None, "not there: ../exports of --data"),
        (DISAVOWED, None, "not there: ../exports of --data"),
    ]


def test_sites_are_found_by_the_formats_of_their_files(data: Path, tmp_path: Path) -> None:
    arrived = discover(str(data.parent / "exports"))
    assert find_site(arrived, {AUDIT}) == SPA
    assert find_site(arrived, {OWN_LIST, DISAVOW}) == TRADESMAN
    assert find_site(arrived, {AUDIT, DISAVOW}) is None
    write_audit(tmp_path, SPA)
    write_audit(tmp_path, "kuuroord.example")
    assert find_site(discover(str(tmp_path)), {AUDIT}) is None


def test_links_of_an_audit_are_counted_in_and_outside_the_wave(measured: dict[tuple[str, str, str], object]) -> None:
    assert measured[AUDITED, "all links", "links"] == 12
    assert measured[AUDITED, "outside the wave", "links"] == 8
    assert measured[AUDITED, "outside the wave", "links with a score of 60 or more"] == 4
    assert measured[AUDITED, "all links", "AUC"] == 1
    assert measured[AUDITED, "all links", "AUC of low authority alone"] == 1


def test_domains_are_scored_without_the_disavow_file(data: Path, measured: dict[tuple[str, str, str], object]) -> None:
    assert measured[DISAVOWED, "the set", "domains"] == 12
    assert measured[DISAVOWED, "the set", "disavowed"] == 8
    assert measured[DISAVOWED, "the set", "without a listed link"] == 1
    assert measured[DISAVOWED, "the provider's spam flag alone", "AUC"] == pytest.approx(0.75)
    assert measured[DISAVOWED, "low authority alone", "AUC"] == 1
    arrived = discover(str(data.parent / "exports"))
    with staged_site(arrived, TRADESMAN, without={DISAVOW}) as connection:
        assert connection.execute("SELECT count(*) FROM staging.disavow_entries").fetchall() == [(0,)]
        told = connection.execute("SELECT count(*), count(told_origin) FROM signals.link_marks").fetchall()
        assert told == [(11, 0)]


def test_no_rule_reads_the_score_of_a_provider() -> None:
    assert "provider_score" not in {column.name for column in LINK_FACTS.columns}
    for rule in bundled_rules().rules:
        assert "provider_score" not in f"{rule.condition} {rule.seen_expression}"


def test_disagreements_are_sampled_once_a_domain() -> None:
    links = pd.DataFrame(
        {
            "source_domain": ["a.example", "a.example", "b.example", "c.example", "d.example"],
            "provider_score": [90, 80, 90, 10, 10],
            "ours": [0.1, 0.1, 0.9, 0.9, 0.5],
        }
    )
    missed, extra = (split_disagreements(links)[sort] for sort in SORTS)
    assert missed["source_domain"].tolist() == ["a.example", "a.example"]
    assert extra["source_domain"].tolist() == ["c.example"]
    assert len(sample_links(missed)) == 1
