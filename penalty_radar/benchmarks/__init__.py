"""Measures of the detectors with known truth; each module runs with ``python -m`` and has a ``measure`` function."""
