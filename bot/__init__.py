"""Minidorp: answers that a person wrote for tired parents, and the way to people nearby."""
