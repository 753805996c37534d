"""One token family in SQL, shown its tokens in any order by its owner and by a thief."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from carena_protocol.messages import Role
from carena_server.repository import Account, Authorised, RefreshRefused
from carena_server.store import accounts
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import make_engine
from carena_server.store.migrate import upgrade
from carena_server.store.schema import refresh_token, token_family
from carena_server.tokens import digest
from tests.unit.server.builders import pair

GRACE = 30_000
_FOLDER = Path(tempfile.mkdtemp(prefix="carena-tokens-"))


class Family(RuleBasedStateMachine):
    """Tokens are shown again and again; at most one is ever live, and theft ends everything."""

    tokens = Bundle("tokens")

    @initialize(target=tokens)
    def sign_in(self) -> str:
        """Begin with the pair of a sign-in."""
        path = _FOLDER / "carena.db"
        fresh = not path.exists()
        self.engine = make_engine(path)
        if fresh:
            upgrade(self.engine)
        self.connection = self.engine.connect()
        self.connection.begin()
        self.log = AuditLog(b"k" * 32)
        account = Account("u1", "ann", "Dr Ann", Role.CLINICIAN, disabled=False, password_hash="x")
        accounts.add(self.connection, self.log, account, 0)
        assert accounts.sign_in(self.connection, self.log, "u1", "f1", tokens=pair("0"), at=0)
        self.now, self.made, self.revoked = 0, 1, False
        self.shown: dict[str, list[int]] = {}
        return "0"

    def teardown(self) -> None:
        """Undo everything."""
        if hasattr(self, "connection"):
            self.connection.rollback()
            self.connection.close()
            self.engine.dispose()

    @rule(target=tokens, token=tokens)
    def show(self, token: str) -> str:
        """Somebody shows a token. Returns the new one's name, or the same where there is none."""
        new = str(self.made)
        outcome = accounts.refresh(
            self.connection, self.log, digest(f"refresh {token}"), tokens=pair(new), at=self.now, grace_ms=GRACE
        )
        before = self.shown.setdefault(token, [])
        if isinstance(outcome, RefreshRefused):
            self.revoked = self.revoked or outcome.reused
            return token
        assert not self.revoked, "nothing comes out of a revoked family"
        if before:
            assert self.now - before[0] <= GRACE, "a used token works again only as a lost response"
        before.append(self.now)
        self.made += 1
        return new

    @rule(token=tokens)
    def sign_out(self, token: str) -> None:
        """Any token of the family, however old, ends it."""
        assert accounts.sign_out(self.connection, self.log, digest(f"refresh {token}"), self.now) == "f1"
        self.revoked = True

    @rule(seconds=st.integers(0, 40))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds * 1000

    @invariant()
    def at_most_one_token_is_live(self) -> None:
        """Of all refresh tokens ever made, one at most is neither used nor replaced."""
        if not hasattr(self, "connection"):
            return
        live = self.connection.execute(
            select(refresh_token.c.digest).where(
                refresh_token.c.used_at.is_(None), refresh_token.c.superseded.is_(False)
            )
        ).all()
        assert len(live) == 1

    @invariant()
    def a_revoked_family_has_nothing(self) -> None:
        """After theft or sign-out no access token works, and the database says revoked."""
        if not hasattr(self, "connection"):
            return
        good = [
            n
            for n in range(self.made)
            if isinstance(accounts.authorise(self.connection, digest(f"access {n}"), self.now), Authorised)
        ]
        revoked_at = self.connection.execute(select(token_family.c.revoked_at)).scalar_one()
        assert (revoked_at is not None) is self.revoked
        assert not (self.revoked and good)
        assert self.revoked or str(self.made - 1) in {str(n) for n in good}


Family.TestCase.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


class TestFamily(Family.TestCase):  # type: ignore[misc, valid-type]  # made by hypothesis
    """In any order of showing, waiting and signing out, at most one token is live and theft ends the family."""

    @classmethod
    def tearDownClass(cls) -> None:
        """Remove the database."""
        shutil.rmtree(_FOLDER, ignore_errors=True)
        super().tearDownClass()
