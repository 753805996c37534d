"""The words of a room that patients read, as an administrator typed them: made safe, or refused. Pure."""

from typing import Any

import msgspec
from msgspec import UNSET

from carena_protocol.admin_rest import RoomUpdate
from carena_protocol.errors import ErrorCode
from carena_protocol.rows import ArrivalFields, OwnField
from carena_server.sign_in import RefusedError
from carena_server.text import clean, clean_text


def cleaned(wish: RoomUpdate) -> RoomUpdate:
    """Return the wish with its words cleaned. Raises RefusedError(invalid) for words that can't be shown."""
    given: dict[str, Any] = {}
    if wish.closed_text is not UNSET:
        given["closed_text"] = _text(wish.closed_text)
    if wish.closed_texts is not UNSET:
        given["closed_texts"] = {language: _text(text) for language, text in wish.closed_texts.items() if text.strip()}
    if wish.fields is not UNSET:
        given["fields"] = _fields(wish.fields)
    return msgspec.structs.replace(wish, **given)


def _text(text: str) -> str:
    found = clean_text(text)
    if not found and text.strip():
        raise RefusedError(ErrorCode.INVALID)
    return found


def _fields(fields: ArrivalFields) -> ArrivalFields:
    own = tuple(_own(field) for field in fields.own)
    labels = [field.label.casefold() for field in own]
    if len({field.key for field in own}) != len(own) or len(set(labels)) != len(labels):
        raise RefusedError(ErrorCode.INVALID)  # answers are kept by key, and shown by label
    return msgspec.structs.replace(fields, own=own)


def _own(field: OwnField) -> OwnField:
    choices = _line_each(field.choices)
    translated = {language: _line_each(words) for language, words in field.choices_in.items()}
    if any(len(words) != len(choices) for words in translated.values()) or len(set(choices)) != len(choices):
        raise RefusedError(ErrorCode.INVALID)
    labels = {language: _line(label) for language, label in field.labels.items()}
    return msgspec.structs.replace(
        field, label=_line(field.label), labels=labels, choices=choices, choices_in=translated
    )


def _line(words: str) -> str:
    found = clean(words)
    if not found:
        raise RefusedError(ErrorCode.INVALID)
    return found


def _line_each(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_line(one) for one in words)
