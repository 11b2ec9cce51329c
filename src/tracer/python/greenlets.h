// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/greenlets.h - a stream of calls for each greenlet.
 *
 * Greenlets (and gevent's) have a stack each and take turns in a thread. Once
 * the program has imported the module greenlet, its trace function, one for
 * each thread, tells of each switch. A trace function that the program had set
 * before is called, too. One that it sets later replaces ours: then the calls
 * of all greenlets stand in one stream, cut where they do not nest.
 */
#ifndef TRACER_PYTHON_GREENLETS_H
#define TRACER_PYTHON_GREENLETS_H

#include "tracer/python/python_compat.h"

/* Watch the calling thread's switches, if the program has greenlets and they
 * are not watched yet. Costs a look into sys.modules. */
void greenlets_watch(void);

#endif
