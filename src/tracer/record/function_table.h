// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/function_table.h - from the address of a function to its id.
 *
 * A function's identity is an address (a code object, a method definition)
 * for as long as the object lives; its owner removes it when the object dies,
 * so that an address that is used again never gets an old name. Lookups take
 * no lock and may run while another thread adds; adding and removing lock.
 * A forked child starts with an empty table (function_table_clear).
 */
#ifndef TRACER_RECORD_FUNCTION_TABLE_H
#define TRACER_RECORD_FUNCTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct function_table;

/* What a lookup gives: 64 bytes per live function in all is the budget. */
struct function_slot {
    const void *key;   /* NULL = never used */
    const void *check; /* a second address that must agree (C functions) */
    uint32_t id;       /* in the trace; 0 = do not record */
    uint32_t flags;    /* the producer's own, e.g. "starts a thread" */
};

bool function_table_new(struct function_table **out);

/* The slot of key, or NULL. Inlined by the header for the hot path. */
static inline const struct function_slot *
function_table_find(const struct function_table *table, const void *key);

/* Add or replace. False when there is no memory. key is not NULL. */
bool function_table_set(struct function_table *table, const void *key,
                        const void *check, uint32_t id, uint32_t flags);

void function_table_remove(struct function_table *table, const void *key);

/* Forget all. No other thread may be using the table, and whoever held its
 * lock is gone: this is for a forked child. */
void function_table_clear(struct function_table *table);

/* Free a table that nobody can be using. */
void function_table_free(struct function_table *table);

/* Bytes in use, for the recorder's account. */
size_t function_table_memory(const struct function_table *table);

/* The representation, here only so that the lookup can be inlined. Slots are
 * open-addressed; the arrays that growing leaves behind are kept, since a
 * lookup may still be reading them, and used again: there are at most two of a
 * size. */
struct function_slots {
    size_t mask; /* count - 1, a power of two less one */
    struct function_slot slots[];
};

struct function_table {
    struct function_slots *slots; /* read with acquire order */
    /* the rest is private to function_table.c */
    struct function_table_owner *owner;
};

static inline size_t
function_table_hash(const void *key)
{
    return (size_t)(((uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15))
                    >> 32);
}

static inline const struct function_slot *
function_table_find(const struct function_table *table, const void *key)
{
    const struct function_slots *slots =
        __atomic_load_n(&table->slots, __ATOMIC_ACQUIRE);
    size_t i = function_table_hash(key) & slots->mask;

    for (;;) {
        const struct function_slot *slot = &slots->slots[i];
        const void *found = __atomic_load_n(&slot->key, __ATOMIC_ACQUIRE);

        if (__builtin_expect(found == key, 1)) {
            return slot;
        }
        if (found == NULL) {
            return NULL;
        }
        i = (i + 1) & slots->mask;
    }
}

#endif
