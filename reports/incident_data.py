"""Which drops have a page of their own, and what is read for it."""

from __future__ import annotations

import datetime

from reports.views import Drop, SiteView

INCIDENT_DAYS = 400
"""Days back in which a drop must have begun to have a page: a year and a month, so that last year's season is there."""
MOST_INCIDENTS = 12
"""Incidents of a site that have a page, the newest: one a month; the site page lists every drop."""


def list_incidents(view: SiteView) -> tuple[Drop, ...]:
    """The drops of a site that have a page of their own, newest first, at most :data:`MOST_INCIDENTS`.

    Those that stand alone (no part of a wider drop), are confirmed or of the whole site, and began in the last
    :data:`INCIDENT_DAYS` days.
    """
    since = view.as_of - datetime.timedelta(days=INCIDENT_DAYS)
    found = [
        drop
        for drop in view.drops
        if drop.part_of_drop_id is None and (drop.is_confirmed or drop.segment == "site") and drop.starts_on >= since
    ]
    found.sort(key=lambda drop: (drop.starts_on, drop.drop_id), reverse=True)
    return tuple(found[:MOST_INCIDENTS])
