"""The waiting chat's sealed lines are the same for Python as for the portal, which loads the same file."""

import json
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

import carena_protocol
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.e2ee.sframe import Direction  # noqa: TC001 - read at run time by cast
from carena_protocol.waiting_chat import ChatCipher, Line, Received, Sealed, call_of

VECTORS: dict[str, Any] = json.loads(
    (Path(carena_protocol.__file__).parent / "vectors" / "waiting_chat.json").read_text("utf-8")
)
ROOT = bytes.fromhex(VECTORS["root"])


def test_the_call_is_bound_to_visit_and_opening() -> None:
    """What the keys belong to names both."""
    assert call_of(VECTORS["visit"], VECTORS["chat"]) == VECTORS["call"]


@pytest.mark.parametrize(("sends", "takes"), [("C>P", "P>C"), ("P>C", "C>P")])
def test_every_sealed_line_is_made_and_opened_as_written(sends: str, takes: str) -> None:
    """The same bytes come out, and the other side reads what went in; the same end does not open its own."""
    sealer = ChatCipher(ROOT, VECTORS["call"], cast("Direction", sends))
    opener = ChatCipher(ROOT, VECTORS["call"], cast("Direction", takes))
    own = [vector for vector in VECTORS["sealed"] if vector["way"] == sends]
    assert len(own) == 3
    for vector in own:
        content = msgspec.convert(vector["content"], Line | Received)
        assert sealer.seal(content) == (vector["n"], vector["c"])
        sealed = Sealed(chat=VECTORS["chat"], n=vector["n"], c=vector["c"])
        with pytest.raises(AgreementError):
            sealer.open(sealed)
        assert opener.open(sealed) == content
