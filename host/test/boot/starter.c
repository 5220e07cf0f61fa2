/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A UEFI application that starts \EFI\PARAPATCH.EFI on a firmware whose ports, or whose
 * volume, are as a file \HOW says, a word:
 *
 * COM1, its Write() wrapped:
 *   half     once writes half, and returns EFI_TIMEOUT
 *   short    takes all but the last byte, and returns EFI_SUCCESS
 *   error    every seventh time EFI_DEVICE_ERROR, nothing taken, the length as it was
 *   never    EFI_DEVICE_ERROR, always
 *   hundred  a hundred times EFI_DEVICE_ERROR, then it works
 *   stall    a second each, then it works
 *   dead     a second each, then EFI_TIMEOUT
 * Other ports, which write to I/O port 402h:
 *   more     one that the console is not on
 *   alone    the same, and the console is taken off COM1, ConOut still has it
 *   many     twenty
 *   twice    COM1's protocol on another handle too
 *   none     there is none: COM1's handle loses the protocol
 *   long     ConOut has a hundred screens before the ports
 * What the image comes from:
 *   memory   no device: loaded from memory
 *   names    a volume that takes no name of a report: EFI_INVALID_PARAMETER
 *   once     a file that was closed can not be opened to be written
 *   stays    a file that cannot be deleted
 *
 * A file \STATE has words of another state of the CPU, see cpu_state.h.
 *
 * A file \OPTIONS, of UTF-16 words, is what the image gets for its load options.
 *
 * With "memory" the firmware's keyboard always has a key.  What the application
 * returned is said in a line, "starter: returned ..."; the application ends the
 * machine itself where its configuration says so.
 */
#include <efi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cpu_state.h"
#include "hand_over.h"

static EFI_GUID serial_guid = SERIAL_IO_PROTOCOL;
static EFI_GUID path_guid = DEVICE_PATH_PROTOCOL;
static EFI_GUID volume_guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;

static void out32(uint16_t port, uint32_t v)
{
	asm volatile("outl %0, %1" : : "a" (v), "Nd" (port));
}

static void out8(uint16_t port, uint8_t v)
{
	asm volatile("outb %0, %1" : : "a" (v), "Nd" (port));
}

static void __attribute__((noreturn)) end(uint32_t word)
{
	out32(0xf4, word);
	for (;;)
		asm volatile("cli; hlt");
}

static void __attribute__((noreturn)) fail(const char *why)
{
	say("\r\nstarter: ");
	say(why);
	say("\r\n");
	end(0x11);
}

/* Of a row of words: is it this one? */
static bool is(const char *word, const char *other)
{
	while (*word && *word == *other)
		word++, other++;
	return !*word && !*other;
}

/* COM1. */

static SERIAL_IO_INTERFACE *com1;
static EFI_HANDLE com1_handle;
static EFI_STATUS (EFIAPI *real_write)(SERIAL_IO_INTERFACE *, UINTN *, VOID *);
static unsigned writes;
static char how[16];

static EFI_STATUS take(SERIAL_IO_INTERFACE *io, UINTN *len, void *bytes, UINTN n,
		       EFI_STATUS then)
{
	EFI_STATUS status = n ? real_write(io, &n, bytes) : EFI_SUCCESS;

	*len = n;
	return status == EFI_SUCCESS ? then : status;
}

static EFI_STATUS EFIAPI write_as(SERIAL_IO_INTERFACE *io, UINTN *len, VOID *bytes)
{
	writes++;
	if (is(how, "half") && writes == 200)
		return take(io, len, bytes, *len / 2, EFI_TIMEOUT);
	if (is(how, "short") && *len > 1)
		return take(io, len, bytes, *len - 1, EFI_SUCCESS);
	if (is(how, "never") || (is(how, "hundred") && writes <= 100)
	    || (is(how, "error") && writes % 7 == 0))
		return EFI_DEVICE_ERROR;
	if (is(how, "stall") || is(how, "dead"))
		bs->Stall(1000000);
	if (is(how, "dead"))
		return take(io, len, bytes, 0, EFI_TIMEOUT);
	return real_write(io, len, bytes);
}

/* The application gets a copy, by these; the console's driver keeps what it has. */
static SERIAL_IO_INTERFACE wrapped;
static EFI_HANDLE_PROTOCOL real_handle;
static EFI_LOCATE_PROTOCOL real_locate;

static EFI_STATUS wrap_it(EFI_STATUS status, void **it)
{
	if (status == EFI_SUCCESS && *it == com1)
		*it = &wrapped;
	return status;
}

static EFI_STATUS EFIAPI handle_protocol(EFI_HANDLE handle, EFI_GUID *guid, void **it)
{
	return wrap_it(real_handle(handle, guid, it), it);
}

static EFI_STATUS EFIAPI locate_protocol(EFI_GUID *guid, void *key, void **it)
{
	return wrap_it(real_locate(guid, key, it), it);
}

static EFI_STATUS EFIAPI write_wrapped(SERIAL_IO_INTERFACE *io, UINTN *len, VOID *bytes)
{
	(void)io;
	return write_as(com1, len, bytes);
}

static void wrap(void)
{
	wrapped = *com1;
	wrapped.Write = write_wrapped;
	real_write = com1->Write;
	real_handle = bs->HandleProtocol;
	real_locate = bs->LocateProtocol;
	bs->HandleProtocol = handle_protocol;
	bs->LocateProtocol = locate_protocol;
}

/* Other ports. */

static EFI_STATUS EFIAPI write_debug(SERIAL_IO_INTERFACE *io, UINTN *len, VOID *bytes)
{
	const uint8_t *p = bytes;

	(void)io;
	for (UINTN i = 0; i < *len; i++)
		out8(0x402, p[i]);
	return EFI_SUCCESS;
}

static void add_port(unsigned n)
{
	static const uint8_t path[27] = {
		1, 4, 4, 0,				/* hardware, without data */
		3, 14, 19, 0, 0, 0, 0, 0, 0, 0xc2, 1, 0, 0, 0, 0, 0, 8, 1, 1,
		0x7f, 0xff, 4, 0,
	};
	static SERIAL_IO_INTERFACE io[20];
	static uint8_t paths[20][31];
	EFI_HANDLE handle = NULL;

	memcpy(paths[n], (uint8_t[]){ 1, 5, 8, 0, (uint8_t)n, 0, 0, 0 }, 8);
	memcpy(paths[n] + 8, path + 4, sizeof(path) - 4);
	io[n] = *com1;
	io[n].Write = write_debug;
	bs->InstallProtocolInterface(&handle, &path_guid, EFI_NATIVE_INTERFACE, paths[n]);
	if (bs->InstallProtocolInterface(&handle, &serial_guid, EFI_NATIVE_INTERFACE, &io[n])
	    != EFI_SUCCESS)
		fail("a port cannot be made");
}

static void find_com1(void)
{
	EFI_HANDLE *handle;
	UINTN n;

	if (bs->LocateHandleBuffer(ByProtocol, &serial_guid, NULL, &n, &handle) != EFI_SUCCESS
	    || bs->HandleProtocol(handle[0], &serial_guid, (void **)&com1) != EFI_SUCCESS)
		fail("there is no serial port");
	com1_handle = handle[0];
}

static void lose_console(void)
{
	if (bs->DisconnectController(com1_handle, NULL, NULL) != EFI_SUCCESS)
		fail("the console stays on COM1");
}

/* ConOut as it is, behind a hundred screens. */
static void lengthen_conout(void)
{
	static EFI_GUID global = EFI_GLOBAL_VARIABLE;
	static const uint8_t screen[] = { 2, 1, 12, 0, 0xd0, 0x41, 3, 10, 9, 0, 0, 0,
					  2, 3, 8, 0, 0, 1, 1, 0x80, 0x7f, 1, 4, 0 };
	static uint8_t path[100 * sizeof(screen) + 1024];
	UINTN len = 1024;

	for (unsigned i = 0; i < 100; i++)
		memcpy(path + i * sizeof(screen), screen, sizeof(screen));
	if (st->RuntimeServices->GetVariable(L"ConOut", &global, NULL, &len,
					     path + 100 * sizeof(screen)) != EFI_SUCCESS
	    || st->RuntimeServices->SetVariable(L"ConOut", &global, 7,
						100 * sizeof(screen) + len, path) != EFI_SUCCESS)
		fail("ConOut cannot be made longer");
}

static void make_ports(void)
{
	EFI_HANDLE handle = NULL;

	if (is(how, "more") || is(how, "alone"))
		add_port(0);
	if (is(how, "alone"))
		lose_console();
	for (unsigned i = 0; i < 20 && is(how, "many"); i++)
		add_port(i);
	if (is(how, "twice"))
		bs->InstallProtocolInterface(&handle, &serial_guid, EFI_NATIVE_INTERFACE, com1);
	if (is(how, "long"))
		lengthen_conout();
	if (is(how, "none")) {
		lose_console();
		bs->UninstallProtocolInterface(com1_handle, &serial_guid, com1);
		say("starter: no port\r\n");
	}
}

/* The volume. */

static EFI_LOADED_IMAGE *loaded(EFI_HANDLE handle)
{
	EFI_LOADED_IMAGE *image = image_of(handle);

	if (!image)
		fail("there is no such image");
	return image;
}

static EFI_FILE_HANDLE open_root(EFI_HANDLE device)
{
	EFI_FILE_IO_INTERFACE *volume;
	EFI_FILE_HANDLE root;

	if (bs->HandleProtocol(device, &volume_guid, (void **)&volume) != EFI_SUCCESS
	    || volume->OpenVolume(volume, &root) != EFI_SUCCESS)
		fail("the stick cannot be read");
	return root;
}

/* A whole file; 0: there is none. */
static UINTN read_file(EFI_HANDLE device, const CHAR16 *path, void *to, UINTN room)
{
	EFI_FILE_HANDLE root = open_root(device), file;

	if (root->Open(root, &file, (CHAR16 *)path, EFI_FILE_MODE_READ, 0) != EFI_SUCCESS
	    || file->Read(file, &room, to) != EFI_SUCCESS)
		return 0;
	file->Close(file);
	root->Close(root);
	return room;
}

static EFI_FILE_OPEN real_open;
static EFI_FILE_IO_INTERFACE *volume;
static EFI_STATUS (EFIAPI *real_open_volume)(EFI_FILE_IO_INTERFACE *, EFI_FILE_HANDLE *);

static bool is_report(const CHAR16 *name)
{
	UINTN n = 0;

	while (name[n])
		n++;
	return n > 5 && name[n - 5] == '.' && name[n - 4] == 'j';
}

static EFI_STATUS EFIAPI delete_not(EFI_FILE_HANDLE f)
{
	f->Close(f);
	return EFI_WARN_DELETE_FAILURE;
}

static EFI_STATUS EFIAPI open_as(EFI_FILE_HANDLE root, EFI_FILE_HANDLE *file, CHAR16 *name,
				 UINT64 mode, UINT64 attributes)
{
	EFI_STATUS status;

	if (is_report(name) && is(how, "names"))
		return EFI_INVALID_PARAMETER;
	if (is_report(name) && is(how, "once") && (mode & EFI_FILE_MODE_WRITE)
	    && !(mode & EFI_FILE_MODE_CREATE))
		return EFI_ACCESS_DENIED;
	status = real_open(root, file, name, mode, attributes);
	if (status == EFI_SUCCESS && is_report(name) && is(how, "stays"))
		(*file)->Delete = delete_not;
	return status;
}

static EFI_STATUS EFIAPI open_volume(EFI_FILE_IO_INTERFACE *v, EFI_FILE_HANDLE *root)
{
	EFI_STATUS status = real_open_volume(v, root);

	if (status == EFI_SUCCESS) {
		real_open = (*root)->Open;
		(*root)->Open = open_as;
	}
	return status;
}

static void wrap_volume(EFI_HANDLE device)
{
	if (bs->HandleProtocol(device, &volume_guid, (void **)&volume) != EFI_SUCCESS)
		fail("the stick cannot be read");
	real_open_volume = volume->OpenVolume;
	volume->OpenVolume = open_volume;
}

static EFI_STATUS EFIAPI key_pressed(SIMPLE_INPUT_INTERFACE *in, EFI_INPUT_KEY *key)
{
	(void)in;
	*key = (EFI_INPUT_KEY){ 0, 'q' };
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI no_reset(SIMPLE_INPUT_INTERFACE *in, BOOLEAN all)
{
	(void)in, (void)all;
	return EFI_SUCCESS;
}

static void EFIAPI signal(EFI_EVENT event, void *ctx)
{
	(void)ctx;
	bs->SignalEvent(event);
}

/* A keyboard that always has a key. */
static void press_keys(void)
{
	static SIMPLE_INPUT_INTERFACE in = { no_reset, key_pressed, NULL };

	if (bs->CreateEvent(EVT_NOTIFY_WAIT, TPL_CALLBACK, signal, NULL, &in.WaitForKey)
	    != EFI_SUCCESS)
		fail("there is no event");
	st->ConIn = &in;
}

#define IMAGE_MAX	(4u << 20)

static EFI_HANDLE load(EFI_HANDLE device, bool from_memory)
{
	static uint8_t path[2 * PATH_MOST];
	uint8_t *to = copy_path(device, path);
	EFI_HANDLE handle;
	EFI_STATUS status;
	void *image;
	UINTN len;

	if (bs->AllocatePool(EfiLoaderData, IMAGE_MAX, &image) != EFI_SUCCESS)
		fail("no memory");
	len = read_file(device, L"\\EFI\\PARAPATCH.EFI", image, IMAGE_MAX);
	if (!to)
		fail("the stick has no device path");
	memcpy(to, path_end, sizeof(path_end));
	status = bs->LoadImage(FALSE, self, from_memory ? NULL : (EFI_DEVICE_PATH *)path,
			       image, len, &handle);
	if (!len || status != EFI_SUCCESS)
		fail("\\EFI\\PARAPATCH.EFI is not loaded");
	if (!from_memory && loaded(handle)->DeviceHandle != device)
		loaded(handle)->DeviceHandle = device;
	return handle;
}

/* In another state of the CPU, where the stick asks for one. */
static EFI_STATUS start(EFI_HANDLE device, EFI_HANDLE child)
{
	static char words[64];
	static struct cpu_state before, after;
	EFI_STATUS status;

	if (!read_file(device, L"\\STATE", words, sizeof(words) - 1))
		return bs->StartImage(child, NULL, NULL);
	state_make(words);
	state_read(&before);
	status = bs->StartImage(child, NULL, NULL);
	state_read(&after);
	state_compare(&before, &after);
	return status;
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	static uint8_t options[512];
	EFI_HANDLE device, child;
	EFI_STATUS status;
	UINTN n;

	self = image;
	st = table;
	bs = table->BootServices;
	device = loaded(image)->DeviceHandle;
	n = read_file(device, L"\\HOW", how, sizeof(how) - 1);
	while (n && how[n - 1] <= ' ')
		n--;
	how[n] = '\0';
	say("starter: ");
	say(how);
	say("\r\n");
	find_com1();
	child = load(device, is(how, "memory"));
	loaded(child)->LoadOptionsSize = (UINT32)read_file(
		device, L"\\OPTIONS", options, sizeof(options));
	loaded(child)->LoadOptions = options;
	if (is(how, "memory"))
		press_keys();
	wrap_volume(device);
	make_ports();
	wrap();
	status = start(device, child);
	say(status == EFI_SUCCESS ? "starter: returned success\r\n"
	    : status == EFI_ABORTED ? "starter: returned aborted\r\n"
	    : "starter: returned something else\r\n");
	end(0x10);
}
