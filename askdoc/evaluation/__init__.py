"""Evaluation by judged questions: recall, rank, answer sentences, refusals, calibration, time."""

from __future__ import annotations

from askdoc.evaluation.judged_questions import Judged, read_questions
from askdoc.evaluation.measures import Outcome, Ranked, auroc, calibration, interval, intervals, reliability
from askdoc.evaluation.report import Report, summed, to_json
from askdoc.evaluation.runner import Asked, evaluate

__all__ = [
    "Asked",
    "Judged",
    "Outcome",
    "Ranked",
    "Report",
    "auroc",
    "calibration",
    "evaluate",
    "interval",
    "intervals",
    "read_questions",
    "reliability",
    "summed",
    "to_json",
]
