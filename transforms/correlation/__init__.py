"""Which drops follow which surges, against placebos and known causes (docs/methods-causes.md)."""
