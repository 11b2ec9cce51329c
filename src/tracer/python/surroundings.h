// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/surroundings.h - what the program may have changed that the
 * recorder must know: looked at when a thread is new, when a function is, and
 * when one returns that is known to change something.
 */
#ifndef TRACER_PYTHON_SURROUNDINGS_H
#define TRACER_PYTHON_SURROUNDINGS_H

#include "tracer/python/greenlets.h"
#include "tracer/python/thread_names.h"

static inline void
surroundings_look(void)
{
    names_refresh();
    greenlets_watch();
}

#endif
