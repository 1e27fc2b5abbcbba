"""signals.link_evidence: which named rules apply to a link, and what they saw."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import apply_rules, evidence_of, fill, judge_links, open_memory, parse, rows_of

PLAIN: dict[str, object] = {
    "link_id": "link",
    "site_domain": "kaas-boer.example",
    "provider": "p",
    "source_domain": "bron.example",
    "source_host": "bron.example",
    "source_url": "https://bron.example/stuk",
    "source_title": "Een stuk",
    "anchor_text": "stuk",
    "target_url": "https://kaas-boer.example/",
    "observed_on": "2026-06-01",
    "first_observed_on": "2026-06-01",
    "observation_count": 1,
    "merged_count": 0,
}
"""A link of which nothing is known that speaks for any origin."""


def add_link(warehouse: duckdb.DuckDBPyConnection, **changed: object) -> None:
    fields = PLAIN | changed
    columns, marks = ", ".join(fields), ", ".join("?" for _ in fields)
    warehouse.execute(f"INSERT INTO staging.links ({columns}) VALUES ({marks})", list(fields.values()))


def evidence(warehouse: duckdb.DuckDBPyConnection, **changed: object) -> dict[str, str | None]:
    """Rules that apply to the plain link with ``changed`` fields."""
    add_link(warehouse, **changed)
    judge_links(warehouse)
    return dict(evidence_of(warehouse, "link"))


def test_a_link_of_which_nothing_is_known_has_no_evidence(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert evidence(warehouse) == {}


APPLIES: list[tuple[str, dict[str, object], str]] = [
    ("paid_words", {"source_title": "Advertorial: kaas"}, "advertorial"),
    ("paid_words", {"source_url": "https://bron.example/sponsored-post/kaas"}, "sponsored-post"),
    ("paid_words", {"source_title": "Kaas (gesponsord)"}, "gesponsord"),
    ("paid_words", {"left_context": "Dit is een betaald artikel over"}, "betaald artikel"),
    ("paid_words", {"source_title": "Anzeige: Käse"}, "anzeige:"),
    ("paid_words", {"source_title": "Publirreportaje sobre queso"}, "publirreporta"),
    ("paid_words", {"source_title": "Article sponsorisé : fromage"}, "article sponsoris"),
    ("paid_words", {"source_title": "Tips voor kaas [ADV]"}, "[adv]"),
    ("disclosed_as_sponsored", {"is_sponsored": True}, "rel=sponsored"),
    ("money_anchor", {"anchor_text": "Goedkope kaas"}, "goedkope kaas"),
    ("money_anchor", {"anchor_text": "buy cheese online"}, "buy cheese online"),
    ("authority_without_audience", {"source_authority": 52.7, "source_traffic": 0}, "52 / 0"),
    ("guest_post_words", {"source_title": "Gastblog: zes ideeën"}, "gastblog"),
    ("guest_post_words", {"source_url": "https://bron.example/write-for-us"}, "write-for-us"),
    ("guest_post_words", {"right_context": "article invité par Anne"}, "article invit"),
    ("author_bio", {"left_context": "Over de auteur: Anne schrijft voor"}, "over de auteur"),
    ("author_page", {"source_url": "https://bron.example/author/anne/"}, "/author/"),
    ("exchange_words", {"source_title": "Linkruil met Polder"}, "linkruil"),
    ("links_page", {"source_url": "https://bron.example/links.html"}, "/links.html"),
    ("links_page", {"source_title": "Handige links"}, "handige links"),
    ("links_page", {"source_url": "https://bron.example/onze-partners/"}, "/onze-partners/"),
    ("sitewide_link", {"is_sitewide": True, "anchor_text": None}, "bron.example"),
    ("directory_page", {"source_title": "Free business directory"}, "business directory"),
    ("link_seller_words", {"anchor_text": "TG @X - SEO LINKS - https://t.me/x"}, "tg @"),
    ("link_seller_words", {"source_title": "Where to buy aged domains and backlinks"}, "aged domains"),
    ("statistics_page", {"source_url": "https://bron.example/domain-list-256"}, "domain-list-2"),
    ("statistics_page", {"source_title": "Backlinks for anything"}, "backlinks for"),
    (
        "page_about_the_domain",
        {"source_url": "https://bron.example/www.kaas-boer.example", "source_traffic": 99.0},
        "/www.kaas-boer.example",
    ),
    (
        "page_about_the_domain",
        {"source_title": "Kaas-boer.example in cijfers", "source_traffic": 0},
        "/stuk",
    ),
    ("thousand_external_links", {"external_link_count": 13550}, "13550"),
    ("hundred_external_links", {"external_link_count": 100}, "100"),
    ("generated_address", {"source_url": f"https://bron.example/page-{'0a' * 16}.html"}, "0a" * 16),
    ("weak_domain", {"source_authority": 0.4}, "0"),
    ("poison_words", {"source_title": "Casino bonus"}, "casino"),
    ("provider_spam_flag", {"is_spam_by_provider": True}, "provider"),
    (
        "comment_with_keyword",
        {"source_url": "https://bron.example/a#comment-2", "anchor_text": "buy cheese"},
        "buy cheese",
    ),
    ("plain_words", {"anchor_text": "klik hier"}, "klik hier"),
    ("plain_words", {"anchor_text": "kaas"}, "kaas"),  # half a brand
    ("brand_anchor", {"anchor_text": "Boer Kaas"}, "boer kaas"),
    ("brand_anchor", {"anchor_text": "de site van Kaas-Boer"}, "de site van kaas-boer"),
    ("address_anchor", {"anchor_text": "www.kaas-boer.example"}, "www.kaas-boer.example"),
    ("running_text", {"left_context": "zie", "right_context": "voor meer"}, "… stuk …"),
    ("ordinary_page", {"external_link_count": 30}, "30"),
    ("audience", {"source_traffic": 100.0}, "100"),
    ("forum_or_blog", {"source_url": "https://bron.example/forum/viewtopic.php?t=1"}, "/forum/"),
    ("not_followed", {"is_nofollow": True}, "rel=nofollow"),
    ("user_content", {"is_ugc": True}, "rel=ugc"),
    ("brand_anchor", {"anchor_text": "Bij de Zuivelmeester"}, "bij de zuivelmeester"),  # a brand word of sites.toml
    ("exact_anchor", {"anchor_text": "Geitenkaas"}, "geitenkaas"),
    (
        "exact_anchor",
        {"anchor_text": "zachte gouda", "target_url": "https://kaas-boer.example/zachte-gouda"},
        "zachte gouda",
    ),
    (
        "keyword_to_money_page",
        {"anchor_text": "zachte gouda", "target_url": "https://kaas-boer.example/shop/kaas"},
        "zachte gouda → /shop/kaas",
    ),
    ("sitewide_keyword", {"is_sitewide": True, "anchor_text": "zachte gouda"}, "zachte gouda"),
    ("quoted_title", {"anchor_text": "hoe je in vijf stappen kaas maakt"}, "hoe je in vijf stappen kaas maakt"),
    ("editorial_words", {"left_context": "Zo wordt dat, volgens"}, "volgens"),
    ("strong_and_visited", {"source_authority": 61.9, "source_traffic": 5000.0}, "61 / 5000"),
    ("on_topic", {"source_title": "Kaasfondue met kruidnagel"}, "kaasfondue, kruidnagel"),
    (
        "hacked_page",
        {"source_url": "https://bron.example/wp-content/uploads/x/winkel.php?id=4"},
        "/wp-content/uploads/x/winkel.php",
    ),
    ("weak_page", {"page_authority": 1.0}, "1"),
    ("links_page", {"source_url": "https://bron.example/links/#boven"}, "/links/"),
    ("links_page", {"source_url": "https://bron.example/partners?page=2"}, "/partners"),
]
"""Rule, what a plain link has besides, and what the rule sees."""

NOT_APPLIES: list[dict[str, object]] = [
    {"source_url": "https://bron.example/kleinanzeigen/1"},  # classified ads are not advertorials
    {"source_title": "Gasten over kaas"},  # guests are not guest posts
    {"source_title": "Sussex alphabet in the time slot"},  # words inside words
    {"source_authority": 39.0, "source_traffic": 0},
    {"source_authority": None, "source_traffic": None, "external_link_count": None},
    {"source_title": "Interview met de oprichter van kaas-boer.example"},
    {"page_authority": 2.0},
    {"source_authority": None, "source_traffic": None, "is_sponsored": None, "is_ugc": None, "is_nofollow": None},
    {"source_title": "Kaasfondue"},  # one word of the site may be an accident
    {"external_link_count": 59},
    {"source_url": "https://bron.example/partnership-news"},
    {"provider_score": 100.0},  # the provider's own risk score is no evidence
]
"""What a plain link may have without any rule."""


@pytest.fixture(scope="module")
def judged() -> Iterator[duckdb.DuckDBPyConnection]:
    """All these links, each in a series of its own, so that none of them has company."""
    with open_memory() as connection:
        fill(connection, "ingest.listed_sites", "site_domain | brand_words\nkaas-boer.example | zuivelmeester")
        keywords = "keyword\nGeitenkaas\nkaasfondue kruidnagel recept\nkaasfondue met kruidnagel"
        fill(connection, "staging.rankings", keywords, site_domain="kaas-boer.example", provider="se_ranking")
        links = [("applies", number, changed) for number, (_, changed, _) in enumerate(APPLIES)]
        links += [("not", number, changed) for number, changed in enumerate(NOT_APPLIES)]
        for told, number, changed in links:
            add_link(connection, **({"link_id": f"{told}{number}", "provider": f"{told}{number}"} | changed))
        judge_links(connection)
        yield connection


@pytest.mark.parametrize("number", range(len(APPLIES)), ids=[rule for rule, *_ in APPLIES])
def test_rule_applies_and_says_what_it_saw(judged: duckdb.DuckDBPyConnection, number: int) -> None:
    rule, _, seen = APPLIES[number]
    expected = f"applies{number}" if seen == "provider" else seen
    assert evidence_of(judged, f"applies{number}").get(rule, "no such rule") == expected


@pytest.mark.parametrize("number", range(len(NOT_APPLIES)), ids=[str(changed) for changed in NOT_APPLIES])
def test_rule_does_not_apply(judged: duckdb.DuckDBPyConnection, number: int) -> None:
    assert evidence_of(judged, f"not{number}") == {}


def test_a_weak_page_does_not_make_a_weak_domain(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert evidence(warehouse, page_authority=0.0) == {"weak_page": "0"}


def test_a_page_about_the_domain_that_people_visit_is_a_review(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = evidence(warehouse, source_title="Kaas-boer.example in cijfers", source_traffic=100.0)
    assert found == {"audience": "100"}


def test_poison_words_say_nothing_of_a_link_to_a_casino(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = evidence(warehouse, source_title="Casino bonus", target_url="https://kaas-boer.example/casino-avond")
    assert "poison_words" not in found


def test_unknown_visits_are_not_no_visits(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert evidence(warehouse, source_authority=50.0, source_traffic=None) == {"strong_domain": "50"}


def add_same(warehouse: duckdb.DuckDBPyConnection, count: int, **same: object) -> None:
    """``count`` further links from other domains, alike in ``same``; ``{}`` in a text becomes the domain."""
    for number in range(count):
        domain = f"d{number}.example"
        fields = {key: value.format(domain) if isinstance(value, str) else value for key, value in same.items()}
        defaults = {
            "source_url": f"https://{domain}/{number}",
            "source_title": f"Stuk {number}",
            "anchor_text": f"woord {number}",
        }
        add_link(
            warehouse,
            **(defaults | fields | {"link_id": f"other{number}", "source_domain": domain, "source_host": domain}),
        )


@pytest.mark.parametrize(("count", "applies"), [(3, False), (4, True)])
def test_the_same_keyword_anchor_counts_from_five_domains_on(
    warehouse: duckdb.DuckDBPyConnection, count: int, applies: bool
) -> None:
    add_same(warehouse, count, anchor_text="Gouda aan huis")
    found = evidence(warehouse, anchor_text="gouda aan huis")
    assert found == ({"repeated_anchor": "5 × gouda aan huis"} if applies else {})


@pytest.mark.parametrize("anchor", ["kaas boer", "lees meer", "kaas-boer.example", "hoe je in vijf stappen kaas maakt"])
def test_repeated_names_phrases_and_titles_are_no_keyword(warehouse: duckdb.DuckDBPyConnection, anchor: str) -> None:
    add_same(warehouse, 6, anchor_text=anchor)
    assert "repeated_anchor" not in evidence(warehouse, anchor_text=anchor)


WEAKNESS = """
scores      | domain_scores  | page_scores | speaks_for
strong      | 40 40 40 40 40 | - - - - -   | programme
weak        | 1 1 1 1 1      | - - - - -   | spam
some known  | 1 - - - -      | 9 9 9 9 9   | spam
known alike | 1 9 - - -      | - - - - -   | spam
most strong | 1 9 9 - -      | 0 0 0 0 0   | programme
pages only  | - - - - -      | 0 0 0 9 9   | spam
good pages  | - - - - -      | 0 0 9 9 9   | programme
nothing     | - - - - -      | - - - - -   | nothing
"""


@pytest.mark.parametrize(
    ("same", "seen", "rules"),
    [
        (
            {"source_url": "https://{}/social/315305"},
            "5 × /social/315305",
            {"programme": "shared_address", "spam": "shared_address_of_weak_domains"},
        ),
        (
            {"source_title": "Twintig tekens of langer"},
            "5 × twintig tekens of langer",
            {"programme": "shared_title", "spam": "shared_title_of_weak_domains"},
        ),
    ],
)
@pytest.mark.parametrize("row", parse(WEAKNESS)[1], ids=lambda row: row[0])
def test_what_five_domains_share_is_a_programme_or_spam_by_the_authorities_that_are_known(
    warehouse: duckdb.DuckDBPyConnection, row: tuple[str, ...], same: dict[str, str], seen: str, rules: dict[str, str]
) -> None:
    add_same(warehouse, 5, **same)
    for column, scores in (("source_authority", row[1]), ("page_authority", row[2])):
        for number, score in enumerate(scores.split()):
            value = None if score == "-" else float(score)
            warehouse.execute(f"UPDATE staging.links SET {column} = ? WHERE link_id = ?", [value, f"other{number}"])
    judge_links(warehouse)
    found = {rule: what for rule, what in evidence_of(warehouse, "other4").items() if rule.startswith("shared_")}
    assert found == ({rules[row[3]]: seen} if row[3] in rules else {})


def test_addresses_that_sites_share_by_chance_do_not_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_same(warehouse, 6, source_url="https://{}/forum/index.php")
    assert "shared_address" not in evidence(warehouse, source_url="https://bron.example/forum/index.php")


def test_the_same_title_counts_once_beside_the_same_address(warehouse: duckdb.DuckDBPyConnection) -> None:
    title = "Twintig tekens of langer"
    add_same(warehouse, 4, source_title=title)
    assert evidence(warehouse, source_title=title, source_authority=40.0) == {
        "shared_title": f"5 × {title.lower()}",
        "some_authority": "40",
    }
    warehouse.execute("UPDATE staging.links SET source_url = 'https://' || source_domain || '/pagina/12345'")
    judge_links(warehouse)
    assert set(evidence_of(warehouse, "link")) == {"shared_address", "some_authority"}
    warehouse.execute("UPDATE staging.links SET source_authority = NULL")
    judge_links(warehouse)
    assert evidence_of(warehouse, "link") == {}


@pytest.mark.parametrize(
    ("scores", "applies"),
    [
        ({"source_authority": 0.0, "page_authority": 9.0}, True),
        ({"source_authority": 9.0, "page_authority": 0.0}, False),
        ({"page_authority": 0.0}, True),
        ({"page_authority": 9.0}, False),
        ({}, False),
    ],
)
def test_a_farm_is_known_to_be_weak(
    warehouse: duckdb.DuckDBPyConnection, scores: dict[str, float], applies: bool
) -> None:
    farm = {"source_domain": "farm.example", **scores}
    for host in ("ko.farm.example", "sk.farm.example", "ja.farm.example", "he.farm.example"):
        add_link(warehouse, link_id=host, source_host=host, source_url=f"https://{host}/a", **farm)
    found = evidence(warehouse, source_host="th.farm.example", source_url="https://th.farm.example/a", **farm)
    assert ("subdomain_farm" in found) == applies


def test_same_pages_on_many_subdomains_are_a_farm_and_a_hosting_platform_is_not(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for number, host in enumerate(("ko", "sk", "ja", "he")):
        for domain, path in (("farm.example", "/a"), ("platform.example", f"/{host}")):
            add_link(
                warehouse, link_id=f"{domain}{number}", source_domain=domain, source_host=f"{host}.{domain}",
                source_url=f"https://{host}.{domain}{path}", source_authority=0.0,
            )  # fmt: skip
    farm = {"source_domain": "farm.example", "source_host": "th.farm.example", "source_authority": 0.0}
    found = evidence(warehouse, **farm, source_url="https://th.farm.example/a")
    assert found == {"subdomain_farm": "5 × farm.example", "weak_domain": "0"}
    platform = {"source_domain": "platform.example", "source_host": "th.platform.example", "source_authority": 0.0}
    add_link(warehouse, link_id="own", **platform, source_url="https://th.platform.example/th")
    judge_links(warehouse)
    assert set(evidence_of(warehouse, "own")) == {"weak_domain"}


def test_twenty_pages_of_one_domain_to_one_page_are_sitewide(warehouse: duckdb.DuckDBPyConnection) -> None:
    for number in range(19):
        add_link(warehouse, link_id=f"page{number}", source_url=f"https://bron.example/{number}")
    assert evidence(warehouse) == {"sitewide_keyword": "20 × stuk"}
    warehouse.execute("UPDATE staging.links SET anchor_text = 'klik hier'")
    judge_links(warehouse)
    assert evidence_of(warehouse, "link") == {"sitewide_link": "20 × bron.example", "plain_words": "klik hier"}


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (
            {"exchange_form": "mutual", "is_synchronous": True, "is_beyond_expected": True},
            {"mutual_link", "mutual_link_beyond_expected", "mutual_link_same_time"},
        ),
        ({"exchange_form": "mutual", "is_synchronous": True}, {"mutual_link", "mutual_link_same_time"}),
        ({"exchange_form": "mutual", "is_beyond_expected": True}, {"mutual_link", "mutual_link_beyond_expected"}),
        ({"exchange_form": "mutual", "is_synchronous": False, "is_beyond_expected": False}, {"mutual_link"}),
        ({"exchange_form": "mutual"}, {"mutual_link"}),
        ({"exchange_form": "ring_of_three", "is_synchronous": True}, {"ring"}),
        ({"exchange_form": "ring_of_four"}, {"ring"}),
    ],
)
def test_each_stronger_sign_of_an_exchange_adds_to_the_weaker_ones(
    warehouse: duckdb.DuckDBPyConnection, facts: dict[str, object], rules: set[str]
) -> None:
    seen = "60 d, https://bron.example/terug"
    assert apply_rules(warehouse, facts | {"exchange_seen": seen}) == dict.fromkeys(rules, seen)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"partner_site_count": 2}, {"partner_of_many": "2 × bron.example"}),
        ({"partner_site_count": 1}, {}),
        ({"lockstep_source_count": 9, "lockstep_target_count": 3}, {"lockstep": "9 × 3"}),
        (
            {"lockstep_source_count": 9, "lockstep_target_count": 3, "lockstep_site_count": 2},
            {"lockstep": "9 × 3", "lockstep_of_several_sites": "2"},
        ),
        ({"is_purchase_batch": True, "batch_seen": "12"}, {"purchase_batch": "12"}),
        ({"is_rented_batch": True, "batch_seen": "12"}, {"rented_batch": "12"}),
        ({"customer_count": 3, "anchor_kind": "keyword"}, {"many_customers": "3 × bron.example"}),
        ({"customer_count": 3, "anchor_kind": "brand", "anchor": "kaas"}, {"brand_anchor": "kaas"}),
        ({"customer_count": 1, "anchor_kind": "money", "anchor": "kaas"}, {"money_anchor": "kaas"}),
        (
            {"customer_count": 2, "customer_days": 30, "anchor_kind": "keyword"},
            {"customers_at_once": "2 × bron.example"},
        ),
        ({"customer_count": 2, "customer_days": 31, "anchor_kind": "keyword"}, {"many_customers": "2 × bron.example"}),
        ({"burst_domain_count": 10, "anchor": "kaas"}, {"anchor_burst": "10 × kaas"}),
        ({"burst_domain_count": 5, "burst_network_count": 2}, {"beside_network": "2 / 5"}),
    ],
)
def test_groups_of_links_speak_for_each_link_of_them(
    warehouse: duckdb.DuckDBPyConnection, facts: dict[str, object], found: dict[str, str]
) -> None:
    assert apply_rules(warehouse, {"source_domain": "bron.example", "anchor": "", **facts}) == found


def test_a_flood_in_a_script_that_is_not_the_sites_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    for number in range(19):
        add_link(
            warehouse, link_id=f"ru{number}", source_domain=f"ru{number}.example", source_title="Сыр", anchor_text=""
        )
    for number in range(25):
        add_link(
            warehouse, link_id=f"nl{number}", source_domain=f"nl{number}.example", source_title="Kaas", anchor_text=""
        )
    found = evidence(warehouse, source_domain="ru.example", source_title="Сыр")
    assert found == {"foreign_script": "cyrillic"}


def test_what_was_seen_is_cut(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = evidence(warehouse, anchor_text=f"kaas boer {'x' * 300}")
    assert found["brand_anchor"] is not None
    assert len(found["brand_anchor"]) == 120


def test_order_of_rows_does_not_matter(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_same(warehouse, 6, anchor_text="gouda kopen", source_title="Advertorial over kaas kopen")
    judge_links(warehouse)
    once = rows_of(warehouse, "signals.link_evidence")
    warehouse.execute("CREATE TABLE turned AS SELECT * FROM staging.links ORDER BY link_id DESC")
    warehouse.execute("DELETE FROM staging.links")
    warehouse.execute("INSERT INTO staging.links SELECT * FROM turned")
    judge_links(warehouse)
    assert rows_of(warehouse, "signals.link_evidence") == once
    assert once
