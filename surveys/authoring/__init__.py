"""Questionnaire files, read into documents a database can keep and into questionnaires the core can ask.

Import from its modules: every command reads settings, which needs one of them, and few read questionnaires.
"""
