"""Surges: sudden rises of new referring domains, per site, provider and origin. Methods: docs/methods-detectors.md."""
