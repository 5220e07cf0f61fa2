/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A UEFI application that stands in for stricter firmware than there is here: it
 * starts \EFI\PARAPATCH.EFI as such a firmware would, and looks afterwards whether
 * everything is as it was.
 *
 * Where the CPU has no control-flow enforcement: every section of the image is
 * mapped with the rights it has in the file, new code pages are not executable,
 * and EFI_MEMORY_ATTRIBUTE_PROTOCOL is there, but not if there is a file \NOPROTO;
 * if there is one \REFUSE it refuses every change.  After each of its calls no page of
 * the image's or of its code's may be both writable and executable, and at the end
 * no read-only page of the image may be dirty: with shadow stacks it would be one.
 * With \REFUSE it does not say either whether Secure Boot is on.
 *
 * With \LOOSE the image is mapped writable and executable as a whole, and the protocol
 * is there: its text must not be so any more when the first code pages are asked for.
 * With \STUCK so are code pages, and the protocol makes nothing writable and executable
 * at once, not even what was: that must be told by how the application ends, and those
 * code pages may not come back.
 *
 * With \STRIPES every other page of the text may be stored to, from the first on.
 *
 * With \TRAP, which holds the address of op_trap() in the image, an op that may not be
 * called is called when there are pages for bodies: all memory must be free at Exit(), and
 * IDTR as it was.  Where it holds 1 none is: one that is timed comes to that by itself.
 *
 * With \PAE, on ia32, paging is off, and CR4.PAE has been left set.
 *
 * If there is a file \NOAPS other CPUs are not lent; where it begins with E, only not
 * without waiting; with C, they are not counted; with 1, they are lent once; with R, S, N,
 * W or D, CPU 2 alone is not as it should be, see start_some().  Page tables that were lent
 * must be given back at the end.
 *
 * With \ROGDT the GDT is on a read-only page, and no segment of it is marked as accessed:
 * it may not be stored to, and must be in force again at the end.
 *
 * With \X2APIC the local APIC is in x2APIC mode.
 *
 * With \ONESHOT the timer of the local APIC has had its one shot, and is masked: it must
 * stand still at the end.
 *
 * With \TSS TR holds a TSS, and LDTR an LDT: both must at the end, by the same GDT.
 *
 * Where it has: CR4.CET is set, with indirect branch tracking and, where there is
 * paging, a shadow stack.
 *
 * Its last line is "standin: ok ..." or what is wrong; then it ends the machine.
 *
 * Source: as of attributes.h, paging.h; Microsoft, "PE Format"; Intel SDM Vol. 1,
 * "Control-flow Enforcement Technology (CET)"; Vol. 2, "SETSSBSY"; Vol. 3A,
 * "Extended XAPIC (x2APIC)".
 */
#include <efi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cpu/control.h"
#include "firmware/attributes.h"
#include "arch.h"
#include "hand_over.h"
#include "machine/paging.h"

/* Words. */

static void say_number(const char *before, uint64_t v)
{
	char digits[20];
	size_t n = sizeof(digits);

	digits[--n] = '\0';
	do
		digits[--n] = "0123456789abcdef"[v & 15];
	while ((v >>= 4) && n);
	say(before);
	say(&digits[n]);
}

static void __attribute__((noreturn)) end(bool good)
{
	asm volatile("outl %0, %w1" : : "a" (good ? 0x10 : 0x11), "Nd" (0xf4));
	for (const char *s = "Shutdown"; *s; s++)
		asm volatile("outb %0, %w1" : : "a" (*s), "d" (0x8900));
	for (;;)
		asm volatile("cli; hlt");
}

static void __attribute__((noreturn)) fail(const char *why, uint64_t where)
{
	say("\r\nstandin: ");
	say(why);
	say_number(" 0x", where);
	say("\r\n");
	end(false);
}

/* The CPU. */

static uint64_t rdmsr(uint32_t msr)
{
	uint32_t lo, hi;

	asm volatile("rdmsr" : "=a" (lo), "=d" (hi) : "c" (msr));
	return (uint64_t)hi << 32 | lo;
}

static void wrmsr(uint32_t msr, uint64_t v)
{
	asm volatile("wrmsr" : : "a" ((uint32_t)v), "d" ((uint32_t)(v >> 32)),
		     "c" (msr) : "memory");
}

static void cpuid(uint32_t leaf, uint32_t r[4])
{
	asm volatile("cpuid" : "=a" (r[0]), "=b" (r[1]), "=c" (r[2]), "=d" (r[3])
		     : "0" (leaf), "2" (0));
}

#define MSR_EFER	0xc0000080
#define EFER_NXE	PAGING_EFER_NXE

static struct paging paging(void)
{
	const struct paging_registers r = {
		cpu_cr0(), cpu_cr3(), cpu_cr4(), rdmsr(MSR_EFER) };

	return paging_of(&r);
}

/* Pages, for tables and for notes of what was changed: never taken back. */
#define TABLES	64
static uint8_t tables[TABLES][4096] __attribute__((aligned(4096)));
static unsigned tables_used;
static struct paging_change changes[4096];

/* Gives pages rights, whoever has mapped the tables read-only. */
static const char *protect(uint64_t at, uint64_t len, unsigned want, bool clean)
{
	const struct paging p = paging();
	struct paging_loan l = {
		.change = changes, .room = sizeof(changes) / sizeof(changes[0]),
		.table = tables[tables_used], .tables = TABLES - tables_used,
	};
	unsigned long cr0 = cpu_cr0();
	const char *why;

	cpu_set_cr0(cr0 & ~PAGING_CR0_WP);
	why = paging_lend(&p, &l, at, len, want);
	if (clean)
		paging_clean(&p, at, len);
	cpu_set_cr0(cr0);
	cpu_set_cr4(cpu_cr4() ^ 0x80);		/* PGE: all translations go */
	cpu_set_cr4(cpu_cr4() ^ 0x80);
	cpu_set_cr3(cpu_cr3());
	tables_used = TABLES - (unsigned)l.tables;
	return why;
}

/* Paging on, and execution can be forbidden: ia32 firmware may have it off. */
static void prepare_paging(void)
{
	static uint64_t pdpt[4] __attribute__((aligned(32)));
	static uint64_t pd[4][512] __attribute__((aligned(4096)));

	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE);
	if (cpu_cr0() & PAGING_CR0_PG) {
		cpu_set_cr0(cpu_cr0() | PAGING_CR0_WP);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		for (unsigned k = 0; k < 512; k++)
			pd[i][k] = (uint64_t)(i * 512 + k) << 21 | 0x83;
		pdpt[i] = (uintptr_t)pd[i] | 1;
	}
	cpu_set_cr3((uintptr_t)pdpt);
	cpu_set_cr4(cpu_cr4() | 1 << 5);
	cpu_set_cr0(cpu_cr0() | PAGING_CR0_PG | PAGING_CR0_WP);
}

/* The image and its code: what W^X is asked of. */

#define AREAS	16
static struct area {
	uint64_t at, len, attributes;
	bool there, text;
} areas[AREAS];

static unsigned gets, sets, clears, released;
static uint64_t pages_changed;		/* by all calls together */
static bool refuses, loose, stuck, striped, no_aps;
static char not_lent;			/* how they are not, see keep_aps() */
#define TRAPS_BY_ITSELF	1
static uint32_t trap;			/* op_trap() in the image; 0: none */
static uint8_t *image_base;

static uint64_t attributes_of(const struct paging *p, uint64_t at)
{
	const struct paging_page page = paging_look(p, at);

	if (!page.mapped)
		fail("a page is not mapped:", at);
	return (page.writable ? 0 : ATTRIBUTE_RO)
		| (page.executable ? 0 : ATTRIBUTE_XP);
}

static void check_w_xor_x(void)
{
	const struct paging p = paging();

	for (struct area *a = areas; a < areas + AREAS; a++)
		for (uint64_t k = 0; a->there && k < a->len; k += 4096)
			if (a->attributes && !attributes_of(&p, a->at + k))
				fail("a page is writable and executable:", a->at + k);
}

/* Of what was mapped loosely. */
static void check_text(void)
{
	const struct paging p = paging();

	for (struct area *a = areas; a < areas + AREAS; a++)
		for (uint64_t k = 0; a->there && a->text && k < a->len; k += 4096)
			if (!attributes_of(&p, a->at + k))
				fail("text is still writable and executable:", a->at + k);
}

/* Every other page of what may be executed. */
static void stripe_text(void)
{
	for (struct area *a = areas; a < areas + AREAS; a++)
		for (uint64_t k = 0; a->there && !(a->attributes & ATTRIBUTE_XP)
		     && k < a->len; k += 2 * 4096)
			protect(a->at + k, 4096, PAGING_WRITABLE, true);
}

static void check_as_given(const struct area *a)
{
	const struct paging p = paging();

	for (uint64_t k = 0; k < a->len; k += 4096)
		if (attributes_of(&p, a->at + k) != a->attributes)
			fail("a page was not put back:", a->at + k);
		else if ((a->attributes & ATTRIBUTE_RO) && paging_look(&p, a->at + k).dirty)
			fail("a read-only page was left dirty:", a->at + k);
}

static void add_area(uint64_t at, uint64_t len, uint64_t attributes, bool text)
{
	const unsigned want = (attributes & ATTRIBUTE_RO ? PAGING_READONLY : PAGING_WRITABLE)
		| (attributes & ATTRIBUTE_XP ? PAGING_NO_EXECUTE : PAGING_EXECUTABLE);
	struct area *a = areas;
	const char *why = protect(at, len, want, true);

	if (why)
		fail(why, at);
	while (a < areas + AREAS && a->there)
		a++;
	if (a == areas + AREAS)
		fail("too many areas:", at);
	*a = (struct area){ at, len, attributes, true, text };
}

/* A GDT that cannot be stored to: the one in force, on a read-only page, with no
 * segment marked as accessed. */

struct gdtr {
	uint16_t limit;
	unsigned long base;
} __attribute__((packed));

#define GDT_DATA_OR_CODE	((uint64_t)9 << 44)	/* present, a segment */
#define GDT_MARK		((uint64_t)1 << 40)

/* Nobody here has handlers that begin with ENDBR, or that load no segment: no interrupt
 * may come while CET is on, or where the GDT cannot be stored to. */
static void silence(void)
{
	volatile uint32_t *timer = (volatile uint32_t *)(uintptr_t)
		((rdmsr(0x1b) & 0xfffff000) + 0x320);

	asm volatile("cli");
	*timer |= 1 << 16;
	asm volatile("outb %0, $0x21; outb %0, $0xa1" : : "a" ((uint8_t)0xff));
}

static bool rom_gdt;
static uint64_t bare_gdt[512] __attribute__((aligned(4096)));
static uint64_t bare_as_made[512];

static void lend_rom_gdt(void)
{
	struct gdtr r;
	const char *why;

	silence();
	asm volatile("sgdt %0" : "=m" (r));
	if (r.limit >= sizeof(bare_gdt))
		fail("the GDT is too long:", r.limit);
	memcpy(bare_gdt, (const void *)r.base, r.limit + 1u);
	for (unsigned i = 0; i < 512; i++)
		if ((bare_gdt[i] & GDT_DATA_OR_CODE) == GDT_DATA_OR_CODE)
			bare_gdt[i] &= ~GDT_MARK;
	memcpy(bare_as_made, bare_gdt, sizeof(bare_gdt));
	why = protect((uintptr_t)bare_gdt, sizeof(bare_gdt), PAGING_READONLY, true);
	if (why)
		fail(why, (uintptr_t)bare_gdt);
	r.base = (uintptr_t)bare_gdt;
	asm volatile("lgdt %0" : : "m" (r));
}

static void check_rom_gdt(void)
{
	const struct paging p = paging();
	struct gdtr r;

	asm volatile("sgdt %0" : "=m" (r));
	if (r.base != (uintptr_t)bare_gdt)
		fail("the GDT was not put back:", r.base);
	for (unsigned i = 0; i < 512; i++)
		if (bare_gdt[i] != bare_as_made[i])
			fail("the GDT was stored to, slot", i);
	if (paging_look(&p, (uintptr_t)bare_gdt).dirty)
		fail("the GDT's page is dirty:", (uintptr_t)bare_gdt);
}

/* The protocol. */

static EFI_STATUS EFIAPI get(struct attribute_protocol *p,
			     EFI_PHYSICAL_ADDRESS base, UINT64 len, UINT64 *out)
{
	const struct paging now = paging();

	(void)p;
	gets++;
	*out = attributes_of(&now, base);
	for (uint64_t k = 0; k < len; k += 4096)
		if (attributes_of(&now, base + k) != *out)
			return EFI_NO_MAPPING;
	return EFI_SUCCESS;
}

/* Would a page be writable and executable? */
static bool would_be_both(uint64_t base, uint64_t len, unsigned want)
{
	const struct paging p = paging();

	for (uint64_t k = 0; k < len; k += 4096) {
		const struct paging_page page = paging_look(&p, base + k);

		if ((page.writable || want & PAGING_WRITABLE)
		    && (page.executable || want & PAGING_EXECUTABLE)
		    && !(want & (PAGING_READONLY | PAGING_NO_EXECUTE)))
			return true;
	}
	return false;
}

/* As a firmware may do, it comes back with interrupts on. */
static EFI_STATUS change(uint64_t base, uint64_t len, unsigned want)
{
	if (refuses || (stuck && would_be_both(base, len, want)) || base % 4096
	    || len % 4096 || !len || protect(base, len, want, false))
		return EFI_UNSUPPORTED;
	pages_changed += len / 4096;
	check_w_xor_x();
	asm volatile("sti");
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI set(struct attribute_protocol *p,
			     EFI_PHYSICAL_ADDRESS base, UINT64 len, UINT64 a)
{
	(void)p;
	sets++;
	return change(base, len, (a & ATTRIBUTE_RO ? PAGING_READONLY : 0)
		      | (a & ATTRIBUTE_XP ? PAGING_NO_EXECUTE : 0));
}

static EFI_STATUS EFIAPI clear(struct attribute_protocol *p,
			       EFI_PHYSICAL_ADDRESS base, UINT64 len, UINT64 a)
{
	(void)p;
	clears++;
	return change(base, len, (a & ATTRIBUTE_RO ? PAGING_WRITABLE : 0)
		      | (a & ATTRIBUTE_XP ? PAGING_EXECUTABLE : 0));
}

static struct attribute_protocol protocol = { get, set, clear };

/* New code is not executable, and goes back as it came. */

static EFI_ALLOCATE_PAGES real_allocate;
static EFI_FREE_PAGES real_free;

/* Page tables of the application's: they are the only such memory that it asks for. */
#define LENT	64
static EFI_PHYSICAL_ADDRESS lent[LENT];

/* Puts @to where @from is, 0 being nothing. */
static void note_lent(EFI_PHYSICAL_ADDRESS from, EFI_PHYSICAL_ADDRESS to)
{
	for (unsigned i = 0; i < LENT; i++)
		if (lent[i] == from) {
			lent[i] = to;
			return;
		}
	if (!from)
		fail("too many page tables:", to);
}

static void check_lent(void)
{
	for (unsigned i = 0; i < LENT; i++)
		if (lent[i])
			fail("page tables were not given back:", lent[i]);
}

static EFI_STATUS EFIAPI allocate(EFI_ALLOCATE_TYPE how, EFI_MEMORY_TYPE type,
				  UINTN pages, EFI_PHYSICAL_ADDRESS *at)
{
	EFI_STATUS status;

	/* Behind the code there is data for it. */
	if (type == EfiLoaderData && trap > TRAPS_BY_ITSELF)
		((void (*)(unsigned))(uintptr_t)(image_base + trap))(0);
	status = real_allocate(how, type, pages, at);
	if (status == EFI_SUCCESS && type == EfiBootServicesData
	    && how == AllocateMaxAddress)
		note_lent(0, *at);
	if (status == EFI_SUCCESS && type == EfiLoaderCode) {
		add_area(*at, pages * 4096, stuck ? 0 : ATTRIBUTE_XP, stuck);
		if (loose && !stuck)
			check_text();
	}
	return status;
}

static EFI_STATUS EFIAPI release(EFI_PHYSICAL_ADDRESS at, UINTN pages)
{
	for (struct area *a = areas; a < areas + AREAS; a++) {
		if (!a->there || a->at != at)
			continue;
		check_as_given(a);
		protect(a->at, a->len, PAGING_WRITABLE | PAGING_EXECUTABLE, false);
		a->there = false;
		released++;
	}
	note_lent(at, 0);
	return real_free(at, pages);
}

/* What is the application's, by the firmware's map. */
static uint64_t loader_pages(void)
{
	static uint8_t map[65536] __attribute__((aligned(16)));
	UINTN len = sizeof(map), key, one;
	UINT32 version;
	uint64_t pages = 0;

	if (bs->GetMemoryMap(&len, (EFI_MEMORY_DESCRIPTOR *)map, &key, &one, &version)
	    != EFI_SUCCESS)
		fail("the memory map is too large:", len);
	for (UINTN i = 0; i < len; i += one) {
		const EFI_MEMORY_DESCRIPTOR *d = (const void *)(map + i);

		if (d->Type == EfiLoaderCode || d->Type == EfiLoaderData)
			pages += d->NumberOfPages;
	}
	return pages;
}

static uint64_t pages_before;
static struct gdtr idtr_before;

static struct gdtr idtr_now(void)
{
	struct gdtr r;

	asm volatile("sidt %0" : "=m" (r));
	return r;
}

static void check_idtr(void)
{
	const struct gdtr now = idtr_now();

	if (now.base != idtr_before.base || now.limit != idtr_before.limit)
		fail("IDTR was not put back:", now.base);
}

static EFI_STATUS EFIAPI exit_here(EFI_HANDLE image, EFI_STATUS status, UINTN len,
				   CHAR16 *words)
{
	const uint64_t pages = loader_pages();

	(void)image, (void)len, (void)words;
	if (!trap || status != EFI_UNSUPPORTED)
		fail("Exit() was called with", status);
	check_idtr();
	if (!released)
		fail("no page of code was given back", 0);
	if (pages != pages_before)
		fail("pages more than before at Exit():", pages - pages_before);
	say("\r\nstandin: ok trap\r\n");
	end(true);
}

static EFI_GET_VARIABLE real_variable;

static EFI_STATUS EFIAPI variable(CHAR16 *name, EFI_GUID *guid, UINT32 *attributes,
				  UINTN *len, void *value)
{
	static const CHAR16 secure_boot[] = L"SecureBoot";

	if (!memcmp(name, secure_boot, sizeof(secure_boot)))
		return EFI_DEVICE_ERROR;
	return real_variable(name, guid, attributes, len, value);
}

/* The image. */

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16
		| (uint32_t)p[3] << 24;
}

static const uint8_t *pe_of(const EFI_LOADED_IMAGE *image)
{
	const uint8_t *base = image->ImageBase;

	return base + get32(base + 0x3c);
}

static void protect_image(const EFI_LOADED_IMAGE *image)
{
	const uint8_t *pe = pe_of(image);
	const uint8_t *s = pe + 24 + (pe[20] | pe[21] << 8);

	for (unsigned n = pe[6] | pe[7] << 8; n--; s += 40) {
		uint32_t flags = get32(s + 36);
		uint64_t len = (get32(s + 8) + 4095ull) & ~4095ull;

		add_area((uintptr_t)image->ImageBase + get32(s + 12), len, loose ? 0
			 : (flags & 0x80000000 ? 0 : ATTRIBUTE_RO)
			 | (flags & 0x20000000 ? 0 : ATTRIBUTE_XP),
			 flags & 0x20000000);
	}
}

static EFI_STATUS open_file(EFI_HANDLE device, const CHAR16 *path, UINT64 how,
			    EFI_FILE_HANDLE *file)
{
	static EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_FILE_IO_INTERFACE *volume;
	EFI_FILE_HANDLE root;
	EFI_STATUS status;

	if (bs->HandleProtocol(device, &guid, (void **)&volume) != EFI_SUCCESS
	    || volume->OpenVolume(volume, &root) != EFI_SUCCESS)
		fail("the stick cannot be read:", 0);
	status = root->Open(root, file, (CHAR16 *)path, how, 0);
	root->Close(root);
	return status;
}

static bool is_there(EFI_HANDLE device, const CHAR16 *path)
{
	EFI_FILE_HANDLE file;

	if (open_file(device, path, EFI_FILE_MODE_READ, &file) != EFI_SUCCESS)
		return false;
	file->Close(file);
	return true;
}

/* The number that a file holds, four bytes; 0: there is no such file. */
static uint32_t number_in(EFI_HANDLE device, const CHAR16 *path)
{
	EFI_FILE_HANDLE file;
	uint32_t v = 0;
	UINTN len = sizeof(v);

	if (open_file(device, path, EFI_FILE_MODE_READ, &file) != EFI_SUCCESS)
		return 0;
	if (file->Read(file, &len, &v) != EFI_SUCCESS)
		v = 0;
	file->Close(file);
	return v;
}

/* The application is to come back here. */
static void write_config(EFI_HANDLE device)
{
	char line[] = "\nexit = return\n";
	UINTN len = sizeof(line) - 1;
	EFI_FILE_HANDLE file;

	if (open_file(device, L"\\parapatch.cfg",
		      EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, &file) != EFI_SUCCESS
	    || file->SetPosition(file, UINT64_MAX) != EFI_SUCCESS
	    || file->Write(file, &len, line) != EFI_SUCCESS
	    || file->Close(file) != EFI_SUCCESS)
		fail("\\parapatch.cfg cannot be written:", 0);
}

static EFI_LOADED_IMAGE *loaded(EFI_HANDLE handle)
{
	EFI_LOADED_IMAGE *image = image_of(handle);

	if (!image)
		fail("there is no such image:", 0);
	return image;
}

/* The device's path and, behind it, a file's. */
static EFI_HANDLE load(EFI_HANDLE device)
{
	static const CHAR16 name[] = L"\\EFI\\PARAPATCH.EFI";
	static uint8_t path[2 * PATH_MOST];
	uint8_t node[4] = { 4, 4, 4 + sizeof(name), 0 };
	uint8_t *to = copy_path(device, path);
	EFI_HANDLE handle;
	EFI_STATUS status;

	if (!to)
		fail("the stick has no device path:", 0);
	memcpy(to, node, sizeof(node));
	memcpy(to + 4, name, sizeof(name));
	memcpy(to + 4 + sizeof(name), path_end, sizeof(path_end));
	status = bs->LoadImage(FALSE, self, (EFI_DEVICE_PATH *)path, NULL, 0, &handle);
	if (status != EFI_SUCCESS)
		fail("\\EFI\\PARAPATCH.EFI is not loaded:", status);
	return handle;
}

static uintptr_t entry_of(EFI_HANDLE child)
{
	const EFI_LOADED_IMAGE *image = loaded(child);

	return (uintptr_t)image->ImageBase + get32(pe_of(image) + 40);
}

/* The entry is called here: after StartImage() the image would be gone. */
static void run_strict(EFI_HANDLE child, bool with_protocol)
{
	const EFI_IMAGE_ENTRY_POINT entry = (EFI_IMAGE_ENTRY_POINT)entry_of(child);
	static EFI_GUID guid = ATTRIBUTE_PROTOCOL_GUID;
	EFI_HANDLE handle = NULL;
	EFI_STATUS status;

	prepare_paging();
	if (rom_gdt)
		lend_rom_gdt();
	protect_image(loaded(child));
	if (striped)
		stripe_text();
	if (with_protocol)
		bs->InstallProtocolInterface(&handle, &guid, EFI_NATIVE_INTERFACE,
					     &protocol);
	image_base = loaded(child)->ImageBase;
	real_variable = st->RuntimeServices->GetVariable;
	if (refuses)
		st->RuntimeServices->GetVariable = variable;
	bs->Exit = exit_here;
	pages_before = loader_pages();
	idtr_before = idtr_now();
	real_allocate = bs->AllocatePages;
	real_free = bs->FreePages;
	bs->AllocatePages = allocate;
	bs->FreePages = release;
	status = entry(child, st);
	if (status != (stuck || (no_aps && not_lent != 'D') ? EFI_ABORTED : EFI_SUCCESS))
		fail("the application ended with", status);
	for (unsigned i = 0; i < AREAS; i++)
		if (areas[i].there && !(stuck && areas[i].text))
			check_as_given(&areas[i]);
	if (!stuck)
		check_lent();
	check_idtr();
	if (rom_gdt)
		check_rom_gdt();
	if (with_protocol && (!gets || !sets || (!clears && !refuses)))
		fail("the protocol was not used", 0);
	if (!released != stuck)
		fail(stuck ? "pages of code that were not put back were given back"
		     : "no page of code was given back", released);
	say(stuck ? "\r\nstandin: ok stuck" : loose ? "\r\nstandin: ok loose"
	    : rom_gdt ? "\r\nstandin: ok gdt"
	    : with_protocol ? "\r\nstandin: ok protocol" : "\r\nstandin: ok strict");
	say_number(" gets=0x", gets);
	say_number(" sets=0x", sets);
	say_number(" clears=0x", clears);
	say_number(" pages=0x", pages_changed);
	say("\r\n");
}

/* Paging. */

#define CR4_KNOWN	(1ul << 4 | PAGING_CR4_PAE)	/* PSE, PAE */

static void run_without_paging(EFI_HANDLE child)
{
	const EFI_IMAGE_ENTRY_POINT entry = (EFI_IMAGE_ENTRY_POINT)entry_of(child);
	unsigned long cr4;
	EFI_STATUS status;

	cpu_set_cr0(cpu_cr0() & ~PAGING_CR0_PG);
	cpu_set_cr4(cpu_cr4() | PAGING_CR4_PAE);
	cr4 = cpu_cr4();
	status = entry(child, st);
	if (status != EFI_SUCCESS)
		fail("the application ended with", status);
	if (cpu_cr0() & PAGING_CR0_PG)
		fail("paging was left on:", cpu_cr0());
	if ((cpu_cr4() ^ cr4) & CR4_KNOWN)
		fail("CR4 was not put back:", cpu_cr4());
	say("\r\nstandin: ok pae\r\n");
}

/* Control-flow enforcement. */

#define MSR_S_CET	0x6a2
#define MSR_PL0_SSP	0x6a4
#define S_CET_SHSTK	(1u << 0)
#define S_CET_ENDBR	(1u << 2)

static bool has_cet(bool *shadow_stack)
{
	uint32_t r[4];

	cpuid(0, r);
	if (r[0] < 7)
		return false;
	cpuid(7, r);
	*shadow_stack = ARCH_WORD == 8 && (r[2] & 1 << 7);
	return r[3] & 1 << 20;
}

/* A page that only shadow stacks may be on: read-only and dirty.  Its last word is
 * the token that SETSSBSY wants to see. */
static uint64_t make_shadow_stack(void)
{
	static uint64_t page[512] __attribute__((aligned(4096)));
	const char *why;

	page[511] = (uintptr_t)&page[511];
	why = protect((uintptr_t)page, 4096, PAGING_READONLY, false);
	if (why)
		fail(why, (uintptr_t)page);
	return (uintptr_t)&page[511];
}

/* What was seen at the end, before CET was switched off. */
struct after {
	unsigned long status, cr4, ssp_moved;
};

void call_with_cet(uintptr_t entry, EFI_HANDLE image, EFI_SYSTEM_TABLE *table,
		   unsigned long shadow_stack, struct after *after);

/* StartImage() is not built for CET. */
static void run_with_cet(EFI_HANDLE child, bool shadow_stack)
{
	uint64_t s_cet = S_CET_ENDBR | (shadow_stack ? S_CET_SHSTK : 0);
	struct after after;

	silence();
	if (shadow_stack)
		wrmsr(MSR_PL0_SSP, make_shadow_stack());
	cpu_set_cr0(cpu_cr0() | PAGING_CR0_WP);
	wrmsr(MSR_S_CET, s_cet);
	call_with_cet(entry_of(child), child, st, shadow_stack, &after);
	if (after.status != EFI_SUCCESS)
		fail("the application ended with", after.status);
	if (!(after.cr4 & PAGING_CR4_CET))
		fail("CR4.CET was not put back:", after.cr4);
	if (after.ssp_moved)
		fail("the shadow stack has moved by", after.ssp_moved);
	if (rdmsr(MSR_S_CET) != s_cet)
		fail("IA32_S_CET was not put back:", rdmsr(MSR_S_CET));
	say(shadow_stack ? "\r\nstandin: ok cet ibt shadow-stack\r\n"
	    : "\r\nstandin: ok cet ibt\r\n");
}

/* Where there is a file \NOAPS: the other CPUs are not lent. */
typedef EFI_STATUS (EFIAPI *start_all)(void *mp, void *procedure, BOOLEAN one_by_one,
				       EFI_EVENT ended, UINTN us, void *arg, UINTN **bad);
static start_all real_start;

static EFI_STATUS EFIAPI start_no_aps(void *mp, void *procedure, BOOLEAN one_by_one,
				      EFI_EVENT ended, UINTN us, void *arg, UINTN **bad)
{
	const bool lends = not_lent == 'E' ? !ended : not_lent == '1';

	if (not_lent == '1')
		not_lent = '0';
	return lends ? real_start(mp, procedure, one_by_one, ended, us, arg, bad)
		: EFI_UNSUPPORTED;
}

/*
 * CPU 2 alone.  R: it is not started, and that is said; S: that is said, and it comes all the
 * same; N: it is said to be started, and is not; W: likewise, and it comes when CPU 3 is
 * started; D: it is switched off.
 */
#define THE_CPU	2

typedef EFI_STATUS (EFIAPI *start_this)(void *mp, void *procedure, UINTN number,
					EFI_EVENT ended, UINTN us, void *arg, BOOLEAN *done);
typedef EFI_STATUS (EFIAPI *enable_ap)(void *mp, UINTN number, BOOLEAN on, UINT32 *health);
static start_this real_start_this;
static struct {
	void *procedure, *arg;
} late;

static EFI_EVENT stray_gone;

/* It comes, and is given the time to. */
static EFI_STATUS start_and_deny(void *mp, void *procedure, void *arg)
{
	if (bs->CreateEvent(0, TPL_CALLBACK, NULL, NULL, &stray_gone) != EFI_SUCCESS
	    || real_start_this(mp, procedure, THE_CPU, stray_gone, 0, arg, NULL)
	    != EFI_SUCCESS)
		fail("CPU 2 cannot be started", 0);
	bs->Stall(100000);
	return EFI_UNSUPPORTED;
}

/* The firmware looks for it ten times a second. */
static void check_stray(void)
{
	bs->Stall(500000);
	if (bs->CheckEvent(stray_gone) != EFI_SUCCESS)
		fail("CPU 2, which came all the same, has not left", 0);
	stray_gone = NULL;
	say("\r\nstandin: CPU 2 came all the same, and left\r\n");
}

static EFI_STATUS EFIAPI start_some(void *mp, void *procedure, UINTN number, EFI_EVENT ended,
				    UINTN us, void *arg, BOOLEAN *done)
{
	if (number == THE_CPU && not_lent == 'R')
		return EFI_UNSUPPORTED;
	if (number == THE_CPU && not_lent == 'S')
		return start_and_deny(mp, procedure, arg);
	if (stray_gone)
		check_stray();
	if (number == THE_CPU && (not_lent == 'N' || not_lent == 'W')) {
		late.procedure = procedure;
		late.arg = arg;
		return EFI_SUCCESS;
	}
	if (number == THE_CPU + 1 && not_lent == 'W' && late.procedure) {
		if (real_start_this(mp, late.procedure, THE_CPU, NULL, 1000000, late.arg,
				    NULL) != EFI_SUCCESS)
			fail("CPU 2, which came late, has not left at once", 0);
		say("\r\nstandin: CPU 2 came late, and left\r\n");
	}
	return real_start_this(mp, procedure, number, ended, us, arg, done);
}

static void keep_one_ap(void **services)
{
	real_start_this = (start_this)services[3];	/* StartupThisAP() */
	services[3] = (void *)start_some;
	if (not_lent == 'D' && ((enable_ap)services[5])(services, THE_CPU, FALSE, NULL)
	    != EFI_SUCCESS)				/* EnableDisableAP() */
		fail("CPU 2 cannot be switched off", 0);
}

static EFI_STATUS EFIAPI count_no_aps(void)
{
	return EFI_DEVICE_ERROR;
}

static void keep_aps(EFI_HANDLE device)
{
	static EFI_GUID guid = { 0x3fdda605, 0xa76e, 0x4f46,
				 { 0xad, 0x29, 0x12, 0xf4, 0x53, 0x1b, 0x3d, 0x08 } };
	void **services;

	no_aps = is_there(device, L"\\NOAPS");
	if (!no_aps
	    || bs->LocateProtocol(&guid, NULL, (void **)&services) != EFI_SUCCESS)
		return;
	not_lent = (char)number_in(device, L"\\NOAPS");
	real_start = (start_all)services[2];		/* StartupAllAPs() */
	services[2] = (void *)start_no_aps;
	keep_one_ap(services);
	if (not_lent == 'C')
		services[0] = (void *)count_no_aps;	/* GetNumberOfProcessors() */
}

/* A firmware with a TSS and an LDT. */

#define SYSTEM_SLOTS	(ARCH_WORD / 4)

static uint64_t tss_gdt[512 + 2 * SYSTEM_SLOTS] __attribute__((aligned(16)));
static uint8_t its_tss[104];
static uint64_t its_ldt[2];
static struct gdtr tss_gdtr;
static uint32_t tss_selector, ldt_selector;

static uint32_t describe_system(unsigned type, const void *base, uint32_t limit)
{
	uint64_t *slot = &tss_gdt[(tss_gdtr.limit + 1u) / 8], at = (uintptr_t)base;

	slot[0] = limit | (at & 0xffffff) << 16 | (uint64_t)(0x80 | type) << 40
		| (at >> 24 & 0xff) << 56;
	if (SYSTEM_SLOTS == 2)
		slot[1] = at >> 32;
	tss_gdtr.limit = (uint16_t)(tss_gdtr.limit + 8 * SYSTEM_SLOTS);
	return (uint32_t)((uintptr_t)slot - (uintptr_t)tss_gdt);
}

static void lend_tss(void)
{
	asm volatile("sgdt %0" : "=m" (tss_gdtr));
	if (tss_gdtr.limit >= 512 * 8)
		fail("the GDT is too long:", tss_gdtr.limit);
	memcpy(tss_gdt, (const void *)tss_gdtr.base, tss_gdtr.limit + 1u);
	tss_gdtr.base = (uintptr_t)tss_gdt;
	tss_selector = describe_system(0x9, its_tss, sizeof(its_tss) - 1);
	ldt_selector = describe_system(0x2, its_ldt, sizeof(its_ldt) - 1);
	asm volatile("lgdt %0" : : "m" (tss_gdtr));
	asm volatile("ltr %w0; lldt %w1" : : "r" (tss_selector), "r" (ldt_selector));
}

static void check_tss(void)
{
	uint32_t tr, ldtr;
	struct gdtr r;

	asm volatile("sgdt %0" : "=m" (r));
	asm volatile("str %0; sldt %1" : "=r" (tr), "=r" (ldtr));
	if (r.base != tss_gdtr.base || r.limit != tss_gdtr.limit)
		fail("the GDT was not put back:", r.base);
	if ((uint16_t)tr != tss_selector || (uint16_t)ldtr != ldt_selector)
		fail("TR or LDTR was not put back:", (uint64_t)tr << 32 | ldtr);
	if ((tss_gdt[tss_selector / 8] >> 40 & 0xff) != 0x8b)
		fail("the TSS is not in use any more:", tss_gdt[tss_selector / 8]);
	say("\r\nstandin: the TSS and the LDT are as they were\r\n");
}

/* The local APIC by MSRs. */

#define MSR_APIC_BASE	0x1b
#define APIC_BASE_X2	(1u << 10)

static void to_x2apic(void)
{
	wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | APIC_BASE_X2);
	say("\r\nstandin: x2APIC, IA32_APIC_BASE");
	say_number(" 0x", rdmsr(MSR_APIC_BASE));
	say("\r\n");
}

/* Its timer: one shot. */

#define LVT_TIMER	0x320
#define INITIAL		0x380
#define CURRENT		0x390

static volatile uint32_t *apic(unsigned reg)
{
	return (volatile uint32_t *)(uintptr_t)((rdmsr(MSR_APIC_BASE) & 0xfffff000) + reg);
}

static void shoot_once(void)
{
	*apic(LVT_TIMER) = 1 << 16 | 0xf7;
	*apic(INITIAL) = 1000;
	while (*apic(CURRENT))
		asm volatile("pause");
}

static void check_timer(void)
{
	if (*apic(CURRENT))
		fail("a timer whose shot had come counts again:", *apic(CURRENT));
	say("\r\nstandin: the timer stands still\r\n");
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	EFI_HANDLE device, child;
	bool shadow_stack, with_tss, with_shot;

	self = image;
	st = table;
	bs = table->BootServices;
	device = loaded(image)->DeviceHandle;
	write_config(device);
	child = load(device);
	keep_aps(device);
	if (is_there(device, L"\\X2APIC"))
		to_x2apic();
	with_tss = is_there(device, L"\\TSS");
	if (with_tss)
		lend_tss();
	with_shot = is_there(device, L"\\ONESHOT");
	if (with_shot)
		shoot_once();
	refuses = is_there(device, L"\\REFUSE");
	rom_gdt = is_there(device, L"\\ROGDT");
	stuck = is_there(device, L"\\STUCK");
	striped = is_there(device, L"\\STRIPES");
	loose = stuck || is_there(device, L"\\LOOSE");
	trap = number_in(device, L"\\TRAP");
	if (ARCH_WORD == 4 && is_there(device, L"\\PAE"))
		run_without_paging(child);
	else if (has_cet(&shadow_stack))
		run_with_cet(child, shadow_stack);
	else
		run_strict(child, !is_there(device, L"\\NOPROTO"));
	if (with_tss)
		check_tss();
	if (with_shot)
		check_timer();
	end(true);
}
