# SPDX-License-Identifier: Apache-2.0
"""Where the viztracer command is that belongs to this package."""

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
