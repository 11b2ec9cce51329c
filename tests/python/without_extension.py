# SPDX-License-Identifier: Apache-2.0
"""Import this before `recorded`: the package under test then is a copy without
an extension that fits, where the recorder in Python is what runs. Before 3.12
the one for later versions is there, whose name fits, too."""
import atexit
import os
import shutil
import subprocess
import tempfile


def is_old(python):
    return subprocess.call([python, "-c", "import sys;"
                            "sys.exit(sys.version_info >= (3, 12))"]) == 0


def copy_without_extension(package):
    """A copy of the package whose place is like that of the whole."""
    home = tempfile.mkdtemp(prefix="viztracer-test-")
    atexit.register(shutil.rmtree, home)
    copy = os.path.join(home, "lib", "viztracer", "python", "viztracer")
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns(
        "_tracer.cpython*", "__pycache__", "_bin",
        "*.abi3.so" if not is_old(os.environ["PYTHON"]) else ""))
    os.symlink(os.path.join(package, "..", "..", "libviztracer.so"),
               os.path.join(home, "lib", "viztracer", "libviztracer.so"))
    # A real copy: the command looks for its package beside itself.
    os.mkdir(os.path.join(home, "bin"))
    shutil.copy(os.path.join(package, "..", "..", "..", "..", "bin",
                             "viztracer"), os.path.join(home, "bin"))
    return copy


os.environ["PACKAGE"] = copy_without_extension(
    os.path.abspath(os.environ["PACKAGE"]))
