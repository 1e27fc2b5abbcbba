"""Sets of counts with a known answer, and the protocol by which a detector is scored on each."""
