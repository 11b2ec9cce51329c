# SPDX-License-Identifier: Apache-2.0
"""Functions of other versions that this one knows by name only."""


def _absent(name):
    def call(*arguments, **options):
        raise NotImplementedError("%s is not in this version" % name)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = "Not in this version: raises NotImplementedError."
    return call


load_ipython_extension = _absent("load_ipython_extension")
log_sparse = _absent("log_sparse")
trace_and_save = _absent("trace_and_save")
