/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of host/user share: core as a Linux process. */
#ifndef USER_H
#define USER_H

#include "config/config.h"
#include "machine/environment.h"
#include "run/findings.h"
#include "measure/platform.h"
#include "lib/sink.h"
#include "lib/line_wrap.h"

/* file.c */

/* A file as a sink.  Where it fails, errno says why. */
struct file_sink {
	struct sink sink;
	int fd;
};
struct file_sink file_sink(int fd);

/* arguments.c */

struct arguments {
	struct config config;
	const char *report;	/* a path, or NULL */
	int cpu;		/* -1: any */
};

/**
 * arguments_read - the command line.  Ends the process where it asks for help (0)
 * or is not understood (2, with one line on standard error).
 */
void arguments_read(struct arguments *a, int argc, char **argv);

/**
 * die - one line on standard error, and the end.
 * @status: 1: something could not be had; 2: bad arguments.
 * @error:  what errno was, whose words are added, or 0.
 */
_Noreturn void die(int status, const char *what, const char *why, int error);

/* ring3.c: what ring 3 may not run, and why; nothing is left out in silence. */

/* In the report: every op, once. */
void ring3_note(struct ops_found *ops);

/* For people: workloads that were not run but by a backend's own (struct
 * plan.above); every op, once. */
void ring3_list(struct sink *s, const struct set *set);

/* clock.c */
uint64_t tsc_read(void);
void cpu_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4]);
void environment_gather(struct environment *env);

/* text.c: code that may be executed at one address and written at another. */

/**
 * text_alias - the process's own text, from now on shared with a writable alias.
 * @bytes, @len: filled: its executable segment.
 *
 * Return: NULL, or what could not be done; errno says why.
 */
const char *text_alias(uint8_t **bytes, size_t *len);

/* Memory for bodies, likewise, within a call's reach of the text. */
const char *near_get(struct near_memory *near);

extern const struct text_writer alias_writer;

/* percpu.c */

/* Lets %gs reach pv_memory, for the rest of the process; ends it where the kernel
 * does not do that. */
void percpu_open(void);

/* quiet.c: what a process can do for quiet. */

/**
 * quiet_open - stay on one CPU.
 * @cpu: which; -1: the one that runs this.
 *
 * Return: false if there is no such CPU or the process may not run on it.
 */
bool quiet_open(int cpu);

/* All memory the process has by now stays, where it is allowed to ask for that:
 * no page is missing when a batch is stored. */
void quiet_stay(void);
bool quiet_begin(void *ctx);
void quiet_end(void *ctx);
void quiet_disturbance(void *ctx, struct disturbance *d);
unsigned long user_flags(void);
void user_set_if(bool on);

#endif
