"""rel=sponsored is disclosure, within policy: it may take a risky origin away and never gives one."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.signals.sign_rules import anchor_of, sign_rule, sign_rules
from tests.transforms.text_tables import fill, judge_links, make, open_memory
from transforms.schemas.vocabulary import RISKY_ORIGINS

FOOTPRINTS = """
shows          | source_url                        | source_title         | anchor_text   | left_context   | is_sitewide
bought         | https://bron.example/a            | Advertorial: kaas    | stuk          |                |
bought         | https://bron.example/a            | Gesponsord stuk      | goedkope kaas |                |
bought         | https://bron.example/a            | Advertorial: casino  | casino        |                |
guest_post     | https://bron.example/author/a/    | Gastblog [ad]        | goedkope kaas | over de auteur |
guest_post     | https://bron.example/a            | Gastblog: zes        | stuk          |                |
guest_post     | https://bron.example/auteur/a/    | Een stuk             | stuk          | over de auteur |
guest_post     | https://bron.example/a            | Gastblog [ad]        | stuk          | over de auteur |
exchanged      | https://bron.example/a            | Linkruil met Polder  | stuk          |                |
exchanged      | https://bron.example/partners/    | Linkpartners         | stuk          |                | true
link_programme | https://bron.example/social/31530 | Business directory   | klik hier     |                | true
natural        | https://bron.example/a            | Een stuk             | kaas-boer     |                |
spam           | https://bron.example/a            | Casino, aged domains | stuk          |                |
natural        | https://bron.example/a            | Een stuk             | stuk          |                |
"""
"""What a link shows, and the origin it has without rel=sponsored."""

LINK = {
    "site_domain": "kaas-boer.example",
    "provider": "p",
    "target_url": "https://kaas-boer.example/",
    "source_authority": 40.0,
    "first_seen_on": "2026-05-01",
    "observed_on": "2026-06-01",
    "first_observed_on": "2026-06-01",
    "observation_count": 1,
    "merged_count": 0,
}

Found = tuple[str, float]


def risk_in(found: list[Found]) -> float:
    """Summed probability of risky origins."""
    return sum(probability for origin, probability in found if origin in RISKY_ORIGINS)


def found_in(warehouse: duckdb.DuckDBPyConnection, table: str, provider: str = "p") -> list[Found]:
    return warehouse.execute(
        f"SELECT origin, probability FROM signals.{table} WHERE source_domain = 'bron.example' AND provider = ?",
        [provider],
    ).fetchall()


HEADER, *ROWS = (line.split("|", 1) for line in FOOTPRINTS.strip().splitlines())


@pytest.fixture(scope="module")
def judged() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every footprint on six domains, twice: on ``bron.example`` once as it is and once marked.

    Each of them is a series (provider) of its own, so that none has another's company.
    """
    with open_memory() as warehouse:
        for number, (_, footprint) in enumerate(ROWS):
            for series, is_sponsored in ((f"{number} plain", None), (f"{number} marked", True)):
                for place in range(6):
                    domain = f"d{place}.example" if place else "bron.example"
                    fill(
                        warehouse,
                        "staging.links",
                        f"{HEADER[1]}\n{footprint.replace('bron.example', domain)}",
                        **LINK | {"provider": series},
                        link_id=f"{series} {place}",
                        source_domain=domain,
                        source_host=domain,
                        is_sponsored=is_sponsored if place == 0 else None,
                    )
        judge_links(warehouse)
        make(warehouse, "signals.domain_origins")
        yield warehouse


@pytest.mark.parametrize(("number", "shows"), [(number, shows.strip()) for number, (shows, _) in enumerate(ROWS)])
def test_marking_a_link_sponsored_never_adds_risk(judged: duckdb.DuckDBPyConnection, number: int, shows: str) -> None:
    links, domains = (found_in(judged, table, f"{number} plain") for table in ("link_origins", "domain_origins"))
    marked_links, marked_domains = (
        found_in(judged, table, f"{number} marked") for table in ("link_origins", "domain_origins")
    )
    assert [origin for origin, _ in links] == [origin for origin, _ in domains] == [shows]
    if shows in RISKY_ORIGINS:
        assert [origin for origin, _ in marked_links] == [origin for origin, _ in marked_domains] == ["unknown"]
        assert risk_in(marked_links) < risk_in(links)
        assert risk_in(marked_domains) < risk_in(domains)
    else:
        assert (marked_links, marked_domains) == (links, domains)


def test_one_more_link_that_is_clean_or_marked_sponsored_never_adds_risk() -> None:
    """Each footprint on 4 domains (one fewer than makes a keyword or page repeated) and on 19 pages of one of them."""
    clean = "https://goed.example/a | Een stuk | kaas-boer | zie |"
    with open_memory() as warehouse:
        for number, (_, footprint) in enumerate(ROWS):
            for more in ("nothing", "clean", "sponsored"):
                added: dict[str, list[tuple[str, str, bool | None]]] = {
                    "nothing": [],
                    "clean": [("goed.example", clean, None)],
                    "sponsored": [("d0.example", footprint, True), ("d9.example", footprint, True)],
                }
                lines = [*((f"d{n if n < 4 else 0}.example", footprint, None) for n in range(22)), *added[more]]
                for place, (domain, shown, is_sponsored) in enumerate(lines):
                    fill(
                        warehouse,
                        "staging.links",
                        f"{HEADER[1]}\n{shown.replace('bron.example', domain)}",
                        **LINK | {"provider": f"{number} {more}"},
                        link_id=f"{number} {more} {place}",
                        source_domain=domain,
                        source_host=domain,
                        is_sponsored=is_sponsored,
                    )
        judge_links(warehouse)
        make(warehouse, "signals.domain_origins")
        for number, (shows, _) in enumerate(ROWS):
            risks = {}
            for more in ("nothing", "clean", "sponsored"):
                rows = warehouse.execute(
                    "SELECT origin, probability FROM signals.domain_origins WHERE provider = ?", [f"{number} {more}"]
                ).fetchall()
                risks[more] = risk_in(rows)
            assert max(risks.values()) == risks["nothing"], (shows, risks)


LINKS_OF_A_DOMAIN = st.lists(
    st.tuples(
        st.booleans(),
        st.lists(
            st.tuples(st.sampled_from(["natural", "spam", *RISKY_ORIGINS]), st.integers(-30, 60)),
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None)
@given(links=LINKS_OF_A_DOMAIN)
def test_whatever_the_evidence_disclosure_adds_no_risk_to_a_domain(
    links: list[tuple[bool, list[tuple[str, int]]]],
) -> None:
    """The same links three times, each time a series (provider) of its own: none, some and all of them marked."""
    rules = []
    with open_memory() as warehouse:
        for number, (is_marked, evidence) in enumerate(links):
            named = [
                sign_rule(f"rule{number}_{rule}", origin, tenths / 10) for rule, (origin, tenths) in enumerate(evidence)
            ]
            rules += named
            link = {
                "source_domain": "bron.example", "source_host": "bron.example",
                "anchor_text": anchor_of(rule.name for rule in named),
            }  # fmt: skip
            for series, is_sponsored in (("none", False), ("some", is_marked), ("all", True)):
                own = {"provider": series, "link_id": f"{series}{number}", "is_sponsored": is_sponsored}
                fill(warehouse, "staging.links", "source_url\nhttps://bron.example/a", **LINK | link | own)
        judge_links(warehouse, rules=sign_rules(*rules))
        make(warehouse, "signals.domain_origins")
        none_marked, some_marked, all_marked = (
            tuple(risk_in(found_in(warehouse, table, series)) for table in ("link_origins", "domain_origins"))
            for series in ("none", "some", "all")
        )
    assert some_marked[0] <= none_marked[0]
    assert some_marked[1] <= none_marked[1]
    assert all_marked == (0, 0)
