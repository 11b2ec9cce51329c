// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include "base/hash.h"

Test(hash_bytes, never_changes)
{
    /* FNV-1a of "" and "a" (published vectors), then MurmurHash3's finisher,
     * computed by an independent program */
    cr_assert(eq(u64, hash_bytes("", 0), 0xefd01f60ba992926u));
    cr_assert(eq(u64, hash_bytes("a", 1), 0x82a2a958a9bece5bu));
    cr_assert(eq(u64, hash_bytes("a\0b", 3), 0xab78f5eca36d0e2bu));
}
