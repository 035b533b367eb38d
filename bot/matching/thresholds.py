"""Every threshold of matching, in one value, each with the figure that set it.

The defaults were set on the evaluation set in ``tests/evaluation`` with the classifier that never saw it; ``minidorp
evaluate`` shows what they give today. Raise a gate when wrong answers slip through, lower it when too much is asked.
A town sets its own from messages it labelled (``minidorp evaluate --calibrate``), in ``thresholds.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a decision turns. Chances lie between 0 and 1. The score of a sign is the logarithm of how much likelier it
    is than all that is no sign: at 0 as likely, at -2.3 a tenth.
    """

    sharpness: float = 2.0
    """Times what the networks say before it becomes chances: they were taught not to be too sure. On unseen messages
    chances then say how often the likeliest label is right, but for 2 points on average."""

    lead: float = 0.62
    """How far the likeliest answer must be ahead of the second to be given without asking: 98.7 % of such answers were
    right, counting every out-of-scope message that got one as wrong, and 82 % of questions got one. At .75 it would be
    99.2 and 78 %."""

    route: float = 0.3
    """Least confidence for a route to be taken when nothing is likelier: at .45 as many are found, and two of
    1 250 out-of-scope messages get an honest no instead of one."""

    none_share: float = 0.13
    """When "not for this bot" is at least this share as likely as all answers together, nothing is suggested: 96 % of
    out-of-scope messages are refused or routed so, and 1.6 % of questions. At .22 it would be 95 and 1.3 %."""

    sign_certain: float = -1.25
    """Least score at which the classifier alone makes a warning sign certain: with the word groups 84 to 95 % of unseen
    warning messages, 1 to 3 % of near misses (6 % of a set of hard ones) and 0.2 to 0.7 % of ordinary messages. At
    -1.45 one in a hundred more, and one ordinary message in a thousand."""

    clear: float = 0.87
    """Least confidence for a message to be clearly about something else than danger, for ``sign_outweighs``."""

    sign_outweighs: float = -0.2
    """Least score at which the classifier alone makes a sign certain in a message that is clearly about an answer, or
    clearly not for this bot: at 0.2 one warning message in a hundred fewer, and 2 of 4 700 ordinary ones."""

    sign_believed: float = -1.75
    """Least score of any sign for a word group to make its sign certain; below it the group counts as possible. At
    -2.25 five more warning messages in a thousand are certain, and more ordinary messages have the line."""

    sign_of_age: float = -4.0
    """The same for a sign that only children of some ages have, when the age is known: "koorts" of a baby of three
    weeks lies above, fever that is over below."""

    sign_possible: float = -2.4
    """Least score at which the classifier puts a line of safety above the reply: 97 to 100 % of unseen warning messages
    are caught, and 3 ordinary messages in a hundred carry the line. At -2.85 one in a hundred more is caught, and 5
    in a hundred carry it, "ik kan niet slapen" among them."""

    plain: float = 0.97
    """From this confidence in an answer, a sign that only the classifier sees, and that lies below ``sign_believed``,
    is left out: for one in eighty of the warning messages of one set, two ordinary questions in a hundred are spared
    the line."""

    loss: float = -1.1
    """Least score at which a message is taken as that of somebody whose own child has died, when no danger is
    likelier: nine of ten unseen ones, and one other message in a thousand. "hij is geboren in juni" has -1.2."""

    loss_named: float = -5.0
    """The same when a word group names it ("kindje verloren"): most unseen messages of loss lie above, and none of
    fifteen about a grandparent or a pet."""


NEAR_EXACT_CONFIDENCE = 0.99
"""Confidence given to a message that is an example but for a few letters."""

ONE_THEME, ONE_THEME_SHARE = 0.5, 0.4
"""When the two likeliest answers are of one theme and have half of all chances or more, ``none_share`` is this: "slaapt
niet" is about sleep, whatever it asks. Of 2 400 questions two less are refused for it, and one of 1 250 out-of-scope
messages gets titles."""

SENTENCES_SHARE = 0.25
"""How much the mean of a message's sentences weighs beside the whole message, when it has more than one: at .15 a
letter in a hundred fewer is right, at .3 short English messages lose what letters gain."""

OUTSIDE = -0.7
"""From this score on, the classifier that only knows "for this bot or not" keeps an answer from being given without
asking. With the two below: 17 of the 38 out-of-scope messages that would have got one of 1 250, and 30 of 2 200
questions."""

SURE, OUTSIDE_SURE = 0.95, 0.0
"""An answer of this confidence is kept back only from this score on: of the questions that would be asked back
for nothing, six of seven are so clear ("mijn zoon van 2 bijt andere kinderen")."""

AGE_PENALTY = 0.7
"""Taken from an answer's score, a logarithm of its chance, for a child far outside the ages it is meant for: of
unseen messages as many come first as without it, so it only decides between two that are near; 2.5 loses some."""
