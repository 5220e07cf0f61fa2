/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code that may be executed at one address and written at another.
 *
 * The pages are a memory file's, mapped twice: no mapping is ever writable and
 * executable.  The process's own text is copied to such a file, which is then
 * mapped over it: the same bytes at the same addresses, so that whoever is
 * running there does not notice.
 */
#define _GNU_SOURCE
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "run/arena.h"
#include "user.h"

/* Where code is, and where it is written. */
struct alias {
	uint8_t *code, *writable;
	size_t len;
};
static struct alias own, bodies;

static int own_segment(struct dl_phdr_info *info, size_t size, void *ctx)
{
	struct alias *a = ctx;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
			continue;
		a->code = (uint8_t *)info->dlpi_addr + p->p_vaddr;
		a->len = p->p_memsz;
	}
	return 1;			/* the first is the process itself */
}

static size_t whole_pages(size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (len + page - 1) / page * page;
}

/* A memory file of so many bytes, and its writable mapping. */
static int make_file(struct alias *a)
{
	int fd = memfd_create("parapatch", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)a->len))
		return -1;
	a->writable = mmap(NULL, a->len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return a->writable == MAP_FAILED ? -1 : fd;
}

static bool map_code(struct alias *a, int fd, int how)
{
	void *p = mmap(a->code, a->len, PROT_READ | PROT_EXEC, MAP_SHARED | how,
		       fd, 0);

	if (p != MAP_FAILED && p != a->code)
		munmap(p, a->len);
	return p == a->code;
}

const char *user_text_alias(uint8_t **bytes, size_t *len)
{
	int fd;

	dl_iterate_phdr(own_segment, &own);
	*bytes = own.code;
	*len = own.len;
	own.len = whole_pages(own.len);
	fd = make_file(&own);
	if (fd < 0)
		return "no memory file for the text";
	memcpy(own.writable, own.code, *len);
	if (!map_code(&own, fd, MAP_FIXED))
		return "the text cannot be mapped from a memory file";
	close(fd);
	return NULL;
}

#define STEP	(64ul << 20)
#define REACH	(1ul << 30)

/* Free addresses below the text, downwards. */
static bool map_near(struct alias *a, int fd)
{
	for (size_t d = STEP; d < REACH; d += STEP) {
		a->code = own.code - d;
		if (map_code(a, fd, MAP_FIXED_NOREPLACE))
			return true;
	}
	return false;
}

const char *user_near_get(struct near_memory *near)
{
	uint8_t *data;
	int fd;

	bodies.len = whole_pages(ARENA_NEAR_BYTES);
	fd = make_file(&bodies);
	if (fd < 0)
		return "no memory file for bodies";
	if (!map_near(&bodies, fd))
		return "no room for bodies within reach of the text";
	close(fd);
	data = mmap(bodies.code + bodies.len, whole_pages(ARENA_DATA_BYTES),
		    PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (data != bodies.code + bodies.len)
		return "no room for records beside the bodies";
	*near = (struct near_memory){
		bodies.code, bodies.len, data, ARENA_DATA_BYTES };
	return NULL;
}

static const struct alias *alias_of(const uint8_t *at)
{
	return at >= bodies.code && at < bodies.code + bodies.len ? &bodies : &own;
}

/* CPUID serialises.  Source: Intel SDM Vol. 3A, "Serializing Instructions"; for
 * another linear address of the same code, "Handling Self- and Cross-Modifying
 * Code". */
static bool writer_window(void *ctx, uint8_t *at, size_t len,
			  void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	const struct alias *a = alias_of(at);
	uint32_t r[4];

	(void)ctx, (void)len;
	store(arg, a->writable - a->code);
	user_cpuid(0, 0, r);
	return true;
}

const struct text_writer user_writer = { writer_window, NULL };
