# SPDX-License-Identifier: Apache-2.0
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar, overload

from viztracer.counter import Counter
from viztracer.options import Option

__version__: str

# What only another version has: it may be named, but not be used.
_NotHere = Literal[False]
_Paths = (list[str] | list[Path] | list[PathLike[str]]
          | list[str | PathLike[str]])
_Values = dict[str, int] | dict[str, float]
_Self = TypeVar("_Self", bound=VizTracer)

def get_tracer() -> VizTracer | None: ...

class VizTracer:
    tracer_entries: Option[int | None, int | None]
    verbose: Option[int, int]
    max_stack_depth: Option[int, int]
    include_files: Option[_Paths | None, list[str] | None]
    exclude_files: Option[_Paths | None, list[str] | None]
    ignore_c_function: Option[bool, bool]
    ignore_frozen: Option[_NotHere, _NotHere]
    log_func_retval: Option[_NotHere, _NotHere]
    log_func_args: Option[_NotHere, _NotHere]
    log_func_repr: Option[None, None]
    log_func_with_objprint: Option[_NotHere, _NotHere]
    log_print: Option[bool, bool]
    log_gc: Option[_NotHere, _NotHere]
    log_sparse: Option[_NotHere, _NotHere]
    log_async: Option[_NotHere, _NotHere]
    log_torch: Option[_NotHere, _NotHere]
    log_audit: Option[None, None]
    ignore_multiprocess: Option[bool, bool]
    pid_suffix: Option[bool, bool]
    file_info: Option[bool, bool]
    report_endpoint: Option[None, None]
    trace_self: Option[_NotHere, _NotHere]
    min_duration: Option[float, float]  # microseconds
    minimize_memory: Option[bool, bool]
    dump_raw: Option[bool, bool]
    sanitize_function_name: Option[bool, bool]
    process_name: Option[str | None, str | None]
    plugins: Option[None, None]
    keep_descendants: Option[bool, bool]
    tui: Option[bool, bool]

    data: dict[str, Any] | None
    parsed: bool
    total_entries: int

    def __init__(self,
                 tracer_entries: int | Literal["c", "python"] | None = None,
                 verbose: int = 1, max_stack_depth: int = -1,
                 include_files: _Paths | None = None,
                 exclude_files: _Paths | None = None,
                 ignore_c_function: bool = False,
                 ignore_frozen: _NotHere = False,
                 log_func_retval: _NotHere = False,
                 log_func_args: _NotHere = False, log_func_repr: None = None,
                 log_func_with_objprint: _NotHere = False,
                 log_print: bool = False, log_gc: _NotHere = False,
                 log_sparse: _NotHere = False, log_async: _NotHere = False,
                 log_torch: _NotHere = False, log_audit: None = None,
                 ignore_multiprocess: bool = False, pid_suffix: bool = False,
                 file_info: bool = True, register_global: bool = True,
                 report_endpoint: None = None, trace_self: _NotHere = False,
                 min_duration: float = 0, minimize_memory: bool = False,
                 dump_raw: bool = False, sanitize_function_name: bool = False,
                 process_name: str | None = None, output_file: str | None = None,
                 plugins: None = None, tracer: Literal["c", "python"] = "c",
                 keep_descendants: bool = False, tui: bool = False
                 ) -> None: ...
    @property
    def tracer(self) -> Literal["c", "python"]: ...
    @property
    def enable(self) -> bool: ...
    @property
    def output_file(self) -> str: ...
    @output_file.setter
    def output_file(self, value: str | None) -> None: ...
    def start(self) -> None: ...
    def stop(self, stop_option: Literal["flush_as_finish"] | None = None,
             output_file: str | None = None) -> None: ...
    def clear(self) -> None: ...
    def cleanup(self) -> None: ...
    def run(self, code: str, output_file: str | None = None) -> None: ...
    def __enter__(self: _Self) -> _Self: ...
    def __exit__(self, *exception: type[BaseException] | BaseException
                 | TracebackType | None) -> None: ...
    def parse(self) -> int: ...
    def generate_json(self) -> str: ...
    def generate_report(self) -> str: ...
    def save(self, output_file: str | None = None,
             save_flamegraph: bool = False, file_info: bool | None = None,
             verbose: int | None = None) -> None: ...
    def save_flamegraph(self, output_file: str | None = None) -> None: ...
    def add_instant(self, name: str, args: Any = None,
                    scope: Literal["g", "p", "t"] = "g") -> None: ...
    def add_counter(self, name: str, args: _Values) -> None: ...
    def add_object(self, ph: Literal["N", "O", "D"], obj_id: int | str,
                   name: str, args: Any = None) -> None: ...
    def register_counter(self, name: str) -> Counter: ...
    def get_counter(self, name: str) -> Counter | None: ...
    @overload
    def update_counter(self, name: str, *values: _Values) -> None: ...
    @overload
    def update_counter(self, name: str, *values: str | float) -> None: ...
