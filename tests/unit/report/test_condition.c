// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/random_model.h"
#include "model/scope_profile.h"
#include "report/condition.h"
#include "support/random.h"

static const struct trace_random_options options = {
    .seed = 5, .function_count = 30, .calls_per_thread = 3000};

struct judge {
    struct random_model random;
    struct scope_profile profile;
};

static void
judge_open(struct judge *judge)
{
    const struct scope_profile_options profile_options = {.has_no_tree = true};
    const struct trace_scope whole = trace_scope_whole();
    struct error err = {0};

    random_model_open(&judge->random, &options, 1);
    cr_assert(scope_profile_build(&judge->profile, judge->random.model, &whole,
                                  &profile_options, &err));
}

static void
judge_close(struct judge *judge)
{
    scope_profile_release(&judge->profile);
    random_model_close(&judge->random);
}

static bool
holds(const struct judge *judge, const char *text)
{
    struct condition *condition = NULL;
    struct buffer words = {0};
    struct error err = {0};
    bool does;

    cr_assert(condition_parse(&condition, text, &err), "%s", err.message);
    does = condition_holds(condition, judge->random.model, &judge->profile,
                           &words);
    cr_assert(strstr(words.data, ": it is ") != NULL);
    buffer_release(&words);
    condition_free(condition);
    return does;
}

static bool
is_about_any(const struct judge *judge, const char *text)
{
    struct condition *condition = NULL;
    struct error err = {0};
    bool result;

    cr_assert(condition_parse(&condition, text, &err), "%s", err.message);
    result =
        condition_is_about_any(condition, judge->random.model, &judge->profile);
    condition_free(condition);
    return result;
}

/* Each limit just below, at, and above what is there. */
static void
check_limits(const struct judge *judge, const char *metric, const char *name,
             uint64_t value, const char *unit)
{
    static const struct {
        const char *sign;
        bool below;
        bool at;
        bool above;
    } signs[] = {
        {">", true, false, false},
        {">=", true, true, false},
        {"<", false, false, true},
        {"<=", false, true, true},
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        for (int step = -1; step <= 1; step++) {
            char text[256];
            bool is_expected = step < 0    ? signs[i].below
                               : step == 0 ? signs[i].at
                                           : signs[i].above;

            (void)snprintf(text, sizeof text, "%s(^%s$) %s %" PRIu64 "%s",
                           metric, name, signs[i].sign, value + (uint64_t)step,
                           unit);
            cr_assert(eq(int, holds(judge, text), is_expected), "%s", text);
        }
    }
}

Test(condition, compares_each_metric_exactly)
{
    struct judge judge = {0};

    judge_open(&judge);
    for (uint32_t i = 0; i < judge.profile.function_count; i++) {
        const struct profile_function *sums = &judge.profile.functions[i];
        const char *name = trace_model_function(judge.random.model, i)->name;

        if (sums->call_count > 0 && sums->self_ns > 0) {
            check_limits(&judge, "self", name, sums->self_ns, "ns");
            check_limits(&judge, "total", name, sums->total_ns, "ns");
            check_limits(&judge, "max", name, sums->max_ns, "ns");
            check_limits(&judge, "calls", name, sums->call_count, "");
        }
    }
    judge_close(&judge);
}

Test(condition, adds_up_all_that_match)
{
    struct judge judge = {0};

    judge_open(&judge);
    cr_assert(holds(&judge, "self(.) >= 100%"));
    cr_assert(holds(&judge, "self(.) <= 100.0 %"));
    cr_assert(holds(&judge, "self(.) >= +100%"));
    cr_assert(is_about_any(&judge, "calls(.) > +1"));
    cr_assert(not(is_about_any(&judge, "self(there is none) < 0.1%")));
    cr_assert(not(holds(&judge, "self(.) > 100%")));
    cr_assert(holds(&judge, " calls( . ) < 1 "));
    cr_assert(holds(&judge, "self(there is none) < 0.1%"));
    cr_assert(not(holds(&judge, "calls(there is none) > 0")));
    cr_assert(holds(&judge, "mean(.) > 1ns"));
    judge_close(&judge);
}

Test(condition, says_what_is_wrong)
{
    static const char *const texts[] = {
        "",
        "self",
        "self(",
        "self()",
        "self(a)",
        "self(a) 20%",
        "self(a) > ",
        "self(a) > 20",
        "self(a)>%",
        "self(a) > -1%",
        "self(a) > ++1%",
        "self(a) > +",
        "self(a) > 1e3",
        "self(a) > 20%%",
        "calls(a)>2%",
        "calls(a) > 3ms",
        "mean(a) > 3%",
        "max(a) > 5",
        "min(a) > 5ms",
        "self((a) > 3ms",
        "self(a) == 3ms",
        "self(a) > 3 years",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct condition *condition = NULL;
        struct error err = {0};

        cr_expect(not(condition_parse(&condition, texts[i], &err)), "%s",
                  texts[i]);
        cr_expect(ne(int, err.message[0], '\0'), "%s", texts[i]);
        condition_free(condition);
    }
}

Test(condition, survives_any_text)
{
    static const char alphabet[] = "selftotalcalls()<>=%. 0123msu|[*\\";
    struct random random = {7};

    for (int i = 0; i < 20000; i++) {
        char text[24] = "self(";
        size_t size = 5 * random_below(&random, 2);
        size_t end = size + random_below(&random, sizeof text - 6);
        struct condition *condition = NULL;
        struct error err = {0};

        while (size < end) {
            text[size++] = alphabet[random_below(&random, sizeof alphabet - 1)];
        }
        text[size] = '\0';
        if (condition_parse(&condition, text, &err)) {
            condition_free(condition);
        } else {
            cr_assert(ne(int, err.message[0], '\0'));
        }
    }
}
