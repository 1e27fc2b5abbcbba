"""Nights replayed: what each would have told with what was known by then, and how that compares with a known truth."""

from __future__ import annotations

from penalty_radar.backtest.nights import ALARM_COLUMNS, list_nights, replay_nights
from penalty_radar.backtest.scores import JudgedCampaign, Scores, day_complete, score_alarms

__all__ = ["ALARM_COLUMNS", "JudgedCampaign", "Scores", "day_complete", "list_nights", "replay_nights", "score_alarms"]
