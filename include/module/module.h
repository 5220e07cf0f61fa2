/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules: relocatable ELF objects, both architectures; pure.
 *
 *	module_read	the file's bytes: is it a module, and what room it wants
 *	module_load	its sections into that room, relocated
 *	module_text	its sites as a text of their own, for text_open()
 *	module_info_check	what it says of itself, native architecture only
 *
 * A file is somebody else's: every number in it is checked before it is used.
 * Whatever is refused is refused whole, and what the caller gave is as it was.
 *
 * Source: System V ABI, "Object Files"; AMD64 and Intel386 supplements,
 * "Relocation".
 */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "alternative/alternative.h"
#include "alternative/alternative_site.h"
#include "module/module_info.h"
#include "site/sited_op.h"
#include "site/site.h"
#include "patch/text.h"

/* What a module's sections are put together to.  Each part has pages of its own;
 * what gives them sees to their rights, which none needs to be both writable and
 * executable for; see docs/boot.md for what they have. */
enum module_part {
	MODULE_text, MODULE_rodata, MODULE_data, MODULE_PART_COUNT
};

#define MODULE_PAGE		4096
/* Sections of a file, and bytes of memory, islands included, at most. */
#define MODULE_SECTIONS_MAX	128
#define MODULE_BYTES_MAX	(1u << 20)

/* Why something was refused, for one line: the thing, its number, its place. */
struct module_error {
	char text[240];
};

/* A section of the file that is loaded. */
struct module_section {
	bool loaded;
	enum module_part part;
	uint32_t at, size;		/* within its part */
};

/*
 * The sections that something reads, each in a type of its own: what wants one
 * cannot be given another.
 */
struct para_section {			/* .parainstructions */
	const struct site *sites;
	uint64_t addr;			/* of sites[0], at run time */
	size_t count;
};
struct alt_section {			/* .altinstructions, .altinstr_replacement */
	const struct alternative_record *records;
	uint64_t addr;
	size_t count;			/* 0: it has none */
	const uint8_t *replacement;
	uint64_t replacement_addr;
	size_t replacement_len;
};
struct info_section {			/* .module_info */
	const uint8_t *bytes;
	size_t len;
};

/* A file that module_read() accepted.  Only module_read() fills it; it needs the
 * file's bytes for as long as it is used. */
struct module {
	enum isa isa;
	const uint8_t *file;
	size_t len;
	uint64_t headers;		/* of sections, from the file's first byte */
	unsigned sections, symbols;	/* how many; which is the symbol table */
	unsigned para, alt, replacement, info;	/* which; 0: it has none */
	size_t records, alternatives;	/* of .parainstructions, .altinstructions */
	struct module_section section[MODULE_SECTIONS_MAX];
	/* Bytes of each part: whole pages, or none. */
	size_t bytes[MODULE_PART_COUNT];
	size_t text_len;		/* bytes of instructions in its text */
	size_t islands;			/* where in its text islands are */
};

/* Where a part will run, and where its bytes are put now. */
struct module_memory {
	struct {
		uint8_t *bytes;
		uint64_t addr;
	} part[MODULE_PART_COUNT];
};

/* What a module may use of the application, see export.def. */
struct module_export {
	const char *name;
	uint64_t addr;
};
struct module_exports {
	const struct module_export *list;
	size_t count;
};

/* The application's own. */
struct module_exports own_exports(void);

/* A loaded module's sections. */
struct module_sections {
	struct para_section para;
	struct alt_section alt;
	struct info_section info;
};

/**
 * module_read - is it a module for that architecture?
 * @file, @len: the file's bytes.
 * @m: filled on success.
 *
 * All headers are checked, of every section, loaded or not: that it lies in the
 * file, has a name, an alignment that a page has; no section may be written and
 * executed.  It must have .parainstructions, a whole number of records, and
 * .module_info.
 *
 * Return: false, and @e says why.
 */
bool module_read(struct module *m, enum isa isa, const uint8_t *file, size_t len,
		 struct module_error *e);

/**
 * module_load - the sections into memory, and the relocations.
 * @mem: m->bytes of each part, the addresses aligned to pages.  Behind the
 *       instructions its text is INT3s; what is left of the others is zero.
 * @x:   all that the module's undefined symbols may be.
 * @s:   filled on success; it points into @mem.
 *
 * Every relocation is computed before the first byte is stored.
 *
 * Return: false if one cannot be done, or a symbol is not there; then nothing was
 * written but @e.
 */
bool module_load(const struct module *m, const struct module_memory *mem,
		 const struct module_exports *x, struct module_sections *s,
		 struct module_error *e);

/**
 * module_text - a loaded module's sites as a text.
 * @mem:  where its text runs.
 * @para: of this module, and of no other kind.
 * @own:  the application's text: whose tables and stubs the sites use.
 */
struct text_where module_text(const struct module *m,
			      const struct module_memory *mem,
			      struct para_section para,
			      const struct text_where *own);

/**
 * module_alternatives - a loaded module's alternatives, for alternatives_open().
 * @alt:   of this module.
 * @entry: filled; alt.count of them.
 */
struct alternative_where module_alternatives(const struct module *m,
					     const struct module_memory *mem,
					     struct alt_section alt,
					     struct alternative *entry);

/**
 * module_info_check - does what it says of itself hold?
 * @m:   of this architecture, loaded to where it runs.
 * @mem: the bytes of rodata are where they run.
 *
 * Versions are the application's; names are names; workloads are ops, and have code
 * in every convention, in order and within the text, of a size that bodies can be made
 * of (COPY_MAX, TEMPLATE_SITES_MAX).  Copies of it are what is timed, so in that code,
 * as it is now, nothing but sites depends on its place or leads out of it: no call (but
 * of work.look in the copy that is checked), no return, no indirect branch, and every
 * other branch to an instruction's beginning.
 *
 * Return: its info, or NULL, and @e says why.
 */
const struct module_info *module_info_check(const struct module *m,
					    const struct module_memory *mem,
					    const struct module_sections *s,
					    struct module_error *e);

#endif
