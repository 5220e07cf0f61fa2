/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MIX_INET_H
#define MIX_INET_H

#include <netinet/in.h>

/*
 * bound - a socket of @type on a free port of 127.0.0.1; a stream listens.
 * @at: becomes its address.
 */
int bound(int type, struct sockaddr_in *at);

/* connected - a socket of @type that is connected to @to. */
int connected(int type, const struct sockaddr_in *to);

#endif
