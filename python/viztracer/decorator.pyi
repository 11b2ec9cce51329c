# SPDX-License-Identifier: Apache-2.0
from typing import Any, Callable, TypeVar, overload

from viztracer.tracer import VizTracer

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])

@overload
def ignore_function(method: _Decorated,
                    tracer: VizTracer | None = None) -> _Decorated: ...
@overload
def ignore_function(method: None = None, tracer: VizTracer | None = None
                    ) -> Callable[[_Decorated], _Decorated]: ...
