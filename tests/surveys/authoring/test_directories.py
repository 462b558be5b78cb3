"""A directory of questionnaires is read file by file; one bad file does not take the others with it."""

import pytest

from surveys.authoring.catalogue import read_directory


@pytest.fixture
def outcome(tmp_path, house):
    """Keys that were read, and the problems with the directory's name left out."""

    def read():
        documents, problems = read_directory(tmp_path, **house)
        return list(documents), [str(problem).replace(f"{tmp_path}/", "") for problem in problems]

    return read


def test_every_yaml_file_is_read_under_its_key(tmp_path, house, small):
    (tmp_path / "a.yaml").write_text(small.replace("key: small", "key: first"), "utf-8")
    (tmp_path / "b.yaml").write_text(small, "utf-8-sig")
    (tmp_path / "c.yml").write_text(small.replace("key: small", "key: third"), "utf-8")
    (tmp_path / "notes.txt").write_text("no questionnaire", "utf-8")
    documents, problems = read_directory(tmp_path, **house)
    assert {key: document["key"] for key, document in documents.items()} == {
        "first": "first",
        "small": "small",
        "third": "third",
    }
    assert problems == ()


def test_a_bad_file_leaves_the_good_ones(tmp_path, outcome, small):
    (tmp_path / "a.yaml").write_text("- x\n", "utf-8")
    (tmp_path / "b.yaml").write_text(small, "utf-8")
    assert outcome() == (["small"], ["a.yaml:1: the file holds a list, it should be a mapping: key, kind, minutes …"])


def test_two_files_of_one_key_are_a_problem_of_the_second(tmp_path, outcome, small):
    (tmp_path / "a.yaml").write_text(small, "utf-8")
    (tmp_path / "b.yaml").write_text("# a copy\n" + small, "utf-8")
    keys, problems = outcome()
    assert keys == ["small"]
    assert problems == ["b.yaml:2: key: 'small' is the key of a.yaml:1 too; each questionnaire has its own"]


def test_a_file_that_is_not_utf8_is_a_problem(tmp_path, outcome):
    (tmp_path / "a.yaml").write_bytes("key: small\ntitle: Опрос\n".encode("cp1251"))
    assert outcome() == ([], ["a.yaml:2: is not UTF-8; save the file as UTF-8"])


def test_a_huge_file_is_a_problem(tmp_path, outcome):
    (tmp_path / "a.yaml").write_text("# ж" * 100_000, "utf-8")
    assert outcome() == ([], ["a.yaml:1: the file is too large, at most 256 KiB are allowed"])


def test_a_directory_named_like_a_file_is_a_problem(tmp_path, outcome):
    (tmp_path / "a.yaml").mkdir()
    assert outcome() == ([], ["a.yaml:1: cannot be read: Is a directory"])


def test_an_empty_directory_is_a_problem(tmp_path, house):
    documents, problems = read_directory(tmp_path, **house)
    assert documents == {}
    assert [str(problem) for problem in problems] == [
        f"{tmp_path}:1: holds no questionnaire; their files are named *.yaml or *.yml"
    ]


def test_a_missing_directory_is_a_problem(tmp_path, house):
    _, problems = read_directory(tmp_path / "nowhere", **house)
    assert [str(problem) for problem in problems] == [f"{tmp_path}/nowhere:1: there is no such directory"]


def test_a_file_where_a_directory_should_be_is_a_problem(tmp_path, house):
    (tmp_path / "file").touch()
    _, problems = read_directory(tmp_path / "file", **house)
    assert [problem.message for problem in problems] == ["is not a directory; it should be one with questionnaires"]
