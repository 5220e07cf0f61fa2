/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which instructions a run of code executes, by the bytes that are there: calls are
 * followed to where they lead, by their displacement or by the slot they read.
 *
 * It tells people what a count is made of.  The count itself is the clock's: of paths
 * that a conditional jump may take, the one that has as many instructions is meant.
 */
#ifndef INSN_WORDS_H
#define INSN_WORDS_H

#include "patch/insn.h"
#include "patch/insn_word.h"

/**
 * insn_words_of - what is executed from @from up to @to.
 * @isa:  of the code, which must be that of whoever asks: slots are read here.
 * @from, @to: where it runs; reached by falling through, all calls returned from.
 * @instructions: so many were counted.
 * @w:    filled on success.
 *
 * Return: false if no path has so many, or two that differ in their words; if code
 * cannot be followed: a branch by a register, a return that nothing called, an
 * interrupt.
 */
bool insn_words_of(enum isa isa, const uint8_t *from, const uint8_t *to,
		   unsigned instructions, struct insn_words *w);

#endif
