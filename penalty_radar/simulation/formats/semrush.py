"""Semrush: Backlinks, Backlink Audit and Organic Positions, as comma-separated UTF-8."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.formats.written import ExportFile, delimited, spell
from penalty_radar.simulation.indexes import ListedLink
from penalty_radar.simulation.keywords import KEYWORD_TAILS
from penalty_radar.simulation.parameters import Site, WorldParameters

BACKLINKS_HEADER = (
    "Page ascore", "Source title", "Source url", "Target url", "Anchor", "External links", "Internal links",
    "Nofollow", "Sponsored", "Ugc", "Text", "Frame", "Form", "Image", "Sitewide", "First seen", "Last seen",
    "New link", "Lost link",
)  # fmt: skip
AUDIT_HEADER = (
    "Domain Authority Score", "Page Authority Score", "Source URL", "Source Page Title", "Source Domain", "Target URL",
    "Anchor", "Anchor Type", "Link Type", "No Follow", "Toxic Score", "First Seen", "Last Seen", "Comment",
)  # fmt: skip
ORGANIC_HEADER = (
    "Keyword", "Position", "Previous position", "Search Volume", "Keyword Difficulty", "CPC", "URL", "Traffic",
    "Traffic (%)", "Traffic Cost", "Competition", "Number of Results", "Trends", "Timestamp",
    "SERP Features by Keyword", "Keyword Intents", "Position Type",
)  # fmt: skip
_ANCHOR_TYPES = {
    "brand": "branded", "url": "naked", "exact": "money", "empty": "empty", "topic": "organic", "generic": "unknown",
}  # fmt: skip
_RESULT_FEATURES = ("Image pack", "Sitelinks", "People also ask", "Related searches", "Video", "Ads top", "AI overview")


def write_backlinks(site: Site, listed: Sequence[ListedLink], parameters: WorldParameters) -> ExportFile:
    """The Backlinks report: dates only, flags in lower case, no day of export in the name."""
    new_from = parameters.last_export_on - datetime.timedelta(days=parameters.new_flag_days)
    rows = []
    for seen in listed:
        link = seen.placed
        rows.append(
            (
                round(seen.authority),
                link.source_title,
                link.source_url,
                link.target_url,
                "" if link.is_image else link.anchor_text,
                link.external_links,
                link.internal_links,
                *map(spell, (link.is_nofollow, link.is_sponsored, link.is_ugc)),
                *map(spell, (not link.is_image, False, False, link.is_image, link.is_sitewide)),
                seen.first_seen_at.date(),
                seen.last_seen_at.date(),
                spell(seen.first_seen_at.date() >= new_from),
                spell(seen.lost_at is not None),
            )
        )
    content = delimited([BACKLINKS_HEADER, *rows]).encode()
    return ExportFile(f"{site.domain}-backlinks.csv", content, len(rows), parameters.last_export_on)


def write_audit(site: Site, listed: Sequence[ListedLink], parameters: WorldParameters) -> ExportFile:
    """The Backlink Audit: one link per source host, worst Toxic Score first."""
    rng = open_stream(parameters.seed, site.domain, "toxic score")
    by_host: dict[str, ListedLink] = {}
    for seen in sorted(listed, key=lambda seen: (seen.first_seen_at, seen.placed.source_url)):
        by_host.setdefault(seen.placed.source_host, seen)
    rows = []
    for host, seen in by_host.items():
        link, kind = seen.placed, parameters.kinds[seen.placed.source.kind]
        score = int(np.clip(round(rng.normal(kind.toxic_mean, kind.toxic_sd)), 0, 100))
        anchor_type = "compound" if kind.is_farm else _ANCHOR_TYPES[link.anchor_kind]
        rows.append(
            (
                round(seen.authority),
                int(seen.authority * 0.4),
                link.source_url,
                link.source_title,
                host,
                link.target_url,
                link.anchor_text,
                anchor_type,
                "img" if link.is_image else "a",
                spell(link.is_nofollow),
                score,
                seen.first_seen_at.date(),
                seen.last_seen_at.date(),
                "",
            )
        )
    rows.sort(key=lambda row: (-int(row[10]), str(row[2])))
    name = f"backlink_audit_domains_{27_100_000 + parameters.seed % 900_000}_{parameters.last_export_on}.csv"
    return ExportFile(name, delimited([AUDIT_HEADER, *rows]).encode(), len(rows), parameters.last_export_on)


def write_organic(site: Site, parameters: WorldParameters) -> ExportFile:
    """Organic Positions: one row per keyword and its own day of check, best traffic first."""
    rng = open_stream(parameters.seed, site.domain, "organic positions")
    keywords = [
        (f"{keyword} {tail}".strip(), site.home_url + page.path.removeprefix("/"))
        for page in site.money_pages
        for keyword in page.keywords
        for tail in KEYWORD_TAILS[site.language]
    ]
    keywords += [(page.title.lower(), site.home_url + page.path.removeprefix("/")) for page in site.info_pages]
    keywords.append((site.brand.lower(), site.home_url))
    rows = [_organic_row(rng, keyword, url, parameters) for keyword, url in keywords]
    total = sum(int(str(row[7])) for row in rows) or 1
    shared = [(*row[:8], f"{100 * int(str(row[7])) / total:.2f}", *row[9:]) for row in rows]
    shared.sort(key=lambda row: (-int(str(row[7])), str(row[0])))
    day = parameters.last_export_on
    country = "uk" if site.domain.endswith(".uk") else "us" if site.language == "en" else site.language
    name = f"{site.domain}-organic.Positions-{country}-{day:%Y%m%d}-{day}T08_06_17Z.csv"
    return ExportFile(name, delimited([ORGANIC_HEADER, *shared]).encode(), len(rows), day)


def _organic_row(rng: np.random.Generator, keyword: str, url: str, parameters: WorldParameters) -> tuple[object, ...]:
    position = int(np.clip(np.rint(rng.lognormal(2.0, 0.9)), 1, 100))
    previous = int(np.clip(np.rint(position * np.exp(rng.normal(0, 0.12))), 1, 100))
    volume = int(np.rint(rng.lognormal(5.0, 1.2) / 10) * 10)
    traffic = int(volume * 0.3 / position)
    cost = round(float(rng.uniform(0.1, 1.4)), 2)
    trend = [int(value) for value in rng.integers(20, 101, 12)]
    checked_on = parameters.last_export_on - datetime.timedelta(days=int(rng.integers(1, 28)))
    features = [feature for feature in _RESULT_FEATURES if rng.random() < 0.45]
    return (
        keyword,
        position,
        previous,
        volume,
        int(rng.integers(8, 60)),
        f"{cost:.2f}",
        url,
        traffic,
        "",
        f"{traffic * cost:.2f}",
        f"{rng.uniform(0, 1):.2f}",
        int(rng.integers(20_000, 9_000_000)),
        "[" + ",".join(map(str, trend)) + "]",
        checked_on,
        ", ".join(features),
        "transactional" if rng.random() < 0.5 else "informational",
        "Organic",
    )
