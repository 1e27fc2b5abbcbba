"""What the team judged of links and domains, and its allow-list, in English or Dutch; see docs/team-files.md."""

from __future__ import annotations

from transforms.ingest.formats.event_calendar import either_case
from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Choice, Day, Text
from transforms.ingest.formats.written_by_people import SiteName
from transforms.schemas.vocabulary import LABEL_ORIGINS

ORIGINS = (
    *((origin, origin) for origin in LABEL_ORIGINS),
    ("guest post", "guest_post"),
    ("link programme", "link_programme"),
    ("link program", "link_programme"),
    ("natuurlijk", "natural"),
    ("gekocht", "bought"),
    ("geruild", "exchanged"),
    ("gastblog", "guest_post"),
    ("linkprogramma", "link_programme"),
    ("toegestaan", "allowed"),
)
"""Words for an origin; ``spam`` is the same in both languages."""

SUBJECT = either_case("link", "domain", "domein", "subject", "link_or_domain", "link_of_domein")
ORIGIN = either_case("origin", "herkomst")
WHO = either_case("who", "wie")
WHEN = either_case("when", "wanneer")
DAY = Day(order="iso_or_dashed")

FORMATS = (
    ExportFormat(
        name="labels",
        family="labels",
        title="Links and domains the team judged (labels.csv)",
        provider="labels",
        feed="backlinks",
        thing="labels",
        recognised_by=(SUBJECT, ORIGIN, WHO, WHEN),
        columns=(
            Reads(target="subject", headers=SUBJECT, written=Address(), is_required=True, is_filled=True),
            Reads(
                target="origin",
                headers=ORIGIN,
                written=Choice(words=ORIGINS, any_case=True),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="labelled_by", headers=WHO, written=Text(), is_required=True),
            Reads(target="labelled_on", headers=WHEN, written=DAY, is_required=True),
            Reads(target="site_domain", headers=("site_domain", *either_case("site")), written=SiteName()),
            Reads(target="note", headers=either_case("note", "notitie", "opmerking"), written=Text()),
        ),
        key=("site_domain", "subject", "origin", "labelled_by", "labelled_on"),
        days=("labelled_on",),
        needs_site=False,
        notes=(
            "Kept by the team (docs/team-files.md), with English or Dutch headers and words. An address with a scheme "
            "or a path is a link, a bare host is a domain. An empty or missing site means the site of the folder the "
            "file lies in, and outside such a folder all sites. The file names its first four columns; who and when "
            "may be empty. Rows that contradict each other are all kept. A new content at the same path takes the "
            "place of the former one from its day on."
        ),
    ),
)
