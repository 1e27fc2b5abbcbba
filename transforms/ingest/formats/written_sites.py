"""How the site of a row is written, in exports with a column that names it and that have to be about one site."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.ingest.formats.written import Written, sql_text, sql_texts
from transforms.ingest.hosts import host_sql

DOMAIN_PROPERTY = "sc-domain:"
"""Begins the name of a Search Console property that is a whole domain."""


@dataclass(frozen=True)
class SameSite(Written):
    """The site that the first rows name: hosts of it are it, but another Search Console property is another report."""

    site_domain: str
    """Registrable domain of the site."""

    spelt: tuple[str, ...]
    """What the first rows hold, as spelt."""

    @property
    def expected(self) -> str:
        """The site, and what to do."""
        return f"{', '.join(self.spelt)}, as in the first rows; keep one file per site"[:300]

    def value(self, cell: str) -> str:
        """The name as written."""
        return f"trim({cell})"

    def misfit(self, cell: str) -> str:
        """Another site, or another property."""
        is_property = f"(contains({cell}, '://') OR starts_with(trim({cell}), {sql_text(DOMAIN_PROPERTY)}))"
        host = f"coalesce({host_sql(f'trim({cell})')}, '')"
        is_host = f"({host} = {sql_text(self.site_domain)} OR ends_with({host}, {sql_text('.' + self.site_domain)}))"
        return f"(trim({cell}) NOT IN ({sql_texts(('', *self.spelt))}) AND ({is_property} OR NOT {is_host}))"
