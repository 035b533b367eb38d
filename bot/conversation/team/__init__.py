"""What coordinators and professionals can do from their phone: change a morning, announce, see who is expected.

Who may do what is decided in ``roles`` and nowhere else. Every flow is a row in the store, so that a restart or a
second process loses nothing, and every deed writes a line in the team's log.
"""
