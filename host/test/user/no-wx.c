/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Preloaded into bench-host by bench.t: is memory ever writable and executable?
 *
 * All mappings are looked at after every call of the process's that changes one,
 * and at its end; between those calls they stay as they are.  NO_WX_LOG names the
 * file that gets the one line: how often they were looked at, how many were
 * writable and executable, and how many executable ones were a memory file's.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned looked, writable_code, file_code;

/* A line of /proc/self/maps: "from-to rwxp offset dev inode path". */
static void judge(const char *line)
{
	const char *perms = strchr(line, ' ');

	if (!perms || perms[3] != 'x')
		return;
	writable_code += perms[2] == 'w';
	file_code += strstr(perms, "/memfd:") != NULL;
}

static void look(void)
{
	static char text[1 << 16];
	size_t len = 0;
	ssize_t n;
	int fd = open("/proc/self/maps", O_RDONLY);

	while (fd >= 0 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	if (fd >= 0)
		close(fd);
	text[len] = '\0';
	if (len == 0 || len == sizeof(text) - 1)
		abort();		/* not all of them was seen */
	looked++;
	file_code = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		judge(line);
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	void *p = (void *)syscall(SYS_mmap, addr, len, prot, flags, fd, offset);

	look();
	return p;
}

int mprotect(void *addr, size_t len, int prot)
{
	int r = (int)syscall(SYS_mprotect, addr, len, prot);

	look();
	return r;
}

static __attribute__((destructor)) void say(void)
{
	const char *path = getenv("NO_WX_LOG");
	FILE *f;

	look();
	f = path ? fopen(path, "w") : NULL;
	if (!f)
		abort();
	fprintf(f, "looked %u writable-code %u file-code %u\n", looked, writable_code,
		file_code);
	fclose(f);
}
