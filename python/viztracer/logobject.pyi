# SPDX-License-Identifier: Apache-2.0
from typing import Any, Callable, Literal, TypeVar, overload

from viztracer.tracer import VizTracer

_Method = TypeVar("_Method", bound=Callable[..., Any])
_When = Literal["before", "after", "both"]

class LogObject:
    def __init__(self, tracer: VizTracer, name: str | None = None) -> None: ...
    def __del__(self) -> None: ...
    def set_viztracer_attributes(self, attributes: list[str]) -> None: ...
    @overload
    @staticmethod
    def snapshot(method: _Method, when: _When = "after") -> _Method: ...
    @overload
    @staticmethod
    def snapshot(method: None = None, when: _When = "after"
                 ) -> Callable[[_Method], _Method]: ...
