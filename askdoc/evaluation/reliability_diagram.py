"""The reliability diagram as a picture: how sure we were against how often we were right (SVG, self-contained)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from askdoc import messages
from askdoc.evaluation.measures import Bin, calibration_error

_SIZE: Final = 320
_LEFT: Final = 64
_TOP: Final = 56
_MUTED: Final = "#6b7280"


def svg(bins: Sequence[Bin]) -> str:
    """A reliability diagram: a bar a bin as wide as the bin, darker where more questions are, the diagonal, the error."""
    right = escape(messages.say("eval-diagram-right"))
    most = max((each.count for each in bins), default=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE + 96} {_SIZE + 120}" font-family="sans-serif"'
        ' font-size="12" role="img">',
        f'<rect width="{_SIZE + 96}" height="{_SIZE + 120}" fill="#ffffff"/>',
        _text(_LEFT, 24, messages.say("eval-diagram"), size=15),
        _text(_LEFT, 42, _counts(bins), fill=_MUTED),
    ]
    for step in range(0, 11, 2):
        at, share = step / 10 * _SIZE, f"{step * 10} %"
        parts.append(_line(_LEFT, _TOP + _SIZE - at, _LEFT + _SIZE, _TOP + _SIZE - at, "#e5e7eb"))
        parts.append(_text(_LEFT - 8, _TOP + _SIZE - at + 4, share, "end", _MUTED))
        parts.append(_text(_LEFT + at, _TOP + _SIZE + 18, share, "middle", _MUTED))
    for each in bins:
        height = each.right * _SIZE
        x, width = _LEFT + each.low * _SIZE + 1, (each.high - each.low) * _SIZE - 2
        parts.append(
            f'<rect x="{x:.1f}" y="{_TOP + _SIZE - height:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#2563eb"'
            f' fill-opacity="{0.25 + 0.65 * each.count / most:.2f}"/>'
        )
        top = min(_TOP + _SIZE - height - 4, _TOP + _SIZE - 4)
        parts.append(_text(x + width / 2, max(top, _TOP + 10), str(each.count), "middle", _MUTED, 10))
        parts.append(
            f'<circle cx="{_LEFT + each.confidence * _SIZE:.1f}" cy="{_TOP + _SIZE - height:.1f}" r="3" fill="#111827"/>'
        )
    parts += [
        _line(_LEFT, _TOP + _SIZE, _LEFT + _SIZE, _TOP, "#9ca3af", ' stroke-dasharray="4 4"'),
        _line(_LEFT, _TOP, _LEFT, _TOP + _SIZE, "#374151"),
        _line(_LEFT, _TOP + _SIZE, _LEFT + _SIZE, _TOP + _SIZE, "#374151"),
        _text(_LEFT + _SIZE / 2, _TOP + _SIZE + 42, messages.say("eval-diagram-sure"), "middle"),
        f'<text transform="translate(16 {_TOP + _SIZE / 2}) rotate(-90)" text-anchor="middle">{right}</text>',
        "</svg>\n",
    ]
    return "\n".join(parts)


def _counts(bins: Sequence[Bin]) -> str:
    count = sum(each.count for each in bins)
    return messages.say("eval-diagram-error", error=f"{calibration_error(bins):.3f}", count=count)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{more}/>'


def _text(x: float, y: float, text: str, anchor: str = "start", fill: str = "#111827", size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{escape(text)}</text>'
    )
