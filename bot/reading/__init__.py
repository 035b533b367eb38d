"""Where messages are read while the event loop goes on with everybody else's reply: in a thread, or in a process.

What is read is up to ``matching``; here is only who does it, and what becomes of whoever waits. One message after
another, in the order in which they came.
"""
