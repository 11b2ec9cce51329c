# SPDX-License-Identifier: Apache-2.0
"""The viztracer command that belongs to this package."""

import os


def find_binary():
    """Its path. Raises FileNotFoundError, which says where it is wanted."""
    package = os.path.dirname(os.path.abspath(__file__))
    places = (
        os.path.join(package, "_bin", "viztracer"),
        os.path.join(package, "..", "..", "..", "..", "bin", "viztracer"),
    )
    for place in places:
        if os.access(place, os.X_OK):
            return os.path.normpath(place)
    raise FileNotFoundError("viztracer: its program is missing, looked for %s"
                            % " and ".join(map(os.path.normpath, places)))


def write_flame_graph(trace_data, output_file):
    """Have the command make a flame graph of the dict of a report."""
    import json
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="viztracer-") as folder:
        path = os.path.join(folder, "report.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(trace_data, file)
        done = subprocess.run(
            [find_binary(), "--quiet", "--generate_flamegraph", path,
             "--output_file", os.path.abspath(os.fsdecode(output_file))],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise OSError(done.stderr.decode("utf-8", "replace").strip())
