/* SPDX-License-Identifier: GPL-2.0-only */
/* Text to the screen and to the serial ports, see console.h. */
#include "console.h"
#include "firmware.h"
#include "lib/mem.h"
#include "ports.h"

/* Rows of the longest table that comes in one piece, that of plan ops, with its heading
 * and the lines that follow it until a key is asked for; on 80 columns.  Of 100 it takes
 * 31, and no mode has so many columns and fewer rows. */
#define ROWS_WANTED	42

/* A clean screen with room for the whole table: the text mode with the fewest
 * rows that are enough, else the one with the most; 80 columns at least. */
static void choose_screen(void)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = firmware.st->ConOut;
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

unsigned console_columns(void)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = firmware.st->ConOut;
	UINTN columns, rows;

	if (!out || EFI_ERROR(out->QueryMode(out, (UINTN)out->Mode->Mode, &columns, &rows)))
		return 80;
	return (unsigned)columns;
}

static bool serial_put(struct sink *s, const char *bytes, size_t len)
{
	(void)s;
	ports_put(bytes, len);
	return true;
}

static bool console_put(struct sink *s, const char *bytes, size_t len)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = firmware.st->ConOut;
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
	return ports_have_console() || serial_put(s, bytes, len);
}

static bool read_by_program;

void console_is_read(bool by_program)
{
	read_by_program = by_program;
}

/* What is for programs goes to ports, and to the screen never: but where there
 * is none (U-Boot has none for applications; its console is the UART) and a
 * program is to end the emulator, none but a program looks at the console. */
static bool program_put(struct sink *s, const char *bytes, size_t len)
{
	if (!ports_any() && read_by_program)
		return console_put(s, bytes, len);
	return serial_put(s, bytes, len);
}

/* The last line is for whoever listens, wherever that is. */
static bool last_put(struct sink *s, const char *bytes, size_t len)
{
	ports_put_last(bytes, len);
	return ports_any() || program_put(s, bytes, len);
}

static struct sink console_sink = { console_put, false, true };
static struct sink serial_sink = { program_put, false, true };
static struct sink last_sink = { last_put, false, true };
struct sink *const console = &console_sink;
struct sink *const serial = &serial_sink;
struct sink *const serial_last = &last_sink;

void console_open(void)
{
	choose_screen();
	ports_open();
	ports_say_left(console);
}

void console_progress(unsigned done, unsigned of, const char *what)
{
	char bar[41];
	unsigned full = of ? done * 40 / of : 40;

	memset(bar, '.', 40);
	memset(bar, '#', full);
	bar[40] = '\0';
	sink_printf(console, "\r[%s] %3u%%%s%s", bar, of ? done * 100 / of : 100, what,
		    done == of ? "\n" : "");
}

void console_key(void)
{
	SIMPLE_INPUT_INTERFACE *in = firmware.st->ConIn;
	EFI_INPUT_KEY key;
	UINTN i;

	if (!in)
		return;
	in->Reset(in, FALSE);
	firmware.bs->WaitForEvent(1, &in->WaitForKey, &i);
	in->ReadKeyStroke(in, &key);
}
