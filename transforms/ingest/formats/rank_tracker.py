"""Link-Assistant Rank Tracker (SEO PowerSuite): positions, with the name of each search engine inside column names.

`Google HOU Rank`, `Google Mobile HOU Rank`, `Bing US Rank`; in French `Pos. Google.fr`. The file has no date.
"""

from __future__ import annotations

import re

from transforms.ingest.country_names import country_named
from transforms.ingest.formats.format import Beside, ExportFormat, Reads, WideColumns, Words
from transforms.ingest.formats.written import Address, Rank, Text

ENGINE = r"(Google(?:[ .](?!Previous\b|Rank\b|Diff|URL\b|SERP\b|Pr[ée]c)\w+)*)"
"""A Google engine; what stands behind the name is a place, a country or `Mobile`. A dot only parts words: were it one
of their letters as well, a hostile name could be cut in more ways than can be tried."""


def _engine_says(found: re.Match[str]) -> Words | None:
    """Device and country of an engine: `Google Mobile US`, `Google.co.uk`, `Google HOU` (a town: no country)."""
    words = re.split(r"[ .]", found.group(1))[1:]
    places = [word for word in words if word.lower() not in ("mobile", "com", "co")]
    place = places[-1].lower() if places else ""
    is_code = re.fullmatch(r"[a-z]{2}", place) is not None
    country = country_named(place) or (place if is_code else None)
    return {"device": "mobile" if "Mobile" in words else "desktop", "country": country}


FORMATS = (
    ExportFormat(
        name="rank_tracker",
        family="rank_tracker",
        title="Link-Assistant Rank Tracker positions",
        provider="rank_tracker",
        feed="rankings",
        thing="rankings",
        recognised_by=(
            ("Keyword", "Mot clé"),
            ("Visibility", "Visibility Difference", "Visibilité", "Différence de visibilité"),
        ),
        columns=(
            Reads(target="keyword", headers=("Keyword", "Mot clé"), written=Text(), is_required=True, is_filled=True),
            Reads(
                target="page_url",
                headers=("Ranking page(s)", "Classement de page(s)", "Classement de page(e)"),
                written=Address(between=";"),
            ),
        ),
        key=("keyword",),
        ignored=(
            "Visibility",
            "Visibility Difference",
            "Visibilité",
            "Différence de visibilité",
            "Tendance",
            "Clics",
            "Tags",
            "Notes",
        ),
        ignored_pattern=re.compile(
            r".+ (?:Previous Rank|Difference|Différence|SERP Features|Date)"
            r"|(?!Google).+ (?:Rank|URL Found)|Pos\. (?!Google).+"
        ),
        wide=WideColumns(
            target="position",
            written=Rank(
                unranked=("Not found", "-"),
                unranked_pattern=r"(?i)not in (the )?top \d+|pas dans (le |les )?(top )?\d+( premiers)?",
                has_place=True,
            ),
            header=re.compile(rf"(?:(?=.* Rank$)|(?=Pos\. ))(?:Pos\. )?{ENGINE}(?: Rank)?"),
            says=_engine_says,
            beside=(
                Beside(target="page_url", header=re.compile(rf"{ENGINE} URL Found"), written=Address(between=";")),
            ),
            no_observation=("", "N/A", "Not checked", "Not yet checked", "Pas encore vérifié"),
            first_only=True,
        ),
        site_column="page_url",
        notes=(
            "Positions on Google only: Bing, Yahoo and others are other indexes and their columns are passed by. The "
            "engine's name tells device (`Mobile`) and country (`Google.fr`, `Google US`); a town (`HOU`) is no "
            "country. Of two Google engines of one device and country the first is read, the other is recorded as "
            "unknown. `4(2)` is position 4. The depth is a setting that only the words of unranked keywords tell "
            "(`Not in top 30`). No day inside: the day of the export counts."
        ),
    ),
)
