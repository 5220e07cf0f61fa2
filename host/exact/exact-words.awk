# SPDX-License-Identifier: GPL-2.0-only
# exact-words.awk: what the words of host/test/exact/exact.tbl mean.

# instructions(WORDS): "(9 push call cli ret 9 pop) + load" is 22, "0 nop" is 0;
# -1: unclear
function instructions(words,    token, n, i, times, sum)
{
	if (words ~ /(^|[ (])[0-9]+ *([(+)]|$)/)
		return -1
	gsub(/[()+]/, " ", words)
	n = split(words, token)
	times = 1
	for (i = 1; i <= n; i++) {
		if (token[i] ~ /^[0-9]+$/) {
			times = token[i]
			continue
		}
		sum += times
		times = 1
	}
	return sum
}
