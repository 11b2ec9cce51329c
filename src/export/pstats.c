// SPDX-License-Identifier: Apache-2.0
#include "export/pstats.h"

#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "export/function_edges.h"
#include "export/profile_export.h"

/* Type codes of marshal. */
enum {
    MARSHAL_TUPLE = '(',
    MARSHAL_DICT = '{',
    MARSHAL_END = '0', /* of a dict */
    MARSHAL_INT = 'i', /* 32 bits, signed */
    MARSHAL_LONG = 'l',
    MARSHAL_FLOAT = 'g',
    MARSHAL_TEXT = 'u',
    LONG_DIGIT_BITS = 15,
};

struct pstats {
    struct profile_output *output;
    const struct function_edges *edges;
};

static void
append_u32(struct buffer *out, uint32_t value)
{
    const unsigned char bytes[] = {
        (unsigned char)value, (unsigned char)(value >> 8),
        (unsigned char)(value >> 16), (unsigned char)(value >> 24)};

    buffer_append(out, bytes, sizeof bytes);
}

static void
append_tuple(struct buffer *out, uint32_t count)
{
    buffer_append_char(out, MARSHAL_TUPLE);
    append_u32(out, count);
}

static void
append_integer(struct buffer *out, uint64_t value)
{
    uint32_t digit_count = 0;

    if (value <= INT32_MAX) {
        buffer_append_char(out, MARSHAL_INT);
        append_u32(out, (uint32_t)value);
        return;
    }
    for (uint64_t rest = value; rest != 0; rest >>= LONG_DIGIT_BITS) {
        digit_count++;
    }
    buffer_append_char(out, MARSHAL_LONG);
    append_u32(out, digit_count);
    for (; value != 0; value >>= LONG_DIGIT_BITS) {
        uint32_t digit = value & ((1u << LONG_DIGIT_BITS) - 1);

        buffer_append_char(out, (char)(digit & 0xFF));
        buffer_append_char(out, (char)(digit >> 8));
    }
}

static void
append_seconds(struct buffer *out, uint64_t time_ns)
{
    double seconds = (double)time_ns / 1e9;
    uint64_t bits;

    memcpy(&bits, &seconds, sizeof bits);
    buffer_append_char(out, MARSHAL_FLOAT);
    append_u32(out, (uint32_t)bits);
    append_u32(out, (uint32_t)(bits >> 32));
}

/* As UTF-8; a byte that begins no character becomes U+FFFD. */
static void
append_text(struct buffer *out, const char *text)
{
    struct buffer clean = {0};

    utf8_append_repaired(&clean, text, strlen(text));
    buffer_append_char(out, MARSHAL_TEXT);
    append_u32(out, (uint32_t)clean.size);
    buffer_append(out, clean.data, clean.size);
    out->has_failed |= clean.has_failed;
    buffer_release(&clean);
}

static void
append_function(struct pstats *pstats, uint32_t index)
{
    struct buffer *out = &pstats->output->sink.text;
    const struct model_function *function =
        index == PROFILE_OTHER
            ? NULL
            : scope_profile_function(pstats->output->model, index);
    bool has_file = function != NULL && function->file[0] != '\0';

    append_tuple(out, 3);
    append_text(out, has_file ? function->file : "~");
    append_integer(out, has_file ? function->line : 0);
    append_text(out, function != NULL ? function->name : "(deeper calls)");
}

/* In pstats, the first two numbers of a function and of its callers stand in
 * opposite order. */
static void
append_caller(struct pstats *pstats, const struct function_edge *edge)
{
    struct buffer *out = &pstats->output->sink.text;

    append_function(pstats, edge->caller);
    append_tuple(out, 4);
    append_integer(out, edge->sums.call_count);
    append_integer(out, edge->sums.primitive_count);
    append_seconds(out, edge->sums.self_ns);
    append_seconds(out, edge->sums.total_ns);
}

static bool
write_function(struct pstats *pstats, const struct function_edge *function,
               size_t *next_edge, struct error *err)
{
    struct buffer *out = &pstats->output->sink.text;
    const struct function_edges *edges = pstats->edges;

    append_function(pstats, function->callee);
    append_tuple(out, 5);
    append_integer(out, function->sums.primitive_count);
    append_integer(out, function->sums.call_count);
    append_seconds(out, function->sums.self_ns);
    append_seconds(out, function->sums.total_ns);
    buffer_append_char(out, MARSHAL_DICT);
    for (; *next_edge < edges->edge_count
           && edges->edges[*next_edge].callee == function->callee;
         ++*next_edge) {
        if (edges->edges[*next_edge].caller != PROFILE_ROOT) {
            append_caller(pstats, &edges->edges[*next_edge]);
        }
    }
    buffer_append_char(out, MARSHAL_END);
    return text_sink_step(&pstats->output->sink, err);
}

static bool
write_functions(struct profile_output *output, struct error *err)
{
    struct function_edges edges;
    struct pstats pstats = {.output = output, .edges = &edges};
    size_t next_edge = 0;
    bool ok = function_edges_build(&edges, &output->profile, err);

    buffer_append_char(&output->sink.text, MARSHAL_DICT);
    for (size_t i = 0; ok && i < edges.function_count; i++) {
        ok = write_function(&pstats, &edges.functions[i], &next_edge, err);
    }
    buffer_append_char(&output->sink.text, MARSHAL_END);
    output->entry_count = edges.function_count;
    function_edges_release(&edges);
    return ok;
}

static bool
write_pstats(struct output_file *file, const struct trace_model *model,
             const struct export_options *options, struct error *err)
{
    return profile_export(file, model, options, true, write_functions, err);
}

const struct exporter pstats_exporter = {
    .name = "pstats",
    .suffix = ".pstats",
    .summary = "as cProfile writes it, for pstats and snakeviz",
    .is_binary = true,
    .write = write_pstats,
};
