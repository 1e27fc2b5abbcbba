"""The truth of every link that an export lists, written beside the exports and never among them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from penalty_radar.simulation.pages import PlacedLink

LINK_TRUTH_FILE = "truth_links.csv"


@dataclass(frozen=True, slots=True)
class LinkTruth:
    """Whose work a link is and how it came about.

    ``kind`` is the kind of page, ``mechanism`` how it was arranged (empty: natural growth), ``group_name`` those
    arranged together. ``is_disclosed``: rel=sponsored stands on it; its origin stays what it is.
    """

    site_domain: str
    source_domain: str
    source_url: str
    target_url: str
    origin: str
    kind: str
    mechanism: str
    group_name: str
    is_disclosed: bool
    placed_on: str
    removed_on: str


def tell_links(site_domain: str, links: Iterable[PlacedLink]) -> list[LinkTruth]:
    """The truth of each link once, in order of addresses."""
    unique = {(link.source_url, link.target_url): link for link in links}
    return [
        LinkTruth(
            site_domain=site_domain,
            source_domain=link.source.domain,
            source_url=link.source_url,
            target_url=link.target_url,
            origin=link.source.origin,
            kind=link.source.kind,
            mechanism=link.mechanism,
            group_name=link.group,
            is_disclosed=link.is_sponsored,
            placed_on=link.placed_on.isoformat(),
            removed_on=link.removed_on.isoformat(),
        )
        for _, link in sorted(unique.items())
    ]


def write_link_truth(folder: Path, truths: Iterable[LinkTruth]) -> Path:
    """Write ``truth_links.csv`` into the folder, beside the exports and not among them."""
    path = folder / LINK_TRUTH_FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = [column.name for column in fields(LinkTruth)]
        writer.writerow(names)
        writer.writerows([getattr(truth, name) for name in names] for truth in truths)
    return path


def read_link_truth(folder: Path) -> pd.DataFrame:
    """One row per site, source address and target address; the columns of :class:`LinkTruth`, days as timestamps."""
    return pd.read_csv(folder / LINK_TRUTH_FILE, keep_default_na=False, parse_dates=["placed_on", "removed_on"])
