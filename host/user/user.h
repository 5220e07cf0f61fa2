/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of host/user share: core as a Linux process. */
#ifndef USER_H
#define USER_H

#include "machine/environment.h"
#include "run/findings.h"
#include "measure/platform.h"
#include "lib/sink.h"
#include "lib/line_wrap.h"

/* die.c */

/* The program's name, as die() says it; to be called first. */
void user_program(const char *name);

/**
 * die - one line on standard error, and the end.
 * @status: 1: something could not be had; 2: bad arguments.
 * @error:  what errno was, whose words are added, or 0.
 */
_Noreturn void die(int status, const char *what, const char *why, int error);

/* file.c */

/* A file as a sink.  Where it fails, errno says why. */
struct file_sink {
	struct sink sink;
	int fd;
};
struct file_sink file_sink(int fd);

/* clock.c */
uint64_t user_tsc_read(void);
void user_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4]);
void user_environment(struct environment *env);

/* text.c: code that may be executed at one address and written at another. */

/**
 * user_text_alias - the process's own text, from now on shared with a writable alias.
 * @bytes, @len: filled: its executable segment.
 *
 * Return: NULL, or what could not be done; errno says why.
 */
const char *user_text_alias(uint8_t **bytes, size_t *len);

/* Memory for bodies, likewise, within a call's reach of the text. */
const char *user_near_get(struct near_memory *near);

extern const struct text_writer user_writer;

/* percpu.c */

/* Lets %gs reach pv_memory, for the rest of the process; ends it where the kernel
 * does not do that. */
void user_percpu_open(void);

/* cpus.c */

struct config;

/**
 * user_cpus - the CPUs that are asked for; the one that runs this is the boot CPU.  The
 * process stays on the first that it may run on.
 * @n:   how many.
 * @why: CPUS_WHY_ROOM bytes, filled where NULL is returned.
 *
 * Return: NULL: one is not there, or the process may run on none.
 */
struct run_cpu *user_cpus(const struct config *c, unsigned *n, char *why);

/* For struct platform. */
bool user_run_on(void *ctx, unsigned i, void (*fn)(void *arg), void *arg);

/* attempt.c */

/**
 * user_attempt - for struct platform: by signals.
 *
 * What is caught is what the kernel makes SIGSEGV, SIGILL, SIGFPE, SIGBUS or SIGTRAP of, not
 * a signal that somebody sends.  DF and AC are as before.
 */
bool user_attempt(void *ctx, void (*fn)(void *arg), void *arg, struct fault *f);

/* quiet.c: what a process can do for quiet. */

/**
 * user_quiet_open - stay on one CPU.
 * @cpu: which; -1: the one that runs this.
 *
 * Return: false if there is no such CPU or the process may not run on it.
 */
bool user_quiet_open(int cpu);

/* Why it may not, with the number of that CPU and of those that there are.  Until it is
 * called again. */
const char *user_no_cpu(int cpu);

/* All memory the process has by now stays, where it is allowed to ask for that:
 * no page is missing when a batch is stored. */
void user_quiet_stay(void);
bool user_quiet_begin(void *ctx);
void user_quiet_end(void *ctx);
void user_quiet_disturbance(void *ctx, struct disturbance *d);
unsigned long user_flags(void);
void user_set_if(bool on);

#endif
