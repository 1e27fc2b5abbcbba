"""What says less than links: lists of domains, networks, pages and texts, disavow files, a crawl's outgoing links."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_containers import workbook_of
from tests.transforms.ingest.made_exports import OUTLINKS_2017, OUTLINKS_2025, SAMPLES, SITE
from tests.transforms.ingest.made_links_exports import (
    DISAVOW,
    LATEST_LINKS,
    LINK_TEXTS,
    LINKING_SITES,
    MAJESTIC_DOMAINS,
    OWN_PAGES,
    SAMPLE_LINKS,
    SEMRUSH_DOMAINS,
    TARGETS_EXTERNAL,
    TARGETS_INTERNAL,
    no_end,
    written,
)

DOMAINS = (
    "SELECT source_domain, source_authority, link_count, target_page_count, is_spam_by_provider, country, ip_address, "
    "CAST(first_seen_on AS VARCHAR), CAST(last_seen_on AS VARCHAR), is_lost, CAST(lost_on AS VARCHAR) "
    "FROM staging.referring_domain_observations ORDER BY 1"
)
LINKED = (
    "SELECT target_domain, target_authority, link_count, CAST(first_seen_on AS VARCHAR), CAST(last_seen_on AS VARCHAR) "
    "FROM staging.linked_domain_observations ORDER BY 1"
)
PAGES = (
    "SELECT report, page_url, link_count, domain_count, source_authority, CAST(first_seen_on AS VARCHAR), "
    "CAST(last_seen_on AS VARCHAR) FROM staging.target_page_observations ORDER BY 1, 2"
)
LINKING = (
    "SELECT source_url, source_domain, CAST(last_crawled_on AS VARCHAR) "
    "FROM staging.linking_page_observations ORDER BY 1"
)


@pytest.mark.parametrize(
    ("name", "provider", "expected"),
    [
        (
            "semrush_referring_domains",
            "semrush_referring_domains",
            [
                (
                    "kaasblog.example", 45.0, 253, None, None, "nl", "192.0.2.7", "2024-05-20", "2026-02-05", None,
                    None,
                ),
                (
                    "linkveld.example", 2.0, 886, None, None, None, "198.51.100.4", "2025-01-03", "2026-02-06", None,
                    None,
                ),
            ],
        ),
        (
            "semrush_referring_domains_api",
            "semrush_referring_domains",
            [("kaasblog.example", 45.0, 253, None, None, "nl", "192.0.2.7", "2024-05-20", "2026-02-05", None, None)],
        ),
        (
            "ahrefs_referring_domains",
            "ahrefs_referring_domains",
            [
                ("krant.example", 92.0, 9, None, False, None, None, "2017-08-03", None, False, None),
                ("linkveld.example", 3.7, 2, None, True, None, None, "2025-01-10", None, True, "2025-12-11"),
            ],
        ),
        (
            "ahrefs_referring_domains_api",
            "ahrefs_referring_domains",
            [
                ("krant.example", 92.0, 9, None, None, None, None, "2017-08-03", None, False, None),
                ("linkveld.example", 3.7, 2, None, None, None, None, "2025-01-10", None, True, "2025-12-11"),
            ],
        ),
        (
            "ahrefs_referring_domains_webmaster_tools",
            "ahrefs_referring_domains",
            [("krant.example", 93.0, 2, None, False, None, None, "2026-03-03", None, False, None)],
        ),
        (
            "majestic_referring_domains",
            "majestic_referring_domains",
            [
                ("bos.example", 18.0, 9379, None, None, "US", "192.0.2.10", "2013-05-08", "2013-05-26", None, None),
                ("veld.example", None, None, None, None, None, "192.0.2.11", "2013-02-01", "2013-07-13", None, None),
            ],
        ),
        (
            "search_console_linking_sites",
            "search_console_links",
            [
                ("forum.example", None, 2, 2, None, None, None, None, None, None, None),
                ("krant.example", None, 10, 1, None, None, None, None, None, None, None),
            ],
        ),
    ],
)  # fmt: skip
def test_referring_domains(inbox: Inbox, name: str, provider: str, expected: list[tuple[Any, ...]]) -> None:
    outcome = inbox.read_only(f"{SITE}/{SAMPLES[name][0]}", SAMPLES[name][1])
    assert (outcome.format, outcome.provider) == (name, provider)
    assert inbox.rows(DOMAINS) == expected


def test_semicolons_of_the_account_s_language(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"www.{SITE}-backlinks_refdomains.csv", SEMRUSH_DOMAINS.replace(b",", b";"))
    assert (outcome.format, outcome.site_domain, outcome.loaded_count) == ("semrush_referring_domains", SITE, 2)


def test_two_spellings_of_one_host_are_merged(inbox: Inbox) -> None:
    twice = SEMRUSH_DOMAINS + b"45,KAASBLOG.example,1,192.0.2.7,nl,2024-05-20,2026-02-05\n"
    outcome = inbox.read_only(f"{SITE}/x.csv", twice)
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count) == (3, 2, 1)
    assert inbox.rows("SELECT sum(merged_count) FROM staging.referring_domain_observations") == [(1,)]


@pytest.mark.parametrize("name", ["semrush_outgoing_domains", "ahrefs_linked_domains", "ahrefs_linked_domains_api"])
def test_domains_the_site_links_to(inbox: Inbox, name: str) -> None:
    outcome = inbox.read_only(f"{SITE}/{SAMPLES[name][0]}", SAMPLES[name][1])
    assert outcome.provider == name.removesuffix("_api")
    last = "2026-02-06" if name.startswith("semrush") else None
    assert inbox.rows(LINKED) == [("partnersite.example", 61.0, 4, "2025-01-03", last)]


def test_networks(inbox: Inbox) -> None:
    inbox.read_only(*SAMPLES["ahrefs_referring_ips"])
    assert inbox.rows(
        "SELECT provider, subnet, domain_count, link_count, source_authority, country, operator, "
        "CAST(first_seen_on AS VARCHAR), lost_on FROM staging.referring_network_observations"
    ) == [("ahrefs_referring_ips", "192.0.2.xxx", 52, 161, 44.0, "NL", "Netwerk, B.V.", "2016-03-07", None)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("semrush_indexed_pages", ("external", f"https://{SITE}/kaas", 120, 34, None, None, "2026-02-01")),
        ("semrush_indexed_pages_api", ("external", f"https://{SITE}/kaas", 120, 34, None, None, "2026-02-01")),
        (
            "ahrefs_best_by_links",
            ("best_by_links", f"https://{SITE}/kaas", 120, 34, 92.0, "2016-06-07", "2026-01-22"),
        ),
    ],
)
def test_linked_pages_of_the_site_tell_the_site(inbox: Inbox, name: str, expected: tuple[Any, ...]) -> None:
    outcome = inbox.read_only("zonder-naam.csv", SAMPLES[name][1])
    assert (outcome.format, outcome.site_domain) == (name, SITE)
    assert inbox.rows(PAGES) == [expected]


def test_majestic_tells_the_site_in_its_header(inbox: Inbox) -> None:
    outcome = inbox.read_only("sample_spreadsheet_data.csv", MAJESTIC_DOMAINS)
    assert (outcome.site_domain, str(outcome.exported_on), outcome.loaded_count) == (SITE, "2013-07-13", 2)


def test_majestic_in_the_folder_of_another_site_is_set_aside(inbox: Inbox) -> None:
    outcome = inbox.read_only("anderewinkel.nl/x.csv", MAJESTIC_DOMAINS)
    assert outcome.status == "set_aside"
    assert f"the folder says anderewinkel.nl, the file is about {SITE}" in (outcome.reason or "")


def test_majestic_of_several_sites_is_not_guessed(inbox: Inbox) -> None:
    header, *rows = MAJESTIC_DOMAINS.decode().splitlines()
    wide = "\r\n".join([f"{header},BackLinks_anders.example", *(f"{row},3" for row in rows)])
    outcome = inbox.read_only(f"{SITE}/x.csv", wide)
    assert outcome.status == "set_aside"
    assert f"'BackLinks_anders.example', 'BackLinks_{SITE}' are of several sites" in (outcome.reason or "")


def test_search_console_tables_of_one_zip_share_the_site(inbox: Inbox) -> None:
    folder = f"https___www.{SITE}_-Links-2026-05-10"
    for name, content in {
        "Latest links.csv": LATEST_LINKS,
        "More sample links.csv": SAMPLE_LINKS,
        "Top linking sites.csv": LINKING_SITES,
        "Top linking text.csv": LINK_TEXTS,
        "Top target pages.csv": TARGETS_EXTERNAL,
    }.items():
        inbox.put(f"{folder}/https___www.{SITE}_-{name.replace('.csv', '-2026-05-10.csv')}", content)
    outcomes = inbox.read()
    assert {(outcome.site_domain, outcome.provider) for outcome in outcomes.values()} == {
        (SITE, "search_console_links")
    }
    assert {str(outcome.exported_on) for outcome in outcomes.values()} == {"2026-05-10"}


def test_search_console_latest_links_have_the_day_of_the_last_crawl_only(inbox: Inbox) -> None:
    outcome = inbox.read_only(*SAMPLES["search_console_latest_links"])
    assert (str(outcome.first_day_on), str(outcome.last_day_on)) == ("2025-06-03", "2026-05-03")
    assert inbox.rows(LINKING) == [
        ("http://forum.example/b?x=1", "forum.example", "2025-06-03"),
        ("https://www.krant.example/a", "krant.example", "2026-05-03"),
    ]
    assert inbox.rows("SELECT count(*) FROM staging.link_observations") == [(0,)]


def test_search_console_own_pages_are_told_by_their_domain(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/More sample links-2026-05-10.csv", SAMPLE_LINKS)
    inbox.put(f"{SITE}/Your pages linking-2026-05-10.csv", OWN_PAGES)
    assert {outcome.format for outcome in inbox.read().values()} == {"search_console_linking_pages"}
    own = "SELECT source_domain = site_domain, count(*) FROM staging.linking_page_observations GROUP BY 1 ORDER BY 1"
    assert inbox.rows(own) == [(False, 2), (True, 2)]


def test_search_console_target_pages_are_told_apart_by_their_header(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/Top target pages-2026-05-10.csv", TARGETS_EXTERNAL)
    inbox.put(f"{SITE}/Top target pages-2026-05-10 (1).csv", TARGETS_INTERNAL)
    inbox.read()
    assert inbox.rows(PAGES) == [
        ("external", f"https://www.{SITE}/", 26, 15, None, None, None),
        ("external", f"https://www.{SITE}/kaas", 2, 2, None, None, None),
        ("internal", f"https://www.{SITE}/", 26, None, None, None, None),
        ("internal", f"https://www.{SITE}/kaas", 1, None, None, None, None),
    ]


@pytest.mark.parametrize(
    "content",
    [LINK_TEXTS, no_end("Classement,Texte du lien", "1,oude kaas", "2,(vide)", f"3,https {SITE}")],
)
def test_search_console_link_texts(inbox: Inbox, content: bytes) -> None:
    inbox.read_only(f"{SITE}/x.csv", content)
    assert inbox.rows("SELECT place, anchor_text FROM staging.anchor_text_observations ORDER BY 1") == [
        (1, "oude kaas"),
        (2, ""),
        (3, f"https {SITE}"),
    ]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Page d'origine,Dernière exploration", "search_console_latest_links"),
        ("Page d&#39;origine", "search_console_linking_pages"),
        ("Laatst gecrawld", None),
        ("Linkende pagina,Laatst gecrawld", "search_console_latest_links"),
        ("Verweisende Seite,Zuletzt gecrawlt", "search_console_latest_links"),
        ("Página de enlace,Último rastreo", "search_console_latest_links"),
        ("Linking page,Last crawled,Note", None),
    ],
)
def test_search_console_links_in_other_languages(inbox: Inbox, header: str, name: str | None) -> None:
    cells = ("https://krant.example/a", "2026-05-03", "x")[: header.count(",") + 1]
    outcome = inbox.read_only(f"{SITE}/x.csv", no_end(header, ",".join(cells)))
    assert outcome.format == name
    assert outcome.loaded_count == (1 if name else 0)


def test_search_console_counts_with_marks(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/x.csv", no_end("Site,Pages d'origine,Pages cibles", 'krant.example,"1 240",12'))
    assert inbox.rows("SELECT link_count, target_page_count FROM staging.referring_domain_observations") == [(1240, 12)]


def test_search_console_table_of_a_thousand_rows_is_cut_off(inbox: Inbox) -> None:
    rows = [f"d{at}.example,1,1" for at in range(1_000)]
    outcome = inbox.read_only(f"{SITE}/x.csv", no_end("Site,Linking pages,Target pages", *rows))
    assert (outcome.loaded_count, outcome.is_truncated) == (1_000, True)


def test_disavowed_domains_and_addresses_with_their_notes(inbox: Inbox) -> None:
    many = "".join(f"domain:veld-{at}.example\n" for at in range(200))
    odd = "alle links uit 2019 graag\ndomain:geen-punt\n"
    outcome = inbox.read_only(f"{SITE}/disavow-2026-05-11.txt", DISAVOW + odd + many)
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count) == (208, 203, 1)
    assert (outcome.rejected_count, outcome.passed_over_count) == (2, 2)
    assert "comments (kept as the note of the lines below them)" in (outcome.reason or "")
    note = "links van verkopers, gevraagd op 3 mei"
    entries = (
        "SELECT entry_kind, entry, note FROM staging.disavow_entry_observations "
        "WHERE entry NOT LIKE 'veld-%' ORDER BY 1, 2"
    )
    assert inbox.rows(entries) == [
        ("domain", "192.0.2.7", note),
        ("domain", "linkveld.example", note),
        ("url", "http://oud.example/lijst", "los"),
    ]
    assert inbox.rows("SELECT column_name, value, reason FROM ingest.rejected_rows ORDER BY 1, 2") == [
        ("disavow_entry", "alle links uit 2019 graag", "a web address with a host"),
        ("disavow_entry", "geen-punt", "a web address with a host"),
        ("disavow_kind", "other", "one of domain, url"),
    ]


OUTLINKS = "SELECT source_url, target_domain, anchor_text, is_nofollow FROM staging.outlink_observations ORDER BY 2"


def test_outlinks_in_other_languages_of_the_interface(inbox: Inbox) -> None:
    german = written(
        [
            "Typ",
            "Quelle",
            "Ziel",
            "Größe (Bytes)",
            "Alt-Text",
            "Anker",
            "Statuscode",
            "Status",
            "Folgen",
            "Linkposition",
        ],
        ["Hyperlink", f"https://{SITE}/", "https://elders.example/x", "1", "", "Elders", "200", "OK", "true", "Inhalt"],
        ["Bild", f"https://{SITE}/", "https://beeld.example/x.png", "1", "", "", "200", "OK", "true", "Inhalt"],
        encoding="utf-8-sig",
    )
    spanish = written(
        ["Tipo", "Fuente", "Destino", "Texto alternativo", "Ancla", "Código de estado", "Estado", "Seguir"],
        ["Hipervínculo", f"https://{SITE}/es", "https://otro.example/", "", "Otro", "200", "OK", "falso"],
    )
    inbox.put(f"{SITE}/alle_outlinks.csv", german)
    inbox.put(f"{SITE}/enlaces.csv", spanish)
    outcomes = inbox.read()
    assert {(o.format, o.loaded_count, o.rejected_count) for o in outcomes.values()} == {
        ("screaming_frog_outlinks", 1, 0)
    }
    assert inbox.rows(OUTLINKS) == [
        (f"https://{SITE}/", "elders.example", "Elders", False),
        (f"https://{SITE}/es", "otro.example", "Otro", True),
    ]


def test_outlinks_of_both_styles_tell_the_site_by_their_own_pages(inbox: Inbox) -> None:
    for name, content in {"oud.csv": OUTLINKS_2017, "nieuw.csv": OUTLINKS_2025}.items():
        inbox.put(name, content)
    assert {outcome.site_domain for outcome in inbox.read().values()} == {SITE}


def _row(*cells: str | float | bool) -> str:
    """One ``<row>`` of a sheet: texts, numbers as floats, flags as such."""

    def cell(value: str | float | bool) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c t="b"><v>{int(value)}</v></c>' if isinstance(value, bool) else f"<c><v>{value}</v></c>"

    return f"<row>{''.join(map(cell, cells))}</row>"


def test_outlinks_of_a_workbook(inbox: Inbox) -> None:
    header = ("Type", "Source", "Destination", "Size (Bytes)", "Alt Text", "Anchor", "Status Code", "Status", "Follow")
    link = ("Hyperlink", f"https://{SITE}/", "https://elders.example/x", 123.0, "", "Elders", 200.0, "OK")
    inbox.put(f"{SITE}/all_outlinks.xlsx", workbook_of(_row("All Outlinks") + _row(*header) + _row(*link, False)))
    (outcome,) = inbox.read().values()
    assert (outcome.format, outcome.loaded_count, outcome.rejected_count) == ("screaming_frog_outlinks", 1, 0)
    assert inbox.rows(OUTLINKS) == [(f"https://{SITE}/", "elders.example", "Elders", True)]


def test_search_console_links_of_a_workbook(inbox: Inbox) -> None:
    rows = _row("Target page", "Incoming links", "Linking sites") + _row(f"https://www.{SITE}/", 26.0, 15.0)
    inbox.put(f"{SITE}-Top target pages-2026-05-10.xlsx", workbook_of(rows))
    (outcome,) = inbox.read().values()
    assert (outcome.site_domain, str(outcome.exported_on)) == (SITE, "2026-05-10")
    assert inbox.rows(PAGES) == [("external", f"https://www.{SITE}/", 26, 15, None, None, None)]
