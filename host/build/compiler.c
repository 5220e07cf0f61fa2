/* SPDX-License-Identifier: GPL-2.0-only */
/* What a compiler says of itself: preprocessed by compiler.sh, never compiled. */
#if defined(__INTEL_COMPILER)
parapatch_compiler icc __INTEL_COMPILER 0
#elif defined(__TINYC__)
parapatch_compiler tcc __TINYC__ 0
#elif defined(__clang__)
parapatch_compiler clang __clang_major__ __clang_minor__
#elif defined(__GNUC__)
parapatch_compiler gcc __GNUC__ __GNUC_MINOR__
#else
parapatch_compiler unknown 0 0
#endif
#ifdef __cplusplus
parapatch_language cplusplus
#else
parapatch_language c
#endif
#if defined(__x86_64__) && !defined(__ILP32__)
parapatch_machine x86_64
#elif defined(__i386__)
parapatch_machine ia32
#else
parapatch_machine another
#endif
