# SPDX-License-Identifier: Apache-2.0
"""Calls merged by their path."""


class _Node:
    """A call path: its nanoseconds so far, and the paths that go on from it."""

    __slots__ = ("name", "value", "children")

    def __init__(self, name):
        self.name = name
        self.value = 0
        self.children = {}

    def child(self, name):
        node = self.children.get(name)
        if node is None:
            node = self.children[name] = _Node(name)
        return node


def _as_dict(root):
    """The nodes as dicts, without recursion: calls may nest very deep."""
    result = {"name": root.name, "value": root.value / 1000, "children": []}
    left = [(root, result)]
    while left:
        node, made = left.pop()
        for child in node.children.values():
            copy = {"name": child.name, "value": child.value / 1000, "children": []}
            made["children"].append(copy)
            left.append((child, copy))
    return result


def _by_track(events):
    """{(pid, tid): ([X ...], [B or E ...])}"""
    tracks = {}
    for event in events:
        if event.get("ph") in ("X", "B", "E"):
            track = tracks.setdefault((event["pid"], event["tid"]), ([], []))
            track[event["ph"] != "X"].append(event)
    return tracks


def _span(start_us, end_us, name):
    """In whole nanoseconds: sums of floats would not meet."""
    return round(start_us * 1000), round(end_us * 1000), name


def _spans(complete, pairs):
    """(start, end, name) of each call, outer ones first. A B without its E has
    no length."""
    spans = [_span(event["ts"], event["ts"] + event["dur"], event["name"])
             for event in complete]
    open_calls = []
    for event in sorted(pairs, key=lambda event: event["ts"]):
        if event["ph"] == "B":
            open_calls.append(event)
        elif open_calls:
            begin = open_calls.pop()
            spans.append(_span(begin["ts"], event["ts"], begin["name"]))
    spans.extend(_span(event["ts"], event["ts"], event["name"])
                 for event in open_calls)
    spans.sort(key=lambda span: (span[0], -span[1]))
    return spans


def _merge(spans):
    root = _Node("__root__")
    path = [(root, float("inf"))]
    for start, end, name in spans:
        while len(path) > 1 and path[-1][1] <= start:
            path.pop()
        node = path[-1][0].child(name)
        node.value += end - start
        if len(path) == 1:
            root.value += end - start
        path.append((node, end))
    return root


class FlameGraph:
    """The calls of a report merged by path, as sums of their time.

    trace_data is what VizTracer.data is after parse(), or the JSON report as a
    dict.
    """

    def __init__(self, trace_data=None):
        self._data = None
        self._trace_data = None
        if trace_data is not None:
            self.parse(trace_data)

    def parse(self, trace_data):
        """{"p<pid>_t<tid>": {"name": "__root__", "value": us, "children":
        [...]}}: for each thread the time of each path of calls, in
        microseconds, with that of the calls below it; calls of one name with
        the same callers are one."""
        self._trace_data = trace_data
        self._data = {
            "p%s_t%s" % track: _as_dict(_merge(_spans(complete, pairs)))
            for track, (complete, pairs)
            in _by_track(trace_data["traceEvents"]).items()}
        return self._data

    def save(self, output_file="result_flamegraph.html"):
        """Write an HTML report that shows the flame graph first. What was
        parsed or loaded may be changed before. Raises ValueError when there is
        nothing, or the name does not end in .html; OSError when it cannot be
        written."""
        from viztracer import program

        if self._trace_data is None:
            raise ValueError("there is nothing to save: parse() or load() "
                             "first")
        program.write_flame_graph(self._trace_data, output_file)

    def load(self, input_file):
        """Parse a JSON report. Raises OSError or ValueError."""
        import json

        with open(input_file, encoding="utf-8") as file:
            self.parse(json.load(file))
