/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking other CPUs to serialise, and answering.
 *
 * The CPU that patches counts its questions; the others answer with the number.
 * One who is asked by an interrupt but cannot answer then owes it, until it comes
 * by where it can.
 */
#ifndef LIVE_ASK_H
#define LIVE_ASK_H

#include <stdbool.h>
#include <stdint.h>

struct live_ask {
	volatile uint32_t number;	/* of the last question */
	volatile bool quiet;		/* to be answered only where that is so */
	volatile bool stop;		/* by standing still until it is released */
	volatile uint32_t released;	/* the last of those that is over */
};

struct live_cpu {
	volatile uint32_t arrived;	/* at the stop of that number */
	volatile uint32_t answered;
};

/* Asks the next question.  Return: its number. */
uint32_t live_ask(struct live_ask *a, bool quiet, bool stop);

/* Ends a stop. */
void live_release(struct live_ask *a);

/**
 * live_answer - answer the last question, if that is owed and may be.
 * @quiet: is this CPU?
 * @idle: called again and again while this CPU stands still; NULL: nothing is.
 *
 * Return: true if it answered; then whoever does it from an INT3 has to look at it
 * anew, as the batch may be over.
 */
bool live_answer(const struct live_ask *a, struct live_cpu *c, bool quiet,
		 void (*serialise)(void), void (*idle)(void));

#endif
