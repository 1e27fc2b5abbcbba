"""One score per site and day with its reasons, and the chance of a drop ahead (docs/methods-risk.md)."""
