# SPDX-License-Identifier: Apache-2.0
"""Record every function call of a Python program."""

from viztracer.counter import Counter
from viztracer.tracer import VizTracer, __version__, get_tracer

__all__ = ["Counter", "VizTracer", "__version__", "get_tracer"]
