"""What happens to the data: one folder per stage, in the order of :mod:`transforms.stages`."""
