/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is asked of a module's file once its headers have been checked: sections, and
 * names as they may be shown.  And how anything of it is refused.
 */
#ifndef MODULE_FILE_H
#define MODULE_FILE_H

#include "module/elf_object.h"
#include "module/module.h"
#include "lib/sink.h"

/* A line into @e.  It is false. */
#define refuse(e, ...)							\
	(text_format((e)->text, sizeof((e)->text), __VA_ARGS__), false)

/* Room for a name from the file, in a line. */
#define NAME_ROOM	33

/* Section @i of the file; the number of the section that has their names. */
struct elf_section module_section(const struct module *m, unsigned i);
unsigned module_names(const struct module *m);

/* A name of a section or a symbol, as it may be shown: cut, and printable.
 * @strings: the section it is in. */
const char *module_name(const struct module *m, unsigned strings, uint32_t at,
			char *to);
const char *section_name(const struct module *m, unsigned i, char *to);

/* The same, all of it, in the file: it ends there. */
const char *module_string(const struct module *m, unsigned strings, uint32_t at);

#endif
