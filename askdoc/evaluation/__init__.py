"""Judged questions → how good the answers are: recall, rank, answer sentences, honest refusals, time."""

from __future__ import annotations

from askdoc.evaluation.judged_questions import Judged, read_questions
from askdoc.evaluation.measures import DEPTH, Bin, Measures, Outcome, Ranked, auroc, interval, intervals, measure
from askdoc.evaluation.report import Report, bins, summed, to_json
from askdoc.evaluation.runner import Asked, evaluate

__all__ = [
    "DEPTH",
    "Asked",
    "Bin",
    "Judged",
    "Measures",
    "Outcome",
    "Ranked",
    "Report",
    "auroc",
    "bins",
    "evaluate",
    "interval",
    "intervals",
    "measure",
    "read_questions",
    "summed",
    "to_json",
]
