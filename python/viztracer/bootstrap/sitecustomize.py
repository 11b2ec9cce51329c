# SPDX-License-Identifier: Apache-2.0
"""Start the recorder in every Python process below the viztracer command.

This folder stands first on PYTHONPATH. The program must not notice: nothing is
imported that is not loaded already, the folder leaves sys.path, and this module
gives way to the sitecustomize that it hides, or to none. Valid for any Python
from 2.7 on; where there is no recorder for the interpreter nothing happens.
"""


def _record():
    import sys

    if sys.version_info < (3, 6) or sys.implementation.name != "cpython":
        return
    import posix

    if not posix.environ.get(b"VIZTRACER_RECORD_DIR"):
        return
    imp = sys.modules["_imp"]
    external = sys.modules["_frozen_importlib_external"]
    machinery = sys.modules["_frozen_importlib"]
    # "bootstrap/sitecustomize.py" or its cached form: up to the package
    folder = __file__.rpartition("/")[0].rpartition("/")[0]
    if sys.version_info < (3, 12):
        suffix = imp.extension_suffixes()[0]
    else:
        suffix = ".abi3.so"
    path = folder + "/_tracer" + suffix
    try:
        posix.stat(path)
    except OSError:
        return
    loader = external.ExtensionFileLoader("viztracer._tracer", path)
    spec = machinery.ModuleSpec("viztracer._tracer", loader, origin=path)
    module = imp.create_dynamic(spec)
    imp.exec_dynamic(module)
    module.bootstrap()


def _step_aside():
    import sys

    folder = __file__.rpartition("/")[0]
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path_importer_cache.pop(folder, None)
    sys.modules.pop("sitecustomize", None)


_step_aside()
try:
    _record()
except Exception:
    # The program runs on, unrecorded: that no process announced itself is what
    # the launcher says at the end.
    pass
import sitecustomize  # noqa: E402,F401  the hidden one; site ignores its absence
