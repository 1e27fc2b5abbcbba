"""What may be set in the staging SQL besides the ``as_of`` day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Staging says what was known and judges nothing; each field names its unit and reason."""

    least_links_of_reach: int = 100
    """Links an export must have for it to tell how far back its provider looks (``staging.export_reach``).

    Of a handful of links the oldest lost one says more of the site than of the provider.
    """
