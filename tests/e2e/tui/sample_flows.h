// SPDX-License-Identifier: Apache-2.0
/* e2e/tui/sample_flows.h - see sample_traces.h. */
#ifndef E2E_TUI_SAMPLE_FLOWS_H
#define E2E_TUI_SAMPLE_FLOWS_H

struct trace_builder;

void sample_flows_write(struct trace_builder *builder);
void sample_async_write(struct trace_builder *builder);

#endif
