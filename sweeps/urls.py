"""Addresses of storages, and the secrets in them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

USER_INFO: Final = r"^([^/@]*://[^:/@]*):(.*)@"
SECRET: Final = re.compile(r"pass|pwd|secret|token|odbc_connect", re.IGNORECASE)


def masked(url: str) -> str:
    """Storage URL without its password, fit for a message."""
    if url.startswith(("journal:", "sqlite:")):
        return url  # a path; an @ in it is part of a name
    hidden = re.sub(USER_INFO, r"\1:***@", url, flags=re.DOTALL)
    address, mark, query = hidden.partition("?")
    options = [_hidden(option) for option in query.split("&")]
    return f"{address}{mark}{'&'.join(options)}"


def _hidden(option: str) -> str:
    """Option of a URL, its value hidden if its name, decoded, speaks of a secret."""
    name, equals, _ = option.partition("=")
    return f"{name}=***" if equals and SECRET.search(unquote(name)) else option
