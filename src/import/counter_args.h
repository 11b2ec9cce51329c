// SPDX-License-Identifier: Apache-2.0
/* import/counter_args.h - the series of a counter event. */
#ifndef IMPORT_COUNTER_ARGS_H
#define IMPORT_COUNTER_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "format/record_encode.h"

struct error;

enum {
    COUNTER_TEXT_MAX = 1024,   /* bytes of a counter's name, and of a key */
    COUNTER_SERIES_MAX = 4096, /* of one event; more are not looked at */
};

/* {0} is empty; _read re-uses the memory. */
struct counter_args {
    struct counter_value *values; /* owned; the keys point into text */
    size_t count;
    size_t capacity;
    struct buffer text; /* owned; the name, then the keys */
    size_t name_size;
    uint64_t lost_count; /* values that are no numbers */
    uint64_t cut_count;  /* texts longer than COUNTER_TEXT_MAX */
};

/*
 * Read one event: its name, its id, which tells counters of one name apart (or
 * no text), and its arguments, an object of numbers. What of that is no JSON
 * ends it.
 */
bool counter_args_read(struct counter_args *counter, struct text_span name,
                       struct text_span id, struct text_span args,
                       struct error *err);

void counter_args_release(struct counter_args *counter);

#endif
