"""askdoc.lexicon: where its table lies."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("given", [None, "", " ", "/var/tmp/cache", "relative"])
def test_the_cache_folder_is_the_one_of_platformdirs(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    from askdoc import lexicon

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", given)
    for home in ("/home/somebody", "/home/somebody/"):
        monkeypatch.setenv("HOME", home)
        assert lexicon._cache() == platformdirs.user_cache_path("askdoc", appauthor=False)
