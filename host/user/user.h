/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of host/user share: core as a Linux process. */
#ifndef USER_H
#define USER_H

#include "environment.h"
#include "machine.h"
#include "sink.h"

/* A file as a sink. */
struct file_sink {
	struct sink sink;
	int fd;
};
struct file_sink file_sink(int fd);

/* clock.c */
uint64_t tsc_read(void);
void cpu_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4]);
void environment_gather(struct environment *env);

/* text.c: code that may be executed at one address and written at another. */

/**
 * text_alias - the process's own text, from now on shared with a writable alias.
 * @bytes, @len: filled: its executable segment.
 *
 * Return: NULL, or what could not be done.
 */
const char *text_alias(uint8_t **bytes, size_t *len);

/* Memory for bodies, likewise, within a call's reach of the text. */
const char *near_get(struct near_memory *near);

extern const struct text_writer alias_writer;

/* quiet.c: what a process can do for quiet. */

/**
 * quiet_open - stay on one CPU, and stay in memory.
 * @cpu: which; -1: the one that runs this.
 *
 * Return: NULL, or what could not be done.
 */
const char *quiet_open(int cpu);
bool quiet_begin(void *ctx);
void quiet_end(void *ctx);
void quiet_disturbance(void *ctx, struct disturbance *d);
unsigned long user_flags(void);
void user_set_if(bool on);

#endif
