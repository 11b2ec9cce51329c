# SPDX-License-Identifier: Apache-2.0
"""Record every function call of a Python program."""

from viztracer.counter import Counter
from viztracer.decorator import ignore_function
from viztracer.flamegraph import FlameGraph
from viztracer.logobject import LogObject
from viztracer.not_here import (load_ipython_extension, log_sparse,
                                trace_and_save)
from viztracer.tracer import VizTracer, __version__, get_tracer

__all__ = ["Counter", "FlameGraph", "LogObject", "VizTracer", "__version__",
           "get_tracer", "ignore_function"]
