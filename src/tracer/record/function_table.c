// SPDX-License-Identifier: Apache-2.0
/*
 * Open addressing with linear probing. A slot goes from unused to a key, from
 * a key to removed, and from removed to a key or, where no probe needs it any
 * more, back to unused. What is known of a key is written before the key, so
 * that a lookup that sees the key sees it, too.
 *
 * Arrays are pages of their own. One that growing left behind gives its memory
 * back and keeps its addresses: it is used again when one of its size is
 * wanted, so there are at most two of a size.
 */
#include "tracer/record/function_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    SLOTS_MIN = 512,
    /* Of each array a page stays: a lookup may be about to read its header. */
    KEPT_SIZE = 4096,
    KEPT_SLOTS = (KEPT_SIZE - sizeof(struct function_slots))
                 / sizeof(struct function_slot),
};

/* An array that nobody adds to; a lookup may still be in it. */
struct old_slots {
    struct old_slots *older;
    struct function_slots *slots;
    bool has_memory; /* the system did not take it */
};

struct function_table_owner {
    pthread_mutex_t lock;
    size_t first_count; /* of slots in the first array */
    size_t used_count;  /* slots that are not unused: live or removed */
    size_t live_count;
    size_t memory_bytes;
    struct old_slots *old;
};

/* A key that no object has. */
static const void *
removed_key(void)
{
    static const char mark = 0;

    return &mark;
}

static void
set_key(struct function_slot *slot, const void *key)
{
    __atomic_store_n(&slot->key, key, __ATOMIC_RELEASE);
}

static void
set_value(struct function_slot *slot, uint64_t value)
{
    __atomic_store_n(&slot->value, value, __ATOMIC_RELAXED);
}

static size_t
array_size(size_t count)
{
    return sizeof(struct function_slots) + count * sizeof(struct function_slot);
}

/* Addresses for an empty array: memory comes when it is written to. */
static struct function_slots *
map_slots(size_t count)
{
    struct function_slots *slots = MAP_FAILED;

    if (count <= SIZE_MAX / sizeof(struct function_slot) / 2) {
        slots = mmap(NULL, array_size(count), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    if (slots == MAP_FAILED) {
        return NULL;
    }
    slots->mask = count - 1;
    slots->offset_mask = slots->mask * sizeof(struct function_slot);
    return slots;
}

/* Make all slots zero, and give their memory back. False when the system does
 * not take it (the program has locked it). */
static bool
drop_memory(struct function_slots *slots)
{
    size_t count = slots->mask + 1;
    bool ok = madvise((char *)slots + KEPT_SIZE, array_size(count) - KEPT_SIZE,
                      MADV_DONTNEED)
              == 0;

    for (size_t i = 0; i < (ok ? KEPT_SLOTS : count); i++) {
        set_key(&slots->slots[i], NULL);
        set_value(&slots->slots[i], 0);
    }
    return ok;
}

bool
function_table_new(struct function_table **out, size_t key_count)
{
    size_t count = SLOTS_MIN;
    struct function_table *table = calloc(1, sizeof *table);
    struct function_table_owner *owner = calloc(1, sizeof *owner);
    struct function_slots *slots = NULL;

    while (count < 4 * key_count) {
        count *= 2;
    }
    slots = map_slots(count);

    if (table == NULL || owner == NULL || slots == NULL) {
        free(table);
        free(owner);
        if (slots != NULL) {
            (void)munmap(slots, array_size(count));
        }
        return false;
    }
    (void)pthread_mutex_init(&owner->lock, NULL);
    owner->memory_bytes = sizeof *table + sizeof *owner + array_size(count);
    owner->first_count = count;
    table->owner = owner;
    table->slots = slots;
    *out = table;
    return true;
}

/* The slot of key, else the one that it should go to. */
static struct function_slot *
find_place(struct function_slots *slots, const void *key)
{
    struct function_slot *removed = NULL;
    size_t i = function_table_offset(key, slots->offset_mask)
               / sizeof(struct function_slot);

    for (;;) {
        struct function_slot *slot = &slots->slots[i];

        if (slot->key == key) {
            return slot;
        }
        if (slot->key == NULL) {
            return removed != NULL ? removed : slot;
        }
        if (slot->key == removed_key() && removed == NULL) {
            removed = slot;
        }
        i = (i + 1) & slots->mask;
    }
}

static void
copy_live(struct function_slots *to, const struct function_slots *from)
{
    for (size_t i = 0; i <= from->mask; i++) {
        const struct function_slot *slot = &from->slots[i];

        if (slot->key != NULL && slot->key != removed_key()) {
            struct function_slot *place = find_place(to, slot->key);

            set_value(place, slot->value);
            set_key(place, slot->key);
        }
    }
}

/* An array of this size that was left behind; else a new one. */
static struct old_slots *
take_slots(struct function_table_owner *owner, size_t count)
{
    struct old_slots **link = &owner->old;
    struct old_slots *node = NULL;

    while (*link != NULL && (*link)->slots->mask + 1 != count) {
        link = &(*link)->older;
    }
    node = *link;
    if (node != NULL) {
        *link = node->older;
    } else {
        node = calloc(1, sizeof *node);
        if (node == NULL || (node->slots = map_slots(count)) == NULL) {
            free(node);
            return NULL;
        }
        owner->memory_bytes += sizeof *node + KEPT_SIZE;
    }
    owner->memory_bytes += node->has_memory ? 0 : array_size(count) - KEPT_SIZE;
    return node;
}

/* The node's array is in use from now on, and what was is left behind. */
static void
replace_slots(struct function_table *table, struct old_slots *node)
{
    struct function_table_owner *owner = table->owner;
    struct function_slots *old = table->slots;

    __atomic_store_n(&table->slots, node->slots, __ATOMIC_RELEASE);
    node->slots = old;
    node->has_memory = !drop_memory(old);
    owner->memory_bytes -=
        node->has_memory ? 0 : array_size(old->mask + 1) - KEPT_SIZE;
    node->older = owner->old;
    owner->old = node;
}

/* Move to a larger array, or to one of the same size without removed slots. */
static bool
rebuild(struct function_table *table)
{
    struct function_table_owner *owner = table->owner;
    size_t count = table->slots->mask + 1;
    struct old_slots *node = NULL;

    if (owner->live_count * 5 >= count * 3) {
        count *= 2;
    }
    node = take_slots(owner, count);
    if (node == NULL) {
        return false;
    }
    copy_live(node->slots, table->slots);
    owner->used_count = owner->live_count;
    replace_slots(table, node);
    return true;
}

static bool
set_locked(struct function_table *table, const void *key, uint64_t value)
{
    struct function_table_owner *owner = table->owner;
    struct function_slot *slot = find_place(table->slots, key);

    if (slot->key == NULL
        && (owner->used_count + 1) * 3 > (table->slots->mask + 1) * 2) {
        if (!rebuild(table)) {
            return false;
        }
        slot = find_place(table->slots, key);
    }
    owner->used_count += slot->key == NULL;
    owner->live_count += slot->key != key;
    set_value(slot, value);
    set_key(slot, key);
    return true;
}

bool
function_table_set(struct function_table *table, const void *key,
                   uint64_t value)
{
    bool ok;

    (void)pthread_mutex_lock(&table->owner->lock);
    ok = set_locked(table, key, value);
    (void)pthread_mutex_unlock(&table->owner->lock);
    return ok;
}

uint64_t
function_table_look(struct function_table *table, const void *key)
{
    uint64_t value;

    (void)pthread_mutex_lock(&table->owner->lock);
    value = function_table_find(table, key);
    (void)pthread_mutex_unlock(&table->owner->lock);
    return value;
}

/* Removed slots before an unused one hold up no probe: they become unused. */
static void
tidy_up(struct function_table *table, size_t i)
{
    struct function_slots *slots = table->slots;

    if (slots->slots[(i + 1) & slots->mask].key != NULL) {
        return;
    }
    while (slots->slots[i].key == removed_key()) {
        set_key(&slots->slots[i], NULL);
        table->owner->used_count--;
        i = (i - 1) & slots->mask;
    }
}

void
function_table_remove(struct function_table *table, const void *key)
{
    struct function_slot *slot;

    (void)pthread_mutex_lock(&table->owner->lock);
    slot = find_place(table->slots, key);
    if (slot->key == key) {
        set_key(slot, removed_key());
        table->owner->live_count--;
        tidy_up(table, (size_t)(slot - table->slots->slots));
    }
    (void)pthread_mutex_unlock(&table->owner->lock);
}

void
function_table_clear(struct function_table *table)
{
    struct function_table_owner *owner = table->owner;
    size_t count = table->slots->mask + 1;
    struct old_slots *node = NULL;

    (void)pthread_mutex_init(&owner->lock, NULL);
    if (count > owner->first_count) {
        node = take_slots(owner, owner->first_count);
    }
    if (node != NULL) {
        replace_slots(table, node);
    } else {
        (void)drop_memory(table->slots);
    }
    owner->used_count = 0;
    owner->live_count = 0;
}

size_t
function_table_memory(const struct function_table *table)
{
    return __atomic_load_n(&table->owner->memory_bytes, __ATOMIC_RELAXED);
}

void
function_table_free(struct function_table *table)
{
    struct function_table_owner *owner = table->owner;

    while (owner->old != NULL) {
        struct old_slots *old = owner->old;

        owner->old = old->older;
        (void)munmap(old->slots, array_size(old->slots->mask + 1));
        free(old);
    }
    (void)pthread_mutex_destroy(&owner->lock);
    (void)munmap(table->slots, array_size(table->slots->mask + 1));
    free(owner);
    free(table);
}
