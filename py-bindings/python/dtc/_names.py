"""What constants of a service are."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

_Self = TypeVar("_Self", bound="Name")


class Name(str, Enum):
    """A name of the service: text like any other, so that names which are not known here can stand beside it."""

    _value_: str

    def __new__(cls: type[_Self], value: str) -> _Self:
        name = str.__new__(cls, value)
        name._value_ = value
        return name

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, format_spec: str) -> str:
        return format(str(self.value), format_spec)
