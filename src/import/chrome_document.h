// SPDX-License-Identifier: Apache-2.0
/*
 * import/chrome_document.h - the document around the events: an array, or an
 * object with "traceEvents", "viztracer_metadata" and "file_info" in any order.
 */
#ifndef IMPORT_CHROME_DOCUMENT_H
#define IMPORT_CHROME_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "import/chrome_event.h"
#include "import/event_intake.h"
#include "import/json_scan.h"
#include "import/trace_build.h"

/* {0} with a scan and an intake that are open is ready to be read. */
struct chrome_document {
    struct json_scan scan;
    struct event_intake intake;
    struct chrome_event event;
    struct import_source *sources; /* owned */
    size_t source_count;
    size_t source_capacity;
    struct buffer text; /* owned; scratch */
    bool has_events;    /* the list of events was found, even if empty */
    bool has_overflow;  /* VizTracer's buffer was full */
    bool has_wall_clock;
    int64_t wall_clock_ns;
    uint64_t damage_count;  /* places in the list that are no JSON */
    uint64_t damage_offset; /* of the first one */
    const char *damage_expected;
    bool is_followed; /* by other data, from end_offset on */
    uint64_t end_offset;
};

/*
 * Read all of it. True when its end was seen; else scan.stop says what ended
 * it, and what was read until then is in the intake.
 */
bool chrome_document_read(struct chrome_document *document);

/* Close everything, scan and intake, too. */
void chrome_document_release(struct chrome_document *document);

#endif
