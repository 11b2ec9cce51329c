// SPDX-License-Identifier: Apache-2.0
/*
 * tui/job_scope.h - the viewer's scope as it was when a job was started: its
 * own copy, which a worker may use while the user chooses another one.
 */
#ifndef TUI_JOB_SCOPE_H
#define TUI_JOB_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/trace_scope.h"

struct error;
struct viewer;

/* {0} is empty. */
struct job_scope {
    struct trace_scope scope;
    uint8_t *tracks; /* of scope; owned */
};

/* The caller releases it, also after a failure. */
bool job_scope_take(struct job_scope *scope, const struct viewer *viewer,
                    struct error *err);
/* The same of another scope of the viewer's model. */
bool job_scope_copy(struct job_scope *scope, const struct viewer *viewer,
                    const struct trace_scope *from, struct error *err);
void job_scope_release(struct job_scope *scope);

#endif
