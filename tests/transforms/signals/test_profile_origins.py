"""What a profile is made of: by links, by referring domains, and by what referring domains are expected to be."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.signals.sign_rules import anchor_of, sign_rule, sign_rules
from tests.transforms.text_tables import fill, judge_links, make

LINK = {
    "site_domain": "kaas.example",
    "provider": "p",
    "source_host": "h.example",
    "target_url": "https://kaas.example/",
    "first_seen_on": "2026-05-01",
    "observed_on": "2026-06-01",
    "first_observed_on": "2026-06-01",
    "observation_count": 1,
    "merged_count": 0,
}

RULES = sign_rules(sign_rule("paid", "bought", 9.0), sign_rule("liked", "natural", 9.0))


def add_links(
    warehouse: duckdb.DuckDBPyConnection, domain: str, count: int, *signs: str, is_sponsored: bool = False
) -> None:
    fill(
        warehouse,
        "staging.links",
        "link_id | source_url\n" + "\n".join(f"{domain}{n} | https://{domain}/{n}" for n in range(count)),
        source_domain=domain,
        anchor_text=anchor_of(signs),
        is_sponsored=is_sponsored,
        **LINK,
    )


def profile_of(warehouse: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int, float]]:
    """Made from the links: by origin, links, domains and expected domains."""
    judge_links(warehouse, rules=RULES)
    make(warehouse, "signals.domain_origins", "signals.profile_origins")
    rows = warehouse.execute(
        "SELECT origin, link_count, domain_count, expected_domain_count FROM signals.profile_origins"
    ).fetchall()
    return {origin: (links, domains, expected) for origin, links, domains, expected in rows}


def test_a_site_wide_link_is_one_domain_and_hides_no_others(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse, "footer.example", 100, "liked")
    for number in range(4):
        add_links(warehouse, f"seller{number}.example", 1, "paid")
    found = profile_of(warehouse)
    assert found["natural"][:2] == (100, 1)
    assert found["bought"][:2] == (4, 4)
    assert found["natural"][2] == pytest.approx(1, abs=0.05)
    assert found["bought"][2] == pytest.approx(4, abs=0.05)


def test_the_expected_domains_of_all_origins_add_to_the_domains(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse, "a.example", 2, "liked")
    add_links(warehouse, "b.example", 3, "paid", "liked")
    add_links(warehouse, "c.example", 1)
    found = profile_of(warehouse)
    assert set(found) == {"natural", "bought", "exchanged", "guest_post", "link_programme", "spam", "unknown"}
    assert sum(expected for _, _, expected in found.values()) == pytest.approx(3, abs=1e-4)
    assert sum(domains for _, domains, _ in found.values()) == 3
    assert sum(links for links, _, _ in found.values()) == 6
    assert found["unknown"][0] == 1  # no rule spoke of it


def test_a_domain_with_links_of_two_kinds_counts_for_its_share(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse, "magazine.example", 3, "liked")
    fill(
        warehouse,
        "staging.links",
        "link_id | source_url\npaid | https://magazine.example/advertorial",
        source_domain="magazine.example",
        anchor_text=anchor_of(["paid"]),
        **LINK,
    )
    found = profile_of(warehouse)
    assert found["bought"][2] == pytest.approx(0.25, abs=0.02)
    assert found["natural"][2] == pytest.approx(0.75, abs=0.02)


def test_what_is_disclosed_as_paid_is_not_expected_to_be_arranged(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse, "honest.example", 1, "paid", is_sponsored=True)
    found = profile_of(warehouse)
    assert found["bought"] == (0, 0, 0)
    assert found["unknown"][:2] == (1, 1)
    assert found["unknown"][2] > 0.9


def test_what_the_team_says_counts_wholly(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse, "friend.example", 1, "paid")
    add_links(warehouse, "shop.example", 1, "liked")
    judge_links(warehouse, rules=RULES)
    for domain, told, allowed in (("friend.example", None, True), ("shop.example", "exchanged", False)):
        warehouse.execute(
            "UPDATE signals.link_marks SET told_origin = ?, is_allowed = ? WHERE source_domain = ?",
            [told, allowed, domain],
        )
    make(warehouse, "signals.link_origins", "signals.domain_origins", "signals.profile_origins")
    rows = warehouse.execute(
        "SELECT origin, expected_domain_count FROM signals.profile_origins WHERE expected_domain_count > 0"
    ).fetchall()
    assert dict(rows) == {"natural": 1.0, "exchanged": 1.0}


def test_the_order_of_links_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    for number in range(30):
        add_links(warehouse, f"d{number}.example", 1 + number % 3, *(["paid"] if number % 2 else ["liked"]))
    first = profile_of(warehouse)
    warehouse.execute("CREATE TEMP TABLE turned AS SELECT * FROM staging.links ORDER BY link_id DESC")
    warehouse.execute("DELETE FROM staging.links")
    warehouse.execute("INSERT INTO staging.links SELECT * FROM turned")
    assert profile_of(warehouse) == first
