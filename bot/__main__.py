"""Run ``python -m bot`` as the command ``minidorp``."""

from bot.cli import main

main()
