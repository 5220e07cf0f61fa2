/* SPDX-License-Identifier: GPL-2.0-only */
/* A mix's file: read, and held against itself; see mix.h. */
#include "lib/string.h"
#include "mix/part.h"
#include "reader.h"

static bool read_version(const struct reader *r)
{
	char format[sizeof(MIX_FORMAT) + 16];
	int at = reader_get(r, 0, "format");

	return reader_text(r, at, "format", format, sizeof(format) - 1)
		&& (string_equal(format, MIX_FORMAT)
		    || reader_fail(r, at, "format", "is of another version: " MIX_FORMAT
				   " is read"));
}

/* As it goes into names of workloads; @more: characters that may be in it besides. */
static bool is_name(const char *name, const char *more)
{
	for (; *name; name++) {
		const char *m = more;

		while (*m && *m != *name)
			m++;
		if (!((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9')
		      || *m))
			return false;
	}
	return true;
}

static bool read_names(const struct reader *r, struct mix *m)
{
	int name = reader_get(r, 0, "mix"), kernel = reader_get(r, 0, "kernel");

	if (!reader_text(r, name, "mix", m->name, MIX_NAME_MAX)
	    || !reader_text(r, kernel, "kernel", m->kernel, MIX_KERNEL_MAX)
	    || !reader_text(r, reader_get(r, 0, "unit"), "unit", m->unit, MIX_UNIT_MAX))
		return false;
	if (!is_name(m->name, "_"))
		return reader_fail(r, name, "mix", "is not of small letters, digits and _");
	return is_name(m->kernel, "_.-")
		|| reader_fail(r, kernel, "kernel", "is not of small letters, digits, _, . and -");
}

static bool read_totals(const struct reader *r, struct mix *m)
{
	int units = reader_get(r, 0, "units"), of = reader_get(r, 0, "instructions");

	if (!reader_number(r, units, "units", &m->units)
	    || !reader_is_object(r, of, "instructions")
	    || !reader_number(r, reader_get(r, of, "kernel"), "instructions.kernel",
			      &m->kernel_instructions)
	    || !reader_number(r, reader_get(r, of, "user"), "instructions.user",
			      &m->user_instructions)
	    || !reader_number(r, reader_get(r, of, "site_rest"), "instructions.site_rest",
			      &m->site_rest))
		return false;
	return m->units || reader_fail(r, units, "units", "is 0");
}

static unsigned op_called(const struct mix *m, const char *name)
{
	unsigned i = 0;

	while (i < m->ops && !string_equal(m->op[i].name, name))
		i++;
	return i;
}

static bool read_op(const struct reader *r, struct mix *m, int key)
{
	struct mix_op *op = &m->op[m->ops];

	if (m->ops == MIX_OPS_MAX)
		return reader_fail(r, key, "ops", "are more than there is room for");
	*op = (struct mix_op){ .count = 0 };
	if (!reader_text(r, key, "the name of an op", op->name, MIX_OP_NAME_MAX)
	    || !reader_number(r, reader_value(key), "the count of an op", &op->count))
		return false;
	if (op_called(m, op->name) < m->ops)
		return reader_fail(r, key, "this op", "is listed twice");
	if (!mix_op_is_known(op->name))
		return reader_fail(r, key, op->name, "is no op that is known");
	m->ops++;
	return true;
}

static bool read_ops(const struct reader *r, struct mix *m)
{
	int ops = reader_get(r, 0, "ops"), at = NO_TOKEN;

	if (!reader_is_object(r, ops, "ops"))
		return false;
	while (reader_next(r, ops, &at))
		if (!read_op(r, m, at))
			return false;
	return true;
}

/* The op that a key names. */
static bool find_op(const struct reader *r, const struct mix *m, int token,
		    const char *what, unsigned *op)
{
	char name[MIX_OP_NAME_MAX + 1];

	if (!reader_text(r, token, what, name, MIX_OP_NAME_MAX))
		return false;
	*op = op_called(m, name);
	return *op < m->ops || reader_fail(r, token, what, "is no op that ops lists");
}

/* All sites of an op have no more than there was of it. */
static bool sites_fit(const struct reader *r, const struct mix *m, int key)
{
	int at = NO_TOKEN;
	uint64_t sum = 0, n;
	unsigned op;

	if (!find_op(r, m, key, "this in sites", &op)
	    || !reader_is_list(r, reader_value(key), "what sites has of an op"))
		return false;
	while (reader_next(r, reader_value(key), &at)) {
		if (!reader_number(r, at, "the count of a site", &n))
			return false;
		sum += n;
	}
	return sum <= m->op[op].count
		|| reader_fail(r, key, "what its sites had", "is more than there was of the op");
}

static bool read_site_counts(const struct reader *r, struct mix *m)
{
	int sites = reader_get(r, 0, "sites"), n = reader_get(r, 0, "sites_n");
	int at = NO_TOKEN;
	unsigned op;

	if (!reader_is_object(r, sites, "sites") || !reader_is_object(r, n, "sites_n"))
		return false;
	while (reader_next(r, sites, &at))
		if (!sites_fit(r, m, at))
			return false;
	at = NO_TOKEN;
	while (reader_next(r, n, &at))
		if (!find_op(r, m, at, "this in sites_n", &op)
		    || !reader_number(r, reader_value(at), "a number of sites",
				      &m->op[op].sites))
			return false;
	return true;
}

/* Begin or end, or an op. */
static bool read_end(const struct reader *r, const struct mix *m, int token,
		     const char *what, const char *edge, unsigned edge_number,
		     uint16_t *to)
{
	char name[MIX_OP_NAME_MAX + 1];
	unsigned op = edge_number;

	if (!reader_text(r, token, what, name, MIX_OP_NAME_MAX)
	    || (!string_equal(name, edge) && !find_op(r, m, token, what, &op)))
		return false;
	*to = (uint16_t)op;
	return true;
}

static bool read_buckets(const struct reader *r, struct mix *m, int list,
			 struct mix_pair *p)
{
	uint64_t sum = 0;
	int at = NO_TOKEN;

	if (!reader_is_list(r, list, "buckets"))
		return false;
	p->bucket = m->buckets;
	while (reader_next(r, list, &at)) {
		uint64_t *to = &m->bucket[m->buckets];

		if (m->buckets == MIX_BUCKETS_MAX || p->buckets == MIX_PAIR_BUCKETS_MAX)
			return reader_fail(r, at, "buckets", "are more than there is room for");
		if (!reader_number(r, at, "a bucket", to))
			return false;
		sum += *to;
		m->buckets++;
		p->buckets++;
	}
	return sum == p->count || reader_fail(r, list, "buckets", "do not sum up to count");
}

/* The last bucket has the longest, and no sum is more than all of that length. */
static bool lengths_fit(const struct mix *m, const struct mix_pair *p)
{
	const unsigned last = p->buckets ? p->buckets - 1 : 0;
	const uint64_t least = last ? (uint64_t)1 << (last - 1) : 0;

	return p->count && m->bucket[p->bucket + last] && p->longest >= least
		&& p->longest >> last == 0
		&& p->sum / p->count + !!(p->sum % p->count) <= p->longest
		&& p->sum >= p->longest;
}

static bool read_pair(const struct reader *r, struct mix *m, int at)
{
	struct mix_pair *p = &m->pair[m->pairs];
	uint64_t user;

	if (m->pairs == MIX_PAIRS_MAX)
		return reader_fail(r, at, "pairs", "are more than there is room for");
	*p = (struct mix_pair){ .count = 0 };
	if (!reader_is_object(r, at, "a pair")
	    || !read_end(r, m, reader_get(r, at, "from"), "from", "begin", MIX_BEGIN, &p->from)
	    || !read_end(r, m, reader_get(r, at, "to"), "to", "end", MIX_END, &p->to)
	    || !reader_number(r, reader_get(r, at, "count"), "count", &p->count)
	    || !reader_number(r, reader_get(r, at, "sum"), "sum", &p->sum)
	    || !reader_number(r, reader_get(r, at, "user"), "user", &user)
	    || !reader_number(r, reader_get(r, at, "longest"), "longest", &p->longest)
	    || !read_buckets(r, m, reader_get(r, at, "buckets"), p))
		return false;
	if (!lengths_fit(m, p) || user > p->sum)
		return reader_fail(r, at, "this pair:", "count, sum, user, longest and buckets do "
				   "not fit each other");
	m->pairs++;
	return true;
}

static bool read_pairs(const struct reader *r, struct mix *m)
{
	int pairs = reader_get(r, 0, "pairs"), at = NO_TOKEN;

	if (!reader_is_list(r, pairs, "pairs"))
		return false;
	while (reader_next(r, pairs, &at))
		if (!read_pair(r, m, at))
			return false;
	return true;
}

/* So many lead there, and from there; as often as it was. */
static bool op_is_joined(const struct mix *m, unsigned op)
{
	uint64_t in = 0, out = 0;

	for (unsigned i = 0; i < m->pairs; i++) {
		in += m->pair[i].to == op ? m->pair[i].count : 0;
		out += m->pair[i].from == op ? m->pair[i].count : 0;
	}
	return in == m->op[op].count && out == in;
}

/* One gap begins it and one ends it, and all instructions are in one or beside one. */
static bool adds_up(const struct reader *r, const struct mix *m)
{
	uint64_t all = m->site_rest, begins = 0, ends = 0;
	int ops = reader_get(r, 0, "ops"), pairs = reader_get(r, 0, "pairs");

	for (unsigned i = 0; i < m->ops; i++) {
		if (!op_is_joined(m, i))
			return reader_fail(r, reader_get(r, ops, m->op[i].name),
					   "the count of this op",
					   "is not that of its pairs");
		all += m->op[i].count;
	}
	for (unsigned i = 0; i < m->pairs; i++) {
		all += m->pair[i].sum;
		begins += m->pair[i].from == MIX_BEGIN ? m->pair[i].count : 0;
		ends += m->pair[i].to == MIX_END ? m->pair[i].count : 0;
	}
	if (begins != 1 || ends != 1)
		return reader_fail(r, pairs, "pairs", "have not one begin and one end");
	return all == m->kernel_instructions + m->user_instructions
		|| reader_fail(r, reader_get(r, 0, "instructions"), "instructions",
			       "are not those of ops, site_rest and gaps");
}

bool mix_parse(struct mix *m, const char *bytes, size_t len, void *tokens,
	       struct mix_error *e)
{
	struct reader r;

	m->ops = m->pairs = m->buckets = 0;
	return reader_open(&r, bytes, len, tokens, e) && read_version(&r)
		&& read_names(&r, m) && read_totals(&r, m) && read_ops(&r, m)
		&& read_site_counts(&r, m) && read_pairs(&r, m) && adds_up(&r, m);
}
