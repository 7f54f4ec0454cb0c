"""The JSON of answers and errors: one shape, versioned, for every producer (CONTRACT's "JSON")."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

from askdoc.errors import AskdocError
from askdoc.model import (
    LANGUAGES,
    Alignment,
    Answer,
    AnsweredVersion,
    AnswerLanguage,
    Hit,
    Language,
    Place,
    Places,
    Shown,
)

SCHEMA: Final = 1
"""Changes when the shape does."""

# Characters that a terminal or a viewer could act on; everything else, Chinese above all, stays readable.
_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def answer(value: Answer) -> dict[str, Any]:
    """An answer as JSON values."""
    return {
        "schema": SCHEMA,
        "question": value.question,
        "language": value.language,
        "answer_language": value.answer_language,
        "found": value.found,
        "confidence": round(value.confidence, 4),
        "matched": list(value.matched),
        "missing": list(value.missing),
        **({"about": list(value.about)} if value.about else {}),
        **({"corrected": [list(pair) for pair in value.corrected]} if value.corrected else {}),
        "hits": [_hit(hit) for hit in value.hits],
        "milliseconds": round(value.milliseconds, 3),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "passage_id": hit.passage_id,
        "shown": hit.shown,
        "alignment": hit.alignment,
        "evidence": list(hit.evidence),
        "versions": {language: version_(version) for language, version in hit.versions.items()},
    }


def version_(version: AnsweredVersion) -> dict[str, Any]:
    """A version as JSON values."""
    return {
        "text": version.text,
        "sentence": list(version.sentence) if version.sentence else None,
        "highlights": [list(span) for span in version.highlights],
        "section": list(version.section),
        "label": version.label,
        "place": {
            "path": version.place.path,
            "lines": list(version.place.lines),
            "page": version.place.page,
            "span": list(version.place.span),
        },
    }


def read_answer(value: Mapping[str, Any]) -> Answer:
    """The answer of :func:`answer`'s JSON values, its numbers as they were rounded.

    Raises ValueError, KeyError, TypeError or AttributeError for anything else.
    """
    if value["schema"] != SCHEMA:
        raise ValueError
    return Answer(
        _str(value["question"]),
        _choice(value["language"], LANGUAGES),
        _choice(value["answer_language"], get_args(AnswerLanguage)),
        bool(value["found"]),
        float(value["confidence"]),
        tuple(map(_str, value["matched"])),
        tuple(map(_str, value["missing"])),
        tuple(map(_read_hit, value["hits"])),
        float(value["milliseconds"]),
        tuple(map(_str, value.get("about", ()))),
        tuple((_str(typed), _str(right)) for typed, right in value.get("corrected", ())),
    )


def _read_hit(value: Mapping[str, Any]) -> Hit:
    versions: dict[Language, AnsweredVersion] = {
        _choice(language, LANGUAGES): _read_version(version) for language, version in value["versions"].items()
    }
    passage_id = _str(value["passage_id"])
    shown: Language = _choice(value["shown"], LANGUAGES)
    if shown not in versions:
        raise ValueError
    return Hit(
        int(value["rank"]),
        float(value["score"]),
        passage_id,
        shown,
        _choice(value["alignment"], get_args(Alignment)),
        tuple(map(_str, value["evidence"])),
        versions,
        passage_id.rpartition("#")[0],
    )


def _read_version(value: Mapping[str, Any]) -> AnsweredVersion:
    text = _str(value["text"])
    place = value["place"]
    spans = tuple(_span(span, len(text)) for span in value["highlights"])
    return AnsweredVersion(
        text,
        None if value["sentence"] is None else _span(value["sentence"], len(text)),
        spans,
        Place(_str(place["path"]), _span(place["lines"]), place["page"], _span(place["span"])),
        tuple(map(_str, value["section"])),
        _str(value["label"]),
    )


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _choice(value: Any, choices: Iterable[Any]) -> Any:
    if value not in choices:
        raise ValueError
    return value


def _span(value: Any, most: int = 1 << 62) -> tuple[int, int]:
    first, last = value
    if not (isinstance(first, int) and isinstance(last, int) and 0 <= first <= last <= most):
        raise ValueError
    return first, last


def places(value: Places) -> dict[str, Any]:
    """Every place of some words as JSON values."""
    return {
        "schema": SCHEMA,
        "words": value.words,
        "exact": value.exact,
        "places": [
            {
                "passage_id": find.passage_id,
                "count": find.count,
                "alignment": find.alignment,
                "versions": {language: version_(version) for language, version in find.versions.items()},
            }
            for find in value.finds
        ],
        "sections": [
            {
                "document": document,
                "section": {language: list(headings) for language, headings in path.items()},
                "count": count,
            }
            for document, path, count in value.sections
        ],
    }


def shown(value: Shown) -> dict[str, Any]:
    """The place of a citation as JSON values."""
    return {
        "schema": SCHEMA,
        "document": value.document,
        "title": dict(value.title),
        "passages": [
            {
                "passage_id": passage.passage_id,
                "cited": passage.cited,
                "alignment": passage.alignment,
                "versions": {language: version_(version) for language, version in passage.versions.items()},
            }
            for passage in value.passages
        ],
    }


def error(problem: AskdocError) -> dict[str, Any]:
    """An error as JSON values."""
    return {"schema": SCHEMA, "error": {"kind": problem.kind, "message": str(problem)}}


def dumps(value: Any, indent: int | None = None) -> str:
    """JSON text: Chinese readable, and nothing in it that a terminal acts on. Always valid UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
