"""What needs a person: found by looking, told to the team chat once, and told again when it is over.

An alert names the thing, the place and the remedy. It never holds what a parent wrote, nor the number of a chat.
"""
