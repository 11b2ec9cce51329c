# SPDX-License-Identifier: Apache-2.0
"""Record every function call of a Python program."""

from viztracer.tracer import VizTracer, __version__, get_tracer

__all__ = ["VizTracer", "__version__", "get_tracer"]
