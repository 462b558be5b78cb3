"""The ports of surveys on SQLAlchemy: tables, repositories, migrations."""
