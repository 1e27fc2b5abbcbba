"""What arrived: export files read strictly, row by row accounted for (:mod:`transforms.ingest.inbox` is the way in)."""
