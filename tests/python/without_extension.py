# SPDX-License-Identifier: Apache-2.0
"""Import this before `recorded`: the package under test then is a copy without
the extension, where the recorder in Python is what runs."""
import atexit
import os
import shutil
import tempfile


def copy_without_extension(package):
    """A copy of the package whose place is like that of the whole."""
    home = tempfile.mkdtemp(prefix="viztracer-test-")
    atexit.register(shutil.rmtree, home)
    copy = os.path.join(home, "lib", "viztracer", "python", "viztracer")
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns(
        "_tracer*", "__pycache__", "_bin"))
    os.symlink(os.path.join(package, "..", "..", "libviztracer.so"),
               os.path.join(home, "lib", "viztracer", "libviztracer.so"))
    # A real copy: the command looks for its package beside itself.
    os.mkdir(os.path.join(home, "bin"))
    shutil.copy(os.path.join(package, "..", "..", "..", "..", "bin",
                             "viztracer"), os.path.join(home, "bin"))
    return copy


os.environ["PACKAGE"] = copy_without_extension(
    os.path.abspath(os.environ["PACKAGE"]))
