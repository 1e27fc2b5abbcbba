"""The ``sites.toml`` entry that a site's exports, and the warehouse if it knows the site, suggest.

Every line says in a comment where it comes from: a person reads the proposal before it counts.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from penalty_radar.clock import now
from transforms.ingest.country_names import OTHER_NAMES
from transforms.settings import Settings

MOST_WORDS = 5
"""Brand words and money pages proposed: as many as a person checks at a glance."""

FEWEST_LETTERS = 4
"""Letters an anchor needs before its being part of the domain name means anything."""

BORROWED_ENDINGS = frozenset({"ai", "cc", "co", "eu", "fm", "gg", "io", "me", "sh", "tv", "ws"})
"""Endings of two letters that say little of a country: sold for how they look, or of a union."""


@dataclass(frozen=True)
class Known:
    """What the warehouse knows of the site, strongest first; all empty when it does not."""

    export_days: tuple[tuple[str, datetime.date], ...] = ()
    markets: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    clicked_pages: tuple[str, ...] = ()
    linked_pages: tuple[str, ...] = ()


def propose_entry(settings: Settings, domain: str, files: Sequence[Any]) -> str:
    """The entry of ``domain`` as TOML, with comments, from its ``files`` (as ``discover`` gave them) and the warehouse.

    ``domain`` is a registrable domain; the text ends with a line end.
    """
    known = _read_known(settings, domain)
    own = [file for file in files if file.site_domain == domain and file.provider]
    markets = [*dict.fromkeys([*(file.country for file in own if file.country), *known.markets])]
    ending = _country_of_ending(domain)
    country = markets[0] if markets else ending
    lines = ["[[site]]", _line("domain", domain)]
    if language := _language_of(country):
        lines.append(_line("language", language, f"a guess, from the country {country}"))
    if markets:
        lines.append(_line("markets", markets, "countries that ranking exports name"))
    elif ending:
        lines.append(_line("markets", [ending], f"a guess, from the ending .{domain.rpartition('.')[2]}"))
    lines.append(_line("brand_words", _brand_words(domain, known.anchors), "the domain name, and anchors that read so"))
    if owned := _owned_domains(domain, own):
        lines.append(_line("owned_domains", owned, "Search Console properties among the site's files"))
    if known.clicked_pages:
        lines.append(_line("money_pages", known.clicked_pages, "most clicks in Search Console; keep those that earn"))
    elif known.linked_pages:
        lines.append(_line("money_pages", known.linked_pages, "most referring domains; keep those that earn"))
    return "\n".join([*lines, *_feed_lines(domain, [*known.export_days, *_days_of(own)])]) + "\n"


def _line(name: str, value: object, comment: str = "") -> str:
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON text is TOML but for this letter
    return f"{name} = {text}" + (f"  # {comment}" if comment else "")


def _country_of_ending(domain: str) -> str | None:
    ending = domain.rpartition(".")[2]
    return None if len(ending) != 2 or ending in BORROWED_ENDINGS else OTHER_NAMES.get(ending, ending)


def _language_of(country: str | None) -> str | None:
    try:
        return str(Locale.parse(f"und_{country.upper()}").language) if country else None
    except (UnknownLocaleError, ValueError):
        return None


def _brand_words(domain: str, anchors: Iterable[str]) -> list[str]:
    """The name before the ending, and the most used anchors whose letters are the name's, or part of it."""
    name = domain.partition(".")[0]
    with contextlib.suppress(UnicodeError):
        name = name.encode("ascii").decode("idna")
    bare = _letters(name)
    words = [name]
    for anchor in anchors:
        letters, word = _letters(anchor), " ".join(anchor.lower().split())
        if len(letters) >= FEWEST_LETTERS and letters in bare and word not in words:
            words.append(word)
    return words[:MOST_WORDS]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _owned_domains(domain: str, files: Iterable[Any]) -> list[str]:
    from transforms.ingest.properties import domain_of_property

    named = {domain_of_property(file.site_property) for file in files if file.site_property}
    return sorted(other for other in named if other and other != domain)


def _days_of(files: Iterable[Any]) -> list[tuple[str, datetime.date]]:
    """Provider and day of each file, as far as its head tells: the ledger, once it was read, knows better."""
    from transforms.ingest.export_days import export_day, latest_day

    latest = latest_day(now())
    return [(file.provider, min(export_day(file, None, None)[0], latest)) for file in files if file.reason is None]


def _feed_lines(domain: str, export_days: Sequence[tuple[str, datetime.date]]) -> list[str]:
    """A table per provider, its cadence by the same rule that later says whether it is late (ingest.feeds)."""
    from transforms.ingest.formats.search_console import FILTERED_PROVIDER
    from transforms.pipeline import run_stage
    from transforms.stages import INGEST
    from transforms.warehouse import open_writer

    if not export_days:
        return []
    with (
        tempfile.TemporaryDirectory() as folder,
        open_writer(Path(folder) / "proposal.duckdb") as connection,
    ):
        connection.executemany(
            "INSERT INTO ingest.export_files (site_domain, status, provider, exported_on) VALUES (?, 'loaded', ?, ?)",
            [(domain, provider, day) for provider, day in sorted(set(export_days))],
        )
        run_stage(connection, INGEST, as_of=max(day for _, day in export_days))
        feeds = connection.execute(
            "SELECT provider, cadence, cadence_source, export_count FROM ingest.feeds ORDER BY provider"
        ).fetchall()
    lines = []
    for provider, cadence, source, count in feeds:
        if provider == FILTERED_PROVIDER:  # made by hand to look at something; nobody waits for the next
            continue
        told = f"from the days between {count} exports" if source == "inferred" else f"assumed, exports so far: {count}"
        lines += ["", f"[site.feeds.{provider}]", _line("cadence", cadence, told)]
    return lines


def _read_known(settings: Settings, domain: str) -> Known:
    from transforms.warehouse import open_reader, snapshot_path

    if not snapshot_path(settings.warehouse).is_file():
        return Known()
    with open_reader(settings.warehouse) as connection:

        def read(query: str) -> tuple[Any, ...]:
            return tuple(connection.execute(query, {"site": domain}).fetchall())

        return Known(
            export_days=read(
                "SELECT DISTINCT provider, exported_on FROM ingest.export_files WHERE site_domain = $site "
                "AND status = 'loaded' AND provider IS NOT NULL AND exported_on IS NOT NULL"
            ),
            markets=_firsts(read(_MARKETS)),
            anchors=_firsts(read(_ANCHORS)),
            clicked_pages=_firsts(read(_CLICKED_PAGES)),
            linked_pages=_firsts(read(_LINKED_PAGES)),
        )


def _firsts(rows: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in rows)


_MARKETS = """
SELECT country FROM staging.rankings
WHERE site_domain = $site AND length(country) = 2 GROUP BY country ORDER BY count(*) DESC, country LIMIT 5
"""

_ANCHORS = """
SELECT trim(anchor_text) AS anchor FROM staging.links
WHERE site_domain = $site AND trim(anchor_text) <> ''
GROUP BY anchor ORDER BY count(DISTINCT source_domain) DESC, anchor LIMIT 200
"""

_NO_HOME_PAGE = "regexp_matches({page}, '^https?://[^/\\s]+/[^?#\\s]\\S*$')"

_CLICKED_PAGES = f"""
SELECT page_url FROM (
  SELECT site_domain, dimension_set, page_url, clicks AS day_clicks, 0 AS period_clicks
  FROM staging.search_performance
  UNION ALL
  SELECT site_domain, dimension_set, page_url, 0, clicks FROM staging.search_performance_periods
) AS performance
WHERE site_domain = $site AND dimension_set = 'page' AND {_NO_HOME_PAGE.format(page="page_url")}
GROUP BY page_url HAVING sum(day_clicks + period_clicks) > 0
ORDER BY greatest(sum(day_clicks), max(period_clicks)) DESC, page_url LIMIT {MOST_WORDS}
"""  # noqa: S608 - our own text

_LINKED_PAGES = f"""
SELECT target_url FROM staging.links
WHERE site_domain = $site AND {_NO_HOME_PAGE.format(page="target_url")}
GROUP BY target_url ORDER BY count(DISTINCT source_domain) DESC, target_url LIMIT {MOST_WORDS}
"""  # noqa: S608 - our own text
