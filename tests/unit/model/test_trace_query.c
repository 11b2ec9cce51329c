// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/trace_query.h"
#include "random_model.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

#define MS UINT64_C(1000000)

static struct trace_query *
parse(const char *text)
{
    struct trace_query *query = NULL;
    struct error err = {0};

    cr_assert(trace_query_parse(&query, text, NAME_PATTERN_REGEX, NULL, &err),
              "%s: %s", text, err.message);
    return query;
}

static void
expect_problem(const char *text, size_t column, const char *message)
{
    struct trace_query *query = NULL;
    struct error err = {0};
    size_t at = 0;

    cr_assert(
        not(trace_query_parse(&query, text, NAME_PATTERN_REGEX, &at, &err)),
        "%s", text);
    cr_expect(eq(int, err.code, ERROR_BAD_INPUT), "%s", text);
    cr_expect(eq(sz, at, column), "%s: %s", text, err.message);
    cr_expect(ne(ptr, strstr(err.message, message), NULL), "%s: %s", text,
              err.message);
}

Test(trace_query, says_what_is_wrong_where_and_what_is_allowed)
{
    expect_problem("foo durr>5ms", 5, "'durr>' is no term: use name: file:");
    expect_problem("foo std:x", 5, "put the name in quotes");
    expect_problem("dur>5parsecs", 5, "'5parsecs' is no time: write 12ms");
    expect_problem("dur=5ms", 4, "'=5ms' is no comparison");
    expect_problem("dur:5ms", 5, "'5ms' is no comparison");
    expect_problem("dur>x", 5, "'x' is no time");
    expect_problem("self>", 6, "is no time");
    expect_problem("ts>5ms", 1, "only dur and self can");
    expect_problem("ts:..", 4, "is no time");
    expect_problem("ts:5ms..x", 9, "'x' is no time");
    expect_problem("ts:5ms..2ms", 4, "ends before it starts");
    expect_problem("ts:101%", 4, "write 0% to 100%");
    expect_problem("tid:main", 5, "'main' is no number");
    expect_problem("cat:rust", 5, "there are python, c and other");
    expect_problem("thread:", 8, "needs a pattern");
    expect_problem("arg:=5", 5, "needs a name before");
    expect_problem("a ! b", 3, "needs a term right behind it");
    expect_problem("a \"b c", 3, "is not closed");
    expect_problem("\xc3\xa4\xc3\xb6 a( x", 4, "column 4: ");
    expect_problem("arg:n=(", 5, "column 5: ");
}

static bool
has_function(const char *text, const struct trace_model *model,
             const char *name)
{
    struct trace_query *query = parse(text);
    struct bound_query bound;
    bool found = false;

    cr_assert(bound_query_make(&bound, query, model, NULL));
    for (uint32_t i = 0; i < bound.function_count; i++) {
        found |= strcmp(trace_model_function(model, i)->name, name) == 0
                 && bound_query_has_function(&bound, i);
    }
    bound_query_release(&bound);
    trace_query_free(query);
    return found;
}

static struct trace_model *
open_names(const char *folder, const char *const (*names)[2], size_t count)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t thread = trace_builder_thread(builder, "Main Thread");
    struct trace_model *model = NULL;
    char *path;

    for (size_t i = 0; i < count; i++) {
        uint32_t function =
            trace_builder_function(builder, names[i][0], names[i][1], 3);

        trace_builder_call(builder, thread, function, 100 * i);
        trace_builder_return(builder, thread, function, 100 * i + 50);
    }
    path = trace_builder_finish(builder);
    cr_assert(trace_model_open(&model, (const char *[]){path}, 1,
                               &(struct trace_model_options){0}, NULL));
    free(path);
    return model;
}

Test(trace_query, chooses_functions_by_name_file_module_and_kind)
{
    static const char *const names[][2] = {
        {"parse_all", "/w/pkg/shop.py"},
        {"Parse", "/w/other.py"},
        {"a b", "/w/\"q\".py"},
        {"time.sleep", NULL},
        {"std::sort", "/w/shop.cpp"},
        {"ts:5", "/w/odd"},
        {"!no", "/w/odd"},
    };
    static const struct {
        const char *query;
        const char *meant; /* a digit for each that is */
    } cases[] = {
        {"", "0123456"},
        {"parse", "01"},
        {"Parse", "1"},
        {"!parse", "23456"},
        {"!!parse", "01"},
        {"parse !all", "1"},
        {"^.arse$", "1"},
        {"\"a b\"", "2"},
        {"a\" \"b", "2"},
        {"file:\\\"q\\\"", "2"},
        {"file:shop", "04"},
        {"module:^shop$", "0"},
        {"module:^shop", "04"},
        {"module:time", "3"},
        {"module:pkg", ""},
        {"cat:c", "3"},
        {"!cat:c !file:odd", "0124"},
        {"cat:other", ""},
        {"std::sort", "4"},
        {"\"ts:5\"", "5"},
        {"\"!no\"", "6"},
        {"name:!no", "6"},
        {"!name:!no", "012345"},
        {"  parse\t\n", "01"},
        {"thread:nothing parse", "01"}, /* of tracks it knows none */
        {"vector<int> parse", ""},
    };
    char *folder = temporary_folder_make();
    struct trace_model *model =
        open_names(folder, names, sizeof names / sizeof names[0]);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            cr_expect(eq(int, has_function(cases[i].query, model, names[k][0]),
                         strchr(cases[i].meant, '0' + (int)k) != NULL),
                      "%s: %s", cases[i].query, names[k][0]);
        }
    }
    trace_model_close(model);
    temporary_folder_remove(folder);
}

Test(trace_query, looks_into_arguments)
{
    static const struct {
        const char *query;
        const char *json;
        bool holds;
    } cases[] = {
        {"arg:html", "{\"func_args\": {\"fmt\": \"html\"}}", true},
        {"arg:fmt", "{\"func_args\": {\"fmt\": \"html\"}}", true},
        {"arg:pdf", "{\"func_args\": {\"fmt\": \"html\"}}", false},
        {"!arg:pdf", "{\"func_args\": {\"fmt\": \"html\"}}", true},
        {"arg:fmt=html", "{\"func_args\": {\"fmt\": \"html\"}}", true},
        {"arg:fm=html", "{\"func_args\": {\"fmt\": \"html\"}}", false},
        {"arg:fmt=html", "{\"fmt\": {\"x\": \"html\"}}", false},
        {"arg:fmt=^ht", "{\"fmt\" : [1, \"html\"]}", true},
        {"arg:fmt=^2$", "{\"fmt\": [{\"x\": 1}, 2]}", true},
        {"arg:fmt=^1$", "{\"fmt\": [{\"x\": 1}, 2]}", false},
        {"arg:x=^1$", "{\"fmt\": [{\"x\": 1}, 2]}", true},
        {"arg:b=1", "{\"a\": 1, \"b\": 2}", false},
        {"arg:a=1", "{\"b\": {\"a\": 2}, \"c\": 1}", false},
        {"arg:n=^null$", "{\"n\":null}", true},
        {"arg:n=-1.5e3", "{\"n\":-1.5e3}", true},
        {"arg:\"n m\"=\"x y\"", "{\"n m\":\"x y\"}", true},
        {"arg:n=\xc3\xa4", "{\"n\":\"\\u00e4\"}", true},
        {"arg:n=\xf0\x9f\x98\x80", "{\"n\":\"\\ud83d\\ude00\"}", true},
        {"arg:n=^\\\"$", "{\"n\":\"\\\"\"}", true},
        {"arg:n=x", "{\"n\":\"x", true},
        {"arg:n=x", "{\"n\":", false},
        {"arg:n=x", "", false},
        {"!arg:n=x", "", true},
    };
    char *folder = temporary_folder_make();
    struct trace_model *model =
        open_names(folder, (const char *const[][2]){{"f", "/w/f.py"}}, 1);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trace_query *query = parse(cases[i].query);
        struct bound_query bound;

        cr_assert(bound_query_make(&bound, query, model, NULL));
        cr_assert(bound.judges_args);
        cr_expect(eq(int,
                     bound_query_has_args(&bound, cases[i].json,
                                          strlen(cases[i].json)),
                     cases[i].holds),
                  "%s: %s", cases[i].query, cases[i].json);
        bound_query_release(&bound);
        trace_query_free(query);
    }
    trace_model_close(model);
    temporary_folder_remove(folder);
}

/* A random query, said in text and judged by itself. */
struct said {
    char text[512];
    char digit; /* of the function's name; 0 = any */
    bool not_digit;
    int thread; /* the digit that its name ends with; -1 = any */
    int pid;
    uint64_t more_ns;
    uint64_t most_self_ns;
    uint64_t start_ns;
    uint64_t end_ns;
    bool not_inside;
};

static void
say(struct said *said, struct random *numbers, uint64_t duration_ns)
{
    int used = 0;

    *said = (struct said){.thread = -1,
                          .pid = -1,
                          .most_self_ns = UINT64_MAX,
                          .end_ns = UINT64_MAX};
#define SAY(...)                                                          \
    used += snprintf(said->text + used, sizeof said->text - (size_t)used, \
                     __VA_ARGS__)
    if (random_permille(numbers, 400)) {
        said->digit = (char)('0' + random_below(numbers, 10));
        said->not_digit = random_permille(numbers, 500);
        SAY("%s%c$ ", said->not_digit ? "!" : "", said->digit);
    }
    if (random_permille(numbers, 300)) {
        said->thread = (int)random_below(numbers, 4);
        SAY("thread:%d$ ", said->thread);
    }
    if (random_permille(numbers, 300)) {
        said->pid = 100 + (int)random_below(numbers, 3);
        SAY("pid:%d ", said->pid);
    }
    if (random_permille(numbers, 400)) {
        said->more_ns = random_below(numbers, 20000);
        if (random_permille(numbers, 300)) {
            SAY("!dur<%lluns ", (unsigned long long)said->more_ns + 1);
        } else {
            SAY(random_permille(numbers, 500) ? "!dur<=%lluns " : "dur>%llu ",
                (unsigned long long)said->more_ns);
        }
    } else {
        said->more_ns = UINT64_MAX;
    }
    if (random_permille(numbers, 300)) {
        said->most_self_ns = random_below(numbers, 5000);
        if (random_permille(numbers, 500)) {
            SAY("self<%lluns ", (unsigned long long)said->most_self_ns + 1);
        } else {
            SAY("self<=%lluns ", (unsigned long long)said->most_self_ns);
        }
    }
    if (random_permille(numbers, 400)) {
        said->start_ns = random_below(numbers, duration_ns);
        said->end_ns =
            said->start_ns + random_below(numbers, duration_ns / 2 + 1);
        said->not_inside = random_permille(numbers, 300);
        SAY("%sts:%lluns..%lluns", said->not_inside ? "!" : "",
            (unsigned long long)said->start_ns,
            (unsigned long long)said->end_ns);
    }
#undef SAY
}

static int
last_digit(const char *text)
{
    return text[strlen(text) - 1] - '0';
}

static bool
is_meant(const struct said *said, const struct trace_model *model,
         const struct slice *slice)
{
    const struct model_track *track = trace_model_track(model, slice->track);
    const char *name = slice->function == UINT32_MAX
                           ? trace_model_unknown_function(model)->name
                           : trace_model_function(model, slice->function)->name;
    bool is_inside = said->start_ns < said->end_ns
                     && slice->start_ns < said->end_ns
                     && (slice->end_ns > said->start_ns
                         || slice->start_ns >= said->start_ns);

    return (said->digit == 0
            || (name[strlen(name) - 1] == said->digit) != said->not_digit)
           && (said->thread == -1 || last_digit(track->name) == said->thread)
           && (said->pid == -1
               || (int)trace_model_process(model, track->process)->pid
                      == said->pid)
           && (said->more_ns == UINT64_MAX
               || slice->end_ns - slice->start_ns > said->more_ns)
           && slice->self_ns <= said->most_self_ns
           && is_inside != said->not_inside;
}

static void
check_all(const struct random_model *random, const struct said *said)
{
    struct trace_query *query = parse(said->text);
    struct bound_query bound;
    const struct slice *slices;
    size_t count;
    size_t first_new;

    cr_assert(bound_query_make(&bound, query, random->model, NULL));
    for (uint32_t track = 0; track < trace_model_track_count(random->model);
         track++) {
        for (size_t b = 0; b < span_block_count(random->model, track); b++) {
            cr_assert(span_block_slices(random->model, track, b,
                                        random->scratch, &slices, &count,
                                        &first_new, NULL));
            for (size_t i = 0; i < count; i++) {
                cr_assert(eq(int, bound_query_has_slice(&bound, &slices[i]),
                             is_meant(said, random->model, &slices[i])),
                          "%s", said->text);
            }
        }
    }
    bound_query_release(&bound);
    trace_query_free(query);
}

Test(trace_query, means_the_calls_that_it_says)
{
    static const struct trace_random_options options = {
        .seed = 5,
        .process_count = 2,
        .thread_count = 2,
        .calls_per_thread = 60,
        .has_unfinished = true,
        .mismatch_permille = 20,
        .block_size = 512,
    };
    struct random numbers = {11};
    struct random_model random;
    struct said said;

    random_model_open(&random, &options, 1);
    for (int i = 0; i < 300; i++) {
        say(&said, &numbers, trace_model_summary(random.model).duration_ns);
        check_all(&random, &said);
    }
    random_model_close(&random);
}

Test(trace_query, compares_as_it_says)
{
    static const struct {
        const char *query;
        bool holds; /* for 10 ns, 5 of its own */
    } cases[] = {
        {"dur>9", true},
        {"dur>10", false},
        {"dur>=10", true},
        {"dur>=11", false},
        {"dur<10", false},
        {"dur<11", true},
        {"dur<=9", false},
        {"dur<=10", true},
        {"!dur>9", false},
        {"!dur>10", true},
        {"!dur<10", true},
        {"!dur<11", false},
        {"!dur<=10", false},
        {"!dur>=11", true},
        {"self>4", true},
        {"self>5", false},
        {"self<6", true},
        {"self<5", false},
        {"dur>8 dur<12", true},
        {"dur>8 dur<10", false},
        {"dur<0", false},
        {"!dur<0", true},
        {"dur>=0", true},
        {"dur>7%", false},
        {"dur>=0% dur<100%", true},
    };
    char *folder = temporary_folder_make();
    struct trace_model *model = open_names(
        folder, (const char *const[][2]){{"f", "/w/f.py"}, {"g", NULL}}, 2);
    const struct slice slice = {.end_ns = 10, .self_ns = 5};

    cr_assert(eq(u64, trace_model_summary(model).duration_ns, 150));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trace_query *query = parse(cases[i].query);
        struct bound_query bound;

        cr_assert(bound_query_make(&bound, query, model, NULL));
        cr_expect(
            eq(int, bound_query_has_slice(&bound, &slice), cases[i].holds),
            "%s", cases[i].query);
        bound_query_release(&bound);
        trace_query_free(query);
    }
    trace_model_close(model);
    temporary_folder_remove(folder);
}

Test(trace_query, judges_instants_by_what_they_have)
{
    char *folder = temporary_folder_make();
    struct trace_model *model =
        open_names(folder, (const char *const[][2]){{"f", "/w/f.py"}}, 1);
    const struct model_instant instant = {.time_ns = 20,
                                          .name = "tick",
                                          .name_size = 4,
                                          .id = "",
                                          .args = "{\"n\": 1}",
                                          .args_size = 8};
    static const struct {
        const char *query;
        enum query_verdict verdict;
    } cases[] = {
        {"", QUERY_YES},
        {"tick", QUERY_YES},
        {"tock", QUERY_NO},
        {"!tick", QUERY_NO},
        {"dur>1ms", QUERY_UNJUDGED},
        {"tick dur>1ms", QUERY_UNJUDGED},
        {"tock dur>1ms", QUERY_NO},
        {"file:x", QUERY_UNJUDGED},
        {"ts:20ns", QUERY_YES},
        {"ts:21ns..", QUERY_NO},
        {"ts:..20ns", QUERY_NO},
        {"!ts:..20ns", QUERY_YES},
        {"thread:^main", QUERY_YES},
        {"!thread:\"main thread\"", QUERY_NO},
        {"tid:100", QUERY_YES},
        {"pid:101", QUERY_NO},
        {"arg:n=1", QUERY_YES},
        {"arg:n=2", QUERY_NO},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trace_query *query = parse(cases[i].query);
        struct bound_query bound;

        cr_assert(bound_query_make(&bound, query, model, NULL));
        cr_expect(
            eq(int, bound_query_instant(&bound, &instant), cases[i].verdict),
            "%s", cases[i].query);
        bound_query_release(&bound);
        trace_query_free(query);
    }
    trace_model_close(model);
    temporary_folder_remove(folder);
}

Test(trace_query, reads_times)
{
    static const struct {
        const char *text;
        uint64_t start_ns;
        uint64_t end_ns;
    } cases[] = {
        {"12ms..15ms", 12 * MS, 15 * MS},
        {"12ms..", 12 * MS, UINT64_MAX},
        {"..1.5s", 0, 1500 * MS},
        {"50%", 100 * MS, 100 * MS + 1},
        {"25%..75%", 50 * MS, 150 * MS},
        {"1min..2m", 60000 * MS, 120000 * MS},
        {"7", 7, 8},
        {"3\xc2\xb5s..100%", 3000, 200 * MS},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct query_range range;
        size_t column = 1;
        uint64_t start_ns;
        uint64_t end_ns;

        cr_assert(query_range_parse(&range, cases[i].text, &column, NULL));
        query_range_ns(&range, 200 * MS, &start_ns, &end_ns);
        cr_expect(eq(u64, start_ns, cases[i].start_ns), "%s", cases[i].text);
        cr_expect(eq(u64, end_ns, cases[i].end_ns), "%s", cases[i].text);
    }
}

/* Parse what may be anything, and ask it something. */
static void
try_text(const char *text, const struct trace_model *model)
{
    struct trace_query *query = NULL;
    struct bound_query bound;
    struct error err = {0};
    struct slice slice = {.end_ns = 10, .self_ns = 5, .function = UINT32_MAX};
    size_t column;

    if (!trace_query_parse(&query, text, NAME_PATTERN_REGEX, &column, &err)) {
        cr_assert(ne(int, err.code, ERROR_NONE));
        cr_assert(le(sz, column, strlen(text) + 1), "%s", text);
        return;
    }
    cr_assert(bound_query_make(&bound, query, model, NULL));
    (void)bound_query_has_slice(&bound, &slice);
    (void)bound_query_has_args(&bound, text, strlen(text));
    bound_query_release(&bound);
    trace_query_free(query);
}

Test(trace_query, takes_any_bytes)
{
    static const char whole[] =
        "parse !lock \"a b\" dur>5ms !self<=2us cat:python tid:4242 pid:7"
        " thread:\"worker 3\" process:x file:y module:z arg:fmt=html arg:q"
        " ts:12ms..15ms !ts:50% name:\\\"x\\\"";
    static const char alphabet[] =
        "!\"\\:<>=.%argtsduelfcimn 0123456789[](){}*?+|^$\xc3\xa4\xff\t";
    char *folder = temporary_folder_make();
    struct trace_model *model =
        open_names(folder, (const char *const[][2]){{"f", "/w/f.py"}}, 1);
    struct random numbers = {3};
    char text[sizeof whole];

    for (size_t size = 0; size < sizeof whole; size++) {
        memcpy(text, whole, size);
        text[size] = '\0';
        try_text(text, model);
    }
    for (int i = 0; i < 3000; i++) {
        size_t size = random_below(&numbers, 30);

        for (size_t k = 0; k < size; k++) {
            text[k] =
                random_permille(&numbers, 100)
                    ? (char)(1 + random_below(&numbers, 255))
                    : alphabet[random_below(&numbers, sizeof alphabet - 1)];
        }
        text[size] = '\0';
        try_text(text, model);
    }
    trace_model_close(model);
    temporary_folder_remove(folder);
}

Test(trace_query, has_limits)
{
    char text[TRACE_QUERY_SIZE + 2];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    expect_problem(text, 0, "longer than 2048 bytes");
    memset(text, 'x', 200);
    for (size_t i = 1; i < 200; i += 2) {
        text[i] = ' ';
    }
    text[200] = '\0';
    expect_problem(text, 129, "one term too many");
}

Test(trace_query, gives_back_all_when_memory_ends)
{
    struct trace_query *query = NULL;
    unsigned successes = 0;

    for (bool has_failed = true; has_failed; successes++) {
        struct error err = {0};

        if (!failing_malloc_arm(successes)) {
            cr_skip_test("this build's allocator cannot be made to fail");
        }
        (void)trace_query_parse(&query, "a arg:x=y thread:z",
                                NAME_PATTERN_REGEX, NULL, &err);
        has_failed = failing_malloc_disarm();
        /* Some of what the system's library asks for it can do without. */
        cr_assert(query != NULL || err.code == ERROR_NO_MEMORY, "%s",
                  err.message);
        cr_assert(has_failed || query != NULL);
        trace_query_free(query);
        query = NULL;
    }
    cr_assert(gt(uint, successes, 5));
}
