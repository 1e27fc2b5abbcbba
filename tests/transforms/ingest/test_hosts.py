"""Hosts and registrable domains: the same in SQL and in Python."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SITE, semrush, semrush_row
from transforms.ingest.hosts import host_of, host_sql, is_domain, normalise_host, registrable_domain

ADDRESSES = [
    ("https://www.Kaas.Example/x?y=https://b.example", "www.kaas.example", "kaas.example"),
    ("HTTP://jan:geheim@Kaas.example:8080/", "kaas.example", "kaas.example"),
    ("kaas.example/x", "kaas.example", "kaas.example"),
    ("kaas.example:8080/x", "kaas.example", "kaas.example"),
    ("//kaas.example./x", "kaas.example", "kaas.example"),
    ("https://een.winkel.co.uk#boven", "een.winkel.co.uk", "winkel.co.uk"),
    ("https://jan.blogspot.com/2026", "jan.blogspot.com", "jan.blogspot.com"),
    ("https://192.0.2.7/x", "192.0.2.7", "192.0.2.7"),
    ("https://[2001:db8::1]:443/x", "2001:db8::1", "2001:db8::1"),
    ("https://bücher.example/x", "xn--bcher-kva.example", "xn--bcher-kva.example"),
]


@pytest.mark.parametrize(("address", "host", "domain"), ADDRESSES)
def test_host_and_domain(address: str, host: str, domain: str) -> None:
    assert host_of(address) == host
    assert registrable_domain(host) == domain
    [(spelt,)] = duckdb.execute(f"SELECT {host_sql('$1')}", [address]).fetchall()
    assert normalise_host(spelt) == host


@pytest.mark.parametrize(
    "address", ["", "mailto:jan@kaas.example", "tel:0612", "javascript:void(0)", "/pad", "localhost"]
)
def test_no_host(address: str) -> None:
    assert host_of(address) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kaas.nl", True),
        ("www.kaas.co.uk", True),
        ("co.uk", False),
        ("exports.v2", False),
        ("map", False),
        ("a b.nl", False),
    ],
)
def test_names_that_are_domains(name: str, *, expected: bool) -> None:
    assert is_domain(name) is expected


def test_every_source_host_of_a_file_has_its_domain(inbox: Inbox) -> None:
    rows = [semrush_row(address) for address, _, _ in ADDRESSES]
    outcome = inbox.read_only(f"{SITE}/a.csv", semrush(*rows))
    assert outcome.rejected_count == 0
    found = inbox.rows("SELECT DISTINCT source_host, source_domain FROM observed_links ORDER BY 1")
    assert found == sorted({(host, domain) for _, host, domain in ADDRESSES})
