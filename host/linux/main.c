/* SPDX-License-Identifier: GPL-2.0-only */
/* parapatch-image: a Linux kernel image, its paravirt sites, and what our engine makes
 * of them. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "apply.h"
#include "cpu_features.h"
#include "file.h"
#include "kernel_read.h"
#include "linux_nops.h"
#include "ops.h"
#include "result.h"
#include "table_forms.h"

/* Exit statuses. */
enum { GOOD, DIFFERS, BAD_INPUT };

static const char usage[] =
"usage: parapatch-image [options] FILE\n"
"\n"
"FILE is a Linux kernel for i386 or x86-64: a vmlinux, a bzImage, a unified kernel image,\n"
"one of them packed, and some others, see docs/kernels.md.  Its paravirt\n"
"sites are read (.parainstructions, from 6.8 .altinstructions), listed by op and\n"
"length, and patched in memory as that kernel patches itself on bare metal; so are\n"
"alternatives, as far as the CPU's features are known.  FILE is not changed.\n"
"\n"
"  --sites          every site: record, address, section, op, length, built bytes,\n"
"                   patched bytes, its class if compared, instructions\n"
"  --json           the same as JSON\n"
"  --apply OUT      write the patched ELF file: a new one, or in place of a regular\n"
"                   file that is neither FILE nor DUMP\n"
"  --compare DUMP   hold every site against memory of this kernel, booted without\n"
"                   KASLR; its features say which alternatives are chosen; and all\n"
"                   other instructions: what rewrote them is named and counted\n"
"  --dump-at ADDR   address of the dump's first byte (that of .text)\n"
"  --nops k8        NOPs of AMD before family 16, and of Intel family 6 models 15 to\n"
"                   47, which kernels until 5.12 give them; else those of the others\n"
"  --alternatives NAME  layout of .altinstructions (pointers, padlen, offsets, flags)\n"
"  --rule NAME      how the kernel patches (table, pointer, direct-call)\n"
"\n"
"exit status: 0; 1 if a difference is unexplained, a site was not compared, or patched\n"
"bytes are not whole instructions; 2 if a file, a record or an option cannot be used,\n"
"or what is printed or written has no place: then one line says why, and there is no\n"
"OUT, or it is what it was.\n";

struct options {
	const char *file, *out, *dump;
	uint64_t dump_at;
	bool sites, json, k8;
	struct forced forced;
};

/* Of an option's argument; -1: it is none of @names, which is said. */
static int number_of(const char *option, const char *name, const char *const *names,
		     int count)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return i;
	fprintf(stderr, "parapatch-image: --%s %s: it is one of:", option, name);
	for (int i = 0; i < count; i++)
		fprintf(stderr, " %s", names[i]);
	fputc('\n', stderr);
	return -1;
}

static bool take_address(const char *text, uint64_t *addr)
{
	char *end;

	*addr = strtoull(text, &end, 0);
	if (*text && !*end)
		return true;
	fprintf(stderr, "parapatch-image: --dump-at %s: not an address\n", text);
	return false;
}

static bool take_option(int opt, struct options *o)
{
	switch (opt) {
	case 's':
		return o->sites = true;
	case 'j':
		return o->json = true;
	case 'a':
		o->out = optarg;
		return true;
	case 'c':
		o->dump = optarg;
		return true;
	case 'd':
		return take_address(optarg, &o->dump_at);
	case 'n':
		o->k8 = !strcmp(optarg, "k8");
		return o->k8 || !number_of("nops", optarg, (const char *[]){ "k8" }, 1);
	case 'l':
		o->forced.alt_layout = number_of("alternatives", optarg,
						 alt_layout_names, ALT_LAYOUT_COUNT);
		return o->forced.alt_layout >= 0;
	case 'r':
		o->forced.rule = number_of("rule", optarg, rule_names,
					   RULE_DIRECT_CALL + 1);
		return o->forced.rule >= 0;
	}
	return false;
}

static bool options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "sites", no_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "apply", required_argument, NULL, 'a' },
		{ "compare", required_argument, NULL, 'c' },
		{ "dump-at", required_argument, NULL, 'd' },
		{ "nops", required_argument, NULL, 'n' },
		{ "alternatives", required_argument, NULL, 'l' },
		{ "rule", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (opt == 'h') {
			fputs(usage, stdout);
			exit(GOOD);
		}
		if (opt == '?' || !take_option(opt, o))
			return false;
	}
	if (optind != argc - 1) {
		fputs(usage, stderr);
		return false;
	}
	o->file = argv[optind];
	return true;
}

static bool complain(const char *file, const struct refusal *r)
{
	fprintf(stderr, "parapatch-image: %s: %s\n", file, r->why);
	return false;
}

/* What one run holds; all of it is given back at its end. */
struct run {
	struct image im;
	struct kernel k;
	struct features f;
	struct applied a;
	struct comparison c;
	struct result result;
	struct input read[2];		/* FILE, DUMP */
	struct dump d;
	struct output out;
};

static bool read_dump(struct run *run, const struct options *o)
{
	const struct section *text = image_section(&run->im, ".text");
	struct refusal r;

	if (!input_open(&run->read[1], o->dump, IMAGE_MAX))
		return false;
	run->d.bytes = run->read[1].bytes;
	run->d.len = run->read[1].len;
	run->d.addr = o->dump_at ? o->dump_at : text ? text->addr : 0;
	if (!run->f.address)
		refuse(&r, "%s does not say where the CPU's features are",
		       o->file);
	else if (!features_read(&run->d, &run->f))
		refuse(&r, "the CPU's features, at %#llx, are not in it",
		       (unsigned long long)run->f.address);
	else if (!(run->f.bits[FEATURE_ALWAYS / 8] >> FEATURE_ALWAYS % 8 & 1))
		refuse(&r, "it is not memory of this kernel from %#llx on: the feature that "
			   "is always there is not, at %#llx",
		       (unsigned long long)run->d.addr,
		       (unsigned long long)run->f.address);
	else
		return true;
	return complain(o->dump, &r);
}

static bool keep_built(struct run *run)
{
	run->result.built = malloc(run->im.len);
	if (run->result.built)
		memcpy(run->result.built, run->im.bytes, run->im.len);
	return run->result.built;
}

static bool apply(struct run *run, const struct options *o)
{
	struct refusal r;

	run->result.nops = linux_nops(&run->k, o->k8);
	if (!o->out && !o->dump && run->k.apart) {
		run->result.not_applied = "its ops are in two tables that are far from each "
			"other, and the engine knows one";
		return true;
	}
	/* Listing needs no names of ops; patching by a table does. */
	if (!o->out && !o->dump && ops_undecided(&run->k)) {
		run->result.not_applied = "the order of this kernel's ops is not known, and "
			"so not which forms it has";
		return true;
	}
	if (!kernel_apply(&run->k, &run->f, run->result.nops, &run->a, &r))
		return complain(o->file, &r);
	run->result.applied = &run->a;
	run->result.undecoded = count_undecoded(&run->k, &run->a);
	if (!o->dump)
		return true;
	if (!compare(&run->k, &run->a, run->result.nops, &run->d,
		     run->result.built, &run->c))
		return complain(o->file, (refuse(&r, "no memory"), &r));
	run->result.comparison = &run->c;
	return true;
}

static bool open_image(struct run *run, const struct options *o)
{
	struct refusal r;
	const struct input *in = &run->read[0];

	return input_open(&run->read[0], o->file, IMAGE_MAX)
		&& ((image_open(&run->im, in->bytes, in->len, IMAGE_MAX, &r)
		     && kernel_read(&run->k, &run->im, &o->forced, &r))
		    || complain(o->file, &r));
}

/* What was patched, and what is behind it in the file. */
static bool write_image(struct run *run, const struct options *o)
{
	const struct image *im = &run->im;
	const struct piece pieces[2] = {
		{ im->bytes, im->len }, { im->file + im->len, im->file_len - im->len },
	};

	return output_begin(&run->out, o->out, pieces, run->read, 1 + !!o->dump);
}

static bool analyse(struct run *run, const struct options *o)
{
	if (!open_image(run, o))
		return false;
	run->result = (struct result){ .file = o->file, .k = &run->k,
				       .sites = o->sites, .features = &run->f };
	features_find(&run->k, &run->f);
	return keep_built(run) && (!o->dump || read_dump(run, o)) && apply(run, o)
		&& (!o->out || write_image(run, o));
}

/* Nor is it an explanation that there was nothing to compare. */
static bool is_unexplained(const size_t *n)
{
	return n[CLASS_unexplained] || n[CLASS_not_in_dump] || n[CLASS_not_decided];
}

static bool differs(const struct run *run)
{
	return run->result.undecoded || is_unexplained(run->c.paras)
		|| is_unexplained(run->c.alts) || run->c.rewriting.rest_count;
}

static void end(struct run *run)
{
	comparison_free(&run->c);
	applied_free(&run->a);
	kernel_free(&run->k);
	image_close(&run->im);
	free(run->result.built);
	input_close(&run->read[0]);
	input_close(&run->read[1]);
	output_abandon(&run->out);
}

/* All of it, or it is said why not. */
static bool say(const struct result *r, bool json)
{
	const char *why = "standard output: cannot be written";
	bool good = true;

	if (json)
		good = print_json(r, stdout);
	else
		print_text(r, stdout);
	if (!fflush(stdout) && !ferror(stdout)) {
		if (good)
			return true;
		why = "no memory, or the name is no UTF-8";
	}
	fprintf(stderr, "parapatch-image: %s: %s\n", r->file, why);
	return false;
}

int main(int argc, char **argv)
{
	struct options o = { .forced = { -1, -1 } };
	struct run run = { 0 };
	int status = BAD_INPUT;

	if (!options(argc, argv, &o))
		return BAD_INPUT;
	/* The file gets its name when all else is done. */
	if (analyse(&run, &o) && say(&run.result, o.json) && output_commit(&run.out))
		status = differs(&run) ? DIFFERS : GOOD;
	end(&run);
	return status;
}
