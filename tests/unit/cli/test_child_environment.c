// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/error.h"
#include "cli/child_environment.h"
#include "cli/options.h"

static char **
make(char *const *from)
{
    const struct options options = {.limit_bytes = 7, .has_no_source = true};
    struct error err = {0};
    char **environment = NULL;

    cr_assert(child_environment_make(&environment, from, "/b", "/rec", &options,
                                     &err),
              "%s", err.message);
    return environment;
}

Test(child_environment, adds_what_starts_the_recorder)
{
    char *from[] = {"A=1", "B=2", NULL};
    char **environment = make(from);

    cr_assert(eq(str, environment[0], "A=1"));
    cr_assert(eq(str, environment[1], "B=2"));
    cr_assert(eq(str, environment[2], "PYTHONPATH=/b"));
    cr_assert(eq(str, environment[3], "VIZTRACER_RECORD_DIR=/rec"));
    cr_assert(eq(str, environment[4],
                 "VIZTRACER_RECORD_OPTIONS=limit_bytes=7 source=0"));
    cr_assert(environment[5] == NULL);
    child_environment_free(environment);
}

Test(child_environment, never_adds_an_empty_entry_to_the_path)
{
    char *empty[] = {"PYTHONPATH=", NULL};
    char *some[] = {"PYTHONPATH=/x:", "Z=1", NULL};
    char **environment = make(empty);

    cr_assert(eq(str, environment[0], "PYTHONPATH=/b"));
    child_environment_free(environment);
    environment = make(some);
    cr_assert(eq(str, environment[0], "PYTHONPATH=/b:/x:"));
    cr_assert(eq(str, environment[1], "Z=1"));
    child_environment_free(environment);
}

Test(child_environment, replaces_what_an_outer_viztracer_set)
{
    char *from[] = {"VIZTRACER_RECORD_DIR=/outer", "PYTHONPATH=/b:/x",
                    "VIZTRACER_RECORD_OPTIONS=old", NULL};
    char **environment = make(from);

    cr_assert(eq(str, environment[0], "VIZTRACER_RECORD_DIR=/rec"));
    cr_assert(eq(str, environment[1], "PYTHONPATH=/b:/x"));
    cr_assert(eq(str, environment[2],
                 "VIZTRACER_RECORD_OPTIONS=limit_bytes=7 source=0"));
    cr_assert(environment[3] == NULL);
    child_environment_free(environment);
}

Test(child_environment, replaces_the_bootstrap_of_another_installation)
{
    char *nested[] = {"VIZTRACER_RECORD_DIR=/outer",
                      "PYTHONPATH=/else/viztracer/bootstrap:/x", NULL};
    char *alone[] = {"VIZTRACER_RECORD_DIR=/outer",
                     "PYTHONPATH=/else/viztracer/bootstrap", NULL};
    char *plain[] = {"PYTHONPATH=/else/viztracer/bootstrap", NULL};
    char **environment = make(nested);

    cr_assert(eq(str, environment[1], "PYTHONPATH=/b:/x"));
    child_environment_free(environment);
    environment = make(alone);
    cr_assert(eq(str, environment[1], "PYTHONPATH=/b"));
    child_environment_free(environment);
    environment = make(plain);
    cr_assert(
        eq(str, environment[0], "PYTHONPATH=/b:/else/viztracer/bootstrap"));
    child_environment_free(environment);
}

Test(child_environment, keeps_a_chosen_interpreter_but_not_a_handed_over_one)
{
    char *chosen[] = {"VIZTRACER_PYTHON=/p", NULL};
    char *handed[] = {"VIZTRACER_PYTHON=/p", "VIZTRACER_PYTHON_OPTIONS=-u",
                      NULL};
    char **environment = make(chosen);

    cr_assert(eq(str, environment[0], "VIZTRACER_PYTHON=/p"));
    child_environment_free(environment);
    environment = make(handed);
    cr_assert(eq(str, environment[0], "PYTHONPATH=/b"));
    child_environment_free(environment);
}
