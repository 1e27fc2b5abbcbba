"""Signals: where each link comes from, daily counts per site and origin, visibility per site and day.

Every table is one query over staging; the rules behind an origin stand in ``link_evidence.sql`` and are explained,
with their sources, in docs/methods-origins.md.
"""
