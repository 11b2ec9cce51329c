// SPDX-License-Identifier: Apache-2.0
/* base/hash.h - one hash of bytes, for tables, colours and the trace. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* A 64-bit hash of bytes, the same on every host and in every version: the
 * colour of a function depends on it (FNV-1a with a final avalanche). */
uint64_t hash_bytes(const void *data, size_t size);

#endif
