// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/package_finder.h - let a program that the command records
 * import viztracer also where the package is not installed.
 *
 * Nothing is added to sys.path, and what the program finds by itself comes
 * first. sys.meta_path gets one more finder, and only when the program looks
 * for viztracer: others see no difference.
 */
#ifndef TRACER_PYTHON_PACKAGE_FINDER_H
#define TRACER_PYTHON_PACKAGE_FINDER_H

#include "tracer/python/python_compat.h"

/*
 * A module of this name (borrowed) is being looked for; finders that are added
 * now are asked, too. May leave an exception behind.
 */
void package_finder_offer(PyObject *name);

#endif
