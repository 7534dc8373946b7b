/*
 * eve.h -- Suricata's EVE, and ours: what the events have in common.
 *
 * What an event says goes three ways, by tables: what each of them says into struct eve_head, what is a row
 * of the transaction as well into that, and the rest into a struct of the event's own. Code is only where
 * EVE means something else than we do.
 */
#pragma once

#include "daemon/base/json_read.h"
#include "daemon/input/eve_column.h"
#include "daemon/input/input_stream.h"
#include "daemon/transactions/dns.h"

enum {
	EVE_HEAD_TEXT = 1024,
	EVE_BESIDE_TEXT = 16 << 10,
	EVE_READERS_MAX = 24,
};

/* What every event says of itself. */
struct eve_head {
	uint64_t ts_ns;
	const char *flow_id;          /* a number: a name is all that is made of it */
	const char *src_ip, *dest_ip; /* NULL: it names none; "::" is one */
	struct addr src, dest;        /* the same, and in no row */
	uint16_t src_port, dest_port;
	const char *proto;
	uint64_t tx_id;
	const char *kind, *uid; /* in what we wrote ourselves; else NULL */
};

/* An event: one row of eve_readers.def. */
struct eve_reader {
	const char *type;                        /* "dns": `event_type` */
	const struct transaction_kind *said;     /* what its `columns` fill; NULL: it is none */
	const struct transaction_alias *columns; /* paths of EVE, and the rows of `said` */
	const struct transaction_field *beside; /* what is in no such row, by path; NULL: nothing */
	size_t beside_size;
	/*
	 * A value at a path that no table has. NULL: nobody asks for them.
	 *
	 * returns  0, or -EBADMSG
	 */
	int (*value)(struct input_stream *s, const struct json_value *v, struct text_view text);
	/*
	 * All was read. NULL: it is the transaction, as the tables filled it.
	 *
	 * returns  as input_format.line()
	 */
	int (*tell)(struct input_stream *s);
};

/* A record of DNS as EVE has it. */
struct eve_record {
	const char *data, *type; /* never NULL */
	uint64_t ttl;            /* ns; unset: not told */
};

/* What items point to and has no room in them. */
struct eve_kept {
	struct obs_outside outside;
	struct eve_record records[DNS_TEXTS_MAX];
	size_t record_count;
	bool has_records; /* as such, and not only by type */
	struct dns_answer answers[DNS_ANSWERS_MAX];
	const char *texts[DNS_TEXTS_MAX], *types[DNS_TEXTS_MAX];
	uint64_t ttls[DNS_TEXTS_MAX];
};

/* The format's state. */
struct eve {
	const struct eve_reader *reader; /* of the line at hand */
	struct transaction_read head, beside;
	uint8_t ip_proto; /* of the head; 0 if it names none */
	struct eve_kept kept;
	struct eve_columns columns[EVE_READERS_MAX];
	char head_text[EVE_HEAD_TEXT], beside_text[EVE_BESIDE_TEXT];
	char plain[INPUT_TEXT_MAX]; /* a text with its escapes undone */
};

#define TRANSACTION(name) extern const struct transaction_kind transaction_##name;
#include "transactions_list.h"
#undef TRANSACTION

extern const struct eve_reader *const eve_readers[];
extern const size_t eve_reader_count;
extern const struct transaction_field eve_head_fields[];

static inline struct eve *
eve_of(const struct input_stream *s)
{
	return s->state;
}

static inline const struct eve_head *
eve_head(const struct input_stream *s)
{
	return (const void *)eve_of(s)->head.room.said;
}

/* The struct of the event's own. */
static inline void *
eve_beside(const struct input_stream *s)
{
	return eve_of(s)->beside.room.said;
}

/* The struct of item 0's transaction. */
static inline void *
eve_said(struct input_stream *s)
{
	return s->items[0].said.room.said;
}

/* Was the line written by naiad? */
static inline bool
eve_is_ours(const struct input_stream *s)
{
	return eve_head(s)->kind != NULL;
}

/* Room for `size` bytes of text that the line's items may point to; NULL, and counted, when there is none. */
char *eve_text(struct input_stream *s, size_t size);

/* The line is bad: input_stream_bad() of a text, or of NULL, which is "". returns -EBADMSG */
int eve_bad(struct input_stream *s, const char *what, const char *text, const char *expected);

/*
 * Fill the conversation of item 0, and the time at which it speaks.
 *
 * turned   what EVE has as the source is who was spoken to
 * returns  0, or -EBADMSG: the line names no ends
 */
int eve_talk(struct input_stream *s, bool turned);

/* Item 0 tells its transaction, in the conversation as the line has it. returns as eve_reader.tell() */
int eve_tell(struct input_stream *s);

/* Item 0 is a transaction of that kind, all unset, which eve_tell() tells. returns its struct */
void *eve_become(struct input_stream *s, const struct transaction_kind *kind);

/* A further item, in the conversation and at the time of item 0, which is told already: of another kind. */
struct input_item *eve_also(
	struct input_stream *s, size_t index, const struct transaction_kind *kind);
