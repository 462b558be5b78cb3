"""Otklik with a commit of its own for every update."""

import bot.inbox
from bot.cli import main

if __name__ == "__main__":
    bot.inbox.GROUP = 1
    main()
