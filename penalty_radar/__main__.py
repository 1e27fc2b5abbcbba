"""``python -m penalty_radar`` is the same as the ``penalty-radar`` command."""

from penalty_radar.cli import main

if __name__ == "__main__":
    main()
