"""One score per site and day, with its reasons (docs/methods-correlation.md)."""
