/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256 against NIST's examples, and against sha256sum at every length around a
 * block. */
#include <stdlib.h>
#include <string.h>
#include "lib/sha256.h"
#include "tap.h"

/* Source: NIST, "Cryptographic Standards and Guidelines: Examples with Intermediate
 * Values", SHA-256; and the million a of FIPS 180-2. */
static const struct {
	const char *what, *text, *want;
} cases[] = {
	{ "one block", "abc",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "nothing", "",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
};

#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static bool is(const void *bytes, size_t len, const char *want)
{
	const struct sha256 h = sha256(bytes, len);
	char text[SHA256_TEXT_ROOM];

	sha256_text(&h, text);
	return !strcmp(text, want);
}

static bool as_sha256sum(const char *bytes, size_t len)
{
	char name[] = "/tmp/sha256.XXXXXX", line[200], want[SHA256_TEXT_ROOM] = "";
	int fd = mkstemp(name);
	FILE *f = fdopen(fd, "w");

	if (!f || fwrite(bytes, 1, len, f) != len || fclose(f))
		return false;
	snprintf(line, sizeof(line), "sha256sum <%s", name);
	f = popen(line, "r");
	if (!f || fscanf(f, "%64s", want) != 1)
		return false;
	pclose(f);
	remove(name);
	return is(bytes, len, want);
}

static void test_list(void)
{
	const struct sha256 a = sha256("a", 1), b = sha256("b", 1);
	const struct sha256 list[] = { a, b };

	ok(sha256_in(&b, list, 2) && !sha256_in(&b, list, 1)
	   && !sha256_in(&a, list, 0), "in a list, and in none");
}

int main(void)
{
	static const size_t lengths[] = { 1, 54, 55, 56, 57, 63, 64, 65, 119, 120,
					  127, 128, 129, 4095 };
	char *a = malloc(1000000), mixed[4096];
	unsigned good = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(is(cases[i].text, strlen(cases[i].text), cases[i].want), "%s",
		   cases[i].what);
	memset(a, 'a', 1000000);
	ok(is(a, 1000000, MILLION_A), "a million a");
	free(a);
	for (size_t i = 0; i < sizeof(mixed); i++)
		mixed[i] = (char)(i * 7 + i / 256);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		good += as_sha256sum(mixed, lengths[i]);
	ok(good == sizeof(lengths) / sizeof(lengths[0]),
	   "as sha256sum has it at %u lengths", good);
	test_list();
	return done();
}
