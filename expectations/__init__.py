"""What must be true of every table, judged by Great Expectations between the stages.

``suites/<stage>.py`` states the meaning; the structural checks come from ``transforms.schemas``; ``runner.check_stage``
judges, records and says which sites are held back.
"""
