/*
 * evasion_conversations.c -- the same conversation in other packets tells the same, byte for byte.
 *
 * Golden captures (tests/captures/told) are taken apart into what the hosts said, and said again in each
 * of the ways below, between hosts of IPv4 and of IPv6: with the packets left whole it must tell as many
 * things as the capture does, and every other way must tell what that one does, times and all.
 */
#include "tests/evasion/deliver.h"
#include "tests/evasion/evasion_rig.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name; /* tests/captures/told/<name>.pcap */
	bool only_v4;     /* its messages are of IPv4, or say its addresses */
	bool any_order;   /* its datagrams may come in any order */
} conversations[] = {
	{ .name = "dns" },
	{ .name = "dns_tcp" },
	{ .name = "http" },
	{ .name = "tls" },
	{ .name = "tls-13" },
	{ .name = "dtls" },
	{ .name = "quic", .any_order = true },
	{ .name = "quic-v2" },
	{ .name = "ssh" },
	{ .name = "smtp" },
	{ .name = "ftp", .only_v4 = true },
	{ .name = "ftp-6" },
	{ .name = "ftp_data", .only_v4 = true },
	{ .name = "pop3" },
	{ .name = "imap-login" },
	{ .name = "imap-starttls" },
	{ .name = "telnet" },
	{ .name = "irc" },
	{ .name = "dhcp", .only_v4 = true },
	{ .name = "sip" },
	{ .name = "sip_tcp" },
	{ .name = "kerberos_tcp" },
	{ .name = "rdp" },
	{ .name = "mysql" },
	{ .name = "redis" },
	{ .name = "mqtt" },
	{ .name = "socks" },
	{ .name = "smb" },
	{ .name = "smb-1" },
	{ .name = "dce_rpc" },
	{ .name = "websocket" },
	{ .name = "bittorrent" },
	{ .name = "stratum" },
};

#define BASE_NS (UINT64_C(1600000000) * 1000000000)
#define HOUR_NS (UINT64_C(3600) * 1000000000)

/* What one conversation is compared with. */
struct player {
	struct told *told;
	const struct conversation *conversation;
	const char *name;
	const char *expected;
};

static const struct delivery whole = { .name = "whole" };

static const struct delivery once[] = {
	{ .name = "one byte a segment", .segments = { .size = 1 } },
	{ .name = "one byte a segment, backwards", .segments = { .size = 1, .order = BACKWARDS } },
	{ .name = "one byte a segment, the even ones first",
		.segments = { .size = 1, .order = EVEN_FIRST } },
	{ .name = "7 bytes a segment, backwards, each twice",
		.segments = { .size = 7, .order = BACKWARDS, .twice = true } },
	{ .name = "100 bytes a segment, backwards",
		.segments = { .size = 100, .order = BACKWARDS } },
	{ .name = "100 bytes a segment, the even ones first",
		.segments = { .size = 100, .order = EVEN_FIRST } },
	{ .name = "each segment twice", .segments = { .twice = true } },
	{ .name = "all again when it was acknowledged",
		.segments = { .size = 100 },
		.again = true },
	{ .name = "64 bytes a segment, and 50 of those before",
		.segments = { .size = 64, .overlap = 50 } },
	{ .name = "64 bytes a segment, and all before, backwards",
		.segments = { .size = 64, .overlap = CONVERSATION_BYTES, .order = BACKWARDS } },
	{ .name = "64 bytes a segment, and 200 of those before, the even ones first",
		.segments = { .size = 64, .overlap = 200, .order = EVEN_FIRST } },
	{ .name = "fragments of 8 bytes",
		.fragments = { .size = 8 },
		.only_v4 = true, /* the header chain is to be in the first one (RFC 7112) */
		.odd = "weird fragment_tiny" },
	{ .name = "fragments of 64 bytes, backwards",
		.fragments = { .size = 64, .order = BACKWARDS } },
	{ .name = "fragments of 64 bytes, the even ones first, each twice",
		.fragments = { .size = 64, .order = EVEN_FIRST, .twice = true } },
	{ .name = "fragments of 64 bytes, and 48 of those before",
		.fragments = { .size = 64, .overlap = 48 },
		.only_v4 = true, /* none may overlap (RFC 5722) */
		.odd = "weird fragment_overlap" },
	{ .name = "fragments of 48 bytes", .fragments = { .size = 48 } },
	{ .name = "100 bytes a segment, and 20 of those before, the even ones first, in fragments "
		  "of 32 bytes, backwards",
		.segments = { .size = 100, .overlap = 20, .order = EVEN_FIRST },
		.fragments = { .size = 32, .order = BACKWARDS } },
	{ .name = "datagrams in a row backwards", .datagrams_backwards = true },
};

/* With one cut, before each byte in turn, or each few. */
static const struct {
	struct delivery delivery;
	uint32_t step;
} cuts[] = {
	{ { .name = "cut before every byte" }, 1 },
	{ { .name = "cut before every fifth byte, what is behind it first",
		  .segments = { .order = BACKWARDS },
		  .fragments = { .order = BACKWARDS } },
		5 },
};

static size_t
lines_of(const char *text)
{
	size_t lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* Of what is told of the capture itself. */
static size_t
golden_lines(const char *name)
{
	static char text[TOLD_MAX];
	char path[512];

	(void)snprintf(path, sizeof(path), TESTS_DIR "/captures/told/%s.told", name);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		abort();
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	(void)fclose(f);
	return lines_of(text);
}

/* The first line in which they differ. */
static void
print_difference(const char *expected, const char *text)
{
	while (*expected != '\0' && *text != '\0') {
		size_t size = strcspn(expected, "\n") + 1;
		if (strncmp(expected, text, size) != 0)
			break;
		expected += size;
		text += size;
	}
	(void)printf("      expected: %.*s\n      told:     %.*s\n", (int)strcspn(expected, "\n"),
		expected, (int)strcspn(text, "\n"), text);
}

/* Leave out the lines that are `odd`. returns how many there were */
static size_t
leave_out(char *text, const char *odd)
{
	size_t size = strlen(odd);
	size_t count = 0;
	char *to = text;

	for (size_t line; *text != '\0'; text += line) {
		line = strcspn(text, "\n") + 1;
		if (line == size + 1 && strncmp(text, odd, size) == 0) {
			count++;
			continue;
		}
		memmove(to, text, line);
		to += line;
	}
	*to = '\0';
	return count;
}

/* Leave out times within an hour of `base_ns`, and names of files, which are made from them. */
static void
leave_times_out(char *text, uint64_t base_ns)
{
	enum { FILE_NAME = 18, TIME = 19 };
	char *to = text;

	while (*text != '\0') {
		size_t word = 0;
		while (isalnum((unsigned char)text[word]))
			word++;
		bool is_time = word == TIME && strtoull(text, NULL, 10) - base_ns < HOUR_NS;
		if (is_time || (word == FILE_NAME && *text == 'F')) {
			*to++ = '*';
			text += word;
			continue;
		}
		for (word += word == 0; word > 0; word--)
			*to++ = *text++;
	}
	*to = '\0';
}

static bool
is_same(struct evasion_set *set, const char *expected, const char *text)
{
	bool is_right = strcmp(expected, text) == 0;

	set->cases++;
	set->failed += !is_right;
	return is_right;
}

/* Each with an engine of its own, at one time: byte for byte. */
static void
play_once(struct evasion_set *set, const struct player *p, const struct delivery *d)
{
	static char text[TOLD_MAX];

	told_begin(p->told);
	deliver(p->told, p->conversation, d, BASE_NS, DELIVER_WHOLE);
	(void)snprintf(text, sizeof(text), "%s", told_end(p->told));
	size_t odd = d->odd != NULL ? leave_out(text, d->odd) : 0;
	if (is_same(set, p->expected, text))
		return;
	(void)printf("FAIL  %s, %s (%zu times %s)\n", p->name, d->name, odd,
		d->odd != NULL ? d->odd : "odd");
	print_difference(p->expected, text);
}

/* One after the other, an hour between them: times are left out. */
static void
play_cuts(struct evasion_set *set, const struct player *p, const struct delivery *d, uint32_t step)
{
	static char expected[TOLD_MAX];
	static char text[TOLD_MAX];
	const struct conversation *c = p->conversation;
	uint64_t at_ns = BASE_NS;
	size_t failed = 0;
	enum { UDP_STEP = 8 }; /* where fragments may begin */

	(void)snprintf(expected, sizeof(expected), "%s", p->expected);
	leave_times_out(expected, BASE_NS);
	told_begin(p->told);
	for (uint32_t cut = 0; cut < c->size; cut += c->flows[0].is_tcp ? step : UDP_STEP) {
		deliver(p->told, c, d, at_ns, cut);
		(void)snprintf(text, sizeof(text), "%s", told_until(p->told, at_ns + HOUR_NS));
		leave_times_out(text, at_ns);
		at_ns += HOUR_NS;
		if (is_same(set, expected, text) || failed++ > 0)
			continue;
		(void)printf("FAIL  %s, %s %u\n", p->name, d->name, cut);
		print_difference(expected, text);
	}
	(void)told_end(p->told);
}

/* As many things as in the capture itself? */
static bool
is_same_count(struct evasion_set *set, const struct player *p)
{
	bool is_right = lines_of(p->expected) == golden_lines(p->name);

	set->cases++;
	set->failed += !is_right;
	return is_right;
}

static void
play(struct evasion_set *set, const struct player *p, bool any_order, bool is_cut)
{
	const struct evasion_set before = *set;
	bool is_v6 = !addr_is_v4(&p->conversation->flows[0].opener.src);

	if (!is_same_count(set, p))
		(void)printf("FAIL  %s: not %zu lines but:\n%s", p->name, golden_lines(p->name),
			p->expected);
	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if ((!is_v6 || !once[i].only_v4) && (any_order || !once[i].datagrams_backwards))
			play_once(set, p, &once[i]);
	for (size_t i = 0; is_cut && i < sizeof(cuts) / sizeof(cuts[0]); i++)
		play_cuts(set, p, &cuts[i].delivery, cuts[i].step);
	size_t cases = set->cases - before.cases;
	size_t failed = set->failed - before.failed;
	(void)printf("%s  %s over IPv%d: %zu things in %u bytes, told the same %zu times of %zu\n",
		failed > 0 ? "FAIL" : "ok  ", p->name, is_v6 ? 6 : 4, lines_of(p->expected),
		p->conversation->size, cases - failed, cases);
}

/* Whole, it is what everything else is compared with. */
static void
play_whole(struct evasion_set *set, struct told *t, const struct conversation *c, size_t i,
	bool is_cut)
{
	static char expected[TOLD_MAX];
	const struct player p = { t, c, conversations[i].name, expected };

	told_begin(t);
	deliver(t, c, &whole, BASE_NS, DELIVER_WHOLE);
	(void)snprintf(expected, sizeof(expected), "%s", told_end(t));
	play(set, &p, conversations[i].any_order, is_cut);
}

int
main(int argc, char **argv)
{
	struct evasion_set set = { .name = "conversations" };
	static struct conversation c;
	struct told *t = told_new();
	char path[512];

	for (size_t i = 0; i < sizeof(conversations) / sizeof(conversations[0]); i++) {
		const char *name = conversations[i].name;
		if (argc > 1 && strcmp(argv[1], name) != 0)
			continue;
		(void)snprintf(path, sizeof(path), TESTS_DIR "/captures/told/%s.pcap", name);
		conversation_read(&c, path);
		play_whole(&set, t, &c, i, true);
		if (conversations[i].only_v4 || !addr_is_v4(&c.flows[0].opener.src))
			continue;
		conversation_to_v6(&c);
		play_whole(&set, t, &c, i, false);
	}
	told_free(t);
	return evasion_end(&set);
}
