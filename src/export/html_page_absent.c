// SPDX-License-Identifier: Apache-2.0
/* What a build with -DVIZTRACER_HTML=OFF has instead of a page. */
#include "export/html_page.h"

struct html_page
html_page(void)
{
    return (struct html_page){0};
}
