// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/module.c - the extension module _tracer.
 */
#include "tracer/python/python_compat.h"

static int
module_exec(PyObject *module)
{
    return PyModule_AddStringConstant(module, "version", VIZTRACER_VERSION);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    {0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_tracer",
    .m_doc = "The recorder inside the interpreter.",
    .m_slots = module_slots,
};

/* Before 3.9 PyMODINIT_FUNC says nothing about visibility. */
__attribute__((visibility("default"))) PyMODINIT_FUNC PyInit__tracer(void);

PyMODINIT_FUNC
PyInit__tracer(void)
{
    return PyModuleDef_Init(&module_definition);
}
