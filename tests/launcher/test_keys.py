"""The key file: created once, readable by its owner only, read by the settings."""

from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.keys import add_key, ensure_key_file
from poverty_pension.settings import env


def test_key_file_is_made_for_its_owner_only_and_the_settings_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys" / "keys.json"

    ensure_key_file(path, database_exists=False)

    monkeypatch.setenv("KEY_FILE", str(path))
    ring = env.key_ring()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(ring.data_keys[ring.current_key]) == len(ring.blind_key) == 32
    assert len(ring.secret_key) >= 50


def test_key_file_is_never_made_again(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ensure_key_file(path, database_exists=False)
    before = path.read_bytes()

    ensure_key_file(path, database_exists=True)
    ensure_key_file(path, database_exists=False)

    assert path.read_bytes() == before


def test_lost_key_file_is_not_replaced_where_data_need_it(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="put the key file back"):
        ensure_key_file(tmp_path / "keys.json", database_exists=True)

    assert list(tmp_path.iterdir()) == []


def test_half_written_draft_of_a_killed_start_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "keys.draft").write_text("{")

    ensure_key_file(tmp_path / "keys.json", database_exists=False)

    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_added_key_is_current_and_the_old_one_still_decrypts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys.json"
    ensure_key_file(path, database_exists=False)
    monkeypatch.setenv("KEY_FILE", str(path))
    before = env.key_ring()

    assert [add_key(path), add_key(path)] == ["k2", "k3"]

    after = env.key_ring()
    assert after.current_key == "k3"
    assert after.data_keys["k1"] == before.data_keys["k1"]
    assert len(set(after.data_keys.values())) == 3
    assert (after.blind_key, after.secret_key) == (before.blind_key, before.secret_key)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, "", "{}", '{"data_keys": {"first": "x"}}', "[]"])
def test_key_is_added_only_to_a_key_file(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(LauncherError, match="key file"):
        add_key(path)

    assert not path.exists() or path.read_text() == content
