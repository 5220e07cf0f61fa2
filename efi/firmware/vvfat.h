/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A folder of the host's that QEMU shows as a volume (fat:rw:): what a file needs there
 * to reach the host whole.
 *
 * QEMU's fat:rw: writes a file of the host's when the whole volume is consistent, and
 * counts a cluster that was written and is nobody's as not: where a file ends within
 * a page of the firmware's cache (64 KiB), its last page never reaches the host.  What
 * comes after the directory's entry reaches it a cluster too far.  So the report
 * goes there in one piece, with more spaces behind it than a page has, to the end of a
 * cluster; and then spaces are added, cluster by cluster, until a page was full.  A
 * file that is removed may make QEMU abort(), so the running one stays.
 *
 * Source: QEMU 7.2, block/vvfat.c: is_consistent(), commit_one_file(), do_commit().
 */
#ifndef VVFAT_H
#define VVFAT_H

#include <efi.h>
#include <stddef.h>

/* Bytes of a page of the firmware's cache. */
#define VVFAT_CACHE_PAGE	65536u

/* Is the volume one?  Its clusters' bytes; 0: it is not. */
size_t vvfat_cluster(void);

/* Adds spaces to a file, so that it ends at every place that a page may have it. */
void vvfat_settle(const CHAR16 *path, size_t cluster);

#endif
