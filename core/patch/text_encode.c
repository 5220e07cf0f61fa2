/* SPDX-License-Identifier: GPL-2.0-only */
/* One site's form, see text.h and text_parts.h. */
#include "lib/mem.h"
#include "site_shape.h"
#include "text_parts.h"

/* A site by its record.  text_open() has seen that it can be read; the bytes there
 * now may be another form's, so it is read from the built ones. */
static struct sited_op sited_by_record(const struct text *t, size_t i,
				       const uint8_t *built)
{
	const struct site *s = &t->where.sites[i];
	uint64_t addr = text_site_addr(&t->where, i);
	struct site_class k = { .clobbers = s->clobbers, .type = s->type,
				.len = s->len };
	struct sited_op so;
	struct site_shape shape;

	site_shape_read(&t->where, s, addr, built, &shape);
	k.call = (uint8_t)shape.call;
	k.pops = (uint8_t)shape.pops;
	k.callee = shape.callee;
	so = sited_by_class(t, &k, addr);
	so.island = t->where.islands ? t->where.islands + i * ISLAND_BYTES : 0;
	return so;
}

/* The form in @buf, and what fills the rest of the site. */
static void take_form(struct text_form *f, const struct sited_op *so,
		      const struct mode *m, const struct nop_table *nops,
		      uint8_t *buf, unsigned used)
{
	f->used = used;
	f->nops = nop_pad(nops, so, f->outcome, buf, used);
	memcpy(f->bytes, buf, so->len);
	if (m->island && so->island)
		f->island_len = m->island(so, f->island);
}

/* From the built bytes, so that history cannot matter. */
const char *site_encode(const struct sited_op *so, const uint8_t *built,
			const struct backend *b, const struct mode *m,
			const struct nop_table *nops, struct text_form *f)
{
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 0;

	memcpy(f->bytes, built, so->len);
	memcpy(buf, built, so->len);
	f->len = f->used = so->len;
	f->type = so->type;
	f->nops = f->island_len = 0;
	f->outcome = m->encode(b, so, buf, &used);
	if ((unsigned)f->outcome >= PATCHED_COUNT)
		return "the backend's patch hook returned no outcome";
	if (outcome_is_kept(f->outcome))
		return NULL;
	if (used > so->len)
		return "the backend's patch hook wrote more than the site holds";
	take_form(f, so, m, nops, buf, used);
	return NULL;
}

const char *site_encode_record(const struct text_staged *s, size_t i,
			       const uint8_t *built, struct text_form *f)
{
	struct sited_op so = sited_by_record(s->t, i, built);

	return site_encode(&so, built, s->b, s->m, s->nops, f);
}

const uint8_t *text_built_of(const struct text *t, size_t i)
{
	const uint8_t *built = t->built;

	for (size_t k = 0; k < i; k++)
		built += t->where.sites[k].len;
	return built;
}

const char *text_encode(const struct text *t, size_t i, const struct backend *b,
			const struct mode *m, const struct nop_table *nops,
			struct text_form *f)
{
	const uint8_t *built = text_built_of(t, i);
	struct sited_op so = sited_by_record(t, i, built);

	return site_encode(&so, built, b, m, nops, f);
}

struct text text_part(const struct text *t, size_t first, size_t count,
		      size_t built)
{
	struct text part = *t;

	part.where.sites += first;
	part.where.sites_addr += first * sizeof(struct site);
	part.where.count = count;
	part.built += built;
	part.class_of += first;
	if (!t->where.islands)
		return part;
	part.where.islands += first * ISLAND_BYTES;
	part.where.island_bytes += first * ISLAND_BYTES;
	return part;
}

unsigned text_call_at(const struct text *t, size_t i)
{
	return sited_by_record(t, i, text_built_of(t, i)).call;
}
