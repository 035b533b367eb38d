"""Every threshold of matching, in one place, each with the figure that set it.

They were set on the evaluation set in ``tests/evaluation`` with the classifier that never saw it; ``minidorp
evaluate`` shows what they give today. Raise a gate when wrong answers slip through, lower it when too much is asked.
"""

from __future__ import annotations

SHARPNESS = 4.0
"""Turns distances into probabilities: the value at which the confidence of an answer is how often it is right."""

ANSWER = 0.6
"""Least confidence for an answer without asking."""

MARGIN = 0.1
"""Least distance between the first answer's confidence and the second's for an answer without asking."""

SUGGEST = 0.12
"""Least confidence for a title to be offered."""

ROUTE = 0.4
"""Least confidence for a route to be taken."""

NONE = 0.5
"""From this confidence in "not for this bot" nothing is suggested."""

SIGN_CERTAIN = 0.6
"""Least score at which the classifier alone makes a warning sign certain."""

SIGN_POSSIBLE = 0.0
"""Least score at which the classifier puts a line of safety above the reply."""

NEAR_EXACT_CONFIDENCE = 0.99
"""Confidence given to a message that is an example but for a few letters."""

AGE_PENALTY = 0.15
"""Taken from an answer's score, on the classifier's scale, for a child far outside the ages it is meant for."""
