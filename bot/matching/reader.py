"""All that is read in a parent's message, in one place: the conversation asks here, and never the matcher itself.

Pure, and one message after another: so it can be done in a thread, or in another process. What goes in and comes out is
small and frozen, and can be pickled.
"""

from __future__ import annotations

from bot.knowledge.model import Knowledge
from bot.matching.decision import Decision
from bot.matching.follow_up import Earlier, FollowUp, follow_up, with_danger
from bot.matching.matcher import Matcher
from bot.matching.two_questions import two_questions
from bot.model import Parent


class Reader:
    """Reads messages by what was learnt from examples, and by what the answers say. ``version`` is the matcher's."""

    def __init__(self, matcher: Matcher, knowledge: Knowledge) -> None:
        self.version = matcher.version
        self._matcher = matcher
        self._knowledge = knowledge

    def decided(self, text: str, parent: Parent, earlier: Earlier) -> Decision:
        """Return the decision on a message, with danger seen also in the light of the answer before it."""
        alone = self._matcher.decide(text, parent)
        seen = with_danger(self._matcher, self._knowledge, text, parent, alone, earlier)
        return two_questions(text, seen, lambda part: self._matcher.decide(part, parent))

    def followed_up(self, text: str, alone: Decision, earlier: Earlier) -> FollowUp | None:
        """Return what a message asks of the answer before it, or None when it stands by itself."""
        return follow_up(self._matcher, self._knowledge, text, alone, earlier)
