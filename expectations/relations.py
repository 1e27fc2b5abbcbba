"""Which rows of a table a check looks at: the table as known on the ``$as_of`` day."""

from __future__ import annotations

from transforms.schemas import Table
from transforms.schemas.table import Slice

_REJECTED = """
SELECT f.site_domain, r.*
FROM ingest.rejected_rows AS r
LEFT JOIN (
  SELECT file_id, min(site_domain) AS site_domain FROM ingest.export_files GROUP BY file_id
) AS f USING (file_id)
"""

_LEDGER = "SELECT * FROM ingest.export_files WHERE exported_on IS NULL OR exported_on <= $as_of"

LATEST_FILES = """
SELECT * FROM ingest.export_files
WHERE status = 'loaded' AND superseded_by IS NULL AND site_domain IS NOT NULL AND exported_on <= $as_of
QUALIFY exported_on = max(exported_on) OVER (PARTITION BY site_domain, provider, format)
"""
"""The files of the newest export of each site, provider and format: what tonight's assessment rests on. Older files
were judged on their own night; judging them again for ever would hold a site back for an export long replaced. Nor
does a superseded file count: a corrected export of the same day lifts what its predecessor held back."""

_OWN_ROWS = {"ingest.export_files": _LEDGER, "ingest.rejected_rows": _REJECTED}


def rows_known(declared: Table) -> str:
    """Query giving the rows of ``declared`` that are judged, always with a ``site_domain`` column.

    Night tables: the night of ``$as_of``. Site tables: all rows (they hold one day). Observations: the newest export
    of each site and provider, for older ones were judged on their night and never change.
    """
    if declared.name in _OWN_ROWS:
        return _OWN_ROWS[declared.name]
    if "site_domain" not in declared.column_names:
        # Shared by all sites: a fault in it is one of the warehouse as a whole.
        return f"SELECT CAST(NULL AS VARCHAR) AS site_domain, * FROM {declared.name}"  # noqa: S608
    kind: Slice = declared.slice
    # Only declared names are put into the text below; every value is bound as a parameter.
    if kind == "night":
        return f"SELECT * FROM {declared.name} WHERE {declared.night_column} = $as_of"  # noqa: S608
    if kind == "file" and {"site_domain", "provider", "observed_on"} <= set(declared.column_names):
        return (
            f"SELECT * FROM {declared.name} "  # noqa: S608
            "WHERE site_domain IS NULL OR provider IS NULL OR observed_on IS NULL OR "
            "(site_domain, provider, observed_on) IN "
            f"(SELECT (site_domain, provider, max(observed_on)) FROM {declared.name} "
            "WHERE observed_on <= $as_of GROUP BY site_domain, provider) "
            "AND file_id NOT IN (SELECT file_id FROM ingest.export_files WHERE superseded_by IS NOT NULL)"
        )
    return f"SELECT * FROM {declared.name}"  # noqa: S608
