"""What the dossier of an incident shows beside the site's own view: the links in question and the team's notes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from reports.disavow import Params
from reports.disavow_data import MOST_PAGES, DisavowView, read_by_site, read_disavows
from transforms.schemas.vocabulary import RISKY_ORIGINS


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


def read_dossiers(
    connection: duckdb.DuckDBPyConnection, site_domains: Sequence[str], *, as_of: datetime.date
) -> dict[str, DossierView]:
    """The links in question of each site and what the team noted of them, as known on ``as_of``."""
    least_probability = Params().least_probability
    found = read_disavows(connection, site_domains, as_of=as_of, least_probability=least_probability)
    notes = read_by_site(connection, "dossier_notes", {"sites": list(site_domains)})
    return {
        site_domain: DossierView(disavow=view, notes=tuple(Note(**row) for row in notes[site_domain]))
        for site_domain, view in found.items()
    }


def list_dossier_tables(dossier: DossierView | None) -> dict[str, Sequence[object]]:
    """Query name to the rows it gave, for the queries behind the dossiers of a site; none without a dossier.

    The allow-list and the disavow file stay out: they are read for the proposal, and shown where they matter.
    """
    if dossier is None:
        return {}
    return {
        "disavow_domains": dossier.disavow.domains,
        "disavow_actions": dossier.disavow.actions,
        "dossier_notes": dossier.notes,
    }


def list_dossier_values(dossier: DossierView | None) -> dict[str, object]:
    """What the queries of :func:`list_dossier_tables` were asked for the site, beside the night."""
    if dossier is None:
        return {}
    return {
        "sites": [dossier.disavow.site_domain], "origins": list(RISKY_ORIGINS),
        "least_probability": Params().least_probability, "most_pages": MOST_PAGES,
    }  # fmt: skip
