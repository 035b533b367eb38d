"""Run ``python -m bot`` as the command ``minidorp``."""

from bot.cli import main

# A process that works beside this one reads this file too, under another name.
if __name__ == "__main__":
    main()
