// SPDX-License-Identifier: GPL-2.0-only
/* inet.c: sockets of the loopback address, for the rows that have any. */
#include <sys/socket.h>

#include "inet.h"
#include "row.h"

/* More than a row opens before the other end accepts any: of a full queue a connection's last
 * packet is dropped, and sent again after a second. */
#define BACKLOG 1024

int bound(int type, struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, type, 0);

	*at = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	need(fd >= 0, "socket");
	need(!bind(fd, (struct sockaddr *)at, len), "bind");
	need(!getsockname(fd, (struct sockaddr *)at, &len), "getsockname");
	if (type == SOCK_STREAM)
		need(!listen(fd, BACKLOG), "listen");
	return fd;
}

int connected(int type, const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, type, 0);

	need(fd >= 0, "socket");
	need(!connect(fd, (const struct sockaddr *)to, sizeof(*to)), "connect");
	return fd;
}
