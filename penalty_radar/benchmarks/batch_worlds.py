"""Sites whose links come and rot as usual, with bought and rented batches among them, as ``staging.links``."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

AS_OF = datetime.date(2026, 6, 30)
SPAN_DAYS = 1095
"""Days that the exports reach back: three years, so that terms of a year have come to their end."""

SITE_YEARS = SPAN_DAYS / 365.25

ROT_SHAPE, ROT_SCALE = 0.581, 6545.0
"""Weibull life of a natural link, days: 8 % lost within three months, 44 % within seven years (published)."""

TERMS = ((1, 30), (3, 91), (6, 182), (12, 365))

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class WorldParams:
    """One site. Guesses of what is ordinary, except the rot."""

    domains: int = 400
    """Domains that come of their own accord in three years."""

    batch_size: int = 8
    """Domains of a planted batch; 0: nothing is planted."""

    months: int = 3
    """Term of the rented batch."""

    owner_share: float = 0.1
    """Share of domains that come in threes of one owner, within three days, and go on one day."""

    crowd: int = 30
    """Domains of a week in which everybody links to one page, with anchors and authorities as ever."""

    spam: int = 60
    """Weak domains that come within ten days and vanish together."""

    recrawl_days: int = 0
    """Days between the rounds in which the provider notices losses; 0: each when it happens."""

    export_days: int = 0
    """Days between complete exports that alone tell losses; 0: the provider tells them."""

    purge_share: float = 0.0
    """Share of all links that the provider drops on one day, whatever their age."""

    listed_days: int = SPAN_DAYS
    """Days for which a lost link stays in the export."""


@dataclass(frozen=True)
class World:
    """Links of one site, and the planted domains by kind."""

    links: pd.DataFrame
    planted: dict[str, set[str]]


def build_world(params: WorldParams, seed: int) -> World:
    """One site; the same for the same seed."""
    random = np.random.default_rng([seed, params.domains, params.batch_size, params.months])
    parts = [_natural(params, random), _crowd(params, random), _spam(params, random)]
    planted: dict[str, set[str]] = {}
    if params.batch_size:
        for kind, part in (("rented", _rented(params, random)), ("purchase", _purchase(params, random))):
            planted[kind] = set(part["source_domain"])
            parts.append(part)
    links = pd.concat(parts, ignore_index=True)
    return World(_export(links, params, random), planted)


def _natural(params: WorldParams, random: np.random.Generator) -> pd.DataFrame:
    size = params.domains
    placed = np.sort(random.uniform(0, SPAN_DAYS, size))
    life = ROT_SCALE * random.weibull(ROT_SHAPE, size)
    lost = placed + life
    for first in np.flatnonzero(random.random(size) < params.owner_share / 3):
        group = slice(first, first + 3)
        placed[group] = placed[first] + random.uniform(0, 3, len(placed[group]))
        lost[group] = max(lost[first], placed[group].max())
    return _rows("natural", placed, lost, random)


def _crowd(params: WorldParams, random: np.random.Generator) -> pd.DataFrame:
    placed = random.uniform(60, SPAN_DAYS - 60) + random.exponential(3.0, params.crowd)
    rows = _rows("crowd", placed, placed + ROT_SCALE * random.weibull(ROT_SHAPE, params.crowd), random)
    return rows.assign(page=3)


def _spam(params: WorldParams, random: np.random.Generator) -> pd.DataFrame:
    placed = random.uniform(60, SPAN_DAYS - 200) + random.uniform(0, 10, params.spam)
    rows = _rows("spam", placed, placed.min() + 95 + random.exponential(4.0, params.spam), random)
    return rows.assign(source_authority=random.integers(0, 5, params.spam).astype(float), is_keyword=True, page=5)


def _rented(params: WorldParams, random: np.random.Generator) -> pd.DataFrame:
    size, term = params.batch_size, dict(TERMS)[params.months]
    latest_listed = SPAN_DAYS - min(params.listed_days, SPAN_DAYS)
    start = random.uniform(max(30, latest_listed - term + 30), SPAN_DAYS - term - 45)
    begins = start + random.uniform(0, 5, size)
    placed = begins + random.exponential(4.0, size)
    lost = start + term + random.uniform(0, 2, size) + random.exponential(4.0, size)
    rows = _rows("rented", placed, np.maximum(lost, placed + 1), random)
    return rows.assign(source_authority=random.uniform(20, 60, size))


def _purchase(params: WorldParams, random: np.random.Generator) -> pd.DataFrame:
    size = params.batch_size
    placed = random.uniform(60, SPAN_DAYS - 60) + random.uniform(0, 4, size) + random.exponential(1.0, size)
    rows = _rows("purchase", placed, placed + ROT_SCALE * random.weibull(ROT_SHAPE, size), random)
    low = random.uniform(15, 50)
    return rows.assign(
        source_authority=random.uniform(low, low + 10, size), is_keyword=random.random(size) < 0.9, page=7
    )


def _rows(kind: str, placed: Floats, lost: Floats, random: np.random.Generator) -> pd.DataFrame:
    size = len(placed)
    pages = 1.0 / np.arange(1, 31)
    deep = random.choice(np.arange(1, 31), size, p=pages / pages.sum())
    return pd.DataFrame(
        {
            "source_domain": [f"{kind}{number}.example" for number in range(size)],
            "placed": np.floor(placed),
            "lost": np.floor(lost),
            "source_authority": np.clip(random.lognormal(3.0, 0.8, size), 0, 100),
            "is_keyword": random.random(size) < 0.15,
            "page": np.where(random.random(size) < 0.5, 0, deep),
        }
    )


def _export(links: pd.DataFrame, params: WorldParams, random: np.random.Generator) -> pd.DataFrame:
    """What the exports say: days of loss as the provider notices them, or between two complete exports."""
    lost = links["lost"].to_numpy(dtype=np.float64).copy()
    placed = links["placed"].to_numpy(dtype=np.float64)
    if params.purge_share:
        day = float(random.integers(300, SPAN_DAYS - 60))
        lost[(placed < day) & (lost > day) & (random.random(len(lost)) < params.purge_share)] = day
    if params.recrawl_days:
        lost = np.ceil(lost / params.recrawl_days) * params.recrawl_days
    observed = np.full(len(lost), float(SPAN_DAYS))
    if params.export_days:
        lost = np.ceil(lost / params.export_days) * params.export_days
        observed = np.where(lost < SPAN_DAYS, np.maximum(lost - params.export_days, placed), SPAN_DAYS)
        kept = observed < lost  # came and went between two exports
        links, lost, observed = links[kept], lost[kept], observed[kept]
    gone = lost >= SPAN_DAYS
    lost[gone] = np.nan
    listed = gone | (lost >= SPAN_DAYS - params.listed_days)
    begin = np.datetime64(AS_OF) - SPAN_DAYS
    frame = pd.DataFrame(
        {
            "link_id": links["source_domain"],
            "site_domain": "site.example",
            "provider": "ahrefs_backlinks",
            "source_domain": links["source_domain"],
            "target_url": "https://site.example/" + links["page"].map(lambda page: f"products/{page}" if page else ""),
            "anchor_text": links["is_keyword"].map({True: "garden sheds", False: "Site"}),
            "source_authority": links["source_authority"],
            "first_seen_on": begin + links["placed"].to_numpy().astype("timedelta64[D]"),
            "lost_on": begin + np.where(np.isnan(lost), 0, lost).astype("timedelta64[D]"),
            "observed_on": begin + observed.astype("timedelta64[D]"),
        }
    )
    frame.loc[gone, "lost_on"] = pd.NaT
    return frame[listed & (frame["first_seen_on"] <= np.datetime64(AS_OF)).to_numpy()]
