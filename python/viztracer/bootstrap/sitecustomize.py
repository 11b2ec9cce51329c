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
    # "bootstrap/sitecustomize.py" or its cached form: up to the package
    folder = __file__.rpartition("/")[0].rpartition("/")[0]
    words = posix.environ.get(b"VIZTRACER_RECORD_OPTIONS", b"").split()
    if b"tracer=python" in words or not _record_in_c(folder):
        _record_in_python(folder)


def _record_in_c(folder):
    """Whether there is an extension that this interpreter can load."""
    import posix
    import sys

    imp = sys.modules["_imp"]
    external = sys.modules["_frozen_importlib_external"]
    machinery = sys.modules["_frozen_importlib"]
    if "t" in getattr(sys, "abiflags", ""):
        return False  # free-threaded: its objects are not what ours expect
    if sys.version_info < (3, 12):
        suffix = imp.extension_suffixes()[0]
    else:
        suffix = ".abi3.so"
    path = folder + "/_tracer" + suffix
    try:
        posix.stat(path)
        loader = external.ExtensionFileLoader("viztracer._tracer", path)
        spec = machinery.ModuleSpec("viztracer._tracer", loader, origin=path)
        module = imp.create_dynamic(spec)
        imp.exec_dynamic(module)
    except (OSError, ImportError):
        return False
    module.bootstrap()
    return True


def _record_in_python(folder):
    """The package recording under another name, which does not stay."""
    import sys

    name = "_viztracer_recording"
    external = sys.modules["_frozen_importlib_external"]
    machinery = sys.modules["_frozen_importlib"]
    place = folder + "/recording"
    before = set(sys.modules)
    try:
        loader = external.SourceFileLoader(name, place + "/__init__.py")
        spec = machinery.ModuleSpec(name, loader, origin=loader.path,
                                    is_package=True)
        spec.submodule_search_locations.append(place)
        machinery._load(spec)
        recorder = __import__(name + ".recorder", fromlist=["bootstrap"])
    finally:
        for added in set(sys.modules) - before:
            del sys.modules[added]
        sys.path_importer_cache.pop(place, None)
    recorder.bootstrap(folder + "/")


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
