"""Size and time limits that both sides enforce, in one place so that they can't drift apart.

Sizes are bytes of UTF-8 unless a name says otherwise; times are seconds.
"""

from typing import Final

MAX_MESSAGE_BYTES: Final = 64 * 1024
MAX_HELLO_BYTES: Final = 4 * 1024
MAX_SDP_BYTES: Final = 32 * 1024
MAX_CANDIDATE_BYTES: Final = 2 * 1024
MAX_CONTROL_BYTES: Final = 16 * 1024
MAX_CHAT_CHARS: Final = 4000

MAX_FILE_BYTES: Final = 100 * 1024 * 1024
MAX_FILE_NAME_CHARS: Final = 255
FILE_PIECE_BYTES: Final = 16 * 1024
MAX_FILE_RECORD_BYTES: Final = 17 * 1024

MAX_ID_CHARS: Final = 32
MAX_TOKEN_CHARS: Final = 128
MAX_NAME_CHARS: Final = 120
MAX_REASON_CHARS: Final = 500
MAX_NOTE_CHARS: Final = 500
MAX_TRIAGE_NOTE_CHARS: Final = 4000
MAX_WAITING_CHAT_BYTES: Final = 24 * 1024

HELLO_DEADLINE_S: Final = 5.0
REPLAY_RING_MESSAGES: Final = 256
REPLAY_RING_BYTES: Final = 256 * 1024
REMEMBERED_REPLIES: Final = 256
QUEUE_DELTAS_PER_RESUME: Final = 500
"""A client further behind than this many queue versions gets a snapshot instead."""

ACK_EVERY_MESSAGES: Final = 16
ACK_DELAY_S: Final = 0.05

PLACE_GRACE_S: Final = 120.0
"""How long a patient who dropped keeps the place in the waiting room."""

MAX_AWAY_MINUTES: Final = 120
UNDO_S: Final = 30.0
"""How long one may take back one's last change to a visit."""
RECALL_S: Final = 2 * 3600.0
"""How long a patient who is gone may check in by the same link and have the old place."""
FIRST_ROOM: Final = "main"
"""The room that every site has."""
