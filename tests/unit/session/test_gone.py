"""Who is gone, and whose name is still known."""

from carena_desktop.session.gone import GoneNames
from carena_protocol.rows import GoneVisit, LeaveReason, VisitState


def gone(visit: str, state: VisitState = VisitState.LEFT) -> GoneVisit:
    """A visit that ended."""
    return GoneVisit(
        visit=visit, version=3, state=state, room="main", checked_in_at=1, closed_at=2, reason=LeaveReason.PATIENT
    )


def test_names_live_as_long_as_the_server_lists_the_visit() -> None:
    """Who left has a name while listed; a finished visit, and one that was never listed, have none any more."""
    names = GoneNames()
    for visit in ("left", "done", "moved"):
        names.vanished(visit, f"Private {visit}")
    found = names.listed((gone("left"), gone("done", VisitState.FINISHED), gone("unseen", VisitState.NO_SHOW)))
    assert [one.name for one in found] == ["Private left", "", ""]
    assert "Private" not in repr(found)
    assert len(names) == 1
    assert names.listed(()) == ()
    assert len(names) == 0


def test_names_of_rows_that_are_never_listed_do_not_pile_up() -> None:
    """A thousand transfers to rooms that are not seen leave no thousand names."""
    names = GoneNames()
    for number in range(1000):
        names.vanished(f"v{number}", "Private")
    assert len(names) <= 100
    (last,) = names.listed((gone("v999"),))
    assert last.name == "Private"
