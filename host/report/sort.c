/* SPDX-License-Identifier: GPL-2.0-only */
/* Sorting numbers, see sort.h: by insertion, and by merging what is longer.  qsort()'s
 * call of a function for every comparison took a third of the tool's time. */
#include <stdlib.h>
#include <string.h>
#include "sort.h"

#define SHORT	16

static double lesser(double a, double b)
{
	return a < b ? a : b;
}

static double greater(double a, double b)
{
	return a > b ? a : b;
}

/* Without a branch, which nothing could predict: x takes the place of what is greater,
 * and goes on with that. */
static void by_insertion(double *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double x = v[i];

		for (size_t k = 0; k < i; k++) {
			double at = v[k];

			v[k] = lesser(x, at);
			x = greater(at, x);
		}
		v[i] = x;
	}
}

/* Two sorted halves, v's first @half being in @left too. */
static void merge(double *v, size_t n, const double *left, size_t half)
{
	size_t l = 0, r = half, to = 0;

	while (l < half && r < n) {
		if (v[r] < left[l])
			v[to++] = v[r++];
		else
			v[to++] = left[l++];
	}
	memcpy(v + to, left + l, (half - l) * sizeof(*v));
}

static void by_merging(double *v, size_t n, double *left)
{
	size_t half = n / 2;

	if (n <= SHORT) {
		by_insertion(v, n);
		return;
	}
	by_merging(v, half, left);
	by_merging(v + half, n - half, left);
	memcpy(left, v, half * sizeof(*v));
	merge(v, n, left, half);
}

void sort_upward(double *v, size_t n)
{
	double *left;

	if (n <= SHORT) {
		by_insertion(v, n);
		return;
	}
	left = malloc(n / 2 * sizeof(*left));
	if (!left)
		abort();
	by_merging(v, n, left);
	free(left);
}
