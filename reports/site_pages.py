"""Everything in the folder of one site: what is read for it, its pages, and its data as files."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from reports import pages
from reports.addresses import place_site
from reports.changes import Comparison, read_changes
from reports.data import MOST_LOST_PLACEMENTS, MOST_RISKY_LINKS, MOST_SPAM_LINKS, SITES_AT_ONCE, read_sites
from reports.dossier_data import DossierView, list_dossier_tables, list_dossier_values, read_dossiers
from reports.dossier_page import name_dossier_page, render_dossier
from reports.incident_data import INCIDENT_TABLES, list_incident_tables, list_incident_values, read_incidents
from reports.incident_page import name_incident_page, render_incident
from reports.incident_views import IncidentView
from reports.page_template import group_by, render_page
from reports.profile_data import list_profile_tables, read_profiles
from reports.profile_views import ProfileView
from reports.sentences import Speaker
from reports.summary_page import SUMMARY_PAGE, render_summary
from reports.traces import list_data_files, show_value, trace
from reports.views import SiteRow, SiteView
from transforms.schemas.vocabulary import RISKY_ORIGINS

SITE_TABLES = {
    "site_risk_days": "risk_days",
    "site_forecasts": "forecasts",
    "site_surges": "surges",
    "site_compositions": "compositions",
    "site_surge_parts": "surge_parts",
    "site_drops": "drops",
    "site_pairs": "pairs",
    "site_causes": "causes",
    "site_association": "associations",
    "site_recovery_events": "recovery_events",
    "site_link_days": "link_days",
    "site_visibility_days": "visibility_days",
    "site_link_series": "link_series",
    "site_assessed": "assessed",
    "site_origins": "origins",
    "site_links": "risky_links",
    "site_declarations": "declarations",
    "site_lost_placements": "lost_placements",
    "site_events": "events",
    "site_outcomes": "outcomes",
}
"""Query behind the site page to the field of :class:`SiteView` that holds its rows, in the page's order."""


@dataclass(frozen=True, kw_only=True)
class SiteMaterial:
    """What is read of the warehouse for the pages of one site."""

    view: SiteView
    profile: ProfileView
    incidents: tuple[IncidentView, ...] = ()
    changes: tuple[Comparison, ...] = ()
    """Its score beside that of 1, 7 and 28 days ago."""
    dossier: DossierView | None = None
    """What the dossiers of its incidents share; None without an incident."""

    @property
    def site_domain(self) -> str:
        """Whose pages these are."""
        return self.view.site.site_domain


def read_materials(
    connection: duckdb.DuckDBPyConnection, sites: Sequence[SiteRow], *, as_of: datetime.date
) -> Iterator[SiteMaterial]:
    """Everything the pages of each site show, as known on ``as_of``."""
    read = read_sites(connection, sites, as_of=as_of)
    changes = group_by(read_changes(connection, None, as_of), lambda one: one.site_domain)
    while some := list(itertools.islice(read, SITES_AT_ONCE)):
        found = list(zip(some, read_profiles(connection, some), read_incidents(connection, some), strict=True))
        with_incident = [view.site.site_domain for view, _, incidents in found if incidents]
        dossiers = read_dossiers(connection, with_incident, as_of=as_of) if with_incident else {}
        for view, profile, incidents in found:
            dossier = dossiers.get(view.site.site_domain)
            compared = tuple(changes.get(view.site.site_domain, ()))
            yield SiteMaterial(view=view, profile=profile, incidents=incidents, dossier=dossier, changes=compared)


def list_tables(material: SiteMaterial) -> dict[str, Sequence[object]]:
    """Query name to the rows it gave, for every query behind the site's pages."""
    of_site: dict[str, Sequence[object]] = {
        query: getattr(material.view, field) for query, field in SITE_TABLES.items()
    }
    of_site["site_links"] = (*material.view.risky_links, *material.view.spam_links)  # one query gives both
    of_site["changes_comparisons"] = material.changes
    tables = of_site | list_profile_tables(material.profile)
    return tables | list_incident_tables(material.incidents) | list_dossier_tables(material.dossier)


def list_values(material: SiteMaterial) -> dict[str, dict[str, str]]:
    """Query name to what it was asked beside the site and the night, in short form.

    Several sites are read by one query; named is this one alone, whose rows are the same without the others.
    """
    of_site: dict[str, object] = {
        "sites": [material.site_domain], "risky_origins": list(RISKY_ORIGINS), "most_risky": MOST_RISKY_LINKS,
        "most_spam": MOST_SPAM_LINKS, "most": MOST_LOST_PLACEMENTS,
    }  # fmt: skip
    asked = {
        **dict.fromkeys(SITE_TABLES, of_site),
        **dict.fromkeys(INCIDENT_TABLES, list_incident_values(material.incidents)),
        **dict.fromkeys(list_dossier_tables(material.dossier), list_dossier_values(material.dossier)),
    }
    found = {query: {name: show_value(value) for name, value in values.items()} for query, values in asked.items()}
    return found | {query: dict(material.profile.parameters) for query in list_profile_tables(material.profile)}


def render_pages(material: SiteMaterial, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """(file name, page) of every page of the site in one language."""
    yield "index.html", pages.render_site(material.view, speaker, material.profile, material.changes)
    for incident in material.incidents:
        drop, dossier = incident.drop, material.dossier
        yield name_incident_page(drop.drop_id), render_incident(incident, speaker, has_dossier=dossier is not None)
        if dossier is not None:
            yield name_dossier_page(drop.drop_id), render_dossier(material.view, dossier, drop, speaker)
    yield SUMMARY_PAGE, render_summary(material.view, material.incidents, speaker)
    yield "data.html", render_data(material, speaker)


def render_data(material: SiteMaterial, speaker: Speaker) -> str:
    """The page that says where each figure comes from."""
    values = list_values(material)
    traces = [trace(query, rows, values.get(query)) for query, rows in list_tables(material).items()]
    place = place_site(material.site_domain, "data.html")
    return render_page(
        "data.html.j2", speaker, place, site_domain=material.site_domain, as_of=material.view.as_of, traces=traces,
        parameters={"site_domain": material.site_domain, "as_of": material.view.as_of.isoformat()},
    )  # fmt: skip


def list_files(material: SiteMaterial) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of the site's data: each table that has rows, as CSV and as Parquet."""
    return list_data_files(list_tables(material))
