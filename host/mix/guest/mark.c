// SPDX-License-Identifier: GPL-2.0-only
/* mark begin|unit|end...: leaves those marks; for workloads that are scripts. */
#include <stdio.h>
#include <string.h>

#include "marker.h"

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: mark begin|unit|end...\n");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "begin")) {
			MIX_BEGIN();
		} else if (!strcmp(argv[i], "unit")) {
			MIX_UNIT();
		} else if (!strcmp(argv[i], "end")) {
			MIX_END();
		} else {
			fprintf(stderr, "mark: there is no %s, only begin, unit and end\n",
				argv[i]);
			return 2;
		}
	}
	return 0;
}
