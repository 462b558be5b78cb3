"""The same with a commit of its own for every update."""

import bot.inbox
from benchmarks.slow_disk import slow_down
from bot.cli import main

if __name__ == "__main__":
    bot.inbox.GROUP = 1
    slow_down()
    main()
