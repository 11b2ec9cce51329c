# SPDX-License-Identifier: Apache-2.0
from os import PathLike
from typing import Any, TypedDict

class _Path(TypedDict):
    name: str
    value: float  # microseconds
    children: list[_Path]

class FlameGraph:
    def __init__(self, trace_data: dict[str, Any] | None = None) -> None: ...
    def parse(self, trace_data: dict[str, Any]) -> dict[str, _Path]: ...
    def load(self, input_file: str | PathLike[str]) -> None: ...
    def save(self, output_file: str | PathLike[str] = "result_flamegraph.html"
             ) -> None: ...
