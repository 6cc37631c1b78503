"""Chinese is complete: every msgid of code and templates has a translation that keeps its placeholders."""

import re

import pytest
from babel.messages.catalog import Message
from django.core.management import call_command

from operations.translations import compile_catalogue, extract_messages, is_translated, read_catalogue

INTERNAL = re.compile(
    r"[A-Za-z]\w*_\w+|to-mend|\b(?:poverty|dibao|tekun|survey|GAP|U16)\b|\b\d+[a-f]\b|[A-Z]{2,}\||\w+\.(?:py|md|sql)\b"
)
"""A code, a key or a file of the source: no clerk knows them."""
INTERNAL_ALLOWED = {
    "The first line must be: code,name,level,parent_code.": "the header of the operator's csv file, as it must be written",
    "Specify a new STATE_DIR, or an empty database and an empty DATA_DIR.": "the operator's variables, on the console",
    "Below DATA_DIR.": "a help text for the operator",
    "The layout file is empty; see docs/feeds.md for its format.": "for who writes a layout file, on the console",
    "“must_be_known” may only use these reasons: %(names)s.": "an entry of a layout file, as it must be written",
}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)(?:[sd]|\.\df)|%[sd]")


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue()


@pytest.fixture(scope="module")
def gathered():
    return list(extract_messages())


def key(message: Message) -> tuple[object, str | None]:
    """Tell a message by its msgid (the singular) and its context."""
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context


def test_every_word_of_the_interface_has_chinese(catalogue, gathered):
    chinese = {key(each) for each in catalogue if is_translated(each.string)}
    missing = [
        (each.id, [place for place, _line in each.locations])
        for each in gathered
        if each.id and key(each) not in chinese
    ]
    assert missing == []


def test_the_gathering_finds_words_in_code_and_in_templates(gathered):
    found = {each.id for each in gathered}
    assert {"Your role is not allowed to do this.", "Skip to the content"} <= found
    assert ("about %(seconds)s second left", "about %(seconds)s seconds left") in found


def test_placeholders_are_kept(catalogue):
    for each in catalogue:
        if isinstance(each.id, str) and each.id and each.string:
            assert sorted(PLACEHOLDER.findall(each.string)) == sorted(PLACEHOLDER.findall(each.id)), each.id


def test_chinese_names_no_code_of_the_program(catalogue):
    found = [
        each.id
        for each in catalogue
        if each.id
        and each.id not in INTERNAL_ALLOWED
        and INTERNAL.search(
            PLACEHOLDER.sub("", " ".join(each.string) if isinstance(each.string, tuple) else each.string)
        )
    ]
    assert found == []


def test_what_is_allowed_to_name_a_code_is_still_there(catalogue):
    assert INTERNAL_ALLOWED.keys() <= {each.id for each in catalogue}


def test_compiling_twice_writes_once(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    assert compile_catalogue() is True
    assert compile_catalogue() is False
    assert (tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.mo").stat().st_size > 1000


def test_the_ground_is_prepared_and_a_second_time_is_nothing(db, settings, tmp_path, capsys):
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DATA_DIR = tmp_path / "data"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "data" / "incoming"
    call_command("initialise")
    first = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in first] == [
        "folders",
        "schema",
        "grants",
        "divisions",
        "parameters",
        "catalogue",
    ]
    assert "44699 units added" in first[3]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    call_command("initialise")
    assert capsys.readouterr().out.count("nothing to do") == 4
