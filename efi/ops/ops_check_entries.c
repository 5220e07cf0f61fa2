/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of ops: entries of page tables and descriptor tables, in no table. */
#include "ops_check_one.h"

static uint64_t own_entries[3] __attribute__((aligned(8)));

#define ENTRY_OLD	0x0123456789abcdefull
#define ENTRY_NEW	0xfedcba9876543210ull

static uint64_t *entry(void)
{
	own_entries[0] = own_entries[1] = own_entries[2] = ENTRY_OLD;
	return &own_entries[1];
}

static const char *entry_is(uint64_t want)
{
	return unless(own_entries[0] == ENTRY_OLD && own_entries[1] == want
		      && own_entries[2] == ENTRY_OLD,
		      "the entry, or one beside it, is not what it must be");
}

CHECK(set_pte)
{
	paravirt_ops.set_pte(entry(), ENTRY_NEW);
	return entry_is(ENTRY_NEW);
}

CHECK(set_pte_at)
{
	paravirt_ops.set_pte_at(NULL, 0, entry(), ENTRY_NEW);
	return entry_is(ENTRY_NEW);
}

CHECK(set_pmd)
{
	paravirt_ops.set_pmd(entry(), ENTRY_NEW);
	return entry_is(ENTRY_NEW);
}

CHECK(set_pud)
{
	paravirt_ops.set_pud(entry(), ENTRY_NEW);
	return entry_is(ENTRY_NEW);
}

CHECK(set_pte_atomic)
{
	paravirt_ops.set_pte_atomic(entry(), ENTRY_NEW);
	return entry_is(ENTRY_NEW);
}

CHECK(set_pte_present)
{
	paravirt_ops.set_pte_present(NULL, 0, entry(), ENTRY_NEW);
	return entry_is(ENTRY_NEW);
}

CHECK(pte_clear)
{
	paravirt_ops.pte_clear(NULL, 0, entry());
	return entry_is(0);
}

CHECK(pmd_clear)
{
	paravirt_ops.pmd_clear(entry());
	return entry_is(0);
}

CHECK(pte_update)
{
	paravirt_ops.pte_update(NULL, 0, entry());
	return entry_is(ENTRY_OLD);
}

CHECK(pte_update_defer)
{
	paravirt_ops.pte_update_defer(NULL, 0, entry());
	return entry_is(ENTRY_OLD);
}

/* Returned as it is: what is no entry, and what looks like one. */
static const char *identity(FN_q_q((*op)))
{
	return unless(op(ENTRY_OLD) == ENTRY_OLD && op(ENTRY_NEW) == ENTRY_NEW
		      && !op(0) && op(~0ull) == ~0ull,
		      "what comes back is not what went in");
}

CHECK(make_pte)
{
	return identity(paravirt_ops.make_pte);
}

CHECK(pte_val)
{
	return identity(paravirt_ops.pte_val);
}

CHECK(ptep_modify_prot_start)
{
	if (paravirt_ops.ptep_modify_prot_start(NULL, 0, entry()) != ENTRY_OLD)
		return "does not return the entry that was there";
	return entry_is(0);
}

CHECK(ptep_modify_prot_commit)
{
	paravirt_ops.ptep_modify_prot_commit(NULL, 0, entry(), ENTRY_NEW);
	return entry_is(ENTRY_NEW);
}

/* One slot of a table that is not in force. */
static const char *slot_written(FN_v_puuu((*op)))
{
	own_entries[0] = own_entries[1] = own_entries[2] = ~PATTERN;
	op(own_entries, 1, PATTERN, 0x12345678);
	return unless(own_entries[0] == ~PATTERN && own_entries[2] == ~PATTERN
		      && own_entries[1] == ((uint64_t)0x12345678 << 32 | PATTERN),
		      "slot 1 of the table is not low, high");
}

CHECK(write_ldt_entry)
{
	return slot_written(paravirt_ops.write_ldt_entry);
}

CHECK(write_gdt_entry)
{
	return slot_written(paravirt_ops.write_gdt_entry);
}

CHECK(write_idt_entry)
{
	return slot_written(paravirt_ops.write_idt_entry);
}
