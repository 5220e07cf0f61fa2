/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines to a port that may fail, see port.h. */
#include "lib/mem.h"
#include "serial/port.h"

/* Where the port's speed is not known, it is taken for a slow one. */
#define BAUD_UNKNOWN	9600u
#define BITS_A_BYTE	10u
/* A machine that does something else for a moment is no fault of the port's. */
#define GRACE_US	100000u
#define ELAPSED_SHARE	16u
#define SLOW_SHARE	4u

/* A line and its end go in one write, if it is no longer than this. */
#define LINE_MAX	512

size_t port_took(bool good, size_t asked, size_t said)
{
	if (!good && said >= asked)
		return 0;
	return said < asked ? said : asked;
}

bool port_tries(uint64_t lost_us, uint64_t elapsed_us)
{
	return lost_us <= PORT_BUDGET_MS * 1000ull + elapsed_us / ELAPSED_SHARE;
}

static uint64_t expected_us(const struct port *p, size_t bytes)
{
	return (uint64_t)bytes * BITS_A_BYTE * 1000000u
		/ (p->baud ? p->baud : BAUD_UNKNOWN) + GRACE_US;
}

static void charge(struct port *p, uint64_t us, bool took)
{
	p->line_us += us;
	p->lost_us += took ? us / SLOW_SHARE : us;
}

/* One write.  Return: bytes it took. */
static size_t write_once(struct port *p, const char *bytes, size_t len)
{
	uint64_t began = p->now_us(), took_us, free_us;
	size_t n = len;
	bool good = p->write(p, bytes, &n);

	took_us = p->now_us() - began;
	n = port_took(good, len, n);
	free_us = good && n ? expected_us(p, n) : 0;
	if (took_us > free_us)
		charge(p, took_us - free_us, good && n);
	return n;
}

/* May this line go on, after @idle writes in a row that took nothing? */
static bool goes_on(const struct port *p, unsigned idle)
{
	return p->line_us < PORT_LINE_MS * 1000ull && (p->last || idle < PORT_TRIES);
}

/* Longer each time: what passes within a moment costs no more than that. */
static void wait_longer(struct port *p, unsigned idle)
{
	unsigned ms = idle < 2 ? 1 : idle < 3 ? 10 : 100;

	p->wait_ms(ms);
	charge(p, ms * 1000u, false);
}

/* False: it was given up. */
static bool write_all(struct port *p, const char *bytes, size_t len)
{
	unsigned idle = 0;

	while (len) {
		size_t n = write_once(p, bytes, len);

		p->sent |= n != 0;
		bytes += n;
		len -= n;
		idle = n ? 0 : idle + 1;
		if (len && !goes_on(p, idle)) {
			p->lost_bytes += len;
			return false;
		}
		if (idle)
			wait_longer(p, idle);
	}
	return true;
}

static void give_up(struct port *p)
{
	p->given_up = true;
	p->cut = p->cut || p->sent;
}

static void begin_line(struct port *p)
{
	p->inside = true;
	p->sent = false;
	p->line_us = 0;
	p->given_up = !p->last
		&& !port_tries(p->lost_us, p->now_us() - p->opened_us);
	if (p->given_up || !p->cut)
		return;
	if (write_all(p, "\r\n", 2))
		p->cut = p->sent = false;
	else
		give_up(p);
}

static void put_piece(struct port *p, const char *bytes, size_t len)
{
	if (p->given_up)
		p->lost_bytes += len;
	else if (!write_all(p, bytes, len))
		give_up(p);
}

static void put_line(struct port *p, const char *bytes, size_t len)
{
	char line[LINE_MAX + 2];

	if (len > LINE_MAX) {
		put_piece(p, bytes, len);
		len = 0;
	}
	memcpy(line, bytes, len);
	memcpy(line + len, "\r\n", 2);
	put_piece(p, line, len + 2);
}

/* Up to the end of a line, or all. */
static size_t piece_of(const char *bytes, size_t len)
{
	size_t n = 0;

	while (n < len && bytes[n] != '\n')
		n++;
	return n;
}

void port_open(struct port *p)
{
	p->opened_us = p->now_us();
}

void port_put(struct port *p, const char *bytes, size_t len)
{
	while (len) {
		size_t n = piece_of(bytes, len);

		if (!p->inside || bytes[0] == '\r')
			begin_line(p);
		if (n < len) {
			put_line(p, bytes, n++);
			p->inside = false;
		} else {
			put_piece(p, bytes, n);
		}
		bytes += n;
		len -= n;
	}
}

void port_put_last(struct port *p, const char *bytes, size_t len)
{
	p->last = true;
	p->cut = p->cut || (p->inside && p->sent);
	p->inside = false;
	port_put(p, bytes, len);
	p->last = false;
}
