// SPDX-License-Identifier: Apache-2.0
/*
 * import/packed_trace.h - a trace that is compressed as a whole (gzip, RFC
 * 1952), as viztracer export --compress writes it, becomes a trace again.
 *
 * Traces are read here and there; so it is inflated into a file without a name
 * in $TMPDIR. One that is cut or damaged is a trace up to there.
 */
#ifndef IMPORT_PACKED_TRACE_H
#define IMPORT_PACKED_TRACE_H

#include <stdbool.h>

#include "base/progress.h"

struct chrome_json_options;
struct error;
struct imported_trace;

/* Whether it is gzip, and what is in it begins as a trace does. */
bool packed_trace_has_magic(const char *path);

/*
 * Inflate the file at path. On success the caller releases *out; on failure it
 * is left alone. Of the options it knows the first four.
 */
bool packed_trace_open(struct imported_trace *out, const char *path,
                       const struct chrome_json_options *options,
                       struct error *err);

#endif
