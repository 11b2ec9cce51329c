# SPDX-License-Identifier: Apache-2.0
from viztracer.counter import Counter as Counter
from viztracer.decorator import ignore_function as ignore_function
from viztracer.flamegraph import FlameGraph as FlameGraph
from viztracer.logobject import LogObject as LogObject
from viztracer.tracer import (
    VizTracer as VizTracer,
    __version__ as __version__,
    get_tracer as get_tracer,
)

__all__ = ["Counter", "FlameGraph", "LogObject", "VizTracer", "__version__",
           "get_tracer", "ignore_function"]
