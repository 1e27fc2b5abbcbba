"""Screaming Frog: All Outlinks, and All Inlinks, which lists the same links from the other end.

Both are read as outgoing links: only hyperlinks that lead from a page of the site to another registrable domain are
rows of ours. Scripts, styles and images are not links, and links inside the site are not outgoing; they are passed
over (counted and named in the reason, not rejected).

Spanish and German names of columns are known from others' programs; those of the other languages of the interface
are derived and were not seen in a file.
"""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads
from transforms.ingest.formats.written import Address, Flag, Text

TYPE = ("Type", "Typ", "Tipo")
SOURCE = ("Source", "Quelle", "Fuente", "Origen", "Origine")
DESTINATION = ("Destination", "Ziel", "Destino", "Destinazione")
ANCHOR = ("Anchor", "Anchor Text", "Anker", "Ankertext", "Ancla", "Texto de anclaje", "Ancre", "Ancoraggio")
FOLLOW = ("Follow", "Folgen", "Seguir", "Suivre", "Segui")
STATUS_CODE = ("Status Code", "Statuscode", "Status-Code", "Código de estado", "Code de statut", "Codice di stato")
HYPERLINKS = (
    "HREF",
    "AHREF",
    "Hyperlink",
    "Hipervínculo",
    "Hiperenlace",
    "Hyperlien",
    "Lien hypertexte",
    "Collegamento ipertestuale",
)
FOLLOWED = ("true", "wahr", "verdadero", "vrai", "vero")
NOT_FOLLOWED = ("false", "falsch", "falso", "faux")

SHEET_ROWS = 1_048_575
"""Rows below the header that a sheet of a workbook can hold."""

FORMATS = (
    ExportFormat(
        name="screaming_frog_outlinks",
        family="screaming_frog_outlinks",
        title="Screaming Frog All Outlinks and All Inlinks",
        provider="screaming_frog",
        feed="backlinks",
        thing="outlinks",
        recognised_by=(TYPE, SOURCE, DESTINATION, (*FOLLOW, *STATUS_CODE)),
        columns=(
            Reads(target="source_url", headers=SOURCE, written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=DESTINATION, written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=ANCHOR, written=Text(empty_is_text=True), is_required=True),
            Reads(target="is_nofollow", headers=FOLLOW, written=Flag(yes=NOT_FOLLOWED, no=FOLLOWED)),
        ),
        key=("source_url", "target_url"),
        ignored=(
            *STATUS_CODE,
            "Size (Bytes)",
            "Size",
            "Größe (Bytes)",
            "Tamaño (bytes)",
            "Alt Text",
            "Alt-Text",
            "Texto alternativo",
            "Status",
            "Estado",
            "Statut",
            "Target",
            "Rel",
            "Path Type",
            "Pfadtyp",
            "Link Path",
            "Linkpfad",
            "Link Position",
            "Linkposition",
            "Link Origin",
            "Linkursprung",
        ),
        preamble=re.compile(r"^(All|Alle|Todos los|Tous les|Tutti gli) ?\S*(Outlinks|Inlinks)", re.IGNORECASE),
        passes_over=(
            PassesOver(
                headers=TYPE,
                words=HYPERLINKS,
                keeps=True,
                because="resources and other things that are no hyperlinks",
            ),
        ),
        short_rows=True,
        site_column="source_url",
        row_caps=(SHEET_ROWS,),
        is_round_suspect=False,
        notes=(
            "CSV or workbook, with or without the title line of 2017. Read as outgoing links of the site only: "
            "resources and links inside the site are passed over, so an All Inlinks file gives the few rows that lead "
            "elsewhere. A crawl has no day: name the file with it. A later crawl that lacks a link may have been "
            "stopped early."
        ),
    ),
)
