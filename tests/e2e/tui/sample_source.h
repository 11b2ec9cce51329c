// SPDX-License-Identifier: Apache-2.0
/* e2e/tui/sample_source.h - the sample traces "source" and "hostile", which
 * have the text of a file. */
#ifndef E2E_TUI_SAMPLE_SOURCE_H
#define E2E_TUI_SAMPLE_SOURCE_H

struct trace_builder;

void sample_source_write(struct trace_builder *b);
void sample_hostile_source_write(struct trace_builder *b);

#endif
