"""Links of every provider: what rows became of each export, and its quirks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SAMPLES, SITE, ahrefs
from tests.transforms.ingest.made_links_exports import (
    AHREFS_2020,
    AHREFS_API,
    AHREFS_API_HEADER,
    BING,
    MAJESTIC_DOWNLOAD,
    MAJESTIC_LINKS,
    MOZ,
    SEMRUSH_API,
    written,
)

LINKS = (
    "SELECT source_domain, target_url, anchor_text, is_nofollow, CAST(first_seen_on AS VARCHAR), "
    "CAST(last_seen_on AS VARCHAR), is_lost, CAST(lost_on AS VARCHAR) FROM observed_links ORDER BY 1"
)


def _values(inbox: Inbox, columns: str, source_domain: str) -> tuple[Any, ...]:
    query = f"SELECT {columns} FROM observed_links WHERE source_domain = '{source_domain}'"
    return inbox.rows(query)[0]


@pytest.mark.parametrize(
    ("name", "provider", "expected"),
    [
        (
            "semrush_backlinks_api",
            "semrush_backlinks",
            [
                (
                    "kaasblog.example",
                    f"https://{SITE}/kaas",
                    "oude kaas",
                    True,
                    "2026-01-05",
                    "2026-02-01",
                    False,
                    None,
                ),
                ("linkveld.example", f"https://{SITE}/", "", False, "2025-01-03", "2026-01-01", True, None),
            ],
        ),
        (
            "ahrefs_backlinks_2020",
            "ahrefs_backlinks",
            [
                (
                    "lifeblog.example",
                    f"https://www.{SITE}/",
                    "kaas kopen",
                    True,
                    "2019-11-02",
                    "2020-02-20",
                    False,
                    None,
                ),
                ("oud.example", f"http://{SITE}/oud", "", False, "2018-01-05", "2020-01-30", True, "2020-02-01"),
            ],
        ),
        (
            "ahrefs_backlinks_api",
            "ahrefs_backlinks",
            [
                (
                    "lifeblog.example",
                    f"https://www.{SITE}/",
                    "kaas kopen",
                    False,
                    "2025-09-02",
                    "2026-01-20",
                    False,
                    None,
                ),
                ("oud.example", f"https://{SITE}/oud", "", True, "2024-02-05", "2026-01-10", True, "2026-01-11"),
            ],
        ),
        (
            "ahrefs_backlinks_webmaster_tools",
            "ahrefs_backlinks",
            [("linkveld.example", f"https://www.{SITE}/", "kaas", True, "2025-09-28", "2026-05-06", False, None)],
        ),
        (
            "majestic_backlinks",
            "majestic_backlinks",
            [
                ("bos.example", f"https://{SITE}/kaas", "oude kaas", True, "2025-03-17", "2026-01-15", False, None),
                ("veld.example", f"https://{SITE}/", "", False, "2024-03-16", "2025-06-15", True, "2025-07-01"),
            ],
        ),
        (
            "majestic_backlinks_pages",
            "majestic_backlinks",
            [("bos.example", f"https://{SITE}/kaas", "oude kaas", None, "2025-03-17", None, None, None)],
        ),
        (
            "majestic_backlinks_download",
            "majestic_backlinks",
            [("bos.example", f"https://{SITE}/kaas", "oude kaas", False, "2025-03-17", "2026-01-15", None, None)],
        ),
        (
            "moz_inbound_links",
            "moz_inbound_links",
            [
                ("bos.example", f"{SITE}/kaas", "oude kaas", True, None, None, None, None),
                ("veld.example", f"www.{SITE}/", "", False, None, None, None, None),
            ],
        ),
        (
            "bing_inbound_links",
            "bing_inbound_links",
            [
                ("bos.example", f"https://{SITE}/kaas", "oude kaas, belegen", None, None, None, None, None),
                ("veld.example", f"https://{SITE}/", "", None, None, None, None, None),
            ],
        ),
        (
            "dataforseo_backlinks",
            "dataforseo_backlinks",
            [
                ("bos.example", f"https://{SITE}/kaas", "oude kaas", False, "2025-01-21", "2026-01-05", False, None),
                ("veld.example", f"https://{SITE}/", "", True, "2024-01-21", "2025-06-05", True, None),
            ],
        ),
    ],
)
def test_links_of_each_provider(inbox: Inbox, name: str, provider: str, expected: list[tuple[Any, ...]]) -> None:
    file_name, content = SAMPLES[name]
    outcome = inbox.read_only(file_name, content)
    assert (outcome.format, outcome.provider, outcome.site_domain) == (name, provider, SITE)
    assert inbox.rows(LINKS) == expected


def test_ahrefs_keeps_the_kind_of_link_and_the_way_it_is_led_over(inbox: Inbox) -> None:
    led = {"Type": "redirect", "Redirect Chain URLs": f"http://{SITE}/\nhttps://{SITE}/"}
    inbox.read_only(f"{SITE}/a.csv", ahrefs(led))
    assert inbox.rows("SELECT link_type, is_image, redirect_urls FROM observed_links") == [
        ("redirect", False, f"http://{SITE}/\nhttps://{SITE}/")
    ]


def test_audit_keeps_the_kind_of_link(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/a.csv", SAMPLES["semrush_audit"][1].replace(b"compound,a,", b"compound,iframe,"))
    assert inbox.rows("SELECT link_type, is_image FROM observed_links") == [("iframe", False)]


def test_semrush_api_answers_hold_what_was_asked_for(inbox: Inbox) -> None:
    content = f"source_url;target_url;external_num\r\nhttps://bos.example/;https://{SITE}/;7\r\n"
    outcome = inbox.read_only(f"{SITE}/semrush_api.backlinks.2026-02-06.page-1.csv", content)
    assert (outcome.provider, outcome.loaded_count) == ("semrush_backlinks", 1)
    assert inbox.rows("SELECT anchor_text, is_nofollow, external_link_count FROM observed_links") == [(None, None, 7)]


def test_semrush_api_title_with_a_semicolon_is_rejected_and_named(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/x.csv", SEMRUSH_API.replace(b"Een titel", b"Kaas; en meer"))
    assert (outcome.row_count, outcome.loaded_count, outcome.rejected_count) == (2, 1, 1)
    assert inbox.rows("SELECT row_number, reason FROM ingest.rejected_rows WHERE column_name = '*'") == [
        (1, "19 columns as in the header; found 20")
    ]


def test_semrush_answer_of_the_size_that_was_asked_for_is_cut_off(inbox: Inbox) -> None:
    header, first, _ = SEMRUSH_API.split(b"\r\n", 2)
    rows = [first.replace(b"stukje", f"stukje-{at}".encode()) for at in range(10_000)]
    outcome = inbox.read_only(f"{SITE}/x.csv", b"\r\n".join([header, *rows]))
    assert (outcome.loaded_count, outcome.is_truncated) == (10_000, True)


def test_semrush_of_before_2020_keeps_no_score_of_another_scale(inbox: Inbox) -> None:
    content = (
        "Page score,Page trust score,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,"
        "Frame,Form,Image,Sitewide,First seen,Last seen\n"
        f"9,30,Titel,https://bos.example/,https://{SITE}/,kaas,3,4,true,false,false,false,true,2018-01-02,2019-01-02\n"
    )
    outcome = inbox.read_only("links.csv", content)
    assert (outcome.format, outcome.loaded_count) == ("semrush_backlinks", 1)
    assert _values(inbox, "page_authority, is_nofollow, is_sitewide, is_lost", "bos.example") == (
        None,
        True,
        True,
        None,
    )


def test_ahrefs_2020_day_of_the_name_and_words_of_the_type(inbox: Inbox) -> None:
    name = SAMPLES["ahrefs_backlinks_2020"][0]
    content = AHREFS_2020.decode("utf-16").replace("Nofollow", "Image, UGC, Nofollow").encode("utf-16")
    outcome = inbox.read_only(name, content)
    assert str(outcome.exported_on) == "2020-02-23"
    columns = "link_type, is_image, is_ugc, is_sponsored, source_authority, page_authority, external_link_count"
    assert _values(inbox, columns, "lifeblog.example") == ("Image, UGC, Nofollow", True, True, False, 37.0, 14.0, 14)


def test_ahrefs_api_day_of_the_link_goes_before_that_of_its_page(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/met.csv", AHREFS_API)
    only_page = AHREFS_API.replace(b"first_seen_link", b"class_c").replace(SITE.encode(), b"anders.example")
    without = inbox.read_only("anders.example/zonder.csv", only_page)
    assert without.rejected_count == 0
    assert inbox.rows(
        "SELECT site_domain, CAST(first_seen_on AS VARCHAR) FROM observed_links "
        "WHERE source_domain = 'lifeblog.example' ORDER BY 1"
    ) == [("anders.example", "2019-01-01"), (SITE, "2025-09-02")]


def test_ahrefs_api_without_nofollow_is_told_by_dofollow(inbox: Inbox) -> None:
    at = AHREFS_API_HEADER.index("is_nofollow")
    records = [line.split(",") for line in AHREFS_API.decode().splitlines()]
    content = written(*([*record[:at], *record[at + 1 :]] for record in records))
    inbox.read_only(f"{SITE}/x.csv", content)
    assert inbox.rows("SELECT source_domain, is_nofollow, is_sponsored, link_type FROM observed_links ORDER BY 1") == [
        ("lifeblog.example", False, False, "text"),
        ("oud.example", True, True, "redirect"),
    ]


def test_ahrefs_webmaster_tools_stop_at_a_thousand(inbox: Inbox) -> None:
    header, row = SAMPLES["ahrefs_backlinks_webmaster_tools"][1].decode().splitlines()
    rows = [row.replace("/p/1", f"/p/{at}") for at in range(1_000)]
    outcome = inbox.read_only(f"{SITE}/x.csv", "\r\n".join([header, *rows]))
    assert (outcome.loaded_count, outcome.is_truncated) == (1_000, True)
    assert _values(inbox, "is_spam_by_provider, is_image, source_authority", "linkveld.example") == (True, True, 47.0)


def test_majestic_minus_one_is_no_value_and_marks_may_be_empty(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/a.csv", MAJESTIC_LINKS)
    assert _values(inbox, "page_authority, source_authority, is_image, link_type", "veld.example") == (
        None,
        0.0,
        True,
        "ImageLink",
    )
    marked = MAJESTIC_DOWNLOAD.replace(b"2025-03-17,,,", b"17/03/2025 00:00,+,,").replace(
        SITE.encode(), b"twee.example"
    )
    inbox.read_only("twee.example/b.csv", marked)
    assert inbox.rows(
        "SELECT is_nofollow, is_image, CAST(first_seen_on AS VARCHAR) FROM observed_links "
        "WHERE site_domain = 'twee.example'"
    ) == [(True, False, "2025-03-17")]


def test_majestic_link_without_a_day_of_loss_is_not_lost(inbox: Inbox) -> None:
    header = ["SourceURL", "TargetURL", "AnchorText", "FlagNoFollow", "DateLost"]
    rows = [
        [f"https://{host}.example/", f"https://{SITE}/", "kaas", "0", lost]
        for host, lost in {"bos": "-", "veld": "", "zee": "2026-01-05"}.items()
    ]
    inbox.read_only(f"{SITE}/a.csv", written(header, *rows))
    assert inbox.rows("SELECT source_host, is_lost FROM observed_links ORDER BY 1") == [
        ("bos.example", False),
        ("veld.example", False),
        ("zee.example", True),
    ]


def test_moz_reads_behind_its_preamble_and_scores_with_a_sign(inbox: Inbox) -> None:
    name = SAMPLES["moz_inbound_links"][0]
    outcome = inbox.read_only(name, MOZ)
    assert (outcome.row_count, str(outcome.exported_on)) == (2, "2022-03-21")
    assert _values(inbox, "provider_score, page_authority, source_authority", "bos.example") == (3.0, 22.0, 41.0)
    assert _values(inbox, "provider_score", "veld.example") == (None,)


def test_moz_of_later_years_by_its_other_names(inbox: Inbox) -> None:
    content = written(
        ["Moz", "Inbound Links"],
        ["Source URL", "Target URL", "Anchor Text", "DA", "PA", "Spam Score", "Link Type", "First Seen", "Last Seen"],
        ["bos.example/a", f"{SITE}/", "kaas", "41", "22", "--", "no-follow", "2022-01-05", "2022-03-01"],
    )
    outcome = inbox.read_only(f"{SITE}/x.csv", content)
    assert (outcome.format, outcome.loaded_count) == ("moz_inbound_links", 1)
    assert inbox.rows(LINKS)[0][3:6] == (True, "2022-01-05", "2022-03-01")


def test_three_columns_of_links_with_a_fourth_are_not_taken_for_bing(inbox: Inbox) -> None:
    content = BING.replace(b'"Target URL"', b'"Target URL","Toelichting"').replace(b'/kaas"', b'/kaas","x"')
    outcome = inbox.read_only(f"{SITE}/x.csv", content)
    assert (outcome.status, outcome.format) == ("set_aside", None)
