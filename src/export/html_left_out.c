// SPDX-License-Identifier: Apache-2.0
#include "export/html_left_out.h"

#include <stdlib.h>

#include "base/array.h"
#include "export/html_sink.h"
#include "model/span_query.h"

/* Close what a call does not stand in. */
static void
close_others(struct html_left_out *left, const struct slice *slice)
{
    while (left->caller_count > 0) {
        const struct left_out_caller *last =
            &left->callers[left->caller_count - 1];

        if (last->depth < slice->depth && last->end_ns >= slice->start_ns) {
            break;
        }
        left->caller_count--;
    }
}

bool
html_left_out_keep(struct html_left_out *left, const struct slice *slice,
                   struct error *err)
{
    close_others(left, slice);
    if (!array_reserve((void **)&left->counts, &left->row_capacity,
                       left->row_count + 1, sizeof *left->counts, err)
        || !array_reserve((void **)&left->callers, &left->caller_capacity,
                          left->caller_count + 1, sizeof *left->callers, err)) {
        return false;
    }
    left->is_in_stretch &= left->caller_count > 0;
    left->callers[left->caller_count++] = (struct left_out_caller){
        .depth = slice->depth,
        .end_ns = slice->end_ns,
        .row = left->row_count,
    };
    left->counts[left->row_count++] = 0;
    return true;
}

static bool
add_outermost(struct html_left_out *left, const struct slice *slice,
              struct error *err)
{
    struct left_out_stretch *last;

    if (!left->is_in_stretch) {
        if (!array_reserve((void **)&left->stretches, &left->stretch_capacity,
                           left->stretch_count + 1, sizeof *left->stretches,
                           err)) {
            return false;
        }
        left->stretches[left->stretch_count++] =
            (struct left_out_stretch){.start_ns = slice->start_ns};
        left->is_in_stretch = true;
    }
    last = &left->stretches[left->stretch_count - 1];
    last->count++;
    if (slice->end_ns > last->end_ns) {
        last->end_ns = slice->end_ns;
    }
    return true;
}

bool
html_left_out_skip(struct html_left_out *left, const struct slice *slice,
                   struct error *err)
{
    close_others(left, slice);
    if (left->caller_count == 0) {
        return add_outermost(left, slice, err);
    }
    left->counts[left->callers[left->caller_count - 1].row]++;
    return true;
}

static void
append_counts(const struct html_left_out *left, struct buffer *bytes)
{
    uint64_t count = 0;
    size_t before = 0;

    for (size_t i = 0; i < left->row_count; i++) {
        count += left->counts[i] > 0;
    }
    html_append_number(bytes, count);
    for (size_t i = 0; i < left->row_count; i++) {
        if (left->counts[i] > 0) {
            html_append_number(bytes, i - before);
            html_append_number(bytes, left->counts[i]);
            before = i;
        }
    }
}

static void
append_stretches(const struct html_left_out *left, struct buffer *bytes)
{
    uint64_t before_ns = 0;

    html_append_number(bytes, left->stretch_count);
    for (size_t i = 0; i < left->stretch_count; i++) {
        const struct left_out_stretch *stretch = &left->stretches[i];

        html_append_number(bytes, stretch->start_ns - before_ns);
        html_append_number(bytes, stretch->end_ns - stretch->start_ns);
        html_append_number(bytes, stretch->count);
        before_ns = stretch->end_ns;
    }
}

void
html_left_out_finish(struct html_left_out *left, struct buffer *bytes)
{
    append_counts(left, bytes);
    append_stretches(left, bytes);
    left->row_count = 0;
    left->caller_count = 0;
    left->stretch_count = 0;
    left->is_in_stretch = false;
}

void
html_left_out_release(struct html_left_out *left)
{
    free(left->counts);
    free(left->callers);
    free(left->stretches);
}
