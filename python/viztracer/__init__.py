# SPDX-License-Identifier: Apache-2.0
"""Record every function call of a Python program."""

from viztracer._tracer import version as __version__

__all__ = ["__version__"]
