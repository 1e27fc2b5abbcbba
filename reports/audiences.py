"""Who is told: by recipient the groups of sites, in the language and time zone that sites.toml gives."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import duckdb

from reports.alert_news import read_rows
from reports.alert_rows import OF_NO_SITE
from reports.channels import channel_of
from reports.messages import LANGUAGES

TOLD_TO = "(a.told_in IS NULL OR NOT $is_house)"
"""Condition: an audience that is of the house, or not, is told the alert ``a`` by itself."""


@dataclass(frozen=True, kw_only=True)
class Audience:
    """A recipient and the sites of one group, told together and apart from every other group's."""

    recipient: str
    """As sites.toml or the settings name it: a channel, or an e-mail address."""
    group_name: str | None
    language: str
    time_zone: str
    sites: tuple[str, ...]
    """Domains, sorted; ``*`` among them is what is about no single site, which the team alone is told."""
    is_house: bool = False
    """Whether the recipient is the team's channel, which hears of an outage once, as an alert of no single site. Others
    hear of what it did to their own sites."""

    @property
    def channel(self) -> str:
        """Name of the channel its messages go by."""
        return channel_of(self.recipient)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one audience from another."""
        return self.recipient, self.group_name or "", self.language

    @property
    def is_team(self) -> bool:
        """Whether it is told what is about no single site."""
        return OF_NO_SITE in self.sites

    def local(self, moment: datetime.datetime) -> datetime.datetime:
        """``moment`` (UTC, without a zone) on the recipient's clock."""
        return moment.replace(tzinfo=datetime.UTC).astimezone(ZoneInfo(self.time_zone))


def read_audiences(
    connection: duckdb.DuckDBPyConnection, *, team_channel: str | None, language: str, time_zone: str
) -> list[Audience]:
    """Everybody who is told something, from ``ingest.listed_sites``; sorted, each site once per recipient.

    Sites without recipients, and what is about no single site, go to ``team_channel``; nobody is told of them where
    that is None. ``language`` and ``time_zone`` are those of the settings, for sites that name none.
    """
    rows = read_rows(
        connection,
        "SELECT site_domain, group_name, language, time_zone, recipients FROM ingest.listed_sites "
        "WHERE standing <> 'unlisted' ORDER BY site_domain",
    )
    gathered: dict[tuple[str, str | None, str], list[tuple[str, str]]] = {}
    if team_channel is not None:
        gathered[team_channel, None, language] = [(OF_NO_SITE, time_zone)]
    for row in rows:
        spoken = str(row["language"] or "").partition("-")[0]
        spoken = spoken if spoken in LANGUAGES else language
        for recipient in _recipients(row["recipients"], team_channel):
            key = recipient, row["group_name"], spoken
            gathered.setdefault(key, []).append((row["site_domain"], row["time_zone"] or time_zone))
    audiences = [
        Audience(
            recipient=recipient,
            group_name=group_name,
            language=spoken,
            time_zone=_common_zone([zone for site, zone in sites if site != OF_NO_SITE], time_zone),
            sites=tuple(sorted(site for site, _ in sites)),
            is_house=recipient == team_channel,
        )
        for (recipient, group_name, spoken), sites in gathered.items()
    ]
    return sorted(audiences, key=lambda audience: audience.key)


def _recipients(listed: str | None, team_channel: str | None) -> Collection[str]:
    if listed:
        return list(dict.fromkeys(listed.split("|")))
    return [team_channel] if team_channel is not None else []


def _common_zone(zones: Collection[str], time_zone: str) -> str:
    """The zone most of the group's sites name; of equals the first in the alphabet."""
    return min(zones, key=lambda zone: (-list(zones).count(zone), zone), default=time_zone)
