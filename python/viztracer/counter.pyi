# SPDX-License-Identifier: Apache-2.0
from typing import Any, Callable, overload

class Counter:
    def __init__(self, callback: Callable[[str, Any], Any],
                 name: str) -> None: ...
    @overload
    def update(self, values: dict[str, int] | dict[str, float], /) -> None: ...
    @overload
    def update(self, key: str, value: float, /) -> None: ...
