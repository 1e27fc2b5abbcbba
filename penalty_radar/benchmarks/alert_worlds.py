"""Nights of findings with known truth: false alarms at published rates, and planted events that are true."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

import numpy as np

SITES = 200
FIRST_NIGHT = datetime.date(2026, 1, 5)
BASELINE_DAYS = 14
"""Nights before findings begin: a first look is a baseline, and tells nothing."""

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True, kw_only=True)
class AlertRates:
    """How often the detectors err (docs/benchmarks.md), and how often the planted things happen."""

    times: float = 1.0
    """Everything false so many times as often."""

    false_surges: float = 0.05
    """A site, provider and year: the level that false surges are controlled at ("false-discovery")."""

    providers: int = 2
    """Link indexes of a site."""

    false_drops: float = 0.132
    """Confirmed, a site and year: the worst published, with a drift of a fifth a month ("drops")."""

    severe_false_share: float = 0.1
    """Share of false drops of half of the visibility or more; guess: noise and drift make shallow drops."""

    right_cause: float = 0.7
    """Share of drops in an outage of a tracker whose likeliest cause is the tracker; of the others it is unknown."""


@dataclass(frozen=True)
class Finding:
    """A row of a table of findings, and the nights it is listed."""

    table: str
    row: Row
    first: int
    last: int
    causes: tuple[Row, ...] = ()
    recovers: int | None = None


@dataclass
class AlertWorld:
    """Findings by night."""

    nights: int
    tiers: dict[str, str]
    findings: list[Finding] = field(default_factory=list)
    true_pages: set[str] = field(default_factory=set)
    """Ids of what someone is to be woken for: severe drops and manual actions that are real."""

    feeds: dict[str, list[Row]] = field(default_factory=dict)

    def tables(self, night: int) -> Tables:
        """Rows by table of one night."""
        day = day_of(night)
        made: Tables = {
            "surges.assessed_series": [
                {
                    "as_of": day,
                    "site_domain": site,
                    "provider": "ahrefs_backlinks",
                    "origin": "bought",
                    "status": "tested",
                }
                for site in self.tiers
            ],
            "risk.site_risk": [
                {"site_domain": site, "day": day, "tier": tier, "basis": "links", "reasons": "[]"}
                for site, tier in self.tiers.items()
            ],
            "surges.link_surges": [],
            "drops.ranking_drops": [],
            "correlation.drop_causes": [],
            "correlation.surge_drop_pairs": [],
            "staging.search_events": [],
            "signals.link_batches": [],
            "signals.lockstep_members": [],
            "expectations.outcomes": [],
            "ingest.feeds": [
                row for rows in self.feeds.values() for row in rows if row["_first"] <= night <= row["_last"]
            ],
        }
        for finding in self.findings:
            if finding.first <= night <= finding.last:
                is_back = finding.recovers is not None and night >= finding.recovers
                back = {"recovered_on": day_of(finding.recovers or 0)} if is_back else {}
                made[finding.table].append({"as_of": day} | finding.row | back)
                made["correlation.drop_causes"] += [{"as_of": day} | cause for cause in finding.causes]
        return made


def day_of(night: int) -> datetime.date:
    """The day of a night."""
    return FIRST_NIGHT + datetime.timedelta(days=night)


def plant_world(rates: AlertRates, *, nights: int, seed: int) -> AlertWorld:
    """A world of 200 sites; the planted events are the same in number whatever the rates are."""
    rng = np.random.default_rng(seed)
    sites = [f"shop{at}.example" for at in range(SITES)]
    tiers = rng.choice(["low", "raised", "high", "severe"], SITES, p=[0.6, 0.25, 0.1, 0.05])
    world = AlertWorld(nights, dict(zip(sites, map(str, tiers), strict=True)))
    planter = _Planter(world, rng, sites, rates)
    planter.plant_false_alarms()
    planter.plant_outages()
    planter.plant_true_events()
    return world


@dataclass
class _Planter:
    world: AlertWorld
    rng: np.random.Generator
    sites: list[str]
    rates: AlertRates
    number: int = 0

    def plant_false_alarms(self) -> None:
        years = (self.world.nights - BASELINE_DAYS) / 365.25 * SITES * self.rates.times
        for _ in range(self.rng.poisson(self.rates.false_surges * self.rates.providers * years)):
            self.add_surge(self.site(), str(self.rng.choice(["bought", "spam", "unknown"])), self.night())
        for _ in range(self.rng.poisson(self.rates.false_drops * years)):
            is_severe = self.rng.random() < self.rates.severe_false_share
            depth = self.rng.uniform(0.5, 0.8) if is_severe else self.rng.uniform(0.1, 0.5)
            self.add_drop(self.site(), depth, self.night(), "unknown", 0.6)

    def plant_outages(self) -> None:
        """A tracker that stands still, a break in the data, an update, a provider that stops."""
        middle = BASELINE_DAYS + (self.world.nights - BASELINE_DAYS) // 2
        for site in self.some(60):
            is_right = self.rng.random() < self.rates.right_cause
            cause, probability = ("tracker", 0.7) if is_right else ("unknown", 0.5)
            self.add_drop(
                site, 0.7, middle + int(self.rng.integers(3)), cause, probability, provider="se_ranking", days=10
            )
        for site in self.some(80):
            self.add_drop(site, 0.4, middle + 10 + int(self.rng.integers(2)), "data_break", 0.8)
        for site in self.some(30):
            depth = float(self.rng.uniform(0.15, 0.65))
            drop_id = self.add_drop(site, depth, middle - 10 + int(self.rng.integers(5)), "update", 0.7)
            if depth >= 0.5:
                self.world.true_pages.add(drop_id)
        for site in self.some(50):
            self.add_stale(site, "semrush_backlinks", middle + 5)

    def plant_true_events(self) -> None:
        for site in self.some(6):
            night = self.night()
            surge_id = self.add_surge(site, "bought", night)
            drop_id = self.add_drop(site, 0.6, night, "links", 0.8)
            self.world.true_pages.add(drop_id)
            self.add_pair(site, surge_id, drop_id, night)
        for site in self.some(4):
            event_id = self.name("manual")
            row = {
                "event_id": event_id,
                "kind": "manual_action",
                "site_domain": site,
                "name": "Links",
                "source": "note",
            }
            self.add(
                "staging.search_events", row | {"starts_on": day_of(night := self.night())}, night, self.world.nights
            )
            self.world.true_pages.add(event_id)
        for site in self.some(20):
            self.add_surge(site, "bought", self.night())
        for site in self.some(10):
            self.add_stale(site, "ahrefs_backlinks", self.night())
        for site in self.some(10):
            self.add_broken_check(site, self.night())
        for site in self.some(8):
            self.add_batch(site, self.night())
        for at in range(2):
            self.add_network(self.some(3), at, self.night())

    def site(self) -> str:
        return str(self.rng.choice(self.sites))

    def some(self, count: int) -> list[str]:
        return [str(site) for site in self.rng.choice(self.sites, count, replace=False)]

    def night(self) -> int:
        return int(self.rng.integers(BASELINE_DAYS, self.world.nights - 5))

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}-{self.number}"

    def add(self, table: str, row: Row, first: int, last: int, **more: Any) -> None:
        self.world.findings.append(Finding(table, row, first, last, **more))

    def add_surge(self, site: str, origin: str, night: int) -> str:
        surge_id = self.name("surge")
        row = {
            "surge_id": surge_id,
            "site_domain": site,
            "provider": "ahrefs_backlinks",
            "origin": origin,
            "is_active": True,
            "starts_on": day_of(night - 4),
            "ends_on": day_of(night),
            "detected_on": day_of(night),
            "observed_count": 40,
            "expected_count": 4.0,
            "excess_count": 36.0,
            "q_value": 0.001,
        }
        self.add("surges.link_surges", row, night, night + 14)
        self.add("surges.link_surges", row | {"is_active": False}, night + 15, self.world.nights)
        return surge_id

    def add_drop(
        self,
        site: str,
        depth: float,
        night: int,
        cause: str,
        probability: float,
        *,
        provider: str = "search_console",
        days: int | None = None,
    ) -> str:
        drop_id = self.name("drop")
        row = {
            "drop_id": drop_id,
            "site_domain": site,
            "provider": provider,
            "segment": "site",
            "segment_kind": "site",
            "starts_on": day_of(night - 7),
            "detected_on": day_of(night),
            "confirmed_on": day_of(night),
            "is_active": True,
            "is_provisional": False,
            "is_confirmed": True,
            "depth_share": float(depth),
            "q_value": 0.01,
            "recovered_on": None,
        }
        rest = "unknown" if cause != "unknown" else "site_change"
        causes = tuple(
            {"drop_id": drop_id, "site_domain": site, "cause": name, "probability": share}
            for name, share in ((cause, probability), (rest, 1 - probability))
        )
        last = self.world.nights if days is None else night + days + 14
        recovers = None if days is None else night + days
        self.add("drops.ranking_drops", row, night, last, causes=causes, recovers=recovers)
        return drop_id

    def add_pair(self, site: str, surge_id: str, drop_id: str, night: int) -> None:
        row = {
            "pair_id": self.name("pair"),
            "surge_id": surge_id,
            "drop_id": drop_id,
            "site_domain": site,
            "origin": "bought",
            "verdict": "links_likely",
            "surge_starts_on": day_of(night - 30),
            "drop_starts_on": day_of(night - 7),
            "lag_days": 23,
            "probability": 0.8,
            "p_time_shift": 0.05,
            "confounders": "[]",
        }
        self.add("correlation.surge_drop_pairs", row, night + 3, self.world.nights)

    def add_stale(self, site: str, provider: str, night: int) -> None:
        row = {
            "site_domain": site,
            "provider": provider,
            "cadence": "daily",
            "cadence_source": "inferred",
            "allowed_days": 4,
            "export_count": 30,
            "newest_on": day_of(night - 5),
            "age_days": 5,
            "is_stale": True,
            "_first": night,
            "_last": night + 6,
        }
        fresh = {"newest_on": day_of(night + 7), "age_days": 0, "is_stale": False}
        back = row | fresh | {"_first": night + 7, "_last": self.world.nights}
        self.world.feeds.setdefault(site, []).extend([row, back])

    def add_broken_check(self, site: str, night: int) -> None:
        row = {
            "stage": "staging",
            "table_name": "staging.links",
            "check_name": "authority_in_range",
            "site_domain": site,
            "severity": "minimum",
            "is_met": False,
            "failing_count": 3,
        }
        self.add("expectations.outcomes", row, night, night + 2)
        self.add("expectations.outcomes", row | {"is_met": True}, night + 3, self.world.nights)

    def add_batch(self, site: str, night: int) -> None:
        row = {
            "batch_id": self.name("batch"),
            "site_domain": site,
            "provider": "ahrefs_backlinks",
            "kind": "rented",
            "placed_from_on": day_of(night - 190),
            "placed_to_on": day_of(night - 185),
            "lost_from_on": day_of(night - 7),
            "lost_to_on": day_of(night - 1),
            "months": 6,
            "domain_count": 12,
            "expected_count": 0.4,
            "p_value": 1e-6,
        }
        self.add("signals.link_batches", row, night, self.world.nights)

    def add_network(self, sites: list[str], at: int, night: int) -> None:
        for site in sites:
            for source in range(6):
                row = {
                    "site_domain": site,
                    "provider": "ahrefs_backlinks",
                    "source_domain": f"blog{at}-{source}.example",
                    "group_id": f"network-{at}",
                    "link_count": 3,
                    "source_count": 6,
                    "target_count": 9,
                    "site_count": 3,
                    "starts_on": day_of(night - 14),
                    "ends_on": day_of(night - 1),
                    "chance": 0.001,
                }
                self.add("signals.lockstep_members", row, night, self.world.nights)
