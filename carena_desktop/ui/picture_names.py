"""The names of the safety code's pictures in the language of the window; the patient's page says its own."""

from typing import Final

from carena_desktop.ui.i18n import mark, tr_marked

NAMES: Final = (
    mark("dog"), mark("cat"), mark("lion"), mark("horse"), mark("unicorn"), mark("pig"), mark("elephant"),
    mark("rabbit"), mark("panda"), mark("rooster"), mark("penguin"), mark("turtle"), mark("fish"), mark("octopus"),
    mark("butterfly"), mark("flower"), mark("tree"), mark("cactus"), mark("mushroom"), mark("globe"), mark("moon"),
    mark("cloud"), mark("fire"), mark("banana"), mark("apple"), mark("strawberry"), mark("corn"), mark("pizza"),
    mark("cake"), mark("heart"), mark("smile"), mark("robot"), mark("hat"), mark("glasses"), mark("wrench"),
    mark("Santa"), mark("thumb"), mark("umbrella"), mark("hourglass"), mark("alarm clock"), mark("gift"),
    mark("light bulb"), mark("book"), mark("pencil"), mark("paperclip"), mark("scissors"), mark("padlock"),
    mark("key"), mark("hammer"), mark("telephone"), mark("flag"), mark("train"), mark("bicycle"), mark("airplane"),
    mark("rocket"), mark("trophy"), mark("ball"), mark("guitar"), mark("trumpet"), mark("bell"), mark("anchor"),
    mark("headphones"), mark("folder"), mark("pin"),
)  # fmt: skip
"""As in ``carena_protocol.e2ee.safety_code``: a test compares the two."""


def spoken(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of pictures as they are shown."""
    return tuple(tr_marked(name) for name in names)
