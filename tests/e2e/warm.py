"""What every program would import anew. Imported by the process that programs are forked from, and nowhere else."""

import gc
import pkgutil
from importlib import import_module

import bot.cli
import bot.commands

IMPORTED = [import_module(f"bot.commands.{one.name}") for one in pkgutil.iter_modules(bot.commands.__path__)]

gc.collect()
gc.freeze()
