"""What can go wrong where messages are read. No sentence here holds a word of a parent."""

from __future__ import annotations


class UnreadError(Exception):
    """One message could not be read; it says what kind of error that was, and where in the code."""


class EndedByMessageError(BaseException):
    """The reading ended while this message was read, so it may be the cause; it is to be left to the next start.

    Not an ``Exception``: whoever apologises for any error would take the message for answered.
    """
