"""Screaming Frog All Outlinks, style of 2025: UTF-8 with its mark, comma-separated, quoted all through."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence

import numpy as np

from penalty_radar.simulation.arrangements import ReverseLink
from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.formats.written import ExportFile, delimited
from penalty_radar.simulation.names import SourceNames
from penalty_radar.simulation.parameters import Site, WorldParameters
from penalty_radar.simulation.wording import slug

HEADER = (
    "Type", "Source", "Destination", "Size (Bytes)", "Alt Text", "Anchor", "Status Code", "Status", "Follow", "Target",
    "Rel", "Path Type", "Link Path", "Link Position", "Link Origin",
)  # fmt: skip
PARTNERS_PATH = "partners/"
SUPPLIER_COUNT = 14
"""Ordinary outgoing links of a small site: suppliers, associations, sources."""

Row = tuple[object, ...]


def write_outlinks(site: Site, reverse_links: Sequence[ReverseLink], parameters: WorldParameters) -> list[ExportFile]:
    """Two crawls, one before the site swapped links, one on the last export day; or those that the world names."""
    files = []
    for crawled_on in parameters.crawls_on or (parameters.outlinks_before_on, parameters.last_export_on):
        back = [reverse for reverse in reverse_links if reverse.placed_on <= crawled_on]
        rows = _rows(site, back, parameters)
        content = codecs.BOM_UTF8 + delimited([HEADER, *rows], quote_all=True).encode()
        files.append(ExportFile(f"all_outlinks_{crawled_on}.csv", content, len(rows), crawled_on))
    return files


def _rows(site: Site, back: Iterable[ReverseLink], parameters: WorldParameters) -> list[Row]:
    rng = open_stream(parameters.seed, site.domain, "outgoing links")
    money, info = ([page.path.removeprefix("/") for page in kind] for kind in (site.money_pages, site.info_pages))
    pages = ["", *money, *info, PARTNERS_PATH, "contact/"]
    urls = [site.home_url + page for page in pages]
    names, themes = SourceNames([site.domain]), [slug(topic) for topic in site.topics]
    rows: list[Row] = []
    for source in urls:  # menus: internal links are listed as well
        for place, target in enumerate(urls):
            rows.append(_row(rng, source, target, target.rstrip("/").rsplit("/", 1)[-1], "Navigation", place + 1))
    suppliers = [f"https://www.{names.new_domain(rng, themes, ('nl', 'com', 'eu'))}/" for _ in range(SUPPLIER_COUNT)]
    for place, supplier in enumerate(suppliers):
        source = urls[int(rng.integers(1, len(urls) - 2))]
        rows.append(_row(rng, source, supplier, supplier.split(".")[1], "Content", place + 1))
    partners = sorted(back, key=lambda reverse: (reverse.placed_on, reverse.partner.domain))
    for place, reverse in enumerate(partners):
        target = f"https://www.{reverse.partner.domain}/"
        rows.append(_row(rng, site.home_url + reverse.path, target, reverse.partner.place, "Content", place + 1))
    return rows


def _row(rng: np.random.Generator, source: str, target: str, anchor: str, position: str, place: int) -> Row:
    is_internal = source.split("/")[2] == target.split("/")[2]
    path = "nav/ul/li" if position == "Navigation" else "div/main/ul/li"
    return (
        "Hyperlink", source, target, int(rng.integers(9_000, 90_000)) if is_internal else 0, "", anchor or "Home", 200,
        "OK", "true", "" if is_internal else "_blank", "" if is_internal else "noopener",
        "Root-Relative" if is_internal else "Absolute", f"//body/{path}[{place}]/a", position, "HTML",
    )  # fmt: skip
