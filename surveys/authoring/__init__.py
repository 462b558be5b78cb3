"""Questionnaire files, read into documents a database can keep and into questionnaires the core can ask."""

from surveys.authoring.building import build
from surveys.authoring.catalogue import Reading, read, read_directory
from surveys.authoring.document import Document, digest
from surveys.authoring.problems import Problem
from surveys.authoring.reach import never_reached

__all__ = ["Document", "Problem", "Reading", "build", "digest", "never_reached", "read", "read_directory"]
