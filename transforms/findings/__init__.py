"""What both detectors do with what they found: calibrated chance, false discovery control, identity over nights."""
