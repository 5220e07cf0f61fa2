/* SPDX-License-Identifier: GPL-2.0-only */
/* Sections and names of a module's file, see module_file.h. */
#include "module_file.h"

struct elf_section module_section(const struct module *m, unsigned i)
{
	return elf_section(m->isa, m->file + m->headers
			   + (size_t)i * elf_class[m->isa].section);
}

unsigned module_names(const struct module *m)
{
	return elf_header(m->isa, m->file).names;
}

const char *module_string(const struct module *m, unsigned strings, uint32_t at)
{
	struct elf_section s = module_section(m, strings);

	return at < s.size ? (const char *)m->file + s.offset + at : "";
}

const char *module_name(const struct module *m, unsigned strings, uint32_t at,
			char *to)
{
	const char *from = module_string(m, strings, at);
	size_t n = 0;

	for (; from[n] && n < NAME_ROOM - 1; n++)
		to[n] = from[n] >= ' ' && from[n] <= '~' && from[n] != '"'
			? from[n] : '?';
	to[n] = '\0';
	return to;
}

const char *section_name(const struct module *m, unsigned i, char *to)
{
	return module_name(m, module_names(m), module_section(m, i).name, to);
}
