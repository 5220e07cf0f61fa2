/* SPDX-License-Identifier: GPL-2.0-only */
/* The writers, see writer.h. */
#include "attribute_window.h"
#include "page_runs.h"
#include "pages.h"
#include "window.h"
#include "writer.h"

extern uint8_t __text_start[], __text_end[];

static bool writer_window(void *ctx, uint8_t *at, size_t len,
			  void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx;
	if (page_runs.by_attributes && !attribute_window(at, len, store, arg))
		return false;
	if (!page_runs.by_attributes)
		window_open_for(store, arg);
	for (unsigned i = 0; i < page_runs.count; i++) {
		struct page_part p = page_run_part(&page_runs.run[i], at, len);

		if (p.len)
			pages_clean((void *)(uintptr_t)p.at, p.len);
	}
	return true;
}

const struct text_writer cpu_text_writer = { writer_window, NULL };

static bool live_window(void *ctx, uint8_t *at, size_t len,
			void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	window_open_for(store, arg);
	return true;
}

void live_writer_done(void)
{
	pages_clean(__text_start, (size_t)(__text_end - __text_start));
}

const struct text_writer live_text_writer = { live_window, NULL };

/* By the guard: where the window opens nothing, that is no fault of the firmware's
 * to handle. */
