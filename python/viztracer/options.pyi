# SPDX-License-Identifier: Apache-2.0
from typing import Any, Callable, Generic, TypeVar, overload

_Given = TypeVar("_Given")
_Kept = TypeVar("_Kept")

class Option(Generic[_Given, _Kept]):
    """An attribute that is checked when it is set."""

    def __init__(self, check: Callable[[str, Any], Any]) -> None: ...
    def __set_name__(self, owner: type, name: str) -> None: ...
    @overload
    def __get__(self, instance: None, owner: type | None = None
                ) -> Option[_Given, _Kept]: ...
    @overload
    def __get__(self, instance: Any, owner: type | None = None) -> _Kept: ...
    def __set__(self, instance: Any, value: _Given) -> None: ...
