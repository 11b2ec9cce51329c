// SPDX-License-Identifier: Apache-2.0
/*
 * format/layout.h - the bytes of a .vzt file. vzt(5) says the same in prose.
 *
 * A file is a sequence of sections. A process writes one section; so `cat`
 * joins recordings into a valid trace. All numbers are little-endian.
 *
 *     section  +----------------------------+ 0
 *              | struct vzt_section_header  |   4096 bytes; stays mapped while
 *              |   (with struct vzt_status) |   recording, so the status is
 *              +----------------------------+   there after a kill
 *              | chunk                      |   each begins with a struct
 *              | chunk                      |   vzt_chunk_header, and its size
 *              | ...                        |   leads to the next one
 *              +----------------------------+
 *
 *     chunk    +----------------------------+
 *              | struct vzt_chunk_header    |
 *              | struct vzt_open_call x n   |   calls open at the first tick
 *              | words                      |   8 bytes each, see event.h
 *              | (slack)                    |
 *              +----------------------------+
 *
 * A chunk of kind EVENTS is a block: part of one stream, decodable alone. A
 * stream is one LIFO stack of calls (a thread, a greenlet, an import lane).
 * A chunk of kind DEFINITIONS says what ids mean; a definition stands before
 * the first word that uses it was written. A chunk of kind FREE is room.
 *
 * A chunk with VZT_CHUNK_STAGING is memory that a recorder is (or was, when it
 * was killed) writing into: its valid words are those up to the first zero
 * word that stands where a word or the head of a long record is expected.
 * (stream, number) is unique: when a block stands both in staging and by
 * itself, the copy with more valid words counts and the other is ignored; but
 * once the stream has a later block, the one by itself does, unless it is cut.
 * (A recorder with a least duration moves open calls that it may take back yet
 * from the end of a block to the next one: at every instant they are in the
 * one that counts. It also takes the last words of a staging back, so a reader
 * that copies it meanwhile may see an exit without its entry.)
 *
 * A reader walks the chunks by their sizes. Where a header is damaged or cut
 * it searches on, 8 bytes at a time from the section's start, for the next
 * chunk magic, and byte by byte for the next section magic, and says how much
 * it skipped.
 */
#ifndef FORMAT_LAYOUT_H
#define FORMAT_LAYOUT_H

#include <stdint.h>

enum {
    VZT_FORMAT_VERSION = 1,
    VZT_SECTION_MAGIC_SIZE = 16,
    VZT_SECTION_HEADER_SIZE = 4096,
    VZT_STATUS_OFFSET = 512, /* of struct vzt_status in the section header */
    VZT_STAGING_SIZE_MIN = 4096,
    VZT_STAGING_SIZE_MAX = 65536,    /* larger only for very deep stacks */
    VZT_LONG_RECORD_SIZE_MAX = 4096, /* in EVENTS, of a recorder; more goes to
                                        a string */
    VZT_STRING_SIZE_MAX = 65536,     /* longer ones are cut, see vzt_string */
};

/* "\x89VZT\r\n\x1a\nsection\0": no text file begins so, and a transfer that
 * rewrites line ends shows. */
#define VZT_SECTION_MAGIC "\x89VZT\r\n\x1a\nsection"

#define VZT_CHUNK_MAGIC UINT64_C(0x4b4e5548435a5689) /* "\x89VZCHUNK" */

/* Process ids from here on are made up, for a trace that has texts. */
#define VZT_MADE_UP_PID UINT32_C(0xFFFF0000)

enum vzt_section_kind {
    VZT_SECTION_PROCESS = 1, /* what one process recorded */
    VZT_SECTION_INDEX = 2,   /* reserved: an index over other sections */
};

/* How recording stands; only grows, but for VZT_STOP_EXIT_CALL and _EXEC. */
enum vzt_state {
    VZT_STATE_UNKNOWN = 0,   /* an import does not know */
    VZT_STATE_RECORDING = 1, /* also what a killed process leaves */
    VZT_STATE_ENDED = 2,     /* the interpreter finished and all was written */
    VZT_STATE_STOPPED = 3,   /* recording ended early, see stop_reason */
};

enum vzt_stop_reason {
    VZT_STOP_NONE = 0,
    VZT_STOP_DISK_FULL = 1, /* stop_errno has the errno value */
    VZT_STOP_FILE_LOST = 2, /* our descriptor or file was taken away */
    VZT_STOP_NO_MEMORY = 3,
    VZT_STOP_EXEC = 4,       /* the process became another program. Taken back
                                when that fails */
    VZT_STOP_TABLE_FULL = 5, /* more functions or streams than ids */
    VZT_STOP_INTERNAL = 6,
    VZT_STOP_EXIT_CALL = 7, /* VZT_STATE_ENDED: os._exit was called. Taken back
                               when that call fails */
};

enum vzt_status_flag {
    VZT_STATUS_PRIVATE_STAGING = 1u << 0, /* a kill loses the last blocks */
    VZT_STATUS_RING = 1u << 1,            /* old blocks were given up */
    VZT_STATUS_NO_EXTENSION = 1u << 2, /* recorded in Python, unasked: there is
                                          no extension for the interpreter */
};

/* How the process ended, as its launcher saw it (waitpid). */
enum vzt_exit_kind {
    VZT_EXIT_UNKNOWN = 0,
    VZT_EXIT_STATUS = 1, /* exit_value is the exit status */
    VZT_EXIT_SIGNAL = 2, /* exit_value is the signal's number */
};

/* The part of the header that changes while recording. */
struct vzt_status {
    uint32_t state;       /* enum vzt_state */
    uint32_t stop_reason; /* enum vzt_stop_reason */
    uint32_t stop_errno;
    uint32_t flags; /* enum vzt_status_flag */
    uint64_t stop_tick;
    uint64_t stop_monotonic_ns;
    uint64_t written_bytes; /* end of the last chunk that was appended, from
                                 the section's start */
    uint64_t dropped_calls; /* given up by a ring, all streams */
    uint64_t lost_events;   /* not recorded because recording had stopped */
    uint64_t memory_bytes;  /* allocated or mapped by the recorder now */
    uint64_t limit_bytes;   /* the bound of this file; 0 = none */
    uint32_t exit_kind;     /* enum vzt_exit_kind */
    int32_t exit_value;
    uint64_t mismatched_returns;  /* but for those in the last block of a
                                     killed process or of a thread that ran on
                                     when recording ended */
    uint64_t unfollowed_children; /* Pythons that it started so that they could
                                     not be recorded */
    uint64_t flush_ticks;         /* spent in writing blocks, all streams */
    uint64_t call_limit;          /* only the latest so many calls count, those
                                     that ended last; a reader leaves out what
                                     is here of others, see latest_calls.h;
                                     0 = all count */
    uint64_t reserved;            /* 0 */
};

struct vzt_section_header {
    uint8_t magic[VZT_SECTION_MAGIC_SIZE];
    uint32_t format_version;
    uint32_t header_size;       /* VZT_SECTION_HEADER_SIZE */
    uint64_t must_understand;   /* a reader that knows not all bits refuses */
    uint32_t section_kind;      /* enum vzt_section_kind */
    uint32_t clock_kind;        /* enum clock_kind */
    uint64_t section_size;      /* bytes, header included; 0 = to the end of the
                                 file or the next section magic */
    uint64_t section_id;        /* 64 random bits: the process */
    uint64_t parent_section_id; /* the section of the process it was forked
                                   from; 0 when started by exec */
    uint8_t boot_id[16];
    uint64_t pid_namespace; /* inode number */
    uint64_t process_start; /* clock ticks since boot, proc(5) field 22 */
    uint32_t pid;
    uint32_t ppid;
    uint64_t anchor_tick; /* one instant on three clocks */
    uint64_t anchor_monotonic_ns;
    uint64_t anchor_realtime_ns;
    uint64_t ticks_per_second; /* an estimate, for very short recordings */
    uint64_t event_cost_ps;    /* picoseconds that the recorder takes for an
                                  event, measured in this process; 0 = not
                                  known. Without what the interpreter takes to
                                  call it, and without flush_ticks */
    int64_t sort_index;        /* processes of a lower one are shown first; of
                                  one, those that began first */
    uint64_t reserved;         /* 0 */
};

enum vzt_chunk_kind {
    VZT_CHUNK_FREE = 1,
    VZT_CHUNK_EVENTS = 2,
    VZT_CHUNK_DEFINITIONS = 3,
};

enum vzt_chunk_flag {
    VZT_CHUNK_STAGING = 1u << 0,
};

struct vzt_chunk_header {
    uint64_t magic;      /* VZT_CHUNK_MAGIC */
    uint32_t kind;       /* enum vzt_chunk_kind */
    uint32_t flags;      /* enum vzt_chunk_flag */
    uint64_t size;       /* of the whole chunk; a multiple of 8 */
    uint64_t word_count; /* of valid words; 0 in staging: count them */
    uint32_t stream;     /* from 1; 0 in DEFINITIONS and FREE */
    uint32_t open_count; /* of struct vzt_open_call behind this header */
    uint64_t number;     /* of the block in its stream, from 0 */
    uint64_t first_tick; /* deltas of the words count from here */
    uint64_t first_monotonic_ns; /* the same instant on CLOCK_MONOTONIC */
    uint64_t calls_before; /* entries of this stream in all earlier blocks */
    uint32_t sequence;     /* staging: odd while being reset */
    uint32_t task;        /* the asyncio task that runs at first_tick; 0 none */
    uint64_t reserved[2]; /* 0 */
};

enum vzt_open_flag {
    VZT_OPEN_INHERITED = 1u << 0,     /* open in the parent when it forked; the
                                     function id is the parent section's */
    VZT_OPEN_START_UNKNOWN = 1u << 1, /* already open when recording began */
    /* The bits from here on count further forks: of an inherited call, 0 means
     * that the id is of the parent section, 1 of that one's parent section. */
    VZT_OPEN_ANCESTOR_SHIFT = 8,
};

/* Outermost first. */
struct vzt_open_call {
    uint32_t function;
    uint32_t flags; /* enum vzt_open_flag */
    uint64_t start_tick;
};

_Static_assert(sizeof(struct vzt_status) == 120, "vzt(5) gives this size");
_Static_assert(sizeof(struct vzt_section_header) == 160, "as vzt(5)");
_Static_assert(sizeof(struct vzt_chunk_header) == 96, "as vzt(5)");
_Static_assert(sizeof(struct vzt_open_call) == 16, "as vzt(5)");

#endif
