/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzzer without libFuzzer, for its corpus alone: it is run on every file that is
 * named, and says how many those were.  "make test" compiles the targets with this one,
 * by the compiler and with the core that its other tests have; a crash ends it, and what
 * was begun last was said.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* A target's own mutator calls it; nobody calls that here. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
	(void)data, (void)most;
	return size;
}

/* A copy of exactly its size, so that what is read behind it is seen. */
static int replay(const char *name)
{
	FILE *f = fopen(name, "rb");
	uint8_t *data;
	long size;

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0 || fseek(f, 0, SEEK_SET))
		return 1;
	data = malloc(size ? (size_t)size : 1);
	if (!data || fread(data, 1, (size_t)size, f) != (size_t)size)
		return 1;
	fclose(f);
	printf("%s\n", name);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (replay(argv[i])) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 2;
		}
	}
	printf("%d files\n", argc - 1);
	return 0;
}
