// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/process_calls.h - hear of the few C functions that end this
 * program or start another one: os._exit, os.exec*, os.posix_spawn and what
 * subprocess calls; and of searches for our package, see package_finder.h.
 *
 * Hooks do not do for that: they know neither arguments nor results, and are
 * silent where C functions are left out. So the definitions of these functions,
 * which interpreters keep in memory that can be written, lead through ours. The
 * program sees the same objects; nothing else costs anything.
 */
#ifndef TRACER_PYTHON_PROCESS_CALLS_H
#define TRACER_PYTHON_PROCESS_CALLS_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

/*
 * Watch those functions whose modules are loaded and that are not watched yet.
 * One that is called in a way unknown here is left alone. Imports nothing and
 * leaves no exception behind.
 */
void process_calls_watch(void);

/* Whether this is the definition of one that is watched: its code is ours, and
 * it is the program's function all the same. */
bool process_calls_is_watched(const PyMethodDef *definition);

#endif
