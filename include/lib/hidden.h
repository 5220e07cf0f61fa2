/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Put in front of every source of the image: nothing of it is seen outside, so
 * nothing is reached through a global offset table, which a PE file has not.
 */
#pragma GCC visibility push(hidden)
