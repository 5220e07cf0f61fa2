/* SPDX-License-Identifier: GPL-2.0-only */
/* A call on another stack: where it runs, what goes in and what comes back; and
 * the thread's stack, where a thread's CPU is found by masking. */
#include <stdlib.h>
#include <string.h>
#include "measure/on_stack.h"
#include "paravirt/pv_memory.h"
#include "tap.h"

#define BYTES	32768
#define RESULT	0x123456789abcdef0ull

static uint8_t first[BYTES] __attribute__((aligned(16)));
static uint8_t second[BYTES] __attribute__((aligned(16)));

static struct seen {
	uintptr_t frame;
	void *arg;
} seen[2];

/* The frame pointer and the return address are above the frame. */
static bool is_aligned(uintptr_t frame)
{
	return (frame + 2 * sizeof(void *)) % 16 == 0;
}

static bool is_within(uintptr_t frame, const uint8_t *stack)
{
	return frame > (uintptr_t)stack && frame < (uintptr_t)stack + BYTES;
}

__attribute__((noinline))
static uint64_t look(void *arg)
{
	seen[0] = (struct seen){ (uintptr_t)__builtin_frame_address(0), arg };
	return RESULT;
}

__attribute__((noinline))
static uint64_t nest(void *arg)
{
	uint64_t inner = on_stack(second + BYTES, look, arg);

	seen[1] = (struct seen){ (uintptr_t)__builtin_frame_address(0), arg };
	return inner + 1;
}

static void calls(void)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	int arg;

	ok1(on_stack(first + BYTES, look, &arg) == RESULT);
	ok1(seen[0].arg == &arg);
	ok1(is_within(seen[0].frame, first));
	ok1(is_aligned(seen[0].frame));
	ok1(on_stack(first + BYTES - 5, look, NULL) == RESULT);
	ok(is_aligned(seen[0].frame), "a top that is not aligned is rounded down");
	ok1(seen[0].frame < (uintptr_t)first + BYTES - 5);
	ok1(on_stack(NULL, look, &arg) == RESULT);
	ok(here - seen[0].frame < 4096, "no top: the caller's stack");
	ok1(seen[0].arg == &arg);
	ok1(is_aligned(seen[0].frame));
	ok1(on_stack(first + BYTES, nest, &arg) == RESULT + 1);
	ok(is_within(seen[0].frame, second), "nested: the inner on its own");
	ok(is_within(seen[1].frame, first), "nested: and back on the outer's");
	ok1(seen[0].arg == &arg && seen[1].arg == &arg);
}

static uint64_t masked_cpu(void *arg)
{
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);

	(void)arg;
	return *(const uint32_t *)((sp & -(uintptr_t)THREAD_SIZE) + TI_CPU);
}

static void thread(void)
{
	uint8_t *top = thread_stack_top();
	uint8_t *bottom = top - THREAD_SIZE;

	ok1((uintptr_t)bottom % THREAD_SIZE == 0);
	memset(bottom, 0x5a, THREAD_SIZE);
	ok1(on_stack(top, masked_cpu, NULL) == 0x5a5a5a5a);
	ok1(thread_stack_top() == top);
	ok1(on_stack(top, masked_cpu, NULL) == 0);
}

static bool is_cleared(void)
{
	static struct pv_memory want;

	want.shared = &pv_memory.shared_info;
	return !memcmp(&pv_memory, &want, sizeof(want));
}

int main(void)
{
	calls();
	thread();
	memset(&pv_memory, 0x5a, sizeof(pv_memory));
	pv_memory_open();
	ok(is_cleared(), "pv_memory_open() sets the pointer and clears the rest");
	return done();
}
