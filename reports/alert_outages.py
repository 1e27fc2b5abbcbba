"""One outage is one message: what strikes many sites at once is told once, of no site, with how many it touched.

The alerts of the single sites are raised and logged all the same, with ``told_in`` naming the alert that tells of them.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace

from reports.alert_news import RANKS
from reports.alert_parameters import AlertParameters
from reports.alert_rows import OF_NO_SITE, Alert, name_alert

Group = list[Alert]

UNEXPLAINED = (None, "unknown")
"""Likeliest cause of a drop that nothing explains; beside an outage of its provider it is taken for part of that."""


def fold_outages(alerts: Sequence[Alert], known: Sequence[Alert], parameters: AlertParameters) -> list[Alert]:
    """``alerts`` of tonight, with those of one outage told in one alert more.

    Folded are new drops with the same likeliest cause (of one provider, where the cause is one) that start within
    ``merge_days``, with what that provider shows in these days and nothing explains, and feeds of one provider that
    stopped, from ``outage_sites`` sites on. What joins an outage told on
    an earlier night (``known``: open alerts about outages) is told within that one and tells nothing new.
    """
    folded: dict[str, str] = {}
    outages: list[Alert] = []
    for group in (*_group_drops(alerts, parameters), *_group_feeds(alerts, parameters)):
        earlier = next((outage for outage in known if _is_of(group[0], outage, parameters)), None)
        is_explained = group[0].arguments.get("cause") not in UNEXPLAINED or group[0].kind != "drop"
        sites = {alert.site_domain for alert in group}
        if earlier is None and not (is_explained and len(sites) >= parameters.outage_sites):
            continue
        outage = earlier or _tell_together(group, parameters)
        folded |= {alert.alert_id: outage.alert_id for alert in group}
        outages += [outage] if earlier is None else []
    return [*(replace(alert, told_in=folded.get(alert.alert_id)) for alert in alerts), *outages]


def _group_drops(alerts: Iterable[Alert], parameters: AlertParameters) -> list[Group]:
    drops = [alert for alert in alerts if alert.kind == "drop" and alert.step == "new"]
    fit = [drop for drop in drops if _may_be_folded(drop, parameters)]
    groups = _near(fit, lambda drop: _drop_cause(drop, parameters), "starts_on", parameters.merge_days)
    for drop in drops:
        if drop.arguments["cause"] in UNEXPLAINED:
            beside = next((group for group in groups if _is_beside(drop, group[0], parameters)), None)
            groups += [[drop]] if beside is None else []
            (beside or []).append(drop)
    return groups


def _is_beside(drop: Alert, other: Alert, parameters: AlertParameters) -> bool:
    """Whether a drop nobody can explain falls in the days in which its provider went wrong for another site."""
    apart = abs(_day(drop, "starts_on") - _day(other, "starts_on"))
    return (
        other.arguments["cause"] in parameters.own_provider_causes
        and other.arguments["provider"] == drop.arguments["provider"]
        and apart <= datetime.timedelta(days=parameters.merge_days)
    )


def _may_be_folded(drop: Alert, parameters: AlertParameters) -> bool:
    cause = drop.arguments["cause"]
    return (
        drop.step == "new"
        and cause in parameters.folded_causes
        and drop.arguments["cause_probability"] >= parameters.outage_probability
        and not (drop.is_page and cause == "update")
    )


def _drop_cause(drop: Alert, parameters: AlertParameters) -> tuple[str, str]:
    cause = drop.arguments["cause"]
    return cause, drop.arguments["provider"] if cause in parameters.own_provider_causes else ""


def _group_feeds(alerts: Iterable[Alert], parameters: AlertParameters) -> list[Group]:
    feeds = [alert for alert in alerts if alert.kind == "stale_feed"]
    return _near(feeds, lambda feed: feed.arguments["provider"], "newest_on", parameters.merge_days)


def _near(alerts: Sequence[Alert], key: Callable[[Alert], Hashable], day: str, days: int) -> list[Group]:
    """Groups with the same key whose days lie within ``days`` of the first of the group."""
    by_key: defaultdict[Hashable, Group] = defaultdict(list)
    for alert in sorted(alerts, key=lambda alert: (alert.arguments[day], alert.dedupe_key)):
        by_key[key(alert)].append(alert)
    groups: list[Group] = []
    for same in by_key.values():
        group: Group = []
        for alert in same:
            if group and _day(alert, day) - _day(group[0], day) > datetime.timedelta(days=days):
                groups.append(group)
                group = []
            group.append(alert)
        groups.append(group)
    return groups


def _day(alert: Alert, name: str) -> datetime.date:
    return datetime.date.fromisoformat(alert.arguments[name])


def _is_of(alert: Alert, outage: Alert, parameters: AlertParameters) -> bool:
    """Whether ``alert`` belongs to an outage told before."""
    about = outage.arguments
    if alert.kind == "stale_feed":
        is_same = about["cause"] == "stopped" and about["provider"] == alert.arguments["provider"]
        day = "newest_on"
    else:
        is_own = about["cause"] in parameters.own_provider_causes and about["provider"] == alert.arguments["provider"]
        is_same = (about["cause"], about["provider"] or "") == _drop_cause(alert, parameters)
        is_same = is_same or (is_own and alert.arguments["cause"] in UNEXPLAINED)
        day = "starts_on"
    apart = abs(_day(alert, day) - datetime.date.fromisoformat(about["starts_on"]))
    return is_same and apart <= datetime.timedelta(days=parameters.merge_days)


def _tell_together(group: Group, parameters: AlertParameters) -> Alert:
    first = group[0]
    is_feed = first.kind == "stale_feed"
    cause = "stopped" if is_feed else first.arguments["cause"]
    is_of_provider = is_feed or cause in parameters.own_provider_causes
    provider = first.arguments["provider"] if is_of_provider else None
    days = [alert.arguments["newest_on" if is_feed else "starts_on"] for alert in group]
    finding_id = ":".join([cause, *([provider] if provider else []), min(days)])
    depths = sorted(alert.arguments.get("depth_share", 0.0) for alert in group)
    return Alert(
        alert_id=name_alert(f"outage:{finding_id}"),
        dedupe_key=f"outage:{finding_id}",
        site_domain=OF_NO_SITE,
        kind="outage",
        severity=max((alert.severity for alert in group), key=RANKS.__getitem__),
        finding_id=finding_id,
        message_key=f"alert.outage.{cause}",
        arguments={
            "site": OF_NO_SITE,
            "cause": cause,
            "provider": provider,
            "site_count": len({alert.site_domain for alert in group}),
            "starts_on": min(days),
            "latest_on": max(days),
            "depth_share": depths[len(depths) // 2],
        },
        as_of=first.as_of,
        raised_at=first.raised_at,
    )
