"""What the dossier of an incident shows beside the site's own view: the links in question and the team's notes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import duckdb

from reports.data import read_rows
from reports.disavow import Params
from reports.disavow_data import DisavowView, read_disavow
from reports.views import SiteView


@dataclass(frozen=True, kw_only=True)
class Note:
    """What the team wrote down of a referring domain: ``said`` is label or placement."""

    source_domain: str
    said: str
    said_on: datetime.date | None
    said_by: str | None
    origin: str | None
    campaign: str | None
    removed_on: datetime.date | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class DossierView:
    """What all dossiers of a site share."""

    disavow: DisavowView
    notes: tuple[Note, ...]


def read_dossier(connection: duckdb.DuckDBPyConnection, view: SiteView) -> DossierView:
    """The links in question of a site and what the team noted of them, as known on the day of ``view``."""
    site_domain = view.site.site_domain
    params = Params()
    return DossierView(
        disavow=read_disavow(connection, site_domain, as_of=view.as_of, least_probability=params.least_probability),
        notes=tuple(Note(**row) for row in read_rows(connection, "dossier_notes", {"site_domain": site_domain})),
    )
