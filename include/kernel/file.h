/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the small kernel: read() and write() by descriptor, and two devices, one that gives
 * zeros and one that takes all.
 *
 * The shape is that of Linux 5.10's ksys_read() and vfs_read() for a process with one thread:
 * the descriptor looked up without a lock, the mode, the range of ring 3's memory, the file's
 * operation by its pointer, the position.  Left out: iterators, copying by words, security
 * modules, notification, accounting, and instructions that open ring 3's memory to the kernel
 * (SMAP).
 *
 * Source: Linux 5.10, fs/read_write.c, drivers/char/mem.c.
 */
#ifndef KERNEL_FILE_H
#define KERNEL_FILE_H

#include "kernel/call.h"

#define EBADF		9
#define EFAULT		14

static inline struct kernel_file *file_of(struct kernel *k, unsigned long fd, uint32_t may)
{
	struct kernel_file *f = fd < KERNEL_FILES ? k->files[fd] : NULL;

	return f && (f->mode & may) ? f : NULL;
}

/* Ring 3's memory ends at KERNEL_TASK_SIZE; the kernel's own lies among it here, so more is not
 * known of an address. */
static inline bool is_of_ring3(unsigned long at, unsigned long n)
{
	return n <= KERNEL_TASK_SIZE && at <= KERNEL_TASK_SIZE - n;
}

KERNEL_NAMED long call_read(struct kernel *k, unsigned long fd, unsigned long to,
			   unsigned long n)
{
	struct kernel_file *f = file_of(k, fd, KERNEL_MAY_READ);
	long got;

	if (!f)
		return -EBADF;
	if (!is_of_ring3(to, n))
		return -EFAULT;
	got = f->ops->read(f, (uint8_t *)to, n);
	if (got > 0)
		f->at += (uint64_t)got;
	return got;
}

KERNEL_NAMED long call_write(struct kernel *k, unsigned long fd, unsigned long from,
			    unsigned long n)
{
	struct kernel_file *f = file_of(k, fd, KERNEL_MAY_WRITE);
	long taken;

	if (!f)
		return -EBADF;
	if (!is_of_ring3(from, n))
		return -EFAULT;
	taken = f->ops->write(f, (const uint8_t *)from, n);
	if (taken > 0)
		f->at += (uint64_t)taken;
	return taken;
}

KERNEL_NAMED long zero_read(struct kernel_file *f, uint8_t *to, size_t n)
{
	(void)f;
	for (size_t i = 0; i < n; i++)
		*(volatile uint8_t *)&to[i] = 0;
	return (long)n;
}

KERNEL_NAMED long null_write(struct kernel_file *f, const uint8_t *from, size_t n)
{
	(void)f, (void)from;
	return (long)n;
}

/* Descriptor 0 is the one that gives zeros, 1 the one that takes all. */
static inline void files_open(struct kernel *k)
{
	k->calls[KERNEL_READ] = KERNEL_ADDRESS(call_read);
	k->calls[KERNEL_WRITE] = KERNEL_ADDRESS(call_write);
	k->zero_ops.read = KERNEL_ADDRESS(zero_read);
	k->null_ops.write = KERNEL_ADDRESS(null_write);
	k->zero = (struct kernel_file){ &k->zero_ops, KERNEL_MAY_READ, 0, NULL };
	k->null = (struct kernel_file){ &k->null_ops, KERNEL_MAY_WRITE, 0, NULL };
	k->files[0] = &k->zero;
	k->files[1] = &k->null;
}

#endif
