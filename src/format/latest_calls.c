// SPDX-License-Identifier: Apache-2.0
/*
 * How many calls end in each block, and from when to when, is counted first.
 * Then the tick is searched for by which as many have ended as are to be left
 * out; only blocks in which calls end both before and after it are gone
 * through again. Of those that end at that very tick, the ones of the first
 * streams are left out. So each stream has a number of ends to lose, and
 * whatever ticks a hostile file claims, exactly N are left.
 */
#include "format/latest_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "format/call_ends.h"
#include "format/chunk_load.h"
#include "format/event.h"

/* The calls that end in a block. */
struct row_ends {
    uint64_t count;
    uint64_t first_tick; /* of the first and the last of them */
    uint64_t last_tick;
    uint64_t tail_count; /* and those that end behind it, at once: they are open
                            and not in the next header, or there is none */
    uint64_t tail_tick;
};

struct selection {
    const struct latest_calls *bound;
    const struct trace_block *rows;
    size_t row_count;
    struct row_ends *ends; /* of each row; owned */
    uint64_t total;        /* ends of calls */
    struct chunk_copy copy;
    struct call_ends walk;
    struct call_stack open;       /* at the end of the row before */
    struct trace_block *cut_rows; /* the result; owned until it is taken */
    size_t cut_row_count;
    struct block_cut *cuts; /* owned until they are taken */
};

/* Begin to go through a row; one that cannot be read is empty. */
static bool
begin_row(struct selection *selection, size_t i, struct error *err)
{
    const struct trace_block *row = &selection->rows[i];
    struct call_ends_block block = {.first_tick = row->first_tick};
    struct error load_error = {0};

    if (!chunk_load_row(&selection->copy, selection->bound->input, row,
                        &block.words, &block.word_count, &load_error)
        && load_error.code == ERROR_NO_MEMORY) {
        return error_set_no_memory(err);
    }
    if (load_error.code == ERROR_NONE && selection->copy.header.magic != 0) {
        block.open_calls = (const void *)selection->copy.data;
        block.open_count = row->open_count;
    } else {
        block.word_count = 0;
    }
    return call_ends_begin(&selection->walk, &block, err);
}

static bool
is_stream_of(const struct selection *selection, size_t i, uint32_t stream)
{
    return i < selection->row_count && selection->rows[i].stream == stream;
}

/* How many of the calls open at the end of the row before go on. */
static size_t
count_common(const struct selection *selection)
{
    const struct call_stack *before = &selection->open;
    const struct call_stack *now = &selection->walk.stack;
    size_t i = 0;

    while (i < before->depth && i < now->depth
           && before->calls[i].function == now->calls[i].function
           && before->calls[i].start_tick == now->calls[i].start_tick) {
        i++;
    }
    return i;
}

/* When a stream ended; what is open then ends no later. */
static uint64_t
find_stream_end(const struct latest_calls *bound, uint32_t id)
{
    size_t low = 0;
    size_t high = bound->stream_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (bound->streams[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < bound->stream_count && bound->streams[low].id == id
                   && bound->streams[low].end_tick != 0
               ? bound->streams[low].end_tick
               : UINT64_MAX;
}

/* The last row of a stream is known to its end. */
static void
end_stream(struct selection *selection, size_t i)
{
    struct row_ends *ends = &selection->ends[i];

    ends->tail_count = selection->open.depth;
    ends->tail_tick =
        find_stream_end(selection->bound, selection->rows[i].stream);
    selection->total += ends->tail_count;
}

static bool
sum_row(struct selection *selection, size_t i, struct error *err)
{
    struct call_ends *walk = &selection->walk;
    struct row_ends *ends = &selection->ends[i];

    if (!begin_row(selection, i, err)) {
        return false;
    }
    if (i > 0 && is_stream_of(selection, i - 1, selection->rows[i].stream)) {
        ends[-1].tail_count = selection->open.depth - count_common(selection);
        selection->total += ends[-1].tail_count;
    }
    ends->first_tick = UINT64_MAX;
    while (call_ends_next(walk, err) && walk->closed_count > 0) {
        if (ends->count == 0) {
            ends->first_tick = walk->end_tick;
        }
        ends->last_tick = walk->end_tick;
        ends->count += walk->closed_count;
        call_ends_pass(walk);
    }
    if (walk->index < walk->count) {
        return false; /* no memory */
    }
    ends->tail_tick = walk->tick;
    selection->total += ends->count;
    if (!call_stack_assign(&selection->open, walk->stack.calls,
                           walk->stack.depth)) {
        return error_set_no_memory(err);
    }
    if (!is_stream_of(selection, i + 1, selection->rows[i].stream)) {
        end_stream(selection, i);
    }
    return true;
}

static bool
sum_rows(struct selection *selection, struct error *err)
{
    for (size_t i = 0; i < selection->row_count; i++) {
        if (!sum_row(selection, i, err)) {
            return false;
        }
    }
    return true;
}

/* Add the calls of rows from first up to end that end by a tick. */
static bool
count_until(struct selection *selection, size_t first, size_t end,
            uint64_t tick, uint64_t *count, struct error *err)
{
    struct call_ends *walk = &selection->walk;

    for (size_t i = first; i < end; i++) {
        const struct row_ends *ends = &selection->ends[i];

        *count += ends->tail_tick <= tick ? ends->tail_count : 0;
        if (ends->count == 0 || ends->first_tick > tick) {
            continue;
        }
        if (ends->last_tick <= tick) {
            *count += ends->count;
            continue;
        }
        if (!begin_row(selection, i, err)) {
            return false;
        }
        while (call_ends_next(walk, err) && walk->closed_count > 0
               && walk->end_tick <= tick) {
            *count += walk->closed_count;
            call_ends_pass(walk);
        }
        if (walk->closed_count == 0 && walk->index < walk->count) {
            return false; /* no memory */
        }
    }
    return true;
}

/* The latest end that has a tick. */
static uint64_t
find_last_tick(const struct selection *selection)
{
    uint64_t last = 0;

    for (size_t i = 0; i < selection->row_count; i++) {
        const struct row_ends *ends = &selection->ends[i];

        if (ends->count > 0 && ends->last_tick > last) {
            last = ends->last_tick;
        }
        if (ends->tail_count > 0 && ends->tail_tick != UINT64_MAX
            && ends->tail_tick > last) {
            last = ends->tail_tick;
        }
    }
    return last;
}

/* The smallest tick by which at least surplus calls have ended. */
static bool
find_tick(struct selection *selection, uint64_t surplus, uint64_t *tick,
          struct error *err)
{
    uint64_t low = 0;
    uint64_t high = find_last_tick(selection);
    uint64_t count = 0;

    if (!count_until(selection, 0, selection->row_count, high, &count, err)) {
        return false;
    }
    if (count < surplus) {
        *tick = UINT64_MAX;
        return true;
    }
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;

        count = 0;
        if (!count_until(selection, 0, selection->row_count, middle, &count,
                         err)) {
            return false;
        }
        if (count >= surplus) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *tick = low;
    return true;
}

/* Go to where a stream is to be cut: count ends behind the start of row i, of
 * which as many are within the row. */
static bool
go_to_cut(struct selection *selection, size_t i, uint64_t count,
          struct error *err)
{
    struct call_ends *walk = &selection->walk;

    if (!begin_row(selection, i, err)) {
        return false;
    }
    while (count > 0) {
        if (!call_ends_next(walk, err)) {
            return false;
        }
        if (walk->closed_count == 0 || walk->closed_count > count) {
            /* In front of a word, or the end, that closes the others. There
             * are that many, unless the file has changed meanwhile. */
            walk->stack.depth -=
                count < walk->stack.depth ? (size_t)count : walk->stack.depth;
            return true;
        }
        count -= walk->closed_count;
        call_ends_pass(walk);
    }
    return true;
}

static struct block_cut *
add_cut(struct selection *selection, const struct vzt_open_call *calls,
        size_t count, struct error *err)
{
    struct block_cut *cut = array_new(1, sizeof *cut, err);

    if (cut == NULL) {
        return NULL;
    }
    cut->next = selection->cuts;
    selection->cuts = cut;
    cut->calls = array_new(count, sizeof *cut->calls, err);
    if (cut->calls == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(cut->calls, calls, count * sizeof *calls);
    }
    return cut;
}

/* Whatever a file claims: starts only grow, up to the cut. */
static void
order_starts(struct call_stack *open, uint64_t cut_tick)
{
    uint64_t start = 0;

    for (size_t i = 0; i < open->depth; i++) {
        uint64_t *tick = &open->calls[i].start_tick;

        *tick = *tick > start ? *tick : start;
        *tick = *tick < cut_tick ? *tick : cut_tick;
        start = *tick;
    }
}

/* Up to the last call whose start is not known here: these can only stand in a
 * header. */
static size_t
count_unknown(const struct call_stack *open)
{
    size_t count = open->depth;

    while (count > 0
           && !(open->calls[count - 1].flags
                & (VZT_OPEN_INHERITED | VZT_OPEN_START_UNKNOWN))) {
        count--;
    }
    return count;
}

/* The words of a block in which calls are entered. */
static size_t
make_entries(uint64_t *words, const struct vzt_open_call *calls, size_t count,
             uint64_t tick)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        uint64_t delta = calls[i].start_tick - tick;
        uint32_t function = calls[i].function; /* any number, in a header */

        if (function > EVENT_FUNCTION_MAX) {
            function = 0;
        }
        if (delta > UINT32_MAX) {
            words[used++] = record_tag(RECORD_CLOCK, 1);
            words[used++] = calls[i].start_tick;
            delta = 0;
        }
        words[used++] = event_tag(EVENT_CALL, function) | delta;
        tick = calls[i].start_tick;
    }
    return used;
}

/* The block in front of a cut one, in which the calls that are open there are
 * entered. */
static bool
add_entries(struct selection *selection, const struct trace_block *row,
            struct error *err)
{
    const struct call_stack *open = &selection->walk.stack;
    size_t unknown = count_unknown(open);
    size_t known = open->depth - unknown;
    struct block_cut *cut = add_cut(selection, open->calls, unknown, err);
    struct trace_block *made_up =
        &selection->cut_rows[selection->cut_row_count];

    if (cut == NULL) {
        return false;
    }
    cut->is_made_up = true;
    cut->words = array_new(3 * known, sizeof *cut->words, err);
    if (cut->words == NULL) {
        return false;
    }
    *made_up = *row;
    made_up->number = 0;
    made_up->calls_before = 0;
    made_up->first_tick = open->calls[0].start_tick;
    made_up->open_count = (uint32_t)unknown;
    made_up->is_staging = false;
    made_up->cut = cut;
    made_up->word_count = make_entries(cut->words, open->calls + unknown, known,
                                       made_up->first_tick);
    selection->cut_row_count++;
    return true;
}

/* Cut a stream in row i, behind count of the ends in it. */
static bool
cut_row(struct selection *selection, size_t i, uint64_t count,
        struct error *err)
{
    struct trace_block row = selection->rows[i];
    struct call_ends *walk = &selection->walk;
    struct block_cut *cut;

    if (!go_to_cut(selection, i, count, err)) {
        return false;
    }
    order_starts(&walk->stack, walk->tick);
    if (walk->stack.depth > 0 && !add_entries(selection, &row, err)) {
        return false;
    }
    cut = add_cut(selection, walk->stack.calls, walk->stack.depth, err);
    if (cut == NULL) {
        return false;
    }
    cut->skipped_words = walk->index;
    cut->listed_count = row.open_count;
    row.cut = cut;
    row.first_tick = walk->tick;
    row.calls_before += walk->entry_count;
    row.open_count = (uint32_t)walk->stack.depth;
    row.word_count -= walk->index;
    selection->cut_rows[selection->cut_row_count++] = row;
    return true;
}

/* Leave count ends of the stream out whose rows go from first up to end. */
static bool
cut_stream(struct selection *selection, size_t first, size_t end,
           uint64_t count, struct error *err)
{
    const struct trace_block *rows = selection->rows;
    size_t i = first;

    if (count > 0 || (rows[i].number > 0 && rows[i].open_count > 0)) {
        while (i + 1 < end
               && count > selection->ends[i].count
                              + selection->ends[i].tail_count) {
            count -= selection->ends[i].count + selection->ends[i].tail_count;
            i++;
        }
        if (!cut_row(selection, i, count, err)) {
            return false;
        }
        i++;
    }
    memcpy(&selection->cut_rows[selection->cut_row_count], &rows[i],
           (end - i) * sizeof *rows);
    selection->cut_row_count += end - i;
    return true;
}

/* How many ends each stream loses: what ended before the tick, and of what
 * ended at it so many that surplus is reached. */
static bool
cut_streams(struct selection *selection, uint64_t surplus, uint64_t tick,
            struct error *err)
{
    uint64_t ties = surplus;
    size_t end = 0;

    if (tick > 0) {
        uint64_t before = 0;

        if (!count_until(selection, 0, selection->row_count, tick - 1, &before,
                         err)) {
            return false;
        }
        ties -= before < ties ? before : ties;
    }
    for (size_t first = 0; first < selection->row_count; first = end) {
        uint64_t before = 0;
        uint64_t until = 0;

        while (is_stream_of(selection, end, selection->rows[first].stream)) {
            end++;
        }
        if ((surplus > 0
             && !count_until(selection, first, end, tick, &until, err))
            || (tick > 0
                && !count_until(selection, first, end, tick - 1, &before,
                                err))) {
            return false;
        }
        until = until - before < ties ? until : before + ties;
        ties -= until - before;
        if (!cut_stream(selection, first, end, until, err)) {
            return false;
        }
    }
    return true;
}

static bool
select_calls(struct selection *selection, struct error *err)
{
    uint64_t limit = selection->bound->call_limit;
    uint64_t surplus = 0;
    uint64_t tick = 0;

    if (!sum_rows(selection, err)) {
        return false;
    }
    if (selection->total > limit) {
        surplus = selection->total - limit;
        if (!find_tick(selection, surplus, &tick, err)) {
            return false;
        }
    }
    return cut_streams(selection, surplus, tick, err);
}

bool
latest_calls_cut(struct chunk_rows *rows, struct block_cut **cuts,
                 uint64_t *left_out, const struct latest_calls *bound,
                 struct error *err)
{
    struct selection selection = {
        .bound = bound, .rows = rows->rows, .row_count = rows->count};
    bool ok = false;

    selection.ends = array_new(rows->count, sizeof *selection.ends, err);
    /* at most one more for each stream, and each of those has a row */
    selection.cut_rows = array_new(rows->count, 2 * sizeof *rows->rows, err);
    if (selection.ends == NULL || selection.cut_rows == NULL
        || !select_calls(&selection, err)) {
        goto out;
    }
    free(rows->rows);
    *rows = (struct chunk_rows){.rows = selection.cut_rows,
                                .count = selection.cut_row_count,
                                .capacity = 2 * rows->count};
    *cuts = selection.cuts;
    if (selection.total > bound->call_limit) {
        *left_out += selection.total - bound->call_limit;
    }
    selection.cut_rows = NULL;
    selection.cuts = NULL;
    ok = true;

out:
    free(selection.ends);
    free(selection.cut_rows);
    free(selection.copy.data);
    block_cuts_free(selection.cuts);
    call_ends_release(&selection.walk);
    call_stack_release(&selection.open);
    return ok;
}

void
block_cuts_free(struct block_cut *cuts)
{
    while (cuts != NULL) {
        struct block_cut *next = cuts->next;

        free(cuts->calls);
        free(cuts->words);
        free(cuts);
        cuts = next;
    }
}
