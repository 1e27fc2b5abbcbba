"""Where a page stands: internal pages in one folder, what is about one site in a folder of that site.

A site's folder can be handed to its owner as it is: nothing in it is of another client, and the only way out of it is
to ``assets/``. Links to internal pages stand in it hidden, and only the whole report's ``run.js`` reveals them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

INTERNAL = "internal"
"""Folder of the pages over all sites."""

SITES = "sites"
"""Folder of the sites' folders."""

_SAFE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


def name_folder(site_domain: str) -> str:
    """The folder of a site: its domain, or, where that is no plain host name, its letters and a hash."""
    if _SAFE_NAME.fullmatch(site_domain) and len(site_domain) <= 200:  # file systems allow 255
        return site_domain
    letters = re.sub(r"[^a-z0-9-]+", "-", site_domain.lower()).strip("-")[:60]
    return f"{letters}-{hashlib.sha256(site_domain.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Place:
    """A page below the report: ``folder`` holds a folder per language, and those hold the pages."""

    folder: str
    page: str

    @property
    def is_internal(self) -> bool:
        """Whether the page is about the whole portfolio."""
        return self.folder == INTERNAL

    @property
    def root(self) -> str:
        """The way from the page to the report's own folder."""
        return "/".join([".."] * (self.folder.count("/") + 2))

    def path(self, language: str) -> str:
        """The page's file below the report."""
        return f"{self.folder}/{language}/{self.page}"


def place_internal(page: str) -> Place:
    """Place of a page over all sites."""
    return Place(INTERNAL, page)


def place_site(site_domain: str, page: str = "index.html") -> Place:
    """Place of a page of one site."""
    return Place(f"{SITES}/{name_folder(site_domain)}", page)
