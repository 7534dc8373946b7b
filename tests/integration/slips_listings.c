/*
 * slips_listings.c -- what Slips 0.7.0 knows of a file after reading it, made by our engine.
 *
 * slips_listings FILE file|sorted -- read a flow log with compat.windows s20 and direction out, in the order of
 * the file or sorted by start; then print, with tabs: flows, profiles, windows, outgoing tuples, characters of
 * letters, established flows, others, and the SHA-1 of the listing of all outgoing tuples:
 *
 *	profile_10.0.2.15_timewindow1 147.32.80.9:53:udp 11.a.
 *
 * Slips makes the windows between a host's first and last one too; we do not keep what is empty, so they are
 * counted here. A flow that several lines tell under one name is one flow.
 *
 * Source: behaviour §13.2.
 */
#include "daemon/base/strbuf.h"
#include "daemon/config/config_rows.h"
#include "daemon/engine/engine.h"
#include "daemon/input/input_format.h"
#include "daemon/input/input_kind.h"

#include <assert.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLOWS_MAX = 100000, ROWS_MAX = 100000, FILE_MAX = 64 << 20, LISTED_MAX = 1 << 20 };

/* One line's flow, kept until all are sorted: its texts do not matter here. */
struct line_flow {
	struct obs_flow flow;
	size_t number;
};

struct span {
	struct addr host;
	int64_t first, last; /* windows */
};

struct listing {
	enum input_kind kind;
	struct line_flow flows[FLOWS_MAX];
	size_t flow_count;
	struct span spans[ROWS_MAX];
	size_t span_count;
	char *rows[ROWS_MAX];
	size_t row_count;
	size_t letters;
};

static int
by_start(const void *a, const void *b)
{
	const struct line_flow *x = a;
	const struct line_flow *y = b;

	if (x->flow.start_ns != y->flow.start_ns)
		return x->flow.start_ns < y->flow.start_ns ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static int
by_bytes(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

/* Each name once: the established state of the last line that tells it. */
static int
by_id(const void *a, const void *b)
{
	const struct line_flow *x = a;
	const struct line_flow *y = b;

	if (x->flow.id != y->flow.id)
		return x->flow.id < y->flow.id ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static const char *
proto_word(uint8_t ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "icmp";
	case IPPROTO_IGMP:
		return "igmp";
	default:
		return "unknown_transport";
	}
}

/* As the file writes it: Argus gives ICMP's in hexadecimal, and IGMP's not at all. */
static void
put_port(struct strbuf *b, const struct listing *l, const struct tuple *t)
{
	if (l->kind != INPUT_KIND_ARGUS ||
		(t->ip_proto != IPPROTO_ICMP && t->ip_proto != IPPROTO_IGMP))
		strbuf_u64(b, t->port);
	else if (t->ip_proto == IPPROTO_ICMP)
		strbuf_printf(b, "0x%04x", t->port);
}

static void
put_letters(struct strbuf *b, const struct tuple *t)
{
	const struct letter_chunk *c = t->letters;
	char one[LETTER_TEXT_MAX];

	for (uint32_t i = 0; i < t->letter_count; i++) {
		if (i > 0 && i % LETTERS_PER_CHUNK == 0)
			c = c->next;
		letter_text(&c->letters[i % LETTERS_PER_CHUNK], false, one);
		strbuf_text(b, one);
	}
}

static void
list_window(struct listing *l, const struct record_window *w)
{
	static char text[LISTED_MAX];
	char host[ADDR_TEXT_MAX];
	char peer[ADDR_TEXT_MAX];

	for (const struct tuple *t = w->tuples->first; t != NULL; t = t->next) {
		struct strbuf b;

		if (t->role != ROLE_CLIENT || t->letter_count == 0)
			continue;
		strbuf_init(&b, text, sizeof(text));
		strbuf_printf(&b, "profile_%s_timewindow%lld %s:", addr_format(&w->host, host),
			(long long)w->window.number, addr_format(&t->peer, peer));
		put_port(&b, l, t);
		strbuf_printf(&b, ":%s ", proto_word(t->ip_proto));
		size_t before = b.length;
		put_letters(&b, t);
		l->letters += b.length - before;
		strbuf_char(&b, '\n');
		assert(!b.truncated && l->row_count < ROWS_MAX);
		l->rows[l->row_count++] = strdup(text);
	}
}

static void
note_window(struct listing *l, const struct record_window *w)
{
	struct span *s = l->spans;
	struct span *end = l->spans + l->span_count;

	while (s < end && !addr_equal(&s->host, &w->host))
		s++;
	if (s == end) {
		assert(l->span_count < ROWS_MAX);
		l->span_count++;
		*s = (struct span){ w->host, w->window.number, w->window.number };
	}
	if (w->window.number < s->first)
		s->first = w->window.number;
	if (w->window.number > s->last)
		s->last = w->window.number;
}

static void
on_record(void *context, const struct record *r)
{
	note_window(context, r->window);
	list_window(context, r->window);
}

static char *
read_file(const char *path, size_t *ret_length)
{
	FILE *f = fopen(path, "rb");
	char *bytes = malloc(FILE_MAX + 1);

	if (f == NULL || bytes == NULL) {
		perror(path);
		exit(1);
	}
	*ret_length = fread(bytes, 1, FILE_MAX, f);
	bytes[*ret_length] = '\0';
	(void)fclose(f);
	return bytes;
}

static void
read_flows(struct listing *l, const char *path)
{
	static struct input_stream s;
	const struct input_plan plan = { .file_order = true };
	size_t length;
	char *bytes = read_file(path, &length);
	uint64_t number = 0;

	l->kind = input_kind_of(bytes, length);
	const struct input_format *format = input_format_of(l->kind);
	if (format == NULL || input_format_start(&s, format, &plan, path) != 0) {
		(void)fprintf(stderr, "%s: nothing that is read here\n", path);
		exit(1);
	}
	input_format_begin(&s, path, bytes, length < 128 << 10 ? length : 128 << 10);
	for (char *at = bytes; *at != '\0';) {
		char *stop = at + strcspn(at, "\n");
		bool is_last = *stop == '\0';

		*stop = '\0';
		int told = input_format_line(&s, at, (size_t)(stop - at), ++number);
		if (told < 0)
			(void)fprintf(stderr, "%s:%llu: %s\n", path, (unsigned long long)number,
				s.complaint);
		for (int i = 0; i < told; i++) {
			if (s.items[i].o.kind != OBS_FLOW_END)
				continue;
			assert(l->flow_count < FLOWS_MAX);
			struct line_flow *kept = &l->flows[l->flow_count];
			*kept = (struct line_flow){ s.items[i].flow, l->flow_count };
			kept->flow.history = kept->flow.service = kept->flow.label = "";
			l->flow_count++;
		}
		at = is_last ? stop : stop + 1;
	}
	input_format_end(&s);
	free(bytes);
}

static void
feed(struct listing *l)
{
	static struct settings settings;

	config_rows_default(settings_rows, &settings);
	settings.sensor.name = "listing";
	settings.memory.limit = UINT64_C(256) << 20;
	settings.compat.windows = COMPAT_WINDOWS_S20;
	settings.direction = DIRECTION_OUT;
	struct engine *e = engine_new(&(struct engine_plan){ .settings = &settings,
		.hash_key = { { 1, 2 } },
		.sink = {
			.wanted = RECORD_BIT(RECORD_WINDOW), .context = l, .write = on_record } });
	assert(e != NULL);
	for (size_t i = 0; i < l->flow_count; i++)
		engine_observe(e, &(struct observation){ .kind = OBS_FLOW_END,
					  .ts_ns = l->flows[i].flow.last_ns,
					  .flow = &l->flows[i].flow });
	engine_finish(e, NULL, 0);
	engine_free(e);
}

static void
print_sha1(const struct listing *l)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	EVP_MD_CTX *sha1 = EVP_MD_CTX_new();
	int ok = sha1 != NULL && EVP_DigestInit_ex(sha1, EVP_sha1(), NULL);

	for (size_t i = 0; ok && i < l->row_count; i++)
		ok = EVP_DigestUpdate(sha1, l->rows[i], strlen(l->rows[i]));
	ok = ok && EVP_DigestFinal_ex(sha1, digest, &size);
	EVP_MD_CTX_free(sha1);
	assert(ok);
	for (unsigned i = 0; i < size; i++)
		(void)printf("%02x", digest[i]);
	(void)printf("\n");
}

int
main(int argc, char **argv)
{
	static struct listing l;
	size_t windows = 0;
	size_t established[2] = { 0 };
	size_t flows = 0;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: slips_listings FILE file|sorted\n");
		return 2;
	}
	read_flows(&l, argv[1]);
	if (strcmp(argv[2], "sorted") == 0)
		qsort(l.flows, l.flow_count, sizeof(l.flows[0]), by_start);
	feed(&l);
	qsort(l.rows, l.row_count, sizeof(l.rows[0]), by_bytes);
	qsort(l.flows, l.flow_count, sizeof(l.flows[0]), by_id);
	for (size_t i = 0; i < l.flow_count; i++) {
		if (i + 1 < l.flow_count && l.flows[i + 1].flow.id == l.flows[i].flow.id)
			continue;
		flows++;
		established[l.flows[i].flow.established]++;
	}
	for (size_t i = 0; i < l.span_count; i++)
		windows += (size_t)(l.spans[i].last - l.spans[i].first + 1);
	if (getenv("LISTING") != NULL)
		for (size_t i = 0; i < l.row_count; i++)
			(void)fputs(l.rows[i], stderr);
	(void)printf("%zu\t%zu\t%zu\t%zu\t%zu\t%zu/%zu\t", flows, l.span_count, windows,
		l.row_count, l.letters, established[1], established[0]);
	print_sha1(&l);
	for (size_t i = 0; i < l.row_count; i++)
		free(l.rows[i]);
	return 0;
}
