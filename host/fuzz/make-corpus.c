/* SPDX-License-Identifier: GPL-2.0-only */
/* make-corpus DIR: good texts for fuzz-text.c to start from, in its format. */
#include <stdio.h>
#include <stdlib.h>
#include "../test/lib/synthetic.h"

static struct syn syn;

static void put(const char *dir, unsigned flags, unsigned what)
{
	char path[512];
	uint8_t head[4] = { (uint8_t)flags, (uint8_t)what, (uint8_t)syn.where.count, 0 };
	FILE *f;

	snprintf(path, sizeof(path), "%s/%02x-%02x-%zu", dir, flags, what,
		 syn.where.count);
	f = fopen(path, "wb");
	if (!f || fwrite(head, sizeof(head), 1, f) != 1
	    || fwrite(syn.sites, sizeof(struct site), syn.where.count, f)
		!= syn.where.count
	    || fwrite(syn.bytes, 1, syn.used, f) != syn.used || fclose(f)) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	for (enum isa isa = 0; isa < ISA_COUNT; isa++)
		for (unsigned what = 0; what < 96; what += 5) {
			syn_begin(&syn, isa);
			for (unsigned k = 0; k < SYN_SHAPES; k++)
				syn_site(&syn, what % 2 ? OP_irq_disable : OP_restore_fl,
					 &syn_shapes[isa][k]);
			put(argv[1], (isa == ISA_X86_64) | 8, what);
		}
	return 0;
}
