"""How fast a provider's links are lost, and so how much an export leaves out of days long past.

An export lists living links, and lost ones only as far back as the provider remembers (``loss_horizon_on``). Of what
was new on a day before that horizon it shows the share that lived to see it. The rate of loss is measured where losses
are listed: domains lost after the horizon over the domain-days at risk, all sites of a provider together.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.surges.count_series import cut_rows, find_rows


@dataclass(frozen=True, kw_only=True)
class SurvivorParams:
    """When a rate of loss is believed."""

    least_losses: int = 30
    """Domains that must have been lost: the rate is then known to about 18 %."""

    most_decay: float = 0.02
    """Cap of the daily rate: links that live 50 days on average."""


def measure_decay(
    tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SurvivorParams
) -> Mapping[str, float]:
    """Daily rate at which referring domains are lost, per provider; a provider without evidence is not named."""
    links = tables["signals.daily_links"]
    if "lost_domain_count" not in links:
        return {}
    spans = tables["signals.link_series"][["site_domain", "provider", "ends_on", "loss_horizon_on"]]
    spans = spans[spans["loss_horizon_on"].notna()]
    end, limit = pd.to_datetime(spans["ends_on"]), pd.Timestamp(as_of)
    spans = spans.assign(
        ends_on=end.where(end <= limit, limit), loss_horizon_on=pd.to_datetime(spans["loss_horizon_on"])
    )
    if spans.empty:
        return {}
    summed = pd.concat(_sum_losses(part, spans) for part in cut_rows(links)).groupby("provider").sum()
    summed = summed[(summed["lost"] >= params.least_losses) & (summed["days"] > 0)]
    return dict((summed["lost"] / summed["days"]).clip(upper=params.most_decay))


def _sum_losses(links: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """``provider``, domains ``lost`` after the horizon and the ``days`` that domains were at risk, by provider."""
    span = find_rows(links, spans, ["site_domain", "provider"])
    rows = links.loc[span >= 0, ["provider", "day", "new_domain_count", "lost_domain_count"]].reset_index(drop=True)
    rows = rows.join(spans[["ends_on", "loss_horizon_on"]].iloc[span[span >= 0]].reset_index(drop=True))
    day = pd.to_datetime(rows["day"])
    rows = rows[day <= rows["ends_on"]].assign(day=day)
    watched = (rows["ends_on"] - rows["loss_horizon_on"]).dt.days
    exposed = (rows["ends_on"] - rows[["day", "loss_horizon_on"]].max(axis=1)).dt.days.clip(lower=0)
    lost_after = rows["lost_domain_count"].where(rows["day"] >= rows["loss_horizon_on"], 0)
    # a domain is at risk from its first day, or the horizon, until it is lost or the series ends
    at_risk = rows["new_domain_count"] * np.minimum(exposed, watched) - lost_after * exposed
    summed = pd.DataFrame({"provider": rows["provider"], "lost": lost_after, "days": at_risk})
    return summed.groupby("provider", as_index=False).sum()
