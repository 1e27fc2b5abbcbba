"""signals.told_links: what the team itself says of a link, and which of it speaks."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make

SITE = "kaas.example"
LINKS = """
link_id | site_domain  | source_host         | source_domain     | source_url
a1      | kaas.example | www.blog.example    | blog.example      | https://www.blog.example/Kaas/
a2      | kaas.example | blog.example        | blog.example      | http://blog.example/melk?p=2
f1      | kaas.example | forum.blog.example  | blog.example      | https://forum.blog.example/1
h1      | kaas.example | anna.platform.example | platform.example | https://anna.platform.example/
h2      | kaas.example | bert.platform.example | platform.example | https://bert.platform.example/
n1      | kaas.example | krant.example       | krant.example     | https://krant.example/nieuws
m1      | melk.example | blog.example        | blog.example      | https://blog.example/Kaas
"""


@pytest.fixture
def known(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A few links, and the hosts they stand on."""
    fill(warehouse, "staging.links", LINKS, provider="p", target_url="https://kaas.example/")
    warehouse.execute(
        "INSERT INTO staging.hosts SELECT row_number() OVER (), source_host, source_domain FROM "
        "(SELECT DISTINCT source_host, source_domain FROM staging.links)"
    )
    return warehouse


def label(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Judgements as staging.labels has them; the kind goes by whether there is a path or a mark of one."""
    fill(connection, "staging.labels", text, subject="as written", subject_domain="x.example", contradiction_count=0)


def test_nothing_is_said_of_links_nobody_spoke_of(known: duckdb.DuckDBPyConnection) -> None:
    make(known, "signals.told_links")
    check(known, "signals.told_links", "link_id")


def test_a_label_of_a_link_beats_one_of_its_domain_and_a_host_beats_its_domain(
    known: duckdb.DuckDBPyConnection,
) -> None:
    label(
        known,
        """
        site_domain  | subject_kind | subject_key           | origin  | labelled_by | labelled_on
        kaas.example | link         | blog.example/Kaas     | natural | Anna        | 2026-01-01
        kaas.example | domain       | blog.example          | bought  | Bert        | 2026-05-01
                     | domain       | forum.blog.example    | spam    |             |
                     | domain       | anna.platform.example | exchanged |           |
        """,
    )
    make(known, "signals.told_links")
    check(
        known,
        "signals.told_links",
        """
        link_id | told_by      | told_origin | told_on    | label_who | told_subject          | is_disavowed
        a1      | label_link   | natural     | 2026-01-01 | Anna      | blog.example/Kaas     | false
        a2      | label_domain | bought      | 2026-05-01 | Bert      | blog.example          | false
        f1      | label_domain | spam        |            |           | forum.blog.example    | false
        h1      | label_domain | exchanged   |            |           | anna.platform.example | false
        """,
    )


def test_a_label_for_all_sites_yields_to_one_for_the_site(known: duckdb.DuckDBPyConnection) -> None:
    label(
        known,
        """
        site_domain  | subject_kind | subject_key       | origin  | labelled_on
                     | link         | blog.example/Kaas | bought  | 2026-05-01
        kaas.example | link         | blog.example/Kaas | natural | 2026-01-01
        """,
    )
    make(known, "signals.told_links")
    check(
        known,
        "signals.told_links",
        """
        link_id | site_domain  | told_origin
        a1      | kaas.example | natural
        m1      | melk.example | bought
        """,
    )


@pytest.mark.parametrize("allowed_by", ["label", "sites.toml"])
def test_nothing_overrides_the_allow_list(known: duckdb.DuckDBPyConnection, allowed_by: str) -> None:
    label(
        known,
        """
        site_domain  | subject_kind | subject_key       | origin | labelled_on
        kaas.example | link         | blog.example/Kaas | bought | 2026-06-01
        """,
    )
    place(known, "https://blog.example/melk?p=2 | blog.example | bought | lente")
    disavow(known, "domain | blog.example")
    if allowed_by == "label":
        label(
            known,
            """
            site_domain  | subject_kind | subject_key  | origin
            kaas.example | domain       | blog.example | allowed
            """,
        )
    else:
        fill(
            known, "ingest.allowed_domains",
            """
            site_domain  | allowed_domain | is_owned
            kaas.example | blog.example   | false
            """,
        )  # fmt: skip
    make(known, "signals.told_links")
    check(
        known,
        "signals.told_links",
        """
        link_id | told_by    | told_origin | is_allowed | is_declared | campaign | is_disavowed
        a1      | allow_list |             | true       | false       |          | true
        a2      | allow_list |             | true       | true        | lente    | true
        f1      | allow_list |             | true       | false       |          | true
        """,
    )


def place(connection: duckdb.DuckDBPyConnection, *rows: str) -> None:
    """Links the team placed for the site."""
    fill(
        connection, "staging.placements", "\n".join(["source_url | source_host | kind | campaign", *rows]),
        site_domain=SITE, provider="placements", placed_on="2026-02-01", observed_on="2026-02-01",
    )  # fmt: skip


def disavow(connection: duckdb.DuckDBPyConnection, *rows: str) -> None:
    """Entries of the site's disavow file."""
    fill(
        connection, "staging.disavow_entries", "\n".join(["entry_kind | entry", *rows]),
        site_domain=SITE, provider="google_disavow", observed_on="2026-03-01",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["bought", "exchanged", "guest_post", "link_programme"])
def test_a_placement_tells_the_origin(known: duckdb.DuckDBPyConnection, kind: str) -> None:
    place(known, f"blog.example/Kaas | blog.example | {kind} | lente")
    make(known, "signals.told_links")
    check(
        known,
        "signals.told_links",
        f"""
        link_id | told_by   | told_origin | told_on    | told_subject      | is_declared | campaign
        a1      | placement | {kind}      | 2026-02-01 | blog.example/Kaas | true        | lente
        """,
    )


@pytest.mark.parametrize("kind", ["earned", "other", ""])
def test_an_earned_placement_is_declared_and_tells_no_origin(known: duckdb.DuckDBPyConnection, kind: str) -> None:
    place(known, f"https://krant.example/nieuws# | krant.example | {kind} |")
    make(known, "signals.told_links")
    check(
        known,
        "signals.told_links",
        """
        link_id | told_by   | told_origin | is_declared | campaign
        n1      | placement |             | true        |
        """,
    )


def test_a_label_beats_the_placement_and_keeps_its_campaign(known: duckdb.DuckDBPyConnection) -> None:
    place(known, "https://blog.example/Kaas | blog.example | bought | lente")
    label(
        known,
        """
        site_domain  | subject_kind | subject_key  | origin
        kaas.example | domain       | blog.example | guest_post
        """,
    )
    make(known, "signals.told_links")
    check(
        known,
        "signals.told_links",
        """
        link_id | told_by      | told_origin | is_declared | campaign
        a1      | label_domain | guest_post  | true        | lente
        a2      | label_domain | guest_post  | false       |
        f1      | label_domain | guest_post  | false       |
        """,
    )


def test_a_disavow_entry_is_no_origin(known: duckdb.DuckDBPyConnection) -> None:
    disavow(known, "url | HTTP://www.Blog.example/Kaas", "domain | www.bert.platform.example", "domain | krant.example")
    make(known, "signals.told_links")
    check(
        known,
        "signals.told_links",
        """
        link_id | told_by        | told_origin | told_on    | is_disavowed
        a1      | disavow_link   |             | 2026-03-01 | true
        h2      | disavow_domain |             | 2026-03-01 | true
        n1      | disavow_domain |             | 2026-03-01 | true
        """,
    )


def test_capitals_of_a_path_and_its_question_tell_pages_apart(known: duckdb.DuckDBPyConnection) -> None:
    label(
        known,
        """
        site_domain  | subject_kind | subject_key         | origin
        kaas.example | link         | blog.example/kaas   | bought
        kaas.example | link         | blog.example/melk   | bought
        """,
    )
    make(known, "signals.told_links")
    check(known, "signals.told_links", "link_id")
