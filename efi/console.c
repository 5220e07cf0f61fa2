/* SPDX-License-Identifier: GPL-2.0-only */
/* Text to the screen and to the serial port, see app.h. */
#include "app.h"
#include "lib.h"

static EFI_GUID serial_guid = SERIAL_IO_PROTOCOL;
static EFI_GUID global_guid = EFI_GLOBAL_VARIABLE;

static SERIAL_IO_INTERFACE *port;	/* NULL: none */
static bool mirrored;			/* the console goes there by itself */

/* Is there a UART in the console's device path?  Source: UEFI Specification,
 * "Globally Defined Variables", "Device Path Protocol". */
static bool console_has_uart(void)
{
	static uint8_t path[1024];
	UINTN len = sizeof(path);
	UINTN at = 0;

	if (app.st->RuntimeServices->GetVariable((CHAR16 *)L"ConOut",
			&global_guid, NULL, &len, path) != EFI_SUCCESS)
		return false;
	while (at + 4 <= len) {
		UINTN node = path[at + 2] | (UINTN)path[at + 3] << 8;

		if (path[at] == MESSAGING_DEVICE_PATH && path[at + 1] == MSG_UART_DP)
			return true;
		if (node < 4)
			return false;
		at += node;
	}
	return false;
}

/* Rows that a default run prints. */
#define ROWS_WANTED	32

/* A clean screen with room for the whole table: the text mode with the fewest
 * rows that are enough, else the one with the most; 80 columns at least. */
static void choose_screen(void)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = app.st->ConOut;
	UINTN best = 0, best_rows = 0;

	if (!out)
		return;
	for (UINTN mode = 0; mode < (UINTN)out->Mode->MaxMode; mode++) {
		UINTN columns, rows;

		if (EFI_ERROR(out->QueryMode(out, mode, &columns, &rows))
		    || columns < 80)
			continue;
		if (best_rows < ROWS_WANTED ? rows > best_rows
		    : rows >= ROWS_WANTED && rows < best_rows) {
			best = mode;
			best_rows = rows;
		}
	}
	if (best_rows)
		out->SetMode(out, best);
	out->ClearScreen(out);
}

void console_open(void)
{
	void *found;

	choose_screen();

	if (app.bs->LocateProtocol(&serial_guid, NULL, &found) == EFI_SUCCESS)
		port = found;
	mirrored = port && console_has_uart();
}

static bool put_port(const char *bytes, size_t len)
{
	UINTN n = len;

	return !port || port->Write(port, &n, (void *)bytes) == EFI_SUCCESS;
}

/* A line feed needs a carriage return before it, in both directions. */
static bool serial_put(struct sink *s, const char *bytes, size_t len)
{
	(void)s;
	for (size_t i = 0; i < len; ) {
		size_t run = i;

		while (run < len && bytes[run] != '\n')
			run++;
		if (run > i && !put_port(bytes + i, run - i))
			return false;
		if (run < len && !put_port("\r\n", 2))
			return false;
		i = run + 1;
	}
	return true;
}

static bool console_put(struct sink *s, const char *bytes, size_t len)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = app.st->ConOut;
	CHAR16 wide[128];
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n')
			wide[n++] = '\r';
		wide[n++] = (CHAR16)(uint8_t)bytes[i];
		if (n < 126 && i + 1 < len)
			continue;
		wide[n] = 0;
		if (out)
			out->OutputString(out, wide);
		n = 0;
	}
	/* A port that fails must not silence the screen, nor delay every line. */
	if (!mirrored && !serial_put(s, bytes, len))
		port = NULL;
	return true;
}

/* What is for programs goes to the port, and to the screen never: but where there
 * is no port (U-Boot has none for applications; its console is the UART) and a
 * program is to end the emulator, none but a program looks at the console. */
static bool program_put(struct sink *s, const char *bytes, size_t len)
{
	bool emulator = app.config.exit == EXIT_DEBUG
		|| app.config.exit == EXIT_BOCHS;

	if (!port && emulator)
		return console_put(s, bytes, len);
	return serial_put(s, bytes, len);
}

static struct sink console_sink = { console_put, false };
static struct sink serial_sink = { program_put, false };
struct sink *const console = &console_sink;
struct sink *const serial = &serial_sink;

void console_progress(unsigned done, unsigned of)
{
	char bar[41];
	unsigned full = of ? done * 40 / of : 40;

	memset(bar, '.', 40);
	memset(bar, '#', full);
	bar[40] = '\0';
	sink_printf(console, "\r[%s] %3u%%%s", bar, of ? done * 100 / of : 100,
		    done == of ? "\n" : "");
}

void console_key(void)
{
	SIMPLE_INPUT_INTERFACE *in = app.st->ConIn;
	EFI_INPUT_KEY key;
	UINTN i;

	if (!in)
		return;
	in->Reset(in, FALSE);
	app.bs->WaitForEvent(1, &in->WaitForKey, &i);
	in->ReadKeyStroke(in, &key);
}
