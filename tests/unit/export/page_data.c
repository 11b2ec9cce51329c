// SPDX-License-Identifier: Apache-2.0
#include "unit/export/page_data.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "support/packed_text.h"
#include "unit/export/report_file.h"

uint64_t
next_number(struct page *page)
{
    uint64_t value = 0;
    unsigned shift = 0;
    unsigned char byte;

    do {
        cr_assert(page->at < page->data.size, "the data are cut short");
        byte = (unsigned char)page->data.data[page->at++];
        value |= (uint64_t)(byte & 0x7F) << shift;
        shift += 7;
    } while (byte >= 0x80);
    return value;
}

const char *
next_text(struct page *page, size_t *size)
{
    const char *text;

    *size = next_number(page);
    text = page->data.data + page->at;
    cr_assert(le(sz, *size, page->data.size - page->at));
    page->at += *size;
    return text;
}

void
open_page(struct page *page, const char *path)
{
    static const char mark[] = "id=\"trace-data\">";
    struct buffer text = {0};
    const char *start;
    const char *end;
    const char *json;
    size_t size;

    *page = (struct page){0};
    report_read_file(path, &text);
    start = strstr(text.data, mark);
    cr_assert(start != NULL);
    start += strlen(mark);
    end = strstr(start, "</script>");
    packed_text_read(&page->data, start, (size_t)(end - start));
    buffer_release(&text);
    json = next_text(page, &size);
    page->summary = cJSON_ParseWithLength(json, size);
    cr_assert(page->summary != NULL);
}

void
close_page(struct page *page)
{
    cJSON_Delete(page->summary);
    buffer_release(&page->data);
}

double
summary_number(const struct page *page, const char *key)
{
    return cJSON_GetObjectItem(page->summary, key)->valuedouble;
}

size_t
read_track(struct page *page, struct page_call *calls)
{
    size_t count = 0;
    uint64_t start_ns = 0;
    uint64_t group;

    while ((group = next_number(page)) > 0) {
        struct page_call *part = calls + count;

        count += group;
        cr_assert(count <= CALLS_MAX);
        for (size_t i = 0; i < group; i++) {
            part[i].depth = next_number(page);
        }
        for (size_t i = 0; i < group; i++) {
            start_ns += next_number(page);
            part[i].start_ns = start_ns;
        }
        for (size_t i = 0; i < group; i++) {
            part[i].duration_ns = next_number(page);
        }
        for (size_t i = 0; i < group; i++) {
            part[i].callees_ns = next_number(page);
        }
        for (size_t i = 0; i < group; i++) {
            part[i].function = next_number(page);
        }
        for (size_t i = 0; i < group; i++) {
            part[i].flags = next_number(page);
        }
        for (size_t i = 0; i < group; i++) {
            part[i].args_size = 0;
        }
        for (uint64_t left = next_number(page); left > 0; left--) {
            part += next_number(page);
            (void)next_text(page, &part->args_size);
        }
    }
    cr_assert(eq(u64, next_number(page), 0)); /* no call lacks some */
    cr_assert(eq(u64, next_number(page), 0));
    return count;
}

void
expect_flame(struct page *page)
{
    uint64_t count;
    uint64_t children = 0;

    cr_assert(eq(u64, next_number(page), 0));
    cr_assert(eq(u64, next_number(page), 0));
    count = next_number(page);
    for (unsigned column = 0; column < 5; column++) {
        for (uint64_t i = 0; i < count; i++) {
            uint64_t value = next_number(page);

            children += column == 1 ? value : 0;
        }
    }
    cr_assert(eq(u64, children + 1, count));
}

void
expect_no_source(struct page *page)
{
    cr_assert(eq(u64, next_number(page), 0));
    cr_assert(eq(u64, next_number(page), 0));
    expect_no_flows(page);
}

void
expect_no_flows(struct page *page)
{
    cr_assert(eq(u64, next_number(page), 0));
    cr_assert(eq(u64, next_number(page), 0));
    cr_assert(eq(sz, page->at, page->data.size));
}
