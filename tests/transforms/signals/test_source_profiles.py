"""signals.source_profiles: what the links of one referring domain have in common."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make

SAME = {"site_domain": "kaas.example", "provider": "p"}
MADE = ("signals.link_texts", "signals.source_profiles")


def fill_links(
    warehouse: duckdb.DuckDBPyConnection, domain: str, urls: list[str], targets: list[str], **same: object
) -> None:
    for number, (url, target) in enumerate(zip(urls, targets, strict=True)):
        host = url.split("/")[0]
        fields = {**SAME, "link_id": f"{domain}{number}", "source_domain": domain, "source_host": host, **same}
        text = f"source_url | target_url\nhttps://{url} | https://kaas.example/{target}"
        fill(warehouse, "staging.links", text, **fields)


def test_a_farm_has_many_hosts_and_few_addresses_and_is_weak(warehouse: duckdb.DuckDBPyConnection) -> None:
    hosts = ["ko", "sk", "ja", "he", "th"]
    weak = {"source_authority": 1.0}
    fill_links(warehouse, "farm.example", [f"{h}.farm.example/a" for h in hosts], [""] * 5, **weak)
    fill_links(warehouse, "own.example", [f"{h}.own.example/{h}" for h in hosts], [""] * 5, **weak)
    fill_links(warehouse, "big.example", [f"{h}.big.example/a" for h in hosts], [""] * 5, source_authority=60.0)
    fill_links(warehouse, "mute.example", [f"{h}.mute.example/a" for h in hosts], [""] * 5)
    fill_links(warehouse, "page.example", [f"{h}.page.example/a" for h in hosts], [""] * 5, page_authority=1.0)
    fill_links(warehouse, "few.example", [f"{h}.few.example/a" for h in hosts[:4]], [""] * 4, **weak)
    make(warehouse, *MADE)
    check(
        warehouse,
        "signals.source_profiles",
        """
        source_domain | link_count | host_count | is_farm | is_repeated_sitewide
        farm.example  | 5          | 5          | true    | false
        own.example   | 5          | 5          | false   | false
        big.example   | 5          | 5          | false   | false
        mute.example  | 5          | 5          | false   | false
        page.example  | 5          | 5          | true    | false
        """,
    )


def test_twenty_pages_to_two_are_a_template_and_to_three_are_not(warehouse: duckdb.DuckDBPyConnection) -> None:
    for domain, count, targets in (("two.example", 20, 2), ("three.example", 20, 3), ("short.example", 19, 1)):
        urls = [f"{domain}/{number}" for number in range(count)]
        fill_links(warehouse, domain, urls, [str(number % targets) for number in range(count)])
    make(warehouse, *MADE)
    check(
        warehouse,
        "signals.source_profiles",
        "source_domain | is_repeated_sitewide\n two.example | true\n three.example | false\n short.example | false",
    )
