// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_page.h - the report page as html/build.mjs made it, in two parts:
 * what stands before the trace and what stands behind it.
 */
#ifndef EXPORT_HTML_PAGE_H
#define EXPORT_HTML_PAGE_H

#include <stdbool.h>
#include <stddef.h>

struct html_page {
    const unsigned char *head;
    size_t head_size; /* 0 = this build has no page */
    const unsigned char *tail;
    size_t tail_size;
};

struct html_page html_page(void);

#endif
