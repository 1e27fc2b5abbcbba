"""Fetching: asks providers' APIs and saves their raw answers into the inbox, where ingest reads them like any file.

``search_console`` asks by day; ``backlinks`` asks paid APIs (``ahrefs``, ``semrush``) by page, within a monthly cap.
They share ``calls`` (trying again, and when to stop), ``web`` (one GET), ``saved_answers`` (files in the inbox) and
``ledger`` (what was asked and what it cost). No clock and no environment inside: today, now and sleep are arguments.
"""
