# SPDX-License-Identifier: Apache-2.0
"""Numbers that change in time."""

from viztracer import recorder


@recorder.muted
def _values(change):
    """What update() was given, as a dict."""
    if len(change) == 1 and isinstance(change[0], dict):
        return change[0]
    if (len(change) == 2 and isinstance(change[0], str)
            and isinstance(change[1], (int, float))):
        return {change[0]: float(change[1])}
    raise Exception("Counter.update() takes a dict update(dict) or a key value "
                    "pair set_value(key, value)")


class Counter:
    """A counter. callback(name, values) is called with each change:
    VizTracer.add_counter, or any function."""

    def __init__(self, callback, name):
        self._callback = callback
        self._name = name

    def update(self, *change):
        """update({key: number, ...}) or update(key, number): the number as a
        float. Raises Exception for anything else."""
        self._callback(self._name, _values(change))
