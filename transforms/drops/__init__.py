"""Drops: falls of visibility that last, per site, provider and segment. Methods: docs/methods-drops.md."""
