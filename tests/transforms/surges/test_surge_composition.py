"""surges.surge_members, surge_parts and surge_composition: what a surge consists of, and what that says of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, open_memory

SITE, PROVIDER, AS_OF = "kaas.example", "p", "2026-06-30"
START = datetime.date(2026, 5, 1)
KNOWN = (
    "signals.linked_pages", "signals.site_pages", "signals.site_keywords", "signals.site_words", "signals.anchors",
    "signals.shared_pages",
)  # fmt: skip
"""What the origins know of anchors and pages."""
MADE = ("surges.surge_members", "surges.surge_parts", "surges.surge_composition")
ARTICLE = "https://kaas.example/blog/waarom-zit-er-een-gat-in-kaas/"
FADING = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8)
"""Days after the start on which sixteen domains come: a peak that ebbs away."""


@dataclass
class Link:
    """A link of a surge, as it must look to be earned unless told otherwise."""

    domain: str
    day: int = 0
    anchor: str = ""
    target: str = ARTICLE
    host: str = ""
    title: str = ""
    site: str = SITE
    origin: str = "natural"
    page: int = 0


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_memory() as connection:
        yield connection


def earned() -> list[Link]:
    """Sixteen blogs that each say it in their own words."""
    return [Link(f"blog{number}.example", day, f"over gat {number}") for number, day in enumerate(FADING)]


def compose(
    warehouse: duckdb.DuckDBPyConnection, links: Sequence[Link], *, origin: str = "natural", days: int = 14
) -> dict[str, object]:
    """Composition of a surge of ``origin`` over the given links of the site, as one row."""
    seen: dict[tuple[str, str], Link] = {}
    for number, link in enumerate(links):
        day = START + datetime.timedelta(days=link.day)
        host = link.host or f"www.{link.domain}"
        warehouse.execute(
            "INSERT INTO staging.links BY NAME SELECT ? AS link_id, ? AS site_domain, ? AS provider, "
            "? AS source_domain, ? AS source_host, ? AS source_url, ? AS source_title, ? AS target_url, "
            "? AS anchor_text, CAST(? AS DATE) AS first_seen_on, ? AS link_number",
            [str(number), link.site, PROVIDER, link.domain, host, f"https://{host}/{number}", link.title, link.target,
             link.anchor, day, number],
        )  # fmt: skip
        warehouse.execute(
            "INSERT INTO signals.link_origins BY NAME SELECT ? AS link_id, ? AS link_number, ? AS origin, "
            "0.7 AS probability",
            [str(number), number, link.origin],
        )
        first = seen.setdefault((link.site, link.domain), link)
        if first is link:
            warehouse.execute(
                "INSERT INTO signals.domain_origins BY NAME SELECT ? AS site_domain, ? AS provider, "
                "? AS source_domain, ? AS origin, CAST(? AS DATE) AS first_seen_on",
                [link.site, PROVIDER, link.domain, link.origin, day],
            )
    fill(
        warehouse,
        "surges.link_surges",
        f"surge_id | starts_on | ends_on\ns1 | {START} | {START + datetime.timedelta(days=days - 1)}",
        as_of=AS_OF, site_domain=SITE, provider=PROVIDER, origin=origin,
    )  # fmt: skip
    warehouse.execute("INSERT INTO staging.known_exports (site_domain) SELECT DISTINCT site_domain FROM staging.links")
    make(warehouse, *KNOWN, *MADE, as_of=AS_OF)
    found = warehouse.execute("SELECT * FROM surges.surge_composition")
    names = [column[0] for column in found.description or ()]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


def test_many_varied_sources_to_an_article_that_ebb_are_earned_growth(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = compose(warehouse, earned())
    assert found["reading"] == "earned_growth"
    reasons = json.loads(str(found["reasons"]))
    assert reasons == ["many_sources", "free_wording", "informational_page", "fades"]
    assert (found["source_domain_count"], found["top_target_share"], found["peak_on"]) == (16, 1.0, START)
    assert found["network_variety"] == pytest.approx(16)
    assert found["half_days"] == 2


def test_early_growth_is_earned_before_it_has_had_time_to_ebb(warehouse: duckdb.DuckDBPyConnection) -> None:
    first_days = [link for link in earned() if link.day <= 2]
    found = compose(warehouse, first_days, days=3)
    assert (found["reading"], found["decay_ratio"]) == ("earned_growth", None)


NOT_EARNED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "arranged origin": ({"origin": "bought"}, {}, "unclear"),
    "commercial anchors": ({"anchor": "brie kopen"}, {}, "concentrated"),
    "one wording": ({"anchor": "TG @x best links"}, {}, "concentrated"),
    "one platform": ({"suffix": ".pages.dev"}, {}, "concentrated"),
    "one template": ({"title": "top sites of the month 12"}, {}, "concentrated"),
    "one day": ({"day": 0}, {"days": 1}, "synchronous"),
    "one day, few hosts": ({"day": 0, "suffix": ".pages.dev"}, {"days": 1}, "mixed"),
    "to the home page": ({"target": "https://kaas.example/"}, {}, "unclear"),
    "to a page that sells": ({"target": "https://kaas.example/shop/boeren-kaas/"}, {}, "unclear"),
    "to an image": ({"target": "https://kaas.example/blog/gat.jpg"}, {}, "unclear"),
}


@pytest.mark.parametrize("name", NOT_EARNED)
def test_what_lacks_one_mark_of_earned_growth_is_not_read_so(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    changed, how, reading = NOT_EARNED[name]
    links = earned()
    for number, link in enumerate(links):
        link.domain = f"blog{number}{changed.get('suffix', '.example')}"
        for key, value in changed.items():
            if key != "suffix":
                setattr(link, key, value)
    found = compose(warehouse, links, origin=str(changed.get("origin", "natural")), **how)
    assert found["reading"] == reading


def test_an_even_delivery_is_not_earned(warehouse: duckdb.DuckDBPyConnection) -> None:
    links = [Link(f"blog{number}.example", number, f"over gat {number}") for number in range(14)]
    links[0].day = 1  # the peak, so that its fall can be told
    assert compose(warehouse, links)["reading"] == "unclear"


def test_a_campaign_beside_it_takes_the_earned_look_away(warehouse: duckdb.DuckDBPyConnection) -> None:
    bought = [Link(f"shop{number}.example", 1, "x", origin="bought") for number in range(8)]
    found = compose(warehouse, [*earned(), *bought])
    assert (found["reading"], found["arranged_share"]) == ("unclear", pytest.approx(8 / 24))
    assert "arranged_beside" in json.loads(str(found["reasons"]))


def test_of_a_few_domains_nothing_is_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = compose(warehouse, earned()[:4])
    assert (found["reading"], found["reasons"]) == ("unclear", '["few_domains"]')


def test_sources_at_two_sites_of_one_owner_are_named_with_the_site(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "ingest.listed_sites",
        "site_domain | owner_group\nkaas.example | zuivel\nmelk.example | zuivel\nbrood.example | bakkers",
        standing="listed",
    )
    there = [
        Link(f"blog{number}.example", number, site=site)
        for site, count in (("melk.example", 6), ("brood.example", 2))
        for number in range(count)
    ]
    links = [Link(f"blog{number}.example", number, f"gat {number}") for number in range(10)]
    links[0].host = "een.blog0.example"
    found = compose(warehouse, [*links, *there])
    assert (found["reading"], found["shared_host"]) == ("shared_source", "een.blog0.example")
    assert (found["shared_with"], found["shared_site_count"]) == ("brood.example, melk.example", 2)
    assert (found["shared_domain_count"], found["is_same_owner"]) == (6, True)
    assert json.loads(str(found["reasons"]))[0] == "shared_sources_of_one_owner"
    check_parts(
        warehouse,
        "site",
        """
        place | value         | item_count | share | is_same_owner
        1     | melk.example  | 6          | 0.6   | true
        2     | brood.example | 2          | 0.2   | false
        """,
    )


def test_whose_sites_they_are_is_unknown_where_no_list_says_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    there = [Link(f"blog{number}.example", 1, site="melk.example") for number in range(8)]
    found = compose(warehouse, [*earned(), *there])
    assert (found["reading"], found["is_same_owner"]) == ("shared_source", None)
    assert json.loads(str(found["reasons"]))[0] == "shared_sources"


def check_parts(warehouse: duckdb.DuckDBPyConnection, part: str, text: str) -> None:
    warehouse.execute("DELETE FROM surges.surge_parts WHERE part <> ?", [part])
    check(warehouse, "surges.surge_parts", text)


def test_a_domain_counts_once_and_its_links_by_source(warehouse: duckdb.DuckDBPyConnection) -> None:
    farm = [Link("farm.example", 0, host=f"h{number}.farm.example", origin="spam") for number in range(8)]
    late = [Link("farm.example", 3, host="late.farm.example", origin="spam")]
    after = [Link("farm.example", 60, origin="spam")]  # after the surge: not of it
    others = [Link(f"x{number}.example", number, origin="spam") for number in range(5)]
    known = [Link("old.example", -9, origin="spam"), Link("old.example", 1, origin="spam")]  # new before the surge
    found = compose(warehouse, [*farm, *late, *after, *others, *known], origin="spam")
    assert (found["source_domain_count"], found["source_host_count"], found["link_count"]) == (6, 14, 14)
    assert (found["top_source_domain"], found["top_source_share"]) == ("farm.example", pytest.approx(9 / 14))
    assert found["network_variety"] == pytest.approx(6)


def test_kinds_of_link_text_and_target(warehouse: duckdb.DuckDBPyConnection) -> None:
    links = [
        Link("a.example", anchor="", target="https://www.kaas.example"),
        Link("b.example", anchor="KAAS.example", target="https://kaas.example/nl/"),
        Link("c.example", anchor="Kaas", target="https://kaas.example/producten/x"),
        Link("d.example", anchor="goedkope brie", target="https://kaas.example/geiten-kaas-kopen"),
        Link("e.example", anchor="zachte brie", target=ARTICLE),
        Link("f.co.uk", anchor="lees dit", target="https://kaas.example/over-ons"),
        Link("g.blogspot.com", anchor="lees dat", target="https://kaas.example/logo.PNG?x=1"),
        *(Link(f"eerder{number}.example", -30, anchor="zachte brie") for number in range(4)),
    ]
    compose(warehouse, links)
    check(
        warehouse,
        "surges.surge_members",
        """
        source_domain  | anchor_kind | target_kind   | network
        a.example      | empty       | home          |
        b.example      | address     | home          |
        c.example      | brand       | commercial    |
        d.example      | commercial  | commercial    |
        e.example      | repeated    | informational |
        f.co.uk        | other       | other         |
        g.blogspot.com | other       | file          | *.blogspot.com
        """,
    )


def test_a_burst_on_the_day_of_the_export_says_so(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, "signals.link_series", "ends_on\n2026-05-01", site_domain=SITE, provider=PROVIDER)
    links = earned()
    for link in links:
        link.day = 0
    assert "day_of_export" in json.loads(str(compose(warehouse, links, days=1)["reasons"]))


def test_other_nights_do_not_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "surges.link_surges",
        "as_of | surge_id | starts_on | ends_on\n2026-06-29 | s0 | 2026-05-01 | 2026-05-03",
        site_domain=SITE, provider=PROVIDER, origin="natural",
    )  # fmt: skip
    compose(warehouse, earned())
    assert warehouse.execute("SELECT DISTINCT surge_id FROM surges.surge_members").fetchall() == [("s1",)]
