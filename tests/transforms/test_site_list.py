"""``sites.toml``: entries are validated one by one, and a bad one stops only its own site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.errors import UsageError
from transforms.site_list import FeedEntry, SiteList, load_site_list

ReadSites = Callable[[str], SiteList]


@pytest.fixture
def read(tmp_path: Path) -> ReadSites:
    """Reads a site list from text."""

    def load(text: str) -> SiteList:
        path = tmp_path / "sites.toml"
        path.write_text(text, encoding="utf-8")
        return load_site_list(path)

    return load


def test_a_whole_entry(read):
    found = read("""
[[site]]
domain = "voorbeeldwinkel.nl"
group = "Voorbeeld BV"
owner = "Anna"
language = "nl"
time_zone = "Europe/Amsterdam"
recipients = ["seo@voorbeeldwinkel.nl"]
brand_words = ["voorbeeldwinkel"]
owned_domains = ["www.voorbeeld-winkel.be"]
markets = ["NL", "be", "uk"]
money_pages = ["/fietsen/", "https://www.voorbeeldwinkel.nl/tassen/"]
controls = ["rustigewinkel.nl"]
competitors = ["anderewinkel.nl"]

[site.feeds.search_console]
cadence = "daily"
fetch = true
property = "sc-domain:voorbeeldwinkel.nl"

[site.feeds.ahrefs_backlinks]
cadence = "monthly"
grace_days = 10
monthly_cap = 50000
mode = "subdomains"
target = "voorbeeldwinkel.nl"
""")
    assert not found.problems
    assert not found.is_inferred
    (site,) = found.sites
    assert site.owned_domains == ("voorbeeld-winkel.be",)
    assert site.markets == ("nl", "be", "gb")
    assert {provider: feed.allowed_days() for provider, feed in site.feeds.items()} == {
        "search_console": 1 + 3,
        "ahrefs_backlinks": 31 + 10,
    }
    assert site.feeds["search_console"].fetch
    assert FeedEntry().allowed_days() == 7 + 4
    assert found.find("voorbeeldwinkel.nl") is site
    assert found.find("anderewinkel.nl") is None


@pytest.mark.parametrize(
    ("spelt", "domain"),
    [
        ("WWW.Voorbeeldwinkel.NL.", "voorbeeldwinkel.nl"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("shop.winkel.co.uk", "winkel.co.uk"),
        ("winkel.github.io", "winkel.github.io"),
    ],
)
def test_a_domain_is_its_registrable_domain_in_idna(read, spelt, domain):
    assert [site.domain for site in read(f'[[site]]\ndomain = "{spelt}"').sites] == [domain]


@pytest.mark.parametrize(
    ("line", "spot", "expected"),
    [
        ('domain = "https://kapot.nl"', "domain", "a domain such as"),
        ('domain = "co.uk"', "domain", "a domain such as"),
        ('domain = "winkel"', "domain", "a domain such as"),
        ('domain = "192.0.2.7"', "domain", "a domain such as"),
        ("domain = 7", "domain", "a valid string"),
        ('owner = "nobody"', "domain", "a value"),
        ('domain = "kapot.nl"\ntime_zone = "Mars/Olympus"', "time_zone", "a time zone such as"),
        ('domain = "kapot.nl"\nlanguage = "Dutch"', "language", "a language such as"),
        ('domain = "kapot.nl"\nrecipients = ["seo@"]', "recipients.0", "an e-mail address, or the name of a channel"),
        ('domain = "kapot.nl"\nrecipients = "a@kapot.nl"', "recipients", "a valid tuple"),
        ('domain = "kapot.nl"\nbrand_words = [" "]', "brand_words.0", "a word"),
        ('domain = "kapot.nl"\nmarkets = ["xq"]', "markets.0", "ISO 3166-1"),
        ('domain = "kapot.nl"\nmoney_pages = ["fietsen"]', "money_pages.0", "a page such as"),
        ('domain = "kapot.nl"\ncompetitors = ["nl"]', "competitors.0", "a domain such as"),
        ('domain = "kapot.nl"\ncolour = 2', "colour", "one of domain, group, owner"),
        ('domain = "kapot.nl"\nfeeds.Ahrefs = {}', "feeds.Ahrefs", "docs/sources.md"),
        ('domain = "kapot.nl"\nfeeds.ahrefs.cadence = "hourly"', "feeds.ahrefs.cadence", "'daily', 'weekly'"),
        ('domain = "kapot.nl"\nfeeds.ahrefs.grace_days = -1', "feeds.ahrefs.grace_days", "greater than"),
        (
            'domain = "kapot.nl"\nfeeds.gsc.property = "www.kapot.nl"',
            "feeds.gsc.property",
            "sc-domain:voorbeeldwinkel.nl",
        ),
        ('domain = "kapot.nl"\nfeeds.gsc.property = "https://kapot.nl"', "feeds.gsc.property", "https://www."),
        ('domain = "kapot.nl"\nfeeds.ahrefs.colour = 1', "feeds.ahrefs.colour", "one of cadence, grace_days"),
    ],
)
def test_a_bad_entry_says_where_and_what_was_expected_and_the_others_load(read, line, spot, expected):
    found = read(f'[[site]]\n{line}\n\n[[site]]\ndomain = "goed.nl"\n')
    assert [site.domain for site in found.sites] == ["goed.nl"]
    (problem,) = found.problems
    assert "site 1 (" in problem.where
    assert problem.where.endswith(f", {spot}")
    assert expected in problem.expected
    assert "the other sites go on" in str(problem)


def test_every_fault_of_an_entry_is_named_at_once_with_the_site_it_stops(read):
    found = read('[[site]]\ndomain = "www.kapot.nl"\nlanguage = "Dutch"\nmarkets = ["nl", "q"]')
    assert [(problem.domain, problem.where.rpartition(", ")[2]) for problem in found.problems] == [
        ("kapot.nl", "language"),
        ("kapot.nl", "markets.1"),
    ]


def test_of_two_entries_for_one_domain_the_first_counts_and_the_second_is_named(read):
    found = read('[[site]]\ndomain = "dubbel.nl"\nowner = "A"\n[[site]]\ndomain = "www.dubbel.nl"\nowner = "B"')
    assert [site.owner for site in found.sites] == ["A"]
    (problem,) = found.problems
    assert "site 2" in problem.where
    assert "dubbel.nl a second time" in problem.found
    assert problem.domain is None  # the site itself goes on


def test_without_the_file_sites_are_inferred(tmp_path):
    assert load_site_list(tmp_path / "sites.toml") == SiteList(is_inferred=True)


@pytest.mark.parametrize("text", ["[[site", '[[sites]]\ndomain = "a.nl"', '[site]\ndomain = "a.nl"', 'site = ["a.nl"]'])
def test_a_file_of_another_shape_is_refused_whole(read, text):
    with pytest.raises(UsageError, match=r"sites\.toml"):
        read(text)


def test_entries_cannot_be_changed(read):
    (site,) = read('[[site]]\ndomain = "goed.nl"').sites
    with pytest.raises(ValueError, match="frozen"):
        site.owner = "other"
