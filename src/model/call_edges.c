// SPDX-License-Identifier: Apache-2.0
/*
 * Each worker keeps a set of pairs; most calls repeat one of them. With few
 * functions the set is a bit for every pair there could be, which stays in the
 * processor's cache even when all of them are there.
 */
#include "model/call_edges.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/trace_model.h"
#include "model/trace_scope.h"

enum {
    SLOTS_MIN = 64,
    BITS_MAX = 1 << 26, /* 8 MiB for each worker */
    WORD_BITS = 64,
};

#define NO_EDGE UINT64_MAX

/* Pairs as bits, by caller and then callee; else by open addressing, where a
 * slot without one is NO_EDGE. */
struct edge_set {
    uint64_t *words; /* owned; NULL = there are slots */
    size_t word_count;
    size_t function_count;
    uint64_t *slots;   /* owned */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;      /* in slots */
};

struct edge_pass {
    struct edge_set set;
    uint32_t *functions; /* of the open calls, by depth */
    size_t capacity;
};

/* An empty set of pairs of so many functions. */
static bool
edge_set_init(struct edge_set *set, size_t function_count, struct error *err)
{
    *set = (struct edge_set){.function_count = function_count};
    if (function_count == 0 || function_count > BITS_MAX / function_count) {
        return true;
    }
    set->word_count =
        (function_count * function_count + WORD_BITS - 1) / WORD_BITS;
    set->words = array_new(set->word_count, sizeof *set->words, err);
    return set->words != NULL;
}

static void
edge_set_release(struct edge_set *set)
{
    free(set->words);
    free(set->slots);
}

static uint64_t
pair_of(uint32_t caller, uint32_t callee)
{
    return (uint64_t)caller << 32 | callee;
}

/* The slot of a pair, or the one where it belongs. */
static size_t
find_slot(const struct edge_set *set, uint64_t pair)
{
    uint64_t hash = pair * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash >> 32) & (set->slot_count - 1);

    while (set->slots[slot] != NO_EDGE && set->slots[slot] != pair) {
        slot = (slot + 1) & (set->slot_count - 1);
    }
    return slot;
}

static bool
grow(struct edge_set *set, struct error *err)
{
    struct edge_set larger = {
        .slot_count = set->slot_count == 0 ? SLOTS_MIN : set->slot_count * 2,
        .count = set->count,
    };

    larger.slots = array_new(larger.slot_count, sizeof *larger.slots, err);
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < larger.slot_count; i++) {
        larger.slots[i] = NO_EDGE;
    }
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i] != NO_EDGE) {
            larger.slots[find_slot(&larger, set->slots[i])] = set->slots[i];
        }
    }
    free(set->slots);
    *set = larger;
    return true;
}

static inline void
set_bit(struct edge_set *set, uint32_t caller, uint32_t callee)
{
    size_t bit = caller * set->function_count + callee;

    set->words[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

/* To a set without bits. */
static bool
add_to_slots(struct edge_set *set, uint64_t pair, struct error *err)
{
    size_t slot;

    if (set->count * 2 >= set->slot_count && !grow(set, err)) {
        return false;
    }
    slot = find_slot(set, pair);
    if (set->slots[slot] == NO_EDGE) {
        set->slots[slot] = pair;
        set->count++;
    }
    return true;
}

static inline bool
add(struct edge_set *set, uint32_t caller, uint32_t callee, struct error *err)
{
    if (set->words == NULL) {
        return add_to_slots(set, pair_of(caller, callee), err);
    }
    set_bit(set, caller, callee);
    return true;
}

static void
pass_free(void *argument)
{
    struct edge_pass *pass = argument;

    if (pass != NULL) {
        edge_set_release(&pass->set);
        free(pass->functions);
        free(pass);
    }
}

static void *
pass_new(void *context, struct error *err)
{
    const struct edge_set *all = context;
    struct edge_pass *pass = array_new(1, sizeof *pass, err);

    if (pass != NULL && !edge_set_init(&pass->set, all->function_count, err)) {
        free(pass);
        return NULL;
    }
    return pass;
}

static bool
visit(void *argument, const struct slice_batch *batch, struct error *err)
{
    struct edge_pass *pass = argument;

    for (size_t i = 0; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];
        uint32_t caller = UINT32_MAX;

        if (!array_reserve((void **)&pass->functions, &pass->capacity,
                           slice->depth + (size_t)1, sizeof *pass->functions,
                           err)) {
            return false;
        }
        pass->functions[slice->depth] = slice->function;
        if (slice->depth > 0) {
            caller = pass->functions[slice->depth - 1];
        }
        if (i >= batch->first_new && caller != UINT32_MAX
            && slice->function != UINT32_MAX
            && !add(&pass->set, caller, slice->function, err)) {
            return false;
        }
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    struct edge_set *all = context;
    const struct edge_pass *pass = worker;

    for (size_t i = 0; i < pass->set.word_count; i++) {
        all->words[i] |= pass->set.words[i];
    }
    for (size_t i = 0; i < pass->set.slot_count; i++) {
        if (pass->set.slots[i] != NO_EDGE
            && !add_to_slots(all, pass->set.slots[i], err)) {
            return false;
        }
    }
    return true;
}

static size_t
count_bits(const struct edge_set *set)
{
    size_t count = 0;

    for (size_t i = 0; i < set->word_count; i++) {
        count += (size_t)__builtin_popcountll(set->words[i]);
    }
    return count;
}

static int
compare_edges(const void *left, const void *right)
{
    const struct call_edge *a = left;
    const struct call_edge *b = right;
    uint64_t first = pair_of(a->caller, a->callee);
    uint64_t second = pair_of(b->caller, b->callee);

    return first < second ? -1 : first > second;
}

static bool
take_edges(struct call_edges *edges, struct edge_set *set, struct error *err)
{
    if (set->words != NULL) {
        *edges = (struct call_edges){
            .words = set->words,
            .word_count = set->word_count,
            .function_count = set->function_count,
            .count = count_bits(set),
        };
        set->words = NULL;
        return true;
    }
    edges->items = array_new(set->count, sizeof *edges->items, err);
    if (edges->items == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i] != NO_EDGE) {
            edges->items[edges->count++] = (struct call_edge){
                .caller = (uint32_t)(set->slots[i] >> 32),
                .callee = (uint32_t)set->slots[i],
            };
        }
    }
    qsort(edges->items, edges->count, sizeof *edges->items, compare_edges);
    return true;
}

bool
call_edges_find(struct call_edges *edges, const struct trace_model *model,
                const struct slice_scan_options *options, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    struct edge_set all;
    const struct slice_visitor visitor = {
        .context = &all,
        .worker_new = pass_new,
        .visit = visit,
        .merge = merge,
        .worker_free = pass_free,
    };
    bool ok;

    *edges = (struct call_edges){0};
    ok = edge_set_init(&all, trace_model_function_count(model), err)
         && slice_scan(model, &whole, &visitor, options, err)
         && take_edges(edges, &all, err);
    edge_set_release(&all);
    return ok;
}

void
call_edges_release(struct call_edges *edges)
{
    free(edges->words);
    free(edges->items);
    *edges = (struct call_edges){0};
}

/* The first bit that is set from one on, up to an end. */
static bool
find_bit(const struct call_edges *edges, size_t first, size_t end, size_t *bit)
{
    for (size_t i = first / WORD_BITS; i * WORD_BITS < end; i++) {
        uint64_t word = edges->words[i];

        if (i == first / WORD_BITS) {
            word &= UINT64_MAX << first % WORD_BITS;
        }
        if (word != 0) {
            *bit = i * WORD_BITS + (size_t)__builtin_ctzll(word);
            return *bit < end;
        }
    }
    return false;
}

static bool
find_item(const struct call_edges *edges, uint32_t caller, uint32_t *callee)
{
    size_t low = 0;
    size_t high = edges->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct call_edge *edge = &edges->items[middle];

        if (pair_of(edge->caller, edge->callee) < pair_of(caller, *callee)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == edges->count || edges->items[low].caller != caller) {
        return false;
    }
    *callee = edges->items[low].callee;
    return true;
}

bool
call_edges_next(const struct call_edges *edges, uint32_t caller,
                uint32_t *callee)
{
    size_t row = caller * edges->function_count;
    size_t bit;

    if (edges->words == NULL) {
        return find_item(edges, caller, callee);
    }
    if (caller >= edges->function_count || *callee >= edges->function_count
        || !find_bit(edges, row + *callee, row + edges->function_count, &bit)) {
        return false;
    }
    *callee = (uint32_t)(bit - row);
    return true;
}
