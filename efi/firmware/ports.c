/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware's serial ports, see ports.h. */
#include "cpu/cpu.h"
#include "cpu/ticks.h"
#include "firmware.h"
#include "memory.h"
#include "ports.h"
#include "serial/device_path.h"
#include "serial/port.h"

static EFI_GUID serial_guid = SERIAL_IO_PROTOCOL;
static EFI_GUID global_guid = EFI_GLOBAL_VARIABLE;
static EFI_GUID path_guid = DEVICE_PATH_PROTOCOL;
static EFI_GUID text_guid = SIMPLE_TEXT_OUTPUT_PROTOCOL;

/* More ports than any machine's; what there is beyond is named and left alone. */
#define PORTS_MAX	16
/* Of a variable; one that is longer is no path. */
#define CONOUT_MAX	65536

static struct serial_port {
	struct port port;
	SERIAL_IO_INTERFACE *io;
	bool console;			/* the firmware's console goes there by itself */
} ports[PORTS_MAX];
static unsigned port_count, ports_left;
static bool any_console;
static bool has_clock;

static uint64_t now_us(void)
{
	static uint64_t last, us;
	uint64_t now = has_clock ? cpu_tsc_begin() : 0;

	if (last && now > last)
		us += (now - last) * 1000 / ticks_of_ms(1);
	last = now;
	return us;
}

static void wait_ms(unsigned ms)
{
	firmware.bs->Stall(ms * 1000);
}

static bool port_write(struct port *p, const char *bytes, size_t *len)
{
	const struct serial_port *s = (const struct serial_port *)p;
	UINTN n = *len;
	EFI_STATUS st = s->io->Write(s->io, &n, (void *)bytes);

	*len = n;
	return !EFI_ERROR(st);
}

/* The console's device path: the variable, from the firmware's pool.  NULL: none. */
static void *console_path(UINTN *len)
{
	void *path;
	EFI_STATUS st;

	*len = 0;
	st = firmware.st->RuntimeServices->GetVariable((CHAR16 *)L"ConOut", &global_guid,
						  NULL, len, NULL);
	if (st != EFI_BUFFER_TOO_SMALL || *len > CONOUT_MAX)
		return NULL;
	path = pool_get(*len);
	if (path && EFI_ERROR(firmware.st->RuntimeServices->GetVariable(
			(CHAR16 *)L"ConOut", &global_guid, NULL, len, path))) {
		pool_put(path);
		return NULL;
	}
	return path;
}

/* Of a handle; @len 0: it has none. */
static const void *path_of(EFI_HANDLE handle, size_t *len)
{
	void *path;

	*len = 0;
	if (EFI_ERROR(firmware.bs->HandleProtocol(handle, &path_guid, &path)) || !path)
		return NULL;
	*len = device_path_bytes(path, CONOUT_MAX);
	return path;
}

/* Handles that have a protocol, from the firmware's pool. */
static EFI_HANDLE *handles_of(EFI_GUID *guid, UINTN *n)
{
	EFI_HANDLE *h;

	if (!EFI_ERROR(firmware.bs->LocateHandleBuffer(ByProtocol, guid, NULL, n, &h)))
		return h;
	*n = 0;
	return NULL;
}

/* What consoles there can be: the variable says which are wanted, the handles which
 * of those there are. */
struct consoles {
	void *wanted;
	UINTN wanted_len;
	EFI_HANDLE *made;
	UINTN made_n;
};

static bool is_console(const struct consoles *c, EFI_HANDLE port)
{
	size_t port_len, len;
	const void *path = path_of(port, &port_len);

	if (!c->wanted || !port_len
	    || !device_path_is_on(c->wanted, c->wanted_len, path, port_len))
		return false;
	for (UINTN i = 0; i < c->made_n; i++) {
		const void *made = path_of(c->made[i], &len);

		if (len && device_path_is_on(made, len, path, port_len))
			return true;
	}
	return false;
}

static bool is_taken(const SERIAL_IO_INTERFACE *io)
{
	for (unsigned i = 0; i < port_count; i++)
		if (ports[i].io == io)
			return true;
	return false;
}

static void add_port(SERIAL_IO_INTERFACE *io, bool on_console)
{
	struct serial_port *s = &ports[port_count];

	if (is_taken(io))
		return;
	if (port_count == PORTS_MAX) {
		ports_left++;
		return;
	}
	port_count++;
	*s = (struct serial_port){
		.port = { .write = port_write, .now_us = now_us, .wait_ms = wait_ms,
			  .baud = io->Mode ? (uint32_t)io->Mode->BaudRate : 0 },
		.io = io, .console = on_console,
	};
	any_console |= on_console;
	port_open(&s->port);
}

static void add_ports(const struct consoles *c, EFI_HANDLE *handle, UINTN n,
		      bool on_console)
{
	void *io;

	for (UINTN i = 0; i < n; i++)
		if (is_console(c, handle[i]) == on_console
		    && !EFI_ERROR(firmware.bs->HandleProtocol(handle[i], &serial_guid, &io)))
			add_port(io, on_console);
}

/* The console's first, whatever comes too late for the table. */
void ports_open(void)
{
	struct consoles c;
	UINTN n;
	EFI_HANDLE *handle = handles_of(&serial_guid, &n);

	has_clock = !cpu_lacks();
	if (!n)
		return;
	c.wanted = console_path(&c.wanted_len);
	c.made = handles_of(&text_guid, &c.made_n);
	add_ports(&c, handle, n, true);
	add_ports(&c, handle, n, false);
	if (c.wanted)
		pool_put(c.wanted);
	if (c.made)
		pool_put(c.made);
	pool_put(handle);
}

void ports_say_left(struct sink *people)
{
	if (ports_left)
		sink_printf(people, "parapatch: %u serial ports: nothing is written to "
				    "%u of them\n",
			    port_count + ports_left, ports_left);
}

bool ports_any(void)
{
	return port_count;
}

bool ports_have_console(void)
{
	return any_console;
}

void ports_put(const char *bytes, size_t len)
{
	for (unsigned i = 0; i < port_count; i++)
		if (ports[i].console || !any_console)
			port_put(&ports[i].port, bytes, len);
}

void ports_put_last(const char *bytes, size_t len)
{
	for (unsigned i = 0; i < port_count; i++)
		port_put_last(&ports[i].port, bytes, len);
}

void ports_say_lost(struct sink *people)
{
	for (unsigned i = 0; i < port_count; i++)
		if (ports[i].port.lost_bytes)
			sink_printf(people, "parapatch: serial port %u of %u did not "
					    "take %llu bytes in time; lines are missing there\n",
				    i + 1, port_count,
				    (unsigned long long)ports[i].port.lost_bytes);
}
