/*
 * eve_dns.c -- EVE's dns event, in its three forms.
 *
 * Version 1 tells an answer record by record, 2 has them in a list, 3 has the questions in one too; Suricata tells
 * of a question and of its answer one by one, we of both together. Who sent the packet is the source in versions 1
 * and 3, so an answer's ends are turned; not in version 2, nor in ours: ports say it first, if one is DNS's.
 */
#include "daemon/base/number_text.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/time_text.h"
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/proto/dns_words.h"

#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum {
	FLAGS_HEX = 16,
	FLAG_AA = 0x400,
	FLAG_TC = 0x200,
	FLAG_RD = 0x100,
	FLAG_RA = 0x80,
	FLAGS_Z_SHIFT = 4,
	FLAGS_Z = 7,
	FLAGS_RCODE = 0xf,
	PORT_DNS = 53,
	PORT_MDNS = 5353,
	PORT_LLMNR = 5355,
};

struct eve_dns {
	const char *type; /* "query", "request"; "answer", "response" */
	const char *flags;
	uint64_t version;
	const char *name, *name_type; /* of the question; in version 1 of the record */
	struct text_list names, name_types;
	uint64_t ttl; /* of version 1's record */
	const char *data;
	struct text_list authorities;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct eve_dns, version, "dns.version"),
	FIELD_ROW_TEXT(struct eve_dns, type, "dns.type"),
	FIELD_ROW_TEXT(struct eve_dns, flags, "dns.flags"),
	FIELD_ROW_TEXT(struct eve_dns, name, "dns.rrname"),
	FIELD_ROW_TEXT(struct eve_dns, name_type, "dns.rrtype"),
	FIELD_ROW_TEXTS(struct eve_dns, names, "dns.queries.rrname", ""),
	FIELD_ROW_TEXTS(struct eve_dns, name_types, "dns.queries.rrtype", ""),
	FIELD_ROW_INTERVAL(struct eve_dns, ttl, "dns.ttl"),
	FIELD_ROW_TEXT(struct eve_dns, data, "dns.rdata"),
	FIELD_ROW_TEXTS(struct eve_dns, authorities, "dns.authorities.rrtype", ""),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "dns.id", "trans_id" },
	{ "dns.rcode", "rcode_name" },
	{ NULL, NULL },
};

static bool
is_path(const struct json_value *v, const char *path)
{
	return strlen(path) == v->path_length && memcmp(path, v->path, v->path_length) == 0;
}

/* A text that the item may point to. */
static const char *
keep(struct input_stream *s, struct text_view text)
{
	char *copy = eve_text(s, text.length + 1);

	if (copy == NULL)
		return "";
	memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	return copy;
}

/* The record of that number; those before it that were not heard of are empty. NULL: there is no room */
static struct eve_record *
record_at(struct input_stream *s, size_t index)
{
	struct eve_kept *k = &eve_of(s)->kept;

	if (index >= DNS_TEXTS_MAX) {
		s->items[0].said.cut++;
		return NULL;
	}
	for (; k->record_count <= index; k->record_count++)
		k->records[k->record_count] = (struct eve_record){ "", "", TRANSACTION_UNSET };
	return &k->records[index];
}

/* Lists by type are told beside the records, or in their place. */
static int
grouped(struct input_stream *s, struct text_view type, struct text_view data)
{
	struct eve_kept *k = &eve_of(s)->kept;
	struct eve_record *r;

	if (k->has_records)
		return 0;
	r = record_at(s, k->record_count);
	if (r != NULL)
		*r = (struct eve_record){ keep(s, data), keep(s, type), TRANSACTION_UNSET };
	return 0;
}

static int
read_value(struct input_stream *s, const struct json_value *v, struct text_view text)
{
	static const char answers[] = "dns.answers.";
	static const char groups[] = "dns.grouped.";
	const size_t begin = sizeof(answers) - 1;
	uint64_t seconds;
	struct eve_record *r;

	if (v->path_length <= begin)
		return 0;
	if (memcmp(v->path, groups, begin) == 0)
		return grouped(
			s, (struct text_view){ v->path + begin, v->path_length - begin }, text);
	if (memcmp(v->path, answers, begin) != 0)
		return 0;
	eve_of(s)->kept.has_records = true;
	r = record_at(s, v->element);
	if (r == NULL)
		return 0;
	if (is_path(v, "dns.answers.rdata"))
		r->data = keep(s, text);
	else if (is_path(v, "dns.answers.rrtype"))
		r->type = keep(s, text);
	else if (is_path(v, "dns.answers.ttl"))
		return number_text_count(text.at, text.length, &seconds) < 0 || seconds > UINT32_MAX
			       ? input_stream_bad(s, "dns.answers.ttl", text, "number of seconds")
			       : (r->ttl = seconds * NS_PER_S, 0);
	return 0;
}

static bool
is_port_of_dns(uint16_t port)
{
	return port == PORT_DNS || port == PORT_MDNS || port == PORT_LLMNR;
}

static bool
is_response(const struct eve_dns *v)
{
	return v->type != NULL &&
	       (strcmp(v->type, "response") == 0 || strcmp(v->type, "answer") == 0);
}

/* Is the source who answered? */
static bool
is_turned(const struct input_stream *s, const struct eve_dns *v)
{
	const struct eve_head *h = eve_head(s);
	bool src = is_port_of_dns(h->src_port);
	bool dest = is_port_of_dns(h->dest_port);

	if (!is_response(v) || eve_is_ours(s))
		return false;
	return src != dest ? src : v->version != 2;
}

/* As Zeek has it: strings of TXT with their length, services behind their type. */
static const char *
data_as_zeek(struct input_stream *s, const struct eve_record *r)
{
	bool has_length = strcmp(r->type, "TXT") == 0 || strcmp(r->type, "SPF") == 0;
	bool has_type = strcmp(r->type, "HTTPS") == 0 || strcmp(r->type, "SVCB") == 0;
	size_t size = strlen(r->type) + strlen(r->data) + sizeof(" 65535 ");
	struct strbuf b;

	if ((!has_length && !has_type) || (eve_is_ours(s) && has_type))
		return r->data;
	char *text = eve_text(s, size);
	if (text == NULL)
		return r->data;
	strbuf_init(&b, text, size);
	strbuf_text(&b, r->type);
	strbuf_char(&b, ' ');
	if (has_length) {
		strbuf_u64(&b, strlen(r->data));
		strbuf_char(&b, ' ');
	}
	strbuf_text(&b, r->data);
	return text;
}

static void
fill_addr(struct eve_kept *k, struct obs_dns *d, const struct eve_record *r, bool is_multicast)
{
	struct dns_answer *a = &k->answers[d->answer_count];

	if (d->answer_count == DNS_ANSWERS_MAX ||
		(strcmp(r->type, "A") != 0 && strcmp(r->type, "AAAA") != 0) ||
		!addr_parse(r->data, &a->addr))
		return;
	a->ttl_s = r->ttl == TRANSACTION_UNSET ? 0 : (uint32_t)(r->ttl / NS_PER_S);
	a->name = is_multicast ? d->query : NULL;
	d->answer_count++;
}

static void
fill_answers(struct input_stream *s, struct obs_dns *d, bool is_multicast)
{
	struct eve_kept *k = &eve_of(s)->kept;
	bool has_ttls = false;

	d->answers = k->answers;
	for (size_t i = 0; i < k->record_count; i++) {
		const struct eve_record *r = &k->records[i];
		fill_addr(k, d, r, is_multicast);
		k->texts[i] = data_as_zeek(s, r);
		k->types[i] = r->type;
		has_ttls |= r->ttl != TRANSACTION_UNSET;
		k->ttls[i] = r->ttl == TRANSACTION_UNSET ? 0 : r->ttl;
	}
	d->texts = (struct text_list){ k->texts, k->record_count };
	d->types = (struct text_list){ k->types, k->record_count };
	d->ttls = (struct interval_list){ k->ttls, has_ttls ? k->record_count : 0 };
}

static enum truth
flag(unsigned flags, unsigned bit)
{
	return (flags & bit) != 0 ? TRUTH_YES : TRUTH_NO;
}

/* The header's second word: what it says of both sides. returns it, or 0 */
static unsigned
fill_flags(struct obs_dns *d, const char *hex)
{
	if (hex == NULL)
		return 0;
	unsigned flags = (unsigned)strtoul(hex, NULL, FLAGS_HEX);
	d->authoritative = flag(flags, FLAG_AA);
	d->truncated = flag(flags, FLAG_TC);
	d->recursion_desired = flag(flags, FLAG_RD);
	d->recursion_available = flag(flags, FLAG_RA);
	d->z = flags >> FLAGS_Z_SHIFT & FLAGS_Z;
	return flags;
}

static void
fill_rcode(struct obs_dns *d, unsigned flags)
{
	uint16_t number;

	d->rcode = d->rcode_name != NULL && dns_rcode_of_word(d->rcode_name, &number)
			   ? number
			   : flags & FLAGS_RCODE;
}

/* Names are compared in lower case. */
static const char *
lower(struct input_stream *s, const char *name)
{
	char *text = eve_text(s, strlen(name) + 1);

	if (text == NULL)
		return name;
	for (size_t i = 0; name[i] != '\0'; i++)
		text[i] = (char)tolower((unsigned char)name[i]);
	text[strlen(name)] = '\0';
	return text;
}

static void
fill_question(struct input_stream *s, struct obs_dns *d, const struct eve_dns *v)
{
	const char *name = v->names.count > 0 ? v->names.at[0] : v->name;
	const char *type = v->name_types.count > 0 ? v->name_types.at[0] : v->name_type;
	uint16_t number;

	if (name != NULL)
		d->query = lower(s, name);
	if (type == NULL)
		return;
	d->type_name = strcmp(type, "ANY") == 0 ? "*" : type;
	if (dns_type_of_word(d->type_name, &number))
		d->query_type = number;
}

static int
tell_dns(struct input_stream *s)
{
	const struct eve_dns *v = eve_beside(s);
	struct input_item *item = &s->items[0];
	struct obs_dns *d = eve_said(s);
	struct eve_kept *k = &eve_of(s)->kept;
	int r = eve_talk(s, is_turned(s, v));

	if (r < 0)
		return r;
	d->client = item->talk.orig;
	d->server = item->talk.resp;
	d->proto = item->talk.ip_proto == IPPROTO_TCP ? "tcp" : "udp";
	fill_question(s, d, v);
	unsigned flags = fill_flags(d, v->flags);
	if (is_response(v)) {
		fill_rcode(d, flags);
		d->rejected = TRUTH_NO;
		if (v->data != NULL && k->record_count == 0)
			k->records[k->record_count++] = (struct eve_record){ v->data,
				v->name_type != NULL ? v->name_type : "", v->ttl };
		fill_answers(s, d, item->talk.resp_port == PORT_MDNS);
		if (k->record_count == 0 && v->authorities.count == 0 && !eve_is_ours(s))
			d->rejected = TRUTH_YES;
	}
	input_item_said(item, OBS_DNS);
	return 1;
}

const struct eve_reader eve_reader_dns = {
	.type = "dns",
	.said = &transaction_dns,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_dns),
	.value = read_value,
	.tell = tell_dns,
};
