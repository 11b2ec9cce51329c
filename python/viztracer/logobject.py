# SPDX-License-Identifier: Apache-2.0
"""Objects whose life is recorded."""

from viztracer import recorder


def _shown(value):
    return value if isinstance(value, (int, float)) else str(value)


@recorder.muted
def _snapshot_of(log_object):
    """The attributes that were asked for, read as the program reads them."""
    return {"snapshot": {name: _shown(getattr(log_object, name))
                         for name in log_object._viztracer_attributes}}


def _record_snapshot(log_object):
    log_object._viztracer_tracer.add_object(
        "O", log_object._viztracer_id, log_object._viztracer_name,
        _snapshot_of(log_object))


@recorder.muted
def _decorate(method, when):
    is_before = when != "after"
    is_after = when != "before"

    def call(self, *arguments, **options):
        if is_before:
            _record_snapshot(self)
        result = method(self, *arguments, **options)
        if is_after:
            _record_snapshot(self)
        return result

    for name in ("__name__", "__qualname__", "__doc__", "__module__"):
        setattr(call, name, getattr(method, name, None))
    call.__wrapped__ = method
    return call


class LogObject:
    """A base class: the creation and the deletion of its objects are recorded,
    and what they are when a method that @LogObject.snapshot decorates is
    called. name is what they are called in the report, str(class) by default.
    """

    @recorder.muted
    def _viztracer_set_up(self, tracer, name):
        self._viztracer_tracer = tracer
        self._viztracer_name = str(type(self)) if name is None else name
        self._viztracer_id = id(self)
        self._viztracer_attributes = []

    def __init__(self, tracer, name=None):
        self._viztracer_set_up(tracer, name)
        tracer.add_object("N", self._viztracer_id, self._viztracer_name)

    def __del__(self):
        try:
            tracer = self._viztracer_tracer
        except AttributeError:  # its __init__ did not come to ours
            return
        tracer.add_object("D", self._viztracer_id, self._viztracer_name)

    @recorder.muted
    def set_viztracer_attributes(self, attributes):
        """Which attributes, properties too, go into a snapshot: a list of
        names. Numbers are kept, of all else it is the str(). Raises Exception
        for anything but a list of strings."""
        if (not isinstance(attributes, list)
                or not all(isinstance(name, str) for name in attributes)):
            raise Exception("You need to pass a list of string to "
                            "set_viztracer_attributes!")
        self._viztracer_attributes = list(attributes)

    @staticmethod
    @recorder.muted
    def snapshot(method=None, when="after"):
        """A decorator for methods: @LogObject.snapshot or
        @LogObject.snapshot(when="before") record the attributes when a call has
        returned ("after"), begins ("before"), or at "both". Raises Exception
        for any other time."""
        if when not in ("after", "before", "both"):
            raise Exception("when has to be one of 'after', 'before' or "
                            "'both', not %s" % (when,))
        if method is None:
            return lambda method: _decorate(method, when)
        return _decorate(method, when)
