"""Made-up files of the team itself, and lists of search updates, in their exact shapes. Invented domains only."""

from __future__ import annotations

import json
from typing import Any

SITE = "voorbeeldwinkel.nl"

CALENDAR_NL = f"""soort;site;naam;begint;eindigt;reikwijdte;bron
Sitewijziging;www.{SITE};Verhuizing naar een nieuw platform;10-01-2026;;platform;eigen notitie
handmatige actie;https://{SITE}/;Onnatuurlijke links naar de site;2026-02-03;01-03-2026;links;
links verwijderd;{SITE};Links van ruilpartners weg;12-02-2026;12-02-2026;;
herbeoordeling;{SITE};Verzoek ingediend;14-02-2026;;;
databreuk;;Ranktracker stond stil;2026-03-01;02-03-2026;tracker;
update;;Kernupdate van maart;27-03-2026;;core;
"""

PLACEMENTS = f"""url,date,kind,campaign,target,removed_on,note
https://www.kaasblog.nl/stukje,2026-01-12,bought,lente,https://{SITE}/kaas,,betaald per jaar
https://partner.example/links,2026-01-20,exchanged,lente,https://{SITE}/,2026-03-01,
"""
PLACEMENTS_NL = f"""URL;Datum;Soort;Campagne;Doel;Verwijderd_op;Opmerking
kaasblog.nl/stukje;12-01-2026;Gekocht;lente;https://www.{SITE}/kaas;;"jaarlijks; per factuur"
https://ruil.example/a;5-2-2026;geruild;;https://{SITE}/;2026-03-01;
https://krant.example/b;2026-02-06;verdiend;;;;
https://gast.example/c;31-02-2026;gastblog;;https://{SITE}/;;
https://club.example/d;2026-02-08;sponsoring;;https://{SITE}/;;
"""

LABELS = """link,origin,who,when,note,site
https://www.kaasblog.nl/stukje,natural,Anna,2026-01-12,read it: an honest review,
kaasblog.nl,bought,Bert,2026-01-10,,voorbeeldwinkel.nl
krant.example,allowed,,,,
"""
DECISIONS = """alert,decision,who,when,note
3f9a1c04b7d25e68,handled,Anna,2026-01-16,links taken away
3f9a1c04b7d25e68,handled,Anna,2026-01-16,said twice
a07be1d2c3f40591,false alarm,Bert,,the tracker stood still
"""
LABELS_NL = """Domein;Herkomst;Wie;Wanneer;Opmerking
kaasblog.nl;Gekocht;Anna;12-01-2026;"per factuur; jaarlijks"
ruil.example;geruild;Anna;12-01-2026;
gast.example;gastblog;Anna;12-01-2026;
netwerk.example;linkprogramma;Anna;12-01-2026;
goed.example;natuurlijk;Anna;12-01-2026;
rommel.example;spam;Anna;12-01-2026;
eigen.example;toegestaan;;;
vaag.example;onbekend;Anna;12-01-2026;
laat.example;spam;Anna;12/01/2026;
"""


def incident(**changes: Any) -> dict[str, Any]:
    """One incident as the status dashboard writes it."""
    said = {"created": "2026-11-03T15:00:10+00:00", "modified": "2026-11-03T15:00:12+00:00", "text": "Begonnen."}
    product = {"title": "Ranking", "id": "rAnKing0000000000001"}
    return {
        "id": "inCident000000000001",
        "number": "1000000000000000001",
        "begin": "2026-11-03T15:00:00+00:00",
        "created": "2026-11-03T15:00:10+00:00",
        "end": "2026-11-17T20:30:00+00:00",
        "modified": "2026-11-17T20:30:05+00:00",
        "external_desc": "November 2026 core update",
        "updates": [{**said, "when": "2026-11-03T15:00:10+00:00", "status": "SERVICE_INFORMATION"}],
        "most_recent_update": {**said, "when": "2026-11-03T15:00:10+00:00", "status": "SERVICE_INFORMATION"},
        "status_impact": "SERVICE_INFORMATION",
        "severity": "low",
        "service_key": product["id"],
        "service_name": "Ranking",
        "affected_products": [product],
        "uri": "incidents/inCident000000000001",
        **changes,
    }


def incidents(*entries: dict[str, Any]) -> bytes:
    """The dashboard's incidents, newest first."""
    return json.dumps(list(entries), indent=2).encode()


INCIDENTS = incidents(
    incident(
        external_desc="Delay in serving results", service_name="Serving", begin="2026-11-20T09:15:00+00:00", end=None
    ),
    incident(end=None),
    incident(external_desc="Ongoing ranking issue", begin="2026-10-20T06:00:00+00:00", end="2026-10-22T06:00:00+00:00"),
    incident(
        external_desc="August 2026 spam update", begin="2026-08-18T16:27:00+00:00", end="2026-08-21T08:49:00+00:00"
    ),
)

UPDATE_LIST = b"""name,start,duration_verbatim,kind
November 2026 core update,2026-11-03,still rolling out,core
March 2026 spam update,2026-03-24,"19 hours, 30 minutes",spam
Ongoing ranking issue,2024-08-15,"4 days, 11 hours",issue
Page experience update for desktop,2022-02-22,9 days,page-experience
"""
UPDATE_DOCUMENT = json.dumps(
    {
        "last_verified": "2026-07-02",
        "policy": "Alleen bronnen uit de eerste hand.",
        "_schema_doc": {"updates[]": {"date": "dag", "name": "naam"}},
        "updates": [
            {
                "date": "2024-03-05",
                "name": "March 2024 Core Update + spam updates",
                "kind": "core+spam",
                "source": "https://zoekblog.example/2024/03",
                "notes": "Twee tegelijk.",
            },
            {
                "date": "2024-05-05",
                "name": "Beleid over geleende namen",
                "kind": "policy",
                "source": "https://zoekblog.example/2024/05",
                "notes": "",
            },
        ],
        "unverified": [],
    }
).encode()

SAMPLES: dict[str, tuple[str, bytes]] = {
    "placements": ("placements.csv", PLACEMENTS.encode()),
    "labels": ("labels.csv", LABELS.encode()),
    "decisions": ("decisions.csv", DECISIONS.encode()),
    "search_status_incidents": ("incidents.json", INCIDENTS),
    "search_update_list": ("updates.csv", UPDATE_LIST),
}
"""One file per format: file name and content."""
