"""The words of a room, as administrators type them."""

from typing import Any

import msgspec
import pytest

from carena_protocol.admin_rest import RoomUpdate
from carena_protocol.errors import ErrorCode
from carena_server import room_texts
from carena_server.sign_in import RefusedError

FIELD = {"key": "pharmacy", "label": " Your   pharmacy ", "labels": {"es": "Su farmacia"}}


def wish(**given: Any) -> RoomUpdate:
    """Return a wish as it comes over the wire."""
    return msgspec.convert({"id": "main", **given}, RoomUpdate)


def test_words_are_cleaned_and_empty_ones_taken_out() -> None:
    """Blanks are joined, lines of a closed text stay, a language without words is no language."""
    after = room_texts.cleaned(
        wish(closed_text="Call\n 555  0100", closed_texts={"en": "Closed.", "es": "  "}, fields={"own": [FIELD]})
    )
    assert after.closed_text == "Call\n555 0100"
    assert after.closed_texts == {"en": "Closed."}
    assert not isinstance(after.fields, msgspec.UnsetType)
    assert (after.fields.own[0].label, after.fields.own[0].labels) == ("Your pharmacy", {"es": "Su farmacia"})
    assert room_texts.cleaned(wish(name="X")) == wish(name="X")


@pytest.mark.parametrize(
    "given",
    [
        {"closed_text": "\u202eevil"},
        {"closed_texts": {"es": "a\x00b"}},
        {"fields": {"own": [{"key": "a", "label": "..."}]}},
        {"fields": {"own": [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}]}},
        {"fields": {"own": [{"key": "a", "label": "A"}, {"key": "b", "label": "a"}]}},
        {"fields": {"own": [{"key": "a", "label": "A", "choices": ["X", "x y"], "choices_in": {"es": ["X"]}}]}},
        {"fields": {"own": [{"key": "a", "label": "A", "choices": ["X", "X"]}]}},
        {"fields": {"own": [{"key": "a", "label": "A", "labels": {"es": "\u202e"}}]}},
    ],
)
def test_words_that_cannot_be_shown_are_refused(given: dict[str, Any]) -> None:
    """Controls, overrides, fields with one name, and translations that lack a choice."""
    with pytest.raises(RefusedError) as refused:
        room_texts.cleaned(wish(**given))
    assert refused.value.code is ErrorCode.INVALID
