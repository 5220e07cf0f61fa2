/* SPDX-License-Identifier: GPL-2.0-only */
/* A call on another stack. */
#ifndef ON_STACK_H
#define ON_STACK_H

#include <stdint.h>

/**
 * on_stack - call a function with the stack pointer somewhere else.
 * @top: the end of the memory for it, rounded down to a multiple of 16; NULL: the
 *       function is called on the stack that is in use.
 * @fn:  what is called, by the plain C convention.
 * @arg: what it is given.
 *
 * The way back is in the frame pointer's chain, so calls nest, and a debugger
 * walks them.  Interrupts are taken on that stack too: it needs room for them.
 *
 * Return: what @fn returned, on the caller's stack.
 */
uint64_t on_stack(void *top, uint64_t (*fn)(void *arg), void *arg);

#endif
