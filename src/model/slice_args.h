// SPDX-License-Identifier: Apache-2.0
/*
 * model/slice_args.h - the arguments that a call was recorded with.
 *
 * They are JSON text as the trace has it: nobody has parsed it, and it may be
 * no JSON at all (a text that was too long is cut). Whoever shows it sanitises
 * it.
 */
#ifndef MODEL_SLICE_ARGS_H
#define MODEL_SLICE_ARGS_H

#include <stdbool.h>

struct buffer;
struct error;
struct slice;
struct span_scratch;
struct trace_model;

/*
 * Put the arguments of a slice that the model gave into *out, in place of what
 * is there; empty when it has none, or when its entry is not in the trace.
 * scratch may be the one that the slice came from: what it lent out stays valid
 * when the slice begins in the block that is decoded there, else not. False
 * when the block cannot be read or there is no memory; *out is then empty.
 */
bool slice_args(const struct trace_model *model, const struct slice *slice,
                struct span_scratch *scratch, struct buffer *out,
                struct error *err);

/* Whether any call that begins in the block which is decoded in scratch has
 * arguments: when not, nobody needs to ask for each. */
bool slice_args_any(struct span_scratch *scratch, bool *any, struct error *err);

#endif
