// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/error.h"
#include "export/exporter.h"
#include "export/html_page.h"

Test(exporter, finds_the_format_by_suffix)
{
    static const struct {
        const char *path;
        const char *name;
        bool is_gzip;
    } samples[] = {
        {"out.json", "json", false},
        {"/a/b.c/out.json", "json", false},
        {"out.json.gz", "json", true},
        {"out.gz", "json", true},
        {"my.report.json", "json", false},
        {"a/out.html", "html", false},
        {"a.speedscope.json", "speedscope", false},
        {"a.speedscope.json.gz", "speedscope", true},
        {"b.folded", "folded", false},
        {"b.pftrace.gz", "perfetto", true},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct error err = {0};
        bool is_gzip = !samples[i].is_gzip;
        const struct exporter *exporter =
            exporter_for_path(samples[i].path, &is_gzip, &err);

        if (err.code == ERROR_UNSUPPORTED) {
            cr_assert(eq(sz, html_page().head_size, 0));
            cr_assert(strstr(err.message, "VIZTRACER_HTML") != NULL);
            continue;
        }

        cr_assert(exporter != NULL, "%s", samples[i].path);
        cr_assert(eq(str, (char *)exporter->name, (char *)samples[i].name));
        cr_assert(eq(int, is_gzip, samples[i].is_gzip));
    }
}

Test(exporter, lists_what_it_knows_when_it_knows_no_format)
{
    static const char *const paths[] = {
        "out", "out.txt", ".json", "a/.json",  "out.JSON",
        "",    "json",    ".gz",   "out.HTML", "out.html.gz"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct error err = {0};
        bool is_gzip;

        cr_assert(exporter_for_path(paths[i], &is_gzip, &err) == NULL, "%s",
                  paths[i]);
        cr_assert(strstr(err.message, "(.json[.gz], .html, ") != NULL);
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
