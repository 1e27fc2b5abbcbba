"""Published and customary surge tests, in code of our own, that stand beside the project's in the benchmark."""
