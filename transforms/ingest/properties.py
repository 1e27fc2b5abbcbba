"""Which Search Console property an export speaks of, as the names the provider gives it tell.

``https___www.example.com_-Performance-on-Search-...`` is the URL-prefix property ``https://www.example.com/``;
``example.com-Performance-on-Search-...`` is the domain property ``example.com``: the whole domain, every host in it.
"""

from __future__ import annotations

import re

from transforms.ingest.hosts import host_of, is_domain, normalise_host, registrable_domain

PROPERTY = "property"
"""Begins the assumption that says of which property an export speaks."""

_PREFIX = re.compile(r"^(https?)_{3}(.+?)_-", re.IGNORECASE)
_DOMAIN = re.compile(r"^([^_\s]+?)-(?:performance|prestaties)", re.IGNORECASE)


def property_named(names: tuple[str, ...]) -> str | None:
    """The property in the first of ``names`` (file, container, folders) that tells one."""
    for name in names:
        if prefix := _PREFIX.match(name):
            scheme, rest = prefix.group(1).lower(), prefix.group(2).replace("_", "/")
            if host_of(rest):
                return f"{scheme}://{rest}/"
        elif (domain := _DOMAIN.match(name)) and is_domain(domain.group(1)):
            return normalise_host(domain.group(1))
    return None


def name_property(site_property: str) -> str:
    """How the name of a file begins that speaks of the property, so that :func:`property_named` reads it back.

    Args:
        site_property: as the API spells it, ``sc-domain:example.com`` or ``https://www.example.com/``.
    """
    scheme, separator, rest = site_property.partition("://")
    if not separator:
        return f"{site_property.removeprefix('sc-domain:')}-performance"
    return f"{scheme}___{rest.strip('/').replace('/', '_')}_-performance"


def property_rank(site_property: str) -> int:
    """How much of the site the property covers: 0 all of it, 1 its main host (bare or ``www.``), 2 another part."""
    if "://" not in site_property:
        return 0
    host, _, path = site_property.partition("://")[2].partition("/")
    is_main = host.removeprefix("www.") == domain_of_property(site_property)
    return 1 if is_main and not path else 2


def domain_of_property(site_property: str) -> str | None:
    """The registrable domain that the property lies in."""
    host = host_of(site_property)
    return registrable_domain(host) if host else None
