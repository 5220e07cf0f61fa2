/* SPDX-License-Identifier: GPL-2.0-only */
/* What a CPU remembers of page tables. */
#ifndef TRANSLATIONS_H
#define TRANSLATIONS_H

/* This CPU forgets all of it, global entries too. */
void cpu_forget_translations(void);

#endif
