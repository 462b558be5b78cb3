"""`python -m bot` is `otklik`."""

from bot.cli import main

main()
