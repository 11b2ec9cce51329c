// SPDX-License-Identifier: Apache-2.0
/*
 * unit/export/page_data.h - the data in a report page, read as drawn in
 * export/html_report.h.
 *
 * Whatever is not as it should be is a failure of the running test.
 */
#ifndef UNIT_EXPORT_PAGE_DATA_H
#define UNIT_EXPORT_PAGE_DATA_H

#include <stddef.h>
#include <stdint.h>

#include <cJSON.h>

#include "base/buffer.h"

/* The inflated data of a page, and how far it has been read. */
struct page {
    struct buffer data;
    size_t at;
    cJSON *summary;
};

void open_page(struct page *page, const char *path);
void close_page(struct page *page);

uint64_t next_number(struct page *page);
const char *next_text(struct page *page, size_t *size);

double summary_number(const struct page *page, const char *key);

struct page_call {
    uint64_t depth;
    uint64_t start_ns;
    uint64_t duration_ns;
    uint64_t callees_ns;
    uint64_t function;
    uint64_t flags;
    size_t args_size;
};

enum { CALLS_MAX = 200 * 1000 };

/* The calls of the next track, of which none is left out; how many. */
size_t read_track(struct page *page, struct page_call *calls);

/* The flame graph, whose nodes add up. */
void expect_flame(struct page *page);

/* There are no arrows, and all is read. */
void expect_no_flows(struct page *page);

/* There is no source, no arrow, and all is read. */
void expect_no_source(struct page *page);

#endif
