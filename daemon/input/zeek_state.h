/*
 * zeek_state.h -- what the parts of Zeek's format share: a file's columns, and the line at hand.
 *
 * A line is read into two structs: the conversation that it is about, which nearly all of Zeek's logs
 * have (struct zeek_ends), and what the log says of it, by that log's own table of fields. Then the log's
 * `tell` makes an observation of both.
 *
 * Source: docs.zeek.org, script reference, log files; and the logs of Bro 2 to Zeek 8 that people share.
 */
#pragma once

#include "daemon/input/input_stream.h"
#include "daemon/transactions/dns.h"

enum {
	ZEEK_COLUMNS_MAX = 256, /* of a file; further ones are passed over */
	ZEEK_NAME_MAX = 63,     /* bytes of a column's name; a longer one is none of ours */
	ZEEK_MARK_MAX = 15,     /* bytes of what stands for "empty" and for "unset" */
	ZEEK_ENDS_TEXT = 4096,  /* bytes of texts of struct zeek_ends */
	ZEEK_SCRATCH = 32 << 10,
	ZEEK_LOOK_AHEAD =
		16384, /* conversations that end while one lasts that is told when it began */
};

/* Whom a line is about. */
struct zeek_ends {
	uint64_t ts_ns;
	const char *uid;
	struct text_list
		uids; /* where Zeek joins conversations: dhcp.log, and files.log to Zeek 4 */
	struct addr orig, resp;
	uint16_t orig_port, resp_port;
	struct text_list senders, receivers; /* of files.log to Zeek 4 */
	const char *path;                    /* the log's name, where a line says it */
	const char *label, *detail;          /* of people who labelled a log */
	const char *parents_and_labels;      /* IoT-23 has three columns in one */
};

struct zeek;

/* A log that is followed. */
struct zeek_log {
	const char *name;
	const struct transaction_field *fields;
	const struct transaction_alias
		*aliases; /* what older versions call a column; may be NULL */
	size_t size;      /* of the struct that `fields` describe */
	unsigned kind;    /* enum obs_kind */
	/*
	 * Make an observation of z->ends and the struct in the item.
	 *
	 * returns  1; 0: nothing that is followed; -EBADMSG, with the stream's complaint
	 */
	int (*tell)(struct zeek *z, struct input_stream *s, struct input_item *item);
};

struct zeek_column {
	uint8_t length; /* of its name */
	bool is_common; /* of struct zeek_ends, not of the log */
	char name[ZEEK_NAME_MAX + 1];
	const struct transaction_field
		*field; /* NULL: nobody knows it; FIELD_NEVER: nobody wants it */
};

/* A file's columns: TSV's in the order of its header, JSON's in the order in which they were met. */
struct zeek_columns {
	unsigned count;
	unsigned guess; /* JSON: which is expected next */
	bool too_many;
	struct zeek_column at[ZEEK_COLUMNS_MAX];
};

/* The state of a stream. */
struct zeek {
	struct zeek_log log; /* .name NULL: not known yet */
	bool is_unknown;     /* a log that nobody follows */
	bool by_start; /* conn.log was sorted by `ts`; else it is as Zeek writes it, by ends */
	struct zeek_columns columns;
	/* TSV's header. `separator` 0: there was none yet. */
	char separator, set_separator;
	char empty[ZEEK_MARK_MAX + 1], unset[ZEEK_MARK_MAX + 1];
	struct transaction_read ends; /* of struct zeek_ends */
	char ends_text[ZEEK_ENDS_TEXT];
	struct dns_answer answers[DNS_ANSWERS_MAX];
	char scratch[ZEEK_SCRATCH]; /* a text without its escapes */
};

extern const struct input_format input_zeek;

extern const struct transaction_field zeek_ends_fields[];

static inline const struct zeek_ends *
zeek_ends(const struct zeek *z)
{
	return (const void *)z->ends.room.said;
}

/* Begin a line: an empty item, empty ends. */
struct input_item *zeek_begin(struct zeek *z, struct input_stream *s);

/*
 * Set what a column says, which has a field.
 *
 * returns  0, also when it is cut; -EBADMSG: not of the column's type, with the stream's complaint
 */
int zeek_set(struct zeek *z, struct input_stream *s, struct input_item *item,
	const struct zeek_column *c, struct text_view value);

/* The line was read: tell it. returns as struct zeek_log's tell */
int zeek_tell(struct zeek *z, struct input_stream *s, struct input_item *item);

/* Which log it is was found out, by its name or by its columns; `z->columns` get their fields. */
void zeek_is_log(struct zeek *z, struct input_stream *s, const struct zeek_log *log);
/* It is none that is followed: told by name in a header. */
void zeek_is_unknown(struct zeek *z, struct input_stream *s);

/* One line of each form. returns as input_format's line */
int zeek_tsv_line(struct zeek *z, struct input_stream *s, char *line, size_t length);
int zeek_json_line(struct zeek *z, struct input_stream *s, const char *line, size_t length);

/* The format's `times`, of a line of conn.log that does not need more than a look at two keys. */
bool zeek_json_times(const char *line, uint64_t *ret_begin_ns, uint64_t *ret_end_ns);

/* The conversation that the item was said in; ip_proto 0: by what the log usually is. */
void zeek_talk(struct zeek *z, struct input_item *item, uint8_t ip_proto);

/* The format's `telling`: a handshake meets its certificate. */
void zeek_telling(struct input_stream *s, struct input_item *item);

/* How those logs are told that are no transactions; and one way for all that are. */
int zeek_conn_tell(struct zeek *z, struct input_stream *s, struct input_item *item);
int zeek_arp_tell(struct zeek *z, struct input_stream *s, struct input_item *item);
int zeek_tunnel_tell(struct zeek *z, struct input_stream *s, struct input_item *item);
int zeek_weird_tell(struct zeek *z, struct input_stream *s, struct input_item *item);
int zeek_notice_tell(struct zeek *z, struct input_stream *s, struct input_item *item);
int zeek_said_tell(struct zeek *z, struct input_stream *s, struct input_item *item);
