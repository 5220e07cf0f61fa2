/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which members of the ops table its slots can be, by what their functions do and by the
 * order that all kernels keep.
 *
 * A run of slots is held against the list of linux_member.def: each slot is one member, whose
 * functions do such a thing, or none that is known; members may be missing.  Of all ways
 * to do that those count that need the least: what configurations and releases leave out
 * together costs nothing, another member left out costs 1, a slot that is no member 2.
 * A slot is named where all of them agree.
 */
#ifndef ORDER_H
#define ORDER_H

#include <stdbool.h>
#include <stdint.h>

enum member {
#define MEMBER(name, any) MEMBER_##name,
#include "list/linux_member.def"
#undef MEMBER
	MEMBER_COUNT,
	MEMBER_NONE = MEMBER_COUNT	/* none that is known */
};

extern const char *const member_names[MEMBER_COUNT];

/* The member of that name; MEMBER_NONE: there is none. */
enum member member_named(const char *name);

/* Most slots of a table. */
#define SLOTS_MAX	256

struct slot {
	uint64_t does;		/* BODY_ bits of body.h; any of them may decide */
	enum member is;		/* known otherwise; MEMBER_COUNT: not */
	bool known;
	/* What order_align() finds: possible[MEMBER_NONE] is "none that is known". */
	bool possible[MEMBER_COUNT + 1];
};

/**
 * order_align - the members that @n slots, one after the other, can be.
 * @slots: does, known and is are read, possible is written.
 * @pointers: the kernel patches by pointers (from 5.13): what became static calls then is
 *         not there, and the TLB op is flush_tlb_multi.
 *
 * Return: what the best ways need; at most 2 for each slot.
 */
unsigned order_align(struct slot *slots, unsigned n, bool pointers);

/* The only member it can be; MEMBER_COUNT: there are more, or none. */
enum member slot_member(const struct slot *s);

#endif
