/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of efi/ share: the firmware's tables and each file's part. */
#ifndef APP_H
#define APP_H

#include <efi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "config/config.h"
#include "machine/environment.h"
#include "measure/platform.h"
#include "quiet/quiet.h"
#include "lib/sink.h"

struct app {
	EFI_HANDLE image;
	EFI_SYSTEM_TABLE *st;
	EFI_BOOT_SERVICES *bs;
	struct config config;
	struct environment env;
};

/* The one application.  Set by efi_main before anything else runs. */
extern struct app app;

/* console.c: text to people and to machines. */

/**
 * console_open - find out where text goes.
 *
 * What is for people goes to the firmware's console, what is for machines to the serial
 * ports that this console is on.  Where it is on none, both go to every port that the
 * firmware has for applications (EFI_SERIAL_IO_PROTOCOL), to 16 of them at most.  So
 * nothing is on a port twice.
 */
void console_open(void);

/* For people: screen and serial.  All take \n; a device's failure passes. */
extern struct sink *const console;
/* For machines: serial alone; nothing where there is no serial port. */
extern struct sink *const serial;
/* The same for the last line: to every serial port, and whatever was lost there. */
extern struct sink *const serial_last;

/* Draws over the last progress line; call console_line() to end it. */
void console_progress(unsigned done, unsigned of);
void console_key(void);

/* cpu.c: the CPU's instructions. */
/* Has it all that the application needs?  NULL, or what is missing. */
const char *cpu_lacks(void);
uint64_t cpu_tsc_begin(void);
uint64_t cpu_tsc_end(void);
unsigned long cpu_flags(void);
void cpu_set_if(bool on);
/* EFLAGS.AC: in ring 0 it checks nothing, but with CR4.SMAP lets user pages be
 * reached. */
void cpu_set_ac(bool on);

static inline uint64_t cpu_rdmsr(uint32_t msr)
{
	uint32_t lo, hi;

	asm volatile("rdmsr" : "=a" (lo), "=d" (hi) : "c" (msr));
	return (uint64_t)hi << 32 | lo;
}

static inline void cpu_wrmsr(uint32_t msr, uint64_t v)
{
	asm volatile("wrmsr" : : "a" ((uint32_t)v), "d" ((uint32_t)(v >> 32)),
		     "c" (msr) : "memory");
}

static inline uint8_t cpu_in8(uint16_t port)
{
	uint8_t v;

	asm volatile("inb %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

static inline uint32_t cpu_in32(uint16_t port)
{
	uint32_t v;

	asm volatile("inl %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

static inline void cpu_out8(uint16_t port, uint8_t v)
{
	asm volatile("outb %0, %1" : : "a" (v), "Nd" (port));
}

static inline void cpu_out32(uint16_t port, uint32_t v)
{
	asm volatile("outl %0, %1" : : "a" (v), "Nd" (port));
}

static inline void cpu_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	asm volatile("cpuid" : "=a" (r[0]), "=b" (r[1]), "=c" (r[2]), "=d" (r[3])
		     : "0" (leaf), "2" (sub));
}

/* predictors.c: what makes the CPU forget its branch predictions, or NULL where
 * nothing does; for struct machine. */
void (*predictors_flush_here(void))(void *ctx);

/* wake_timer.c: struct ops_check_env's timer.  To be started within a quiet window that
 * was opened with IF on: it closes the window, and timer_stop() opens another. */
bool timer_start(void *ctx);
void timer_stop(void *ctx);
uint32_t timer_count(void *ctx);

/* file.c: the volume that the image came from; most often a stick. */

/* Is there one?  Not where the image came from the network, memory or flash. */
bool volume_is_there(void);

/* Why no report can be kept there, whatever is tried; NULL: one can. */
const char *volume_lacks(void);

/* What is to be done about a file that is spoilt, for the end of a line. */
const char *volume_advice(void);

/* Of our own: those with the two highest bits are not the specification's.
 * Source: UEFI Specification, "Status Codes". */
#define FILE_OWN(n)	(((EFI_STATUS)-1 - (EFI_STATUS)-1 / 4 + (n)))
#define FILE_IS_FOLDER	FILE_OWN(1)
#define FILE_IS_LONG	FILE_OWN(2)
#define FILE_NO_FOLDER	FILE_OWN(3)

/**
 * file_read - a whole file from the volume the application came from.
 * @bytes: from the firmware's pool; the caller frees it.
 *
 * Return: EFI_NOT_FOUND where there is none, FILE_IS_FOLDER where it is one,
 * EFI_NO_MAPPING where there is no volume.
 */
EFI_STATUS file_read(const CHAR16 *path, char **bytes, size_t *len);

/* The same of one that has @most bytes; FILE_IS_LONG where it has more. */
EFI_STATUS file_read_most(const CHAR16 *path, size_t most, char **bytes, size_t *len);

/* A folder of the stick, one name after the other. */
struct folder {
	EFI_FILE_HANDLE handle;
	union {
		EFI_FILE_INFO info;
		uint8_t room[1024];
	} entry;
};

/* False: there is none. */
bool folder_open(struct folder *f, const CHAR16 *path);
/* The next file's name, valid until the next call; NULL: there is no other. */
const CHAR16 *folder_next(struct folder *f);
void folder_close(struct folder *f);

/* A report on the stick: a file that says "running" and has room for the whole report,
 * in whose place the report comes. */
struct report_file {
	CHAR16 path[80], running[80];
	char name[80];		/* path, for people */
	char running_name[80];
	size_t room;		/* bytes that the running one has */
	bool made;
	bool left_running;	/* it could not be removed */
};

/**
 * report_file_make - take a number nobody has, and room for the whole report.
 * @running: a report with status "running"; padded with spaces to @room bytes, so
 *        that the final report never needs a cluster that may not be there.
 *
 * Return: an error where nothing can be saved; then nothing is left behind.
 */
EFI_STATUS report_file_make(struct report_file *f, const char *running, size_t len,
			    size_t room);

/**
 * report_file_finish - the report, in the place of the running one; read back.
 *
 * It is a new file, and the running one is removed after it was read back: what is
 * rewritten in place does not reach every disk (QEMU's fat:rw: loses it).
 * Where a new file cannot be had, for want of room, it is rewritten in place all the
 * same, and renamed.  At any moment one of the two is whole.
 *
 * @f: its name is the report's afterwards; left_running is set.
 * @room: of @bytes, behind which spaces may be put.
 *
 * Return: EFI_CRC_ERROR where it does not read back as written.
 */
EFI_STATUS report_file_finish(struct report_file *f, char *bytes, size_t len,
			      size_t room);

/* A status in words, for one line of text. */
const char *file_error(EFI_STATUS status);

/* memory.c: from the firmware; NULL or false where there is none. */
void *pool_get(size_t bytes);
void pool_put(void *p);
/* Whole pages, in a call's reach of the application where there are any. */
void *pages_get(EFI_MEMORY_TYPE type, size_t bytes);
void pages_put(void *p, size_t bytes);
/* Pages for bodies, in a call's reach of the application where there are any. */
bool near_get(struct near_memory *near);
void near_put(struct near_memory *near);

#endif
