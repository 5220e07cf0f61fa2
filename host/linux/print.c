/* SPDX-License-Identifier: GPL-2.0-only */
/* What was found out, as text. */
#include <Zydis/Zydis.h>
#include <stdlib.h>
#include <string.h>
#include "kernel_code.h"
#include "ops.h"
#include "result.h"

const char *const rule_names[] = {
	[RULE_TABLE] = "table", [RULE_POINTER] = "pointer",
	[RULE_DIRECT_CALL] = "direct-call",
};

static const char *const rule_why[] = {
	[RULE_TABLE] = "records in .parainstructions, and no alternatives at their sites: "
		       "forms are the backend's (until 5.12)",
	[RULE_POINTER] = "records in .parainstructions, and alternatives at their sites: "
			 "forms are alternatives (5.13 to 6.7)",
	[RULE_DIRECT_CALL] = "records of direct calls in .altinstructions (from 6.8)",
};

const uint8_t *built_bytes(const struct result *r, uint64_t addr, unsigned len)
{
	const uint8_t *now = image_bytes(r->k->im, addr, len);

	return now && r->built ? r->built + (now - r->k->im->bytes) : now;
}

bool decode_text(const struct image *im, const uint8_t *bytes, unsigned len,
		 uint64_t addr, char *text, size_t room)
{
	ZydisMachineMode mode = im->isa == ISA_X86_64 ? ZYDIS_MACHINE_MODE_LONG_64
		: ZYDIS_MACHINE_MODE_LEGACY_32;
	ZydisDisassembledInstruction in;
	size_t n = 0;

	text[0] = 0;
	for (unsigned at = 0; at < len; at += in.info.length) {
		if (ZYAN_FAILED(ZydisDisassembleATT(mode, addr + at, bytes + at,
						    len - at, &in)))
			return false;
		if (n < room)
			n += (size_t)snprintf(text + n, room - n, "%s%s",
					      at ? "; " : "", in.text);
	}
	return true;
}

size_t count_undecoded(const struct kernel *k, const struct applied *a)
{
	char text[1024];
	size_t n = 0;

	for (size_t i = 0; i < k->para_count; i++) {
		const struct para *p = &k->paras[i];

		n += !decode_text(k->im, image_bytes(k->im, p->addr, p->len),
				  p->len, p->addr, text, sizeof(text));
	}
	for (size_t i = 0; i < a->alt_count; i++) {
		const struct alt_site *s = &a->alts[i];

		n += !s->unknown && !decode_text(k->im, s->bytes, s->len, s->addr,
						 text, sizeof(text));
	}
	return n;
}

const char *say_op(const struct kernel *k, const struct para *p, char *buf,
		   size_t room)
{
	unsigned number = k->listed ? p->type : p->op;
	const char *name = op_name(k, number);

	snprintf(buf, room, name ? "%s" : "%s%u", name ? name : "#", number);
	return buf;
}

static void put_hex(FILE *to, const uint8_t *p, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		fprintf(to, "%02x", p[i]);
}

static void print_memory(const struct image *im, FILE *to)
{
	struct memory m;

	if (image_memory(im, &m))
		fprintf(to, "booted without KASLR it is at physical %#llx, %#llx bytes (%#llx)\n",
			(unsigned long long)m.physical, (unsigned long long)m.len,
			(unsigned long long)m.addr);
}

/* What the names hang on. */
static void print_names(const struct kernel *k, FILE *to)
{
	unsigned n[NAMED_COUNT], slots = 0;

	ops_count(k, n);
	for (unsigned i = 0; i < NAMED_COUNT; i++)
		slots += n[i];
	fprintf(to, "names of %u slots, symbols: %s\n", slots, k->symbols ? k->symbols : "none");
	for (unsigned i = 0; i < NAMED_COUNT; i++)
		if (n[i])
			fprintf(to, "  %3u %s\n", n[i], named_what[i]);
}

static void print_records(const struct result *r, FILE *to)
{
	const struct kernel *k = r->k;

	if (k->para_count)
		fprintf(to, "paravirt sites: %zu records of %u bytes in %s, all read and "
			    "decoded%s\n",
			k->para_count, k->stride, k->section,
			k->padded ? "" : "; the last one is shorter");
	else
		fprintf(to, "paravirt sites: none: .parainstructions %s, and no record of "
			    ".altinstructions is a direct call\n",
			image_section(k->im, ".parainstructions") ? "is empty"
			: "is not there");
	if (!k->alt_count)
		fprintf(to, "alternatives: none: .altinstructions %s\n",
			image_section(k->im, ".altinstructions") ? "is empty"
			: "is not there");
	else
		fprintf(to, "alternatives: %zu records in .altinstructions, all read; "
			    "layout %s: %s\n",
			k->alt_count, alt_layout_names[k->alt_layout],
			alt_layout_what[k->alt_layout]);
	if (!k->para_count)
		return;
	fprintf(to, "rule %s: %s\n", rule_names[k->rule], rule_why[k->rule]);
	fprintf(to, "ops table at %#llx: %s\n", (unsigned long long)k->table,
		k->listed ? "types are a list's, each calls one slot; the names are those of 2.6.20"
		: "every site calls the slot that its record says");
	if (!k->listed)
		print_names(k, to);
}

static unsigned number_of(const struct kernel *k, const struct para *p)
{
	return k->listed ? p->type : p->op;
}

#define CANDIDATES_MAX	6

/* Of a slot without a name: what it can be, if that is not much. */
static void print_candidates(const struct kernel *k, unsigned op, FILE *to)
{
	const struct op_naming *of = &k->names[op];
	unsigned n = 0;

	for (unsigned m = 0; m <= MEMBER_COUNT; m++)
		n += of->possible[m];
	if (k->listed || op_name(k, op) || n > CANDIDATES_MAX)
		return;
	for (unsigned m = 0; m < MEMBER_COUNT; m++)
		if (of->possible[m])
			fprintf(to, ", perhaps %s", member_names[m]);
	if (of->possible[MEMBER_NONE])
		fputs(", perhaps no op that is known", to);
}

/* Sites of one op and length: one line.  @p: the first of them. */
static void print_op(const struct kernel *k, const struct para *p, size_t n, FILE *to)
{
	uint64_t pointer = kernel_pointer(k, p->op);
	char name[64];

	fprintf(to, "  %3u  %-32s %3u bytes  %5zu sites  calls %#llx%s%s%s",
		number_of(k, p), say_op(k, p, name, sizeof(name)), p->len, n,
		(unsigned long long)pointer,
		*k->names[p->op].symbol ? " " : "", k->names[p->op].symbol,
		!pointer ? ", an empty slot" : pointer == k->nop ? ", which does nothing"
		: returns_argument(k, pointer) ? ", which returns its argument" : "");
	print_candidates(k, p->op, to);
	fputc('\n', to);
}

static void print_ops(const struct kernel *k, FILE *to)
{
	static struct { size_t n; const struct para *first; } seen[256][256];

	memset(seen, 0, sizeof(seen));
	for (size_t i = k->para_count; i--;) {
		const struct para *p = &k->paras[i];

		seen[number_of(k, p)][p->len].n++;
		seen[number_of(k, p)][p->len].first = p;
	}
	for (unsigned op = 0; op < 256; op++)
		for (unsigned len = 0; len < 256; len++)
			if (seen[op][len].n)
				print_op(k, seen[op][len].first, seen[op][len].n, to);
}

static void print_applied(const struct result *r, FILE *to)
{
	const struct patching *c = &r->applied->counts;

	if (r->k->para_count) {
		fprintf(to, "patched for bare metal, NOPs %s: %u sites:",
			r->nops->name, c->paras.sites);
		for (unsigned i = 0; i < OUTCOMES; i++)
			if (outcome_count(c, i))
				fprintf(to, " %s %zu", outcome_word(i),
					outcome_count(c, i));
		fprintf(to, "\n");
	}
	if (r->k->alt_count)
		fprintf(to, "then alternatives, %zu sites (%zu records at paravirt sites): "
			    "replaced %zu, as built but for NOPs %zu, not decided %zu\n",
			c->alt_sites, r->k->at_paras, c->alt_chosen,
			c->alt_as_built, c->alt_unknown);
	if (r->features && r->features->known)
		fprintf(to, "features: the booted kernel's, at %#llx; %zu alternatives "
			    "agree on the place\n",
			(unsigned long long)r->features->address,
			r->features->witnesses);
	fprintf(to, "sites whose patched bytes are not whole instructions: %zu\n",
		r->undecoded);
}

static void print_classes(const size_t *n, const char *of, size_t all, FILE *to)
{
	fprintf(to, "compared, %s: %zu sites\n", of, all);
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		if (n[i] || i == CLASS_same || i == CLASS_unexplained)
			fprintf(to, "  %-13s %5zu  %s\n", class_names[i], n[i],
				class_what[i]);
}

static void print_tables(const struct rewriting *rw, FILE *to)
{
	fprintf(to, "other mechanisms, %zu bytes of instructions: places in their tables, "
		    "rewritten, unexplained\n",
		rw->text_bytes);
	for (unsigned i = 0; i < TABLE_COUNT; i++)
		if (rw->listed[i])
			fprintf(to, "  %-13s %6zu %6zu %4zu  %s\n", table_names[i],
				rw->listed[i], rw->changed[i], rw->left[i],
				table_what[i]);
}

static void print_rewrites(const struct rewriting *rw, FILE *to)
{
	fprintf(to, "rewritten: places, of them at the sites above\n");
	for (unsigned i = 0; i < REWRITE_COUNT; i++)
		if (rw->places[i])
			fprintf(to, "  %-15s %6zu %5zu  %s\n", rewrite_names[i],
				rw->places[i], rw->at_sites[i], rewrite_what[i]);
}

/* What only memory knew. */
static void print_habits(const struct habits *h, FILE *to)
{
	static const char *const where[] = { "lower", "upper" };

	for (unsigned half = 0; half < 2; half++)
		if (h->returns[half].thunk)
			fprintf(to, "returns in the %s half of a cache line jump to %#llx\n",
				where[half], (unsigned long long)h->returns[half].thunk);
	if (h->moved)
		fprintf(to, "calls lead to accounting code %u bytes before functions\n",
			h->moved);
}

static void print_rest(const struct result *r, FILE *to)
{
	const struct rewriting *rw = &r->comparison->rewriting;

	fprintf(to, "instructions elsewhere: %zu differences that nothing explains\n",
		rw->rest_count);
	for (size_t i = 0; i < rw->rest_count && i < RESTS; i++)
		fprintf(to, "  unexplained %#llx %s\n",
			(unsigned long long)rw->rest[i].addr,
			rw->rest[i].table ? rw->rest[i].table : "in no table");
}

static void print_site(const struct result *r, const struct para *p, FILE *to)
{
	const struct kernel *k = r->k;
	const uint8_t *now = image_bytes(k->im, p->addr, p->len);
	char name[64], text[1024];
	bool good = decode_text(k->im, now, p->len, p->addr, text, sizeof(text));

	fprintf(to, "site %zu %#llx %s %s %u ", p->record,
		(unsigned long long)p->addr, p->in->name,
		say_op(k, p, name, sizeof(name)), p->len);
	put_hex(to, built_bytes(r, p->addr, p->len), p->len);
	fputc(' ', to);
	put_hex(to, now, p->len);
	if (r->comparison)
		fprintf(to, " %s", class_names[r->comparison->para[p - k->paras]]);
	fprintf(to, " %s\n", good ? text : "(not whole instructions)");
}

static void print_alt(const struct result *r, size_t i, FILE *to)
{
	const struct alt_site *s = &r->applied->alts[i];
	char text[1024];

	fprintf(to, "alternative %zu %#llx %u ", s->first,
		(unsigned long long)s->addr, s->len);
	put_hex(to, built_bytes(r, s->addr, s->len), s->len);
	fputc(' ', to);
	put_hex(to, image_bytes(r->k->im, s->addr, s->len), s->len);
	if (r->comparison)
		fprintf(to, " %s", class_names[r->comparison->alt[i]]);
	if (s->unknown)
		fprintf(to, " (%s)\n", s->unknown);
	else
		fprintf(to, " %s\n", decode_text(r->k->im, s->bytes, s->len, s->addr,
						 text, sizeof(text))
			? text : "(not whole instructions)");
}

static void print_sites(const struct result *r, FILE *to)
{
	for (size_t i = 0; i < r->k->para_count; i++)
		print_site(r, &r->k->paras[i], to);
	for (size_t i = 0; r->applied && i < r->applied->alt_count; i++)
		print_alt(r, i, to);
}

void print_text(const struct result *r, FILE *to)
{
	const struct kernel *k = r->k;

	fprintf(to, "%s: %s%s; %s%.*s\n", r->file,
		*k->im->outside ? k->im->outside : "ELF",
		k->im->isa == ISA_X86_64 ? ", x86-64" : ", i386",
		*k->im->banner ? "" : "no version",
		(int)strcspn(k->im->banner, "(\n"), k->im->banner);
	print_memory(k->im, to);
	print_records(r, to);
	print_ops(k, to);
	if (r->applied)
		print_applied(r, to);
	else
		fprintf(to, "not patched: %s\n", r->not_applied);
	if (r->comparison) {
		print_classes(r->comparison->paras, "paravirt", k->para_count, to);
		print_classes(r->comparison->alts, "alternatives",
			      r->applied->alt_count, to);
		print_tables(&r->comparison->rewriting, to);
		print_rewrites(&r->comparison->rewriting, to);
		print_habits(&r->comparison->rewriting.habits, to);
		print_rest(r, to);
	}
	if (r->sites)
		print_sites(r, to);
}
