/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mixes of any bytes: refused with a line and its place, or accepted; and of what was
 * accepted a sequence can be drawn, or it is said why not.
 */
#include <stdlib.h>
#include <string.h>
#include "mix/draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void draw(const struct mix *m, uint64_t seed)
{
	static struct mix_sequence s;
	struct mix_rules r = { .seed = seed, .steps = 40, .gap = 16 };
	uint32_t all = 0;

	for (unsigned p = 0; p < MIX_PARTS; p++)
		r.may[p] = seed >> p % 3 & 1;
	if (mix_draw(&s, m, &r))
		return;
	must(s.steps == r.steps && s.kept <= s.drawn && s.kept <= s.steps * r.gap);
	for (unsigned p = 0; p < MIX_PARTS; p++) {
		must(r.may[p] || !s.count[p]);
		all += s.count[p];
	}
	must(all == s.steps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mix m;
	static int tokens[MIX_TOKENS_BYTES / sizeof(int)];
	struct mix_error e = { 0 };
	char *bytes = malloc(size ? size : 1);

	memcpy(bytes, data, size);
	if (mix_parse(&m, bytes, size, tokens, &e))
		for (uint64_t seed = 0; seed < 8; seed++)
			draw(&m, seed);
	else
		must(e.line && e.column && e.text[0] && memchr(e.text, 0, sizeof(e.text)));
	free(bytes);
	return 0;
}
