"""The reliability diagram: accuracy against confidence, as a self-contained SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from askdoc import messages
from askdoc.evaluation.measures import Bin

_SIZE: Final = 320
_MUTED: Final = "#6b7280"


def svg(error: float, bins: Sequence[Bin]) -> str:
    """Return a reliability diagram: a bar per bin, darker with more questions, the diagonal, and the error."""
    count = sum(entry.count for entry in bins)
    most = max((entry.count for entry in bins), default=1)
    shapes = [
        _text(0, -_SIZE - 32, messages.say("eval-diagram"), 'font-size="15"'),
        _text(
            0, -_SIZE - 14, messages.say("eval-diagram-error", error=f"{error:.3f}", count=count), f'fill="{_MUTED}"'
        ),
    ]
    for percent in range(0, 101, 20):
        offset = percent * _SIZE // 100
        shapes.append(f'<path d="M0 {-offset}h{_SIZE}" stroke="#e5e7eb"/>')
        shapes.append(_text(-8, 4 - offset, f"{percent} %", f'text-anchor="end" fill="{_MUTED}"'))
        shapes.append(_text(offset, 18, f"{percent} %", f'text-anchor="middle" fill="{_MUTED}"'))
    for entry in bins:
        height, left, width = entry.right * _SIZE, entry.low * _SIZE + 1, (entry.high - entry.low) * _SIZE - 2
        shapes += [
            f'<rect x="{left:.1f}" y="{-height:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#2563eb"'
            f' fill-opacity="{0.25 + 0.65 * entry.count / most:.2f}"/>',
            _text(
                left + width / 2,
                max(-height - 4, 10 - _SIZE),
                str(entry.count),
                f'text-anchor="middle" fill="{_MUTED}" font-size="10"',
            ),
            f'<circle cx="{entry.confidence * _SIZE:.1f}" cy="{-height:.1f}" r="3"/>',
        ]
    shapes += [
        f'<path d="M0 0L{_SIZE} {-_SIZE}" stroke="#9ca3af" stroke-dasharray="4 4"/>',
        f'<path d="M0 {-_SIZE}V0H{_SIZE}" fill="none" stroke="#374151"/>',
        _text(_SIZE / 2, 42, messages.say("eval-diagram-sure"), 'text-anchor="middle"'),
        _text(_SIZE / 2, -48, messages.say("eval-diagram-right"), 'text-anchor="middle" transform="rotate(-90)"'),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-64 {-_SIZE - 56} {_SIZE + 96} {_SIZE + 120}"'
        ' font-family="sans-serif" font-size="12" fill="#111827" role="img">\n'
        f'<rect x="-64" y="{-_SIZE - 56}" width="{_SIZE + 96}" height="{_SIZE + 120}" fill="#ffffff"/>\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def _text(x: float, y: float, text: str, attributes: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{escape(text)}</text>'
