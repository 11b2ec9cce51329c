// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/function_table.h - from the address of a function to what is
 * known of it.
 *
 * A function's identity is an address (a code object, a method definition)
 * for as long as the object lives; its owner removes it when the object dies,
 * so that an address that is used again never gets an old name. What is known
 * fits into a word, never 0, that a lookup gives by value. Lookups take no lock
 * and may run while another thread adds; adding and removing lock. A forked
 * child starts with an empty table (function_table_clear).
 */
#ifndef TRACER_RECORD_FUNCTION_TABLE_H
#define TRACER_RECORD_FUNCTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/event.h"

struct function_table;

/* With room for so many keys that these hardly ever collide; more may come.
 * False when there is no memory. */
bool function_table_new(struct function_table **out, size_t key_count);

/*
 * What is known of key; 0 = nothing. Inlined by the header for the hot path.
 * While another thread changes the table a key that is there may be missed:
 * who is to act on that asks function_table_look, which takes the lock.
 */
static inline uint64_t function_table_find(const struct function_table *table,
                                           const void *key);

uint64_t function_table_look(struct function_table *table, const void *key);

/* Add or replace. False when there is no memory. Neither key nor value is
 * 0. */
bool function_table_set(struct function_table *table, const void *key,
                        uint64_t value);

void function_table_remove(struct function_table *table, const void *key);

/* Forget all. No other thread may be changing the table, and whoever held its
 * lock is gone: this is for a forked child. */
void function_table_clear(struct function_table *table);

/* Free a table that nobody can be using. */
void function_table_free(struct function_table *table);

/* Bytes in use, for the recorder's account: at most 54 for each of the
 * functions that lived at once, or the room asked for, and some pages. */
size_t function_table_memory(const struct function_table *table);

/*
 * The facts of a function in a word: the id stands where a word of the trace
 * has it, see format/event.h.
 *
 *      63   60 59                   32 31                  8 7            0
 *     +-------+-----------------------+---------------------+--------------+
 *     |   0   | id; 0 = do not record |        check        |    flags     |
 *     +-------+-----------------------+---------------------+--------------+
 *
 * The flags are the producer's own, but for the one below. The check is of a
 * second address that must agree (C functions): its lower 24 bits.
 */
enum {
    FUNCTION_FLAGS_MAX = 0x7F,
    FUNCTION_IS_KNOWN = 0x80, /* set where the rest could be 0 */
};

#define FUNCTION_ID_MASK ((uint64_t)EVENT_FUNCTION_MAX << 32)

static inline uint64_t
function_facts(uint32_t id, uint32_t flags, const void *check)
{
    uint32_t low = (uint32_t)(uintptr_t)check << 8 | flags;

    return (uint64_t)id << 32 | low | (id == 0 ? FUNCTION_IS_KNOWN : 0);
}

static inline uint32_t
function_id(uint64_t facts)
{
    return (uint32_t)(facts >> 32);
}

static inline uint32_t
function_flags(uint64_t facts)
{
    return (uint32_t)facts & 0xFF;
}

/* Whether they were made with this check. */
static inline bool
function_agrees(uint64_t facts, const void *check)
{
    return ((uint32_t)facts ^ (uint32_t)(uintptr_t)check << 8) <= 0xFF;
}

/* The same, and there are no flags. */
static inline bool
function_agrees_plainly(uint64_t facts, const void *check)
{
    return (uint32_t)facts == (uint32_t)(uintptr_t)check << 8;
}

/* The tag of an event of this function, see event_tag. */
static inline uint64_t
function_tag(enum event_kind kind, uint64_t facts)
{
    return (uint64_t)kind << 60 | (facts & FUNCTION_ID_MASK);
}

/* The representation, here only so that the lookup can be inlined. Slots are
 * open-addressed. Of an array that growing leaves behind the memory is given
 * back, but not the addresses: a lookup that still is in it reads zeros, and
 * finds nothing. */
struct function_slot {
    const void *key; /* NULL = never used */
    uint64_t value;
};

struct function_slots {
    size_t mask;          /* count - 1, a power of two less one */
    uint64_t offset_mask; /* ... in bytes: leaves the offset of a slot */
    struct function_slot slots[];
};

struct function_table {
    struct function_slots *slots; /* read with acquire order */
    /* the rest is private to function_table.c */
    struct function_table_owner *owner;
};

/* The slot that a key should be in, as its offset among all slots: up to 2^28
 * of them, from the upper bits of a product, which depend on all of the key. */
static inline uint64_t
function_table_offset(const void *key, uint64_t offset_mask)
{
    return (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15) >> 32
           & offset_mask;
}

static inline uint64_t
function_table_find(const struct function_table *table, const void *key)
{
    const struct function_slots *slots =
        __atomic_load_n(&table->slots, __ATOMIC_ACQUIRE);
    uint64_t offset_mask =
        __atomic_load_n(&slots->offset_mask, __ATOMIC_RELAXED);
    uint64_t offset = function_table_offset(key, offset_mask);

    for (;;) {
        const struct function_slot *slot =
            (const void *)((const char *)slots->slots + offset);
        const void *found = __atomic_load_n(&slot->key, __ATOMIC_ACQUIRE);

        if (__builtin_expect(found == key, 1)) {
            return __atomic_load_n(&slot->value, __ATOMIC_RELAXED);
        }
        if (found == NULL) {
            return 0;
        }
        offset = (offset + sizeof *slot) & offset_mask;
    }
}

#endif
