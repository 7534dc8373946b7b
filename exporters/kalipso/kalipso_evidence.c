#include "exporters/kalipso/kalipso_evidence.h"

#include "daemon/base/arena.h"
#include "daemon/record/record_wire.h"
#include "exporters/kalipso/kalipso_text.h"
#include "exporters/timeline_entry.h"

#include <ctype.h>
#include <string.h>

enum {
	WORDS_MAX = 256, /* bytes of a key of 2020 */
	WORDS_MEMORY_MAX = MIRROR_FINDINGS_MAX * (WORDS_MAX + 64),
	INNER_MAX = 8 * 1024,       /* of the JSON of one finding */
	STRING_MAX = 2 * INNER_MAX, /* and as a string, where each byte may become two */
	TIME_MAX = 40,
};

/* What a finding is about, in the words of Slips. */
struct subject {
	const char *type;
	const char *info; /* hostile */
	bool has_no_word; /* of a card, a direction, the name of a notice: no Kalipso knows it */
	char text[ADDR_TEXT_MAX];
};

/* A name of the DNS, rather than an address, a port with its protocol, or a card. */
static bool
is_domain(const char *text)
{
	struct addr a;

	return strchr(text, '.') != NULL && strpbrk(text, " /:") == NULL && !addr_parse(text, &a);
}

static void
subject_is_host(const struct record_evidence *e, struct subject *ret)
{
	ret->type = "srcip";
	ret->info = addr_format(&e->host, ret->text);
}

static void
subject_of(const struct record_evidence *e, struct subject *ret)
{
	struct strbuf b;

	ret->has_no_word = false;
	if (is_domain(e->object)) {
		ret->type = "dstdomain";
		ret->info = e->object;
		return;
	}
	ret->info = ret->text;
	if (e->has_about) {
		ret->type = e->role == EVIDENCE_VICTIM ? "srcip" : "dstip";
		addr_format(&e->about, ret->text);
	} else if (e->port != 0) {
		ret->type = "dport";
		strbuf_init(&b, ret->text, sizeof(ret->text));
		strbuf_u64(&b, e->port);
	} else if (*e->object != '\0') {
		ret->type = "object";
		ret->info = e->object;
		ret->has_no_word = true;
	} else {
		subject_is_host(e, ret);
	}
}

/* returns the finding, or NULL when it is not to be shown; valid until the next call */
static const struct record_evidence *
evidence_of(struct dialect_target *t, const struct mirror_line *l)
{
	struct cursor in = cursor_over(l->bytes, l->length);

	if (!record_unpack(&in, t->record) || t->record->record.kind != RECORD_EVIDENCE)
		return NULL;
	const struct record_evidence *e = t->record->record.evidence;
	return e->silenced_by.rule == NULL ? e : NULL;
}

bool
kalipso_has_evidence(struct dialect_target *t, const struct mirror_window *w)
{
	for (const struct mirror_line *l = w->evidence.first; l != NULL; l = l->next)
		if (evidence_of(t, l) != NULL)
			return true;
	return false;
}

/* ---- last ---- */

static void
key_time(struct json *j, uint64_t ns)
{
	char text[TIME_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	timeline_time(&b, ns);
	json_key_text(j, "stime", text);
}

/* The UI puts a full stop before it. */
static void
key_sentence(struct json *j, const char *text)
{
	json_key(j, "description");
	const size_t begin = j->out->length + 1; /* behind the quote */
	kalipso_text(j, text);
	if (begin < j->out->length)
		j->out->text[begin] = (char)toupper((unsigned char)j->out->text[begin]);
}

static void
members_last(struct json *j, const struct record_evidence *e, uint64_t ts_ns)
{
	char room[KALIPSO_PROTO_MAX];
	char key[KALIPSO_KEY_MAX];
	struct subject s;

	subject_of(e, &s);
	if (s.has_no_word) /* "Detected object to." is no sentence */
		subject_is_host(e, &s);
	json_object_begin(j);
	json_key_text(j, "type_detection", s.type);
	json_key(j, "detection_info");
	kalipso_text(j, s.info);
	json_key_text(j, "type_evidence", e->kind->name);
	key_sentence(j, e->text);
	json_key_text(j, "profileid", kalipso_profile_key(key, "", &e->host));
	json_key_text(j, "twid", kalipso_window_name(key, e->window.number));
	key_time(j, ts_ns);
	json_key_text(j, "uid", e->uid_count > 0 ? e->uids[0].text : "");
	json_key_double(j, "confidence", e->confidence, 3);
	json_key_text(j, "threat_level", threat_name(e->threat));
	json_key_text(j, "category", e->kind->title);
	json_key_text(j, "ID", e->id);
	if (e->port != 0)
		json_key_u64(j, "port", e->port);
	if (e->ip_proto != 0)
		json_key_text(j, "proto", kalipso_proto(room, e->ip_proto));
	json_object_end(j);
}

void
kalipso_evidence_last(struct dialect_target *t, struct strbuf *out, const struct mirror_window *w)
{
	struct json j;

	json_init(&j, out);
	json_object_begin(&j);
	for (const struct mirror_line *l = w->evidence.first; l != NULL; l = l->next) {
		const struct record_evidence *e = evidence_of(t, l);
		char text[INNER_MAX];
		struct strbuf b;
		struct json inner;

		if (e == NULL)
			continue;
		strbuf_init(&b, text, sizeof(text));
		json_init(&inner, &b);
		members_last(&inner, e, t->record->record.ts_ns);
		if (b.truncated || out->capacity - out->length < STRING_MAX) {
			t->left_out++;
			continue;
		}
		json_key(&j, e->id);
		json_text(&j, text);
	}
	json_object_end(&j);
}

/* ---- 2020 ---- */

/* Keys of the lines that are shown, in their order; NULL of a line that is not. */
struct words {
	struct arena memory;
	const char *at[MIRROR_FINDINGS_MAX];
	size_t count;
};

/* returns "dport:23:HORIZONTAL_PORT_SCAN"; NULL when memory is out */
static const char *
words_of(struct arena *memory, const struct record_evidence *e)
{
	char text[WORDS_MAX];
	struct subject s;
	struct strbuf b;

	subject_of(e, &s);
	strbuf_init(&b, text, sizeof(text));
	strbuf_text(&b, s.type);
	strbuf_char(&b, ':');
	strbuf_text(&b, s.info);
	strbuf_char(&b, ':');
	strbuf_text(&b, e->kind->name);
	return arena_string(memory, text, b.length);
}

static void
words_collect(struct dialect_target *t, const struct mirror_line *first, struct words *ret)
{
	arena_init(&ret->memory, WORDS_MEMORY_MAX, NULL);
	ret->count = 0;
	for (const struct mirror_line *l = first; l != NULL; l = l->next) {
		const struct record_evidence *e = evidence_of(t, l);
		if (ret->count == MIRROR_FINDINGS_MAX)
			return;
		ret->at[ret->count++] = e == NULL ? NULL : words_of(&ret->memory, e);
	}
}

/* Does a later one say the same? */
static bool
is_said_again(const struct words *words, size_t i)
{
	for (size_t later = i + 1; later < words->count; later++)
		if (words->at[later] != NULL && strcmp(words->at[i], words->at[later]) == 0)
			return true;
	return false;
}

static void
member_2020(struct json *j, const char *words, const struct record_evidence *e)
{
	kalipso_key(j, words);
	json_array_begin(j);
	json_double(j, e->confidence, 3);
	json_text(j, threat_name(e->threat));
	kalipso_text(j, e->text);
	json_array_end(j);
}

void
kalipso_evidence_2020(struct dialect_target *t, struct strbuf *out, const struct mirror_window *w)
{
	const struct mirror_line *l = w->evidence.first;
	struct words words;
	struct json j;

	words_collect(t, l, &words);
	json_init(&j, out);
	json_object_begin(&j);
	for (size_t i = 0; i < words.count && l != NULL; i++, l = l->next) {
		if (words.at[i] == NULL || is_said_again(&words, i))
			continue;
		if (out->capacity - out->length > INNER_MAX)
			member_2020(&j, words.at[i], evidence_of(t, l));
		else
			t->left_out++;
	}
	json_object_end(&j);
	arena_done(&words.memory);
}
