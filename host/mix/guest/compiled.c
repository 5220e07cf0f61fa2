// SPDX-License-Identifier: GPL-2.0-only
/*
 * compiled.c: the one C file that row "compile" makes an object of.  It includes nothing, so
 * that the compiler and the assembler are all that the guest has to have of a tool chain.
 * Changing it changes the row.
 */
typedef unsigned int word;
typedef unsigned long size;

enum { BUCKETS = 64, NODES = 512, TEXT = 256 };

struct node {
	struct node *next;
	word hash, value;
	char name[24];
};

struct table {
	struct node *bucket[BUCKETS];
	struct node node[NODES];
	word used, collisions;
};

struct reader {
	const char *at, *end;
	word line;
	int failed;
};

static size length(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}

static int same(const char *a, const char *b, size n)
{
	while (n--)
		if (*a++ != *b++)
			return 0;
	return 1;
}

static word hash(const char *s, size n)
{
	word h = 5381;

	while (n--)
		h = h * 33 ^ (unsigned char)*s++;
	return h ^ h >> 16;
}

static struct node *find(struct table *t, const char *name, size n)
{
	word h = hash(name, n);

	for (struct node *at = t->bucket[h % BUCKETS]; at; at = at->next) {
		if (at->hash == h && length(at->name) == n && same(at->name, name, n))
			return at;
		t->collisions++;
	}
	return 0;
}

static struct node *insert(struct table *t, const char *name, size n)
{
	struct node *new = find(t, name, n);

	if (new)
		return new;
	if (t->used == NODES || n >= sizeof(new->name))
		return 0;
	new = &t->node[t->used++];
	new->hash = hash(name, n);
	for (size i = 0; i < n; i++)
		new->name[i] = name[i];
	new->name[n] = 0;
	new->next = t->bucket[new->hash % BUCKETS];
	t->bucket[new->hash % BUCKETS] = new;
	return new;
}

static void skip(struct reader *r)
{
	for (; r->at < r->end; r->at++) {
		if (*r->at == '\n')
			r->line++;
		else if (*r->at != ' ' && *r->at != '\t')
			return;
	}
}

static int is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static word number(struct reader *r)
{
	word n = 0;

	skip(r);
	if (r->at == r->end || !is_digit(*r->at))
		r->failed = 1;
	while (r->at < r->end && is_digit(*r->at))
		n = n * 10 + *r->at++ - '0';
	return n;
}

static word sum(struct table *t, struct reader *r, word deep);

static word factor(struct table *t, struct reader *r, word deep)
{
	const char *from;
	struct node *at;
	word value;

	skip(r);
	if (r->at == r->end || deep > 20) {
		r->failed = 1;
		return 0;
	}
	switch (*r->at) {
	case '(':
		r->at++;
		value = sum(t, r, deep + 1);
		skip(r);
		if (r->at == r->end || *r->at++ != ')')
			r->failed = 1;
		return value;
	case '-':
		r->at++;
		return -factor(t, r, deep + 1);
	case '~':
		r->at++;
		return ~factor(t, r, deep + 1);
	}
	if (!is_name(*r->at))
		return number(r);
	for (from = r->at; r->at < r->end && (is_name(*r->at) || is_digit(*r->at));)
		r->at++;
	at = find(t, from, r->at - from);
	if (!at)
		r->failed = 1;
	return at ? at->value : 0;
}

static word product(struct table *t, struct reader *r, word deep)
{
	word value = factor(t, r, deep), by;

	for (;;) {
		skip(r);
		if (r->at == r->end)
			return value;
		switch (*r->at) {
		case '*':
			r->at++;
			value *= factor(t, r, deep);
			break;
		case '/':
		case '%':
			by = *r->at++ == '/';
			{
				word divisor = factor(t, r, deep);

				if (!divisor)
					r->failed = 1;
				else
					value = by ? value / divisor : value % divisor;
			}
			break;
		default:
			return value;
		}
		if (r->failed)
			return 0;
	}
}

static word sum(struct table *t, struct reader *r, word deep)
{
	word value = product(t, r, deep);

	for (skip(r); !r->failed && r->at < r->end; skip(r)) {
		if (*r->at == '+')
			r->at++, value += product(t, r, deep);
		else if (*r->at == '-')
			r->at++, value -= product(t, r, deep);
		else if (*r->at == '&')
			r->at++, value &= product(t, r, deep);
		else if (*r->at == '|')
			r->at++, value |= product(t, r, deep);
		else
			break;
	}
	return value;
}

/* A list is sorted by halves: names by their values, then by their hashes. */
static struct node *merge(struct node *a, struct node *b)
{
	struct node *first = 0, **last = &first;

	while (a && b) {
		struct node **less = a->value < b->value ||
			(a->value == b->value && a->hash <= b->hash) ? &a : &b;

		*last = *less;
		last = &(*less)->next;
		*less = (*less)->next;
	}
	*last = a ? a : b;
	return first;
}

static struct node *sort(struct node *list)
{
	struct node *slow = list, *fast;

	if (!list || !list->next)
		return list;
	for (fast = list->next; fast && fast->next; fast = fast->next->next)
		slow = slow->next;
	fast = slow->next;
	slow->next = 0;
	return merge(sort(list), sort(fast));
}

static void put_number(char *to, size *at, word n)
{
	char digits[10];
	int count = 0;

	do
		digits[count++] = '0' + n % 10;
	while (n /= 10);
	while (count && *at < TEXT - 1)
		to[(*at)++] = digits[--count];
}

/* Lines "name = sum", each of which may use the names above it. */
int compiled_run(struct table *t, const char *text, char out[TEXT])
{
	struct reader r = { text, text + length(text), 1, 0 };
	size at = 0;

	for (skip(&r); r.at < r.end && !r.failed; skip(&r)) {
		const char *from = r.at;
		struct node *n;
		size len;

		while (r.at < r.end && (is_name(*r.at) || is_digit(*r.at)))
			r.at++;
		len = r.at - from;
		skip(&r);
		if (!len || r.at == r.end || *r.at++ != '=')
			return -(int)r.line;
		r.failed |= !(n = insert(t, from, len));
		if (n)
			n->value = sum(t, &r, 0);
	}
	if (r.failed)
		return -(int)r.line;
	for (word b = 0; b < BUCKETS; b++) {
		t->bucket[b] = sort(t->bucket[b]);
		for (struct node *n = t->bucket[b]; n; n = n->next) {
			for (const char *c = n->name; *c && at < TEXT - 1; c++)
				out[at++] = *c;
			if (at < TEXT - 1)
				out[at++] = '=';
			put_number(out, &at, n->value);
			if (at < TEXT - 1)
				out[at++] = '\n';
		}
	}
	out[at] = 0;
	return t->used;
}
