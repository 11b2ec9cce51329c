// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/interpreter.h"
#include "cli/options.h"
#include "cli/program.h"
#include "support/temporary_folder.h"

static char *folder;
static struct interpreter interpreter;

static void
write_file(const char *name, const char *text, mode_t mode)
{
    FILE *file = fopen(name, "w");

    cr_assert(file != NULL);
    cr_assert(ge(int, fputs(text, file), 0));
    cr_assert(eq(int, fclose(file), 0));
    cr_assert(eq(int, chmod(name, mode), 0));
}

static void
set_up(void)
{
    folder = temporary_folder_make();
    cr_assert(eq(int, chdir(folder), 0));
    cr_assert(eq(int, mkdir("envbin", 0755), 0));
    cr_assert(eq(int, mkdir("bin", 0755), 0));
    write_file("envbin/python3", "#!/bin/sh\n", 0755);
    write_file("bin/tool", "#!/bin/sh\n", 0755);
    write_file("bin/both", "#!/bin/sh\n", 0755);
    write_file("envbin/both", "#!/bin/sh\n", 0755);
    (void)setenv("PATH", "bin", 1);
    interpreter = (struct interpreter){
        .path = strdup("envbin/python3"),
        .name = strdup("envbin/python3"),
        .folder = strdup("envbin"),
    };
}

static void
tear_down(void)
{
    interpreter_release(&interpreter);
    (void)chdir("/");
    temporary_folder_remove(folder);
}

TestSuite(program, .init = set_up, .fini = tear_down);

/* Resolve a word; the caller releases *program when the status is 0. */
static int
resolve(struct program *program, enum program_kind kind, const char *word,
        struct error *err)
{
    static char copy[256];
    static char argument[] = "arg";
    static char *arguments[] = {argument, NULL};
    struct options options = {
        .program_kind = kind,
        .program = copy,
        .arguments = arguments,
    };
    int status = 0;

    (void)snprintf(copy, sizeof copy, "%s", word);
    if (program_resolve(program, &options, &interpreter, NULL, &status, err)) {
        return 0;
    }
    program_release(program);
    return status;
}

/* "path|argv0|argv1|..." of a word, or "status N". */
static const char *
resolved(enum program_kind kind, const char *word)
{
    static char text[512];
    struct program program;
    struct error err = {0};
    int status = resolve(&program, kind, word, &err);

    if (status != 0) {
        (void)snprintf(text, sizeof text, "status %d", status);
        return text;
    }
    (void)snprintf(text, sizeof text, "%s", program.path);
    for (char **argument = program.arguments; *argument != NULL; argument++) {
        size_t used = strlen(text);

        (void)snprintf(text + used, sizeof text - used, "|%s", *argument);
    }
    program_release(&program);
    return text;
}

Test(program, runs_modules_and_code_by_the_interpreter)
{
    cr_assert(eq(str, (char *)resolved(PROGRAM_MODULE, "json.tool"),
                 "envbin/python3|envbin/python3|-m|json.tool|arg"));
    cr_assert(eq(str, (char *)resolved(PROGRAM_CODE, "pass"),
                 "envbin/python3|envbin/python3|-c|pass|arg"));
    cr_assert(eq(str, (char *)resolved(PROGRAM_COMMAND, "-"),
                 "envbin/python3|envbin/python3|-|arg"));
}

Test(program, hands_the_interpreters_own_options_on)
{
    static char texts[2][4] = {"-X", "dev"};

    interpreter.options = calloc(2, sizeof *interpreter.options);
    interpreter.options[0] = texts[0];
    interpreter.options[1] = texts[1];
    interpreter.option_count = 2;
    cr_assert(eq(str, (char *)resolved(PROGRAM_CODE, "pass"),
                 "envbin/python3|envbin/python3|-X|dev|-c|pass|arg"));
}

Test(program, knows_python_files)
{
    static const struct {
        const char *name;
        const char *text;
        mode_t mode;
    } files[] = {
        {"a.py", "", 0644},
        {"b.py", "#!/bin/sh\n", 0755},
        {"source", "print()\n", 0644},
        {"any", "#!/usr/bin/env python3\n", 0755},
        {"old", "#! /usr/bin/env  python\r\n", 0755},
        {"app", "PK\x03\x04rest", 0755},
        {"c.pyz", "#!/other/python\nPK\x03\x04", 0755},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char expected[64];

        write_file(files[i].name, files[i].text, files[i].mode);
        (void)snprintf(expected, sizeof expected,
                       "envbin/python3|envbin/python3|%s|arg", files[i].name);
        cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, files[i].name),
                     expected));
    }
}

Test(program, runs_other_files_by_themselves)
{
    write_file("script", "#!/bin/sh\n", 0755);
    write_file("certain", "#!/opt/env/bin/python3\n", 0755);
    write_file("flags", "#!/usr/bin/env -S python3 -u\n", 0755);
    write_file("plain", "#!/bin/sh\n", 0644);
    write_file("elf",
               "\x7f"
               "ELF",
               0644);
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "script"),
                 "./script|script|arg"));
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "./certain"),
                 "./certain|./certain|arg"));
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "flags"),
                 "./flags|flags|arg"));
    cr_expect(
        eq(str, (char *)resolved(PROGRAM_COMMAND, "plain"), "status 126"));
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "elf"), "status 126"));
}

Test(program, finds_commands_beside_the_interpreter_first)
{
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "both"),
                 "envbin/both|envbin/both|arg"));
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "tool"),
                 "bin/tool|tool|arg"));
    cr_expect(
        eq(str, (char *)resolved(PROGRAM_COMMAND, "absent"), "status 127"));
}

Test(program, calls_a_command_by_its_word_when_path_would_find_the_same)
{
    (void)setenv("PATH", "envbin:bin", 1);
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "both"),
                 "envbin/both|both|arg"));
}

Test(program, runs_a_folder_only_with_a_main)
{
    cr_assert(eq(int, mkdir("app", 0755), 0));
    cr_expect(
        eq(str, (char *)resolved(PROGRAM_COMMAND, "./app"), "status 126"));
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "tool"),
                 "bin/tool|tool|arg"));
    write_file("app/__main__.py", "", 0644);
    cr_expect(eq(str, (char *)resolved(PROGRAM_COMMAND, "app"),
                 "envbin/python3|envbin/python3|app|arg"));
}

Test(program, points_to_view_for_a_trace)
{
    struct program program;
    struct error err = {0};

    write_file("t.vzt", "", 0644);
    cr_assert(eq(int, resolve(&program, PROGRAM_COMMAND, "t.vzt", &err), 126));
    cr_assert(strstr(err.message, "viztracer view t.vzt") != NULL);
}

Test(program, is_named_by_what_a_file_name_can_hold)
{
    static const char *const names[][2] = {
        {"dir/my app.py", "my_app"},
        {"dir/app/", "app"},
        {"..", "_."},
        {"./-x", "-x"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct program program;
        struct error err = {0};

        (void)resolve(&program, PROGRAM_MODULE, names[i][0], &err);
        cr_expect(eq(str, program.name, (char *)names[i][1]));
        program_release(&program);
    }
}
