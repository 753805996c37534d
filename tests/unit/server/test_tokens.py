"""Token rules: rotation, reuse, lost responses, tickets."""

import sqlite3
import string
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from carena_protocol.messages import Role
from carena_server import tokens
from carena_server.repository import Account, Authorised, RefreshRefused
from carena_server.store import accounts
from carena_server.store.audit_log import AuditLog
from carena_server.tokens import RefreshFacts, RefreshVerdict, TicketBook, digest, judge_refresh
from tests.unit.server.builders import pair, staff

GRACE = 30_000


def test_tokens_are_random_and_fit_the_protocols_alphabet() -> None:
    """No two tokens are alike, each has 256 bits (links: 128), and only URL-safe characters."""
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(t) for t in made} == {43}
    assert len(tokens.new_link_secret()) == 22
    assert set("".join(made)) <= set(string.ascii_letters + string.digits + "-_")


@given(
    expires_at=st.integers(0, 100),
    used_at=st.none() | st.integers(0, 100),
    superseded=st.booleans(),
    untouched=st.booleans(),
    active=st.booleans(),
    now=st.integers(0, 200_000),
)
def test_no_facts_let_an_old_token_pass(
    *, expires_at: int, used_at: int | None, superseded: bool, untouched: bool, active: bool, now: int
) -> None:
    """Whatever is known about a token: it rotates only if fresh, and a used one passes only as a lost response."""
    facts = RefreshFacts(expires_at, used_at, superseded, untouched, active)
    verdict = judge_refresh(facts, now_ms=now, grace_ms=GRACE)

    if verdict is RefreshVerdict.ROTATE:
        assert (active, superseded, used_at) == (True, False, None)
        assert now < expires_at
    if verdict is RefreshVerdict.REPLACE_SUCCESSOR:
        assert (active, superseded, untouched) == (True, False, True)
        assert used_at is not None
        assert now - used_at <= GRACE
    if active and used_at is not None and verdict is not RefreshVerdict.REPLACE_SUCCESSOR:
        assert verdict is RefreshVerdict.REVOKE_FAMILY
    if not active:
        assert verdict is RefreshVerdict.REFUSE


def test_a_token_never_issued_is_refused_without_harm() -> None:
    """An unknown token revokes nothing."""
    assert judge_refresh(None, now_ms=0, grace_ms=GRACE) is RefreshVerdict.REFUSE


def test_the_grace_ends_to_the_millisecond() -> None:
    """A repetition passes at 30.000 s and revokes at 30.001 s."""
    facts = RefreshFacts(10**9, 1000, superseded=False, successor_untouched=True, family_active=True)
    assert judge_refresh(facts, now_ms=1000 + GRACE, grace_ms=GRACE) is RefreshVerdict.REPLACE_SUCCESSOR
    assert judge_refresh(facts, now_ms=1001 + GRACE, grace_ms=GRACE) is RefreshVerdict.REVOKE_FAMILY


class Site:
    """One account with one family in a database."""

    def __init__(self, connection: Connection, log: AuditLog) -> None:
        self.connection, self.log = connection, log
        account = Account("u1", "ann", "Dr Ann", Role.CLINICIAN, disabled=False, password_hash="x")
        accounts.add(connection, log, account, 0)
        assert accounts.sign_in(connection, log, "u1", "f1", tokens=pair("0"), at=0)

    def refresh(self, shown: str, made: str, at: int) -> bool:
        """Show a refresh token; return whether the pair ``made`` was handed out."""
        outcome = accounts.refresh(
            self.connection, self.log, digest(f"refresh {shown}"), tokens=pair(made), at=at, grace_ms=GRACE
        )
        if isinstance(outcome, RefreshRefused):
            return False
        assert outcome.family == "f1"
        return True

    def access(self, name: str, at: int) -> bool:
        """Whether the access token of pair ``name`` is good."""
        return isinstance(accounts.authorise(self.connection, digest(f"access {name}"), at), Authorised)


def test_rotation_goes_on_and_only_the_newest_token_works(connection: Connection, log: AuditLog) -> None:
    """Each refresh token works once, for as long as nobody shows an old one."""
    site = Site(connection, log)
    for n in range(20):
        assert site.refresh(str(n), str(n + 1), at=n * 60_000)
    assert site.access("20", at=20 * 60_000)


def test_reuse_revokes_the_family(connection: Connection, log: AuditLog) -> None:
    """After an old token was shown, neither the newest refresh token nor any access token works."""
    site = Site(connection, log)
    assert site.refresh("0", "1", at=0)
    assert site.refresh("1", "2", at=1000)

    assert not site.refresh("0", "evil", at=2000)
    assert not site.refresh("2", "3", at=3000)
    assert not site.access("2", at=3000)
    assert not site.access("evil", at=3000)
    assert accounts.active_families(connection, ["f1"]) == set()


def test_a_lost_response_may_be_repeated(connection: Connection, log: AuditLog) -> None:
    """The same token again within the grace gets another pair; the one that got lost is dead."""
    site = Site(connection, log)
    assert site.refresh("0", "lost", at=0)
    assert site.refresh("0", "found", at=10_000)

    assert not site.access("lost", at=10_000)
    assert site.access("found", at=10_000)
    assert site.refresh("found", "next", at=20_000)


def test_the_lost_successor_is_a_trap(connection: Connection, log: AuditLog) -> None:
    """Whoever shows the replaced successor copied it: everything is revoked."""
    site = Site(connection, log)
    assert site.refresh("0", "stolen", at=0)
    assert site.refresh("0", "mine", at=10_000)

    assert not site.refresh("stolen", "evil", at=11_000)
    assert not site.refresh("mine", "next", at=12_000)


def test_no_grace_once_the_successor_was_used(connection: Connection, log: AuditLog) -> None:
    """Within the grace, but after the successor was shown, the old token is a copy."""
    site = Site(connection, log)
    assert site.refresh("0", "1", at=0)
    assert site.refresh("1", "2", at=1000)
    assert not site.refresh("0", "evil", at=1500)
    assert not site.access("2", at=1500)


def test_an_expired_token_ends_quietly(connection: Connection, log: AuditLog) -> None:
    """A refresh token past its time is refused; that is not theft and revokes nothing."""
    site = Site(connection, log)
    outcome = accounts.refresh(
        connection, log, digest("refresh 0"), tokens=pair("1", refresh_expires_at=5000), at=0, grace_ms=GRACE
    )
    assert isinstance(outcome, Authorised)
    assert not site.refresh("1", "2", at=6000)
    assert accounts.active_families(connection, ["f1"]) == {"f1"}


def test_a_disabled_account_has_no_valid_token(connection: Connection, log: AuditLog) -> None:
    """Disabling ends access, refresh and sign-in at once; enabling does not bring old tokens back."""
    site = Site(connection, log)
    accounts.set_disabled(connection, log, "ann", 0, disabled=True)
    assert not site.access("0", at=0)
    assert not site.refresh("0", "1", at=0)
    assert not accounts.sign_in(connection, log, "u1", "f2", tokens=pair("9"), at=0)

    accounts.set_disabled(connection, log, "ANN", 0, disabled=False)
    assert not site.access("0", at=0)
    assert accounts.sign_in(connection, log, "u1", "f2", tokens=pair("9"), at=0)


def test_signing_out_revokes_with_any_token_of_the_family(connection: Connection, log: AuditLog) -> None:
    """Even a used refresh token may end its own family."""
    site = Site(connection, log)
    assert site.refresh("0", "1", at=0)
    assert accounts.sign_out(connection, log, digest("refresh 0"), 0) == "f1"
    assert not site.access("1", at=0)
    assert accounts.sign_out(connection, log, digest("refresh unknown"), 0) is None


def test_tokens_stand_in_the_database_as_digests_only(connection: Connection, log: AuditLog) -> None:
    """No column of no row holds a token."""
    Site(connection, log)
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    dump = "\n".join(driver.iterdump())
    assert "refresh 0" not in dump
    assert digest("refresh 0") in dump


def test_a_ticket_works_once() -> None:
    """The second use of a ticket gets nothing."""
    book = TicketBook(30)
    ticket = book.issue(staff(), now=0)
    assert book.redeem(ticket, now=1) == staff()
    assert book.redeem(ticket, now=1) is None
    assert book.redeem("never issued", now=1) is None


def test_a_ticket_lives_for_30_seconds() -> None:
    """It works just before its end and not at it."""
    for age, good in product((0, 29.9), (True,)):
        book = TicketBook(30)
        assert (book.redeem(book.issue(staff(), now=5), now=5 + age) is not None) is good
    book = TicketBook(30)
    assert book.redeem(book.issue(staff(), now=5), now=35) is None


def test_tickets_cannot_fill_the_memory() -> None:
    """However many are asked for, a bounded number is kept, the newest among them."""
    book = TicketBook(30)
    made = [book.issue(staff(), now=0) for _ in range(10_050)]
    assert len(book) == 10_000
    assert book.redeem(made[-1], now=0) is not None
    assert book.redeem(made[0], now=0) is None
