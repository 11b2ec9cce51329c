// SPDX-License-Identifier: Apache-2.0
#include "export/cut_block.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/hash.h"
#include "format/event.h"
#include "format/reader.h"
#include "format/record_decode.h"
#include "format/record_encode.h"
#include "model/flow_query.h"
#include "model/function_mask.h"
#include "model/moment_list.h"
#include "model/slice_args.h"
#include "model/trace_model.h"

enum { RECORD_FIXED_WORDS = 8 }; /* more than any record has beside texts */

/* What goes through a block. */
struct cutter {
    struct cut_block *cut;
    const struct cut_rule *rule;
    struct cut_tools *tools;
    const struct trace_section *section;
    uint64_t from_ns; /* the part of the range that is here */
    bool knows_args;  /* has_args says whether calls that begin here have */
    bool has_args;    /* arguments */
};

bool
cut_tools_init(struct cut_tools *tools, struct error *err)
{
    *tools = (struct cut_tools){0};
    if (span_scratch_new(&tools->scratch, err)
        && span_scratch_new(&tools->args_scratch, err)) {
        return true;
    }
    cut_tools_release(tools);
    return false;
}

void
cut_tools_release(struct cut_tools *tools)
{
    block_events_release(&tools->events);
    span_scratch_free(tools->scratch);
    span_scratch_free(tools->args_scratch);
    buffer_release(&tools->args);
    buffer_release(&tools->name);
    free(tools->stack);
    *tools = (struct cut_tools){0};
}

void
cut_block_release(struct cut_block *cut)
{
    free(cut->events);
    free(cut->words);
    free(cut->opens);
    *cut = (struct cut_block){0};
}

static struct cut_event *
add_event(struct cut_block *cut, enum cut_kind kind, uint64_t time_ns,
          struct error *err)
{
    struct cut_event *event;

    if (!array_reserve((void **)&cut->events, &cut->event_capacity,
                       cut->event_count + 1, sizeof *cut->events, err)) {
        return NULL;
    }
    event = &cut->events[cut->event_count++];
    *event = (struct cut_event){.time_ns = time_ns,
                                .first_word = cut->word_count,
                                .kind = (uint8_t)kind};
    return event;
}

/* Room for count more words; NULL when there is no memory. */
static uint64_t *
reserve_words(struct cut_block *cut, size_t count, struct error *err)
{
    return array_reserve((void **)&cut->words, &cut->word_capacity,
                         cut->word_count + count, sizeof *cut->words, err)
               ? cut->words + cut->word_count
               : NULL;
}

/* Few blocks have calls with arguments: find out when the first call of this
 * one is kept. */
static bool
find_args(struct cutter *cutter, struct error *err)
{
    if (!cutter->knows_args
        && !slice_args_any(cutter->tools->scratch, &cutter->has_args, err)) {
        return false;
    }
    cutter->knows_args = true;
    return true;
}

/* The arguments of a call, into tools->args. A call that began in another block
 * is asked only where the range begins. */
static bool
read_args(struct cutter *cutter, const struct slice *slice, bool is_here,
          struct error *err)
{
    struct cut_tools *tools = cutter->tools;

    buffer_clear(&tools->args);
    if (is_here && !cutter->has_args) {
        return true;
    }
    return slice_args(cutter->rule->model, slice,
                      is_here ? tools->scratch : tools->args_scratch,
                      &tools->args, err);
}

static const char *
args_text(const struct cut_tools *tools)
{
    return tools->args.data == NULL ? "" : tools->args.data;
}

/* Judge a call of which everything but its arguments holds; they are read when
 * somebody needs them. */
static bool
judge_args(struct cutter *cutter, const struct slice *slice, bool is_here,
           bool *is_kept, struct error *err)
{
    const struct bound_query *query = cutter->rule->query;

    *is_kept = true;
    if (is_here && !find_args(cutter, err)) {
        return false;
    }
    if (!query->judges_args && !(is_here && cutter->has_args)) {
        buffer_clear(&cutter->tools->args);
        return true;
    }
    if (!read_args(cutter, slice, is_here, err)) {
        return false;
    }
    *is_kept = !query->judges_args
               || bound_query_has_args(query, args_text(cutter->tools),
                                       cutter->tools->args.size);
    return true;
}

static bool
push(struct cutter *cutter, size_t slice, struct error *err)
{
    struct cut_tools *tools = cutter->tools;

    if (block_events_goes_on(&tools->events, slice)) {
        return true;
    }
    if (!array_reserve((void **)&tools->stack, &tools->stack_capacity,
                       tools->stack_size + 1, sizeof *tools->stack, err)) {
        return false;
    }
    tools->stack[tools->stack_size++] = slice;
    return true;
}

/* The calls that end at or before a time do so, innermost first. */
static bool
pop_until(struct cutter *cutter, uint64_t time_ns, struct error *err)
{
    struct cut_tools *tools = cutter->tools;

    while (tools->stack_size > 0) {
        const struct slice *slice =
            &tools->events.slices[tools->stack[tools->stack_size - 1]];
        struct cut_event *event;

        if (slice->end_ns > time_ns) {
            break;
        }
        tools->stack_size--;
        if (slice->end_ns > cutter->rule->query->end_ns) {
            continue; /* goes on where the range ends */
        }
        event = add_event(cutter->cut, CUT_EXIT, slice->end_ns, err);
        if (event == NULL) {
            return false;
        }
        event->depth = slice->depth;
        event->flags = (uint16_t)slice->flags;
    }
    return true;
}

static bool
add_open(struct cut_block *cut, const struct slice *slice, bool is_kept,
         struct error *err)
{
    if (!array_reserve((void **)&cut->opens, &cut->open_capacity,
                       cut->open_count + 1, sizeof *cut->opens, err)) {
        return false;
    }
    cut->opens[cut->open_count++] =
        (struct cut_open){.start_ns = slice->start_ns,
                          .end_ns = slice->end_ns,
                          .function = slice->function,
                          .is_kept = is_kept};
    return true;
}

/* A call that is open where the block or the range begins. Of those that went
 * on from a block that was cut, too, the arguments were judged there. */
static bool
put_open(struct cutter *cutter, size_t index, struct error *err)
{
    const struct slice *slice = &cutter->tools->events.slices[index];
    bool is_here = index >= cutter->tools->events.open_count;
    bool is_new =
        cutter->cut->is_first || index >= cutter->tools->events.straddling;
    bool is_kept = bound_query_has_slice(cutter->rule->query, slice);

    if (is_kept && is_new
        && !judge_args(cutter, slice, is_here, &is_kept, err)) {
        return false;
    }
    return add_open(cutter->cut, slice, is_kept, err)
           && (!is_kept || push(cutter, index, err));
}

static bool
put_args(struct cutter *cutter, struct cut_event *event, struct error *err)
{
    const struct cut_tools *tools = cutter->tools;
    struct cut_block *cut = cutter->cut;
    size_t capacity = RECORD_FIXED_WORDS + tools->args.size / 8;
    uint64_t *words;

    if (tools->args.size == 0 || cutter->rule->has_no_args) {
        return true;
    }
    words = reserve_words(cut, capacity, err);
    if (words == NULL) {
        return false;
    }
    event->word_count = (uint32_t)record_encode_arguments(
        words, capacity,
        (struct text_span){.data = tools->args.data, .size = tools->args.size});
    cut->word_count += event->word_count;
    return true;
}

/* A call that begins here and for which everything but its arguments holds. */
static bool
put_entry(struct cutter *cutter, size_t index, struct error *err)
{
    const struct slice *slice = &cutter->tools->events.slices[index];
    struct cut_event *event;
    bool is_kept = false;

    if (!judge_args(cutter, slice, true, &is_kept, err) || !is_kept) {
        return !is_kept;
    }
    event = add_event(cutter->cut, CUT_ENTRY, slice->start_ns, err);
    if (event == NULL) {
        return false;
    }
    event->end_ns = slice->end_ns;
    event->function = slice->function;
    event->depth = slice->depth;
    event->flags = (uint16_t)slice->flags;
    return put_args(cutter, event, err) && push(cutter, index, err);
}

/* Put a record as it is. */
static bool
put_words(struct cutter *cutter, const struct block_record *record,
          struct error *err)
{
    struct cut_block *cut = cutter->cut;
    size_t size = record_size(record->head);
    struct cut_event *event = add_event(cut, CUT_RECORD, record->time_ns, err);
    uint64_t *words = reserve_words(cut, 1 + size, err);

    if (event == NULL || words == NULL) {
        return false;
    }
    words[0] = record->head & ~(uint64_t)UINT32_MAX; /* its delta is new */
    if (size > 0) {
        memcpy(words + 1, record->payload, size * sizeof *words);
    }
    event->word_count = (uint32_t)size + 1;
    cut->word_count += size + 1;
    return true;
}

/* An instant is an object without an id. */
static bool
read_object(const struct block_record *record, struct object_record *object,
            enum vzt_scope *scope)
{
    size_t size = record_size(record->head);
    struct instant_record instant;

    *scope = VZT_SCOPE_THREAD;
    if (record_type(record->head) == RECORD_OBJECT) {
        return record_decode_object(record->payload, size, object);
    }
    if (!record_decode_instant(record->payload, size, &instant)) {
        return false;
    }
    *scope = instant.scope;
    *object = (struct object_record){.name = instant.name,
                                     .args = instant.args,
                                     .args_string = instant.args_string};
    return true;
}

static bool
is_object_kept(struct cutter *cutter, const struct block_record *record,
               const struct object_record *object, bool *is_kept,
               struct error *err)
{
    struct buffer *name = &cutter->tools->name;
    struct model_instant instant = {
        .time_ns = record->time_ns,
        .track = cutter->cut->track,
        .args = object->args.size == 0 ? "" : object->args.data,
        .args_size = object->args.size,
    };

    buffer_clear(name); /* a pattern needs the NUL behind it */
    buffer_append(name, object->name.data, object->name.size);
    if (!buffer_is_ok(name)) {
        return error_set_no_memory(err);
    }
    instant.name = name->data == NULL ? "" : name->data;
    instant.name_size = name->size;
    *is_kept = bound_query_instant(cutter->rule->query, &instant) != QUERY_NO;
    return true;
}

/* The text of its arguments takes the place of the string's number. */
static bool
put_resolved(struct cutter *cutter, const struct block_record *record,
             const struct object_record *object, enum vzt_scope scope,
             struct error *err)
{
    struct cut_block *cut = cutter->cut;
    size_t capacity =
        RECORD_FIXED_WORDS
        + (object->name.size + object->id.size + object->args.size) / 8;
    struct cut_event *event = add_event(cut, CUT_RECORD, record->time_ns, err);
    uint64_t *words = reserve_words(cut, capacity, err);

    if (event == NULL || words == NULL) {
        return false;
    }
    event->word_count =
        (uint32_t)(record_type(record->head) == RECORD_OBJECT
                       ? record_encode_object(words, capacity, object)
                       : record_encode_instant(words, capacity, scope,
                                               object->name, object->args));
    cut->word_count += event->word_count;
    return true;
}

/* The data that it holds: its arguments, and of what was written the text. */
static void
drop_data(struct object_record *object)
{
    const struct model_instant instant = {.name = object->name.data,
                                          .name_size = object->name.size,
                                          .args = "",
                                          .phase = object->phase};
    const char *dash = NULL;

    if (object->name.size > 0
        && (moment_kind_of(&instant) == MOMENT_LOG
            || moment_kind_of(&instant) == MOMENT_ERROR)) {
        dash = memmem(object->name.data, object->name.size, " - ", 3);
    }
    object->args = (struct text_span){0};
    if (dash != NULL) {
        object->name.size = (size_t)(dash - object->name.data);
    }
}

static bool
put_object(struct cutter *cutter, const struct block_record *record,
           struct error *err)
{
    struct object_record object;
    enum vzt_scope scope;
    bool has_string;
    bool is_kept = false;

    if (!read_object(record, &object, &scope)) {
        return true; /* nobody shows it */
    }
    has_string = object.args_string != 0;
    if (has_string) {
        object.args = trace_section_string(cutter->section, object.args_string);
        object.args_string = 0;
    }
    if (!is_object_kept(cutter, record, &object, &is_kept, err)) {
        return false;
    }
    if (!is_kept) {
        return true;
    }
    if (cutter->rule->has_no_args) {
        drop_data(&object);
        has_string = true;
    }
    return has_string ? put_resolved(cutter, record, &object, scope, err)
                      : put_words(cutter, record, err);
}

static bool
put_gap(struct cutter *cutter, const struct block_record *record,
        struct error *err)
{
    struct cut_block *cut = cutter->cut;
    struct cut_event *event;
    struct vzt_gap gap;
    uint64_t start_ns = record->time_ns;
    uint64_t *words;

    if (!record_decode_gap(record->payload, record_size(record->head), &gap)) {
        gap = (struct vzt_gap){.reason = VZT_GAP_PAUSED};
    } else {
        start_ns = trace_model_tick_time(
            cutter->rule->model,
            trace_model_track(cutter->rule->model, cut->track)->process,
            gap.start_tick);
    }
    event = add_event(cut, CUT_GAP, record->time_ns, err);
    words = reserve_words(cut, RECORD_FIXED_WORDS, err);
    if (event == NULL || words == NULL) {
        return false;
    }
    event->end_ns = record->closed_ns;
    event->word_count = (uint32_t)record_encode_gap(
        words, RECORD_FIXED_WORDS, (enum vzt_gap_reason)gap.reason, start_ns,
        gap.lost_calls);
    cut->word_count += event->word_count;
    return true;
}

/* Whether the call at a place is kept; one that is in no call is. */
static bool
is_call_kept(struct cutter *cutter, const struct flow_place *place,
             bool *is_kept, struct error *err)
{
    const struct bound_query *query = cutter->rule->query;
    struct slice slice;
    bool found;

    if (!flow_place_call(cutter->rule->model, place,
                         cutter->tools->args_scratch, &slice, &found, err)) {
        return false;
    }
    *is_kept = !found;
    return !found || slice.start_ns >= query->end_ns
           || !bound_query_has_slice(query, &slice)
           || judge_args(cutter, &slice, false, is_kept, err);
}

/*
 * The start or end of an arrow is kept with its call: who puts blocks together
 * knows whether one that is open here is. It gets an id of its own arrows: with
 * the one that it had, an end would belong to an earlier start when its own is
 * left out.
 */
static bool
judge_flow(struct cutter *cutter, const struct block_record *record,
           struct flow_record *flow, bool *is_kept, struct error *err)
{
    const struct flow_record_place place = {
        .time_ns = record->time_ns,
        .track = cutter->cut->track,
        .open_calls = record->open_calls,
        .binds_next = (flow->flags & VZT_FLOW_BINDS_NEXT) != 0,
    };
    struct flow_record_facts facts;

    *is_kept = !cutter->tools->events.has_no_calls || place.binds_next;
    if (!*is_kept || !flow_record_find(cutter->rule->model, &place, &facts)) {
        return true;
    }
    if (facts.number != 0) {
        const uint64_t words[] = {flow->id, facts.number};

        flow->id = hash_bytes(words, sizeof words);
    }
    return !place.binds_next
           || is_call_kept(cutter, &facts.place, is_kept, err);
}

static bool
put_flow(struct cutter *cutter, const struct block_record *record,
         struct error *err)
{
    struct cut_block *cut = cutter->cut;
    size_t size = record_size(record->head);
    struct flow_record flow;
    struct cut_event *event;
    uint64_t *words;
    bool is_kept;

    if (!record_decode_flow(record->payload, size, &flow)) {
        return true; /* nobody shows it */
    }
    if (!judge_flow(cutter, record, &flow, &is_kept, err) || !is_kept) {
        return !is_kept;
    }
    event = add_event(cut, CUT_RECORD, record->time_ns, err);
    words = reserve_words(cut, 1 + size, err);
    if (event == NULL || words == NULL) {
        return false;
    }
    event->depth = flow.flags & VZT_FLOW_BINDS_NEXT ? 0 : record->open_calls;
    event->word_count = (uint32_t)record_encode_flow(
        words, 1 + size, (enum record_type)record_type(record->head), &flow);
    cut->word_count += event->word_count;
    return true;
}

static bool
put_record(struct cutter *cutter, const struct block_record *record,
           struct error *err)
{
    const struct bound_query *query = cutter->rule->query;

    if (!pop_until(cutter, record->time_ns, err)) {
        return false;
    }
    if (record_type(record->head) == RECORD_GAP) {
        return record->time_ns < query->start_ns
               || record->time_ns >= query->end_ns
               || put_gap(cutter, record, err);
    }
    if (record_type(record->head) == RECORD_INSTANT
        || record_type(record->head) == RECORD_OBJECT) {
        return put_object(cutter, record, err);
    }
    if (!bound_query_has_time(query, record->time_ns, record->time_ns)) {
        return true;
    }
    return record_type(record->head) == RECORD_FLOW_START
                   || record_type(record->head) == RECORD_FLOW_END
               ? put_flow(cutter, record, err)
               : put_words(cutter, record, err);
}

/* Records before a time, and what ends before it. */
static bool
put_until(struct cutter *cutter, uint64_t time_ns, size_t *record,
          struct error *err)
{
    const struct block_events *events = &cutter->tools->events;

    while (*record < events->record_count
           && events->records[*record].time_ns < time_ns) {
        if (!put_record(cutter, &events->records[(*record)++], err)) {
            return false;
        }
    }
    return pop_until(cutter, time_ns, err);
}

static bool
cut_slices(struct cutter *cutter, struct error *err)
{
    const struct block_events *events = &cutter->tools->events;
    uint64_t end_ns = cutter->rule->query->end_ns;
    size_t record = 0;

    for (size_t i = 0; i < events->slice_count; i++) {
        const struct slice *slice = &events->slices[i];

        if (i < events->open_count || slice->start_ns < cutter->from_ns) {
            /* Calls of no length that are open nowhere do not touch it. */
            if ((i < events->open_count && cutter->from_ns <= events->start_ns)
                || slice->end_ns > cutter->from_ns) {
                if (!put_open(cutter, i, err)) {
                    return false;
                }
            }
            continue;
        }
        if (slice->start_ns >= end_ns) {
            break;
        }
        if (bound_query_has_slice(cutter->rule->query, slice)
            && (!put_until(cutter, slice->start_ns, &record, err)
                || !put_entry(cutter, i, err))) {
            return false;
        }
    }
    return put_until(cutter, UINT64_MAX, &record, err);
}

static void
describe(struct cut_block *cut, const struct block_events *events,
         uint64_t from_ns)
{
    cut->event_count = cut->word_count = cut->open_count = 0;
    cut->straddling = cut->is_first ? 0 : events->straddling;
    cut->open_last = events->open_last;
    cut->start_ns = from_ns;
    cut->last_ns = events->last_ns;
    cut->number = events->number;
    cut->calls_before = events->calls_before;
    cut->call_count = events->call_count;
    cut->is_unreadable = events->is_unreadable;
}

/* Nothing but its records is read of a block without calls that are kept. */
static bool
read_events(struct cutter *cutter, struct error *err)
{
    const struct cut_rule *rule = cutter->rule;
    const struct cut_block *cut = cutter->cut;
    struct cut_tools *tools = cutter->tools;

    return function_mask_may_touch(rule->functions, cut->track, cut->block)
               ? block_events_read(&tools->events, rule->model, cut->track,
                                   cut->block, tools->scratch, err)
               : block_events_read_no_calls(&tools->events, rule->model,
                                            cut->track, cut->block,
                                            tools->scratch, err);
}

bool
cut_block_fill(struct cut_block *cut, const struct cut_rule *rule,
               struct cut_tools *tools, struct error *err)
{
    struct cutter cutter = {.cut = cut, .rule = rule, .tools = tools};
    struct block_events *events = &tools->events;

    tools->stack_size = 0;
    if (!read_events(&cutter, err)) {
        return false;
    }
    cutter.from_ns = rule->query->start_ns > events->start_ns
                         ? rule->query->start_ns
                         : events->start_ns;
    cutter.section = trace_model_section(
        rule->model, trace_model_track(rule->model, cut->track)->process);
    describe(cut, events, cutter.from_ns);
    return cut_slices(&cutter, err);
}
