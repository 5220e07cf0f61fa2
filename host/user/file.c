/* SPDX-License-Identifier: GPL-2.0-only */
/* Files as sinks. */
#include <errno.h>
#include <unistd.h>
#include "user.h"

static bool put_file(struct sink *s, const char *bytes, size_t len)
{
	struct file_sink *f = (struct file_sink *)s;

	while (len) {
		ssize_t n = write(f->fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

struct file_sink file_sink(int fd)
{
	return (struct file_sink){ { .put = put_file }, fd };
}
