"""The front door: the command line, and the walk from exports to report for one day."""
