#include "daemon/input/zeek_log.h"

#include "daemon/input/zeek_other.h"

#include <string.h>

const struct transaction_field zeek_ends_fields[] = {
	FIELD_ROW_TIME(struct zeek_ends, ts_ns, "ts"),
	FIELD_ROW_TEXT(struct zeek_ends, uid, "uid"),
	FIELD_ROW_ADDR(struct zeek_ends, orig, "id.orig_h"),
	FIELD_ROW_PORT(struct zeek_ends, orig_port, "id.orig_p"),
	FIELD_ROW_ADDR(struct zeek_ends, resp, "id.resp_h"),
	FIELD_ROW_PORT(struct zeek_ends, resp_port, "id.resp_p"),
	FIELD_ROW_TEXTS(struct zeek_ends, uids, "uids", "set[string]"),
	FIELD_ROW_TEXTS(struct zeek_ends, senders, "tx_hosts", "set[addr]"),
	FIELD_ROW_TEXTS(struct zeek_ends, receivers, "rx_hosts", "set[addr]"),
	FIELD_ROW_TEXT(struct zeek_ends, path, "_path"),
	FIELD_ROW_TEXT(struct zeek_ends, label, "label"),
	FIELD_ROW_TEXT(struct zeek_ends, detail, "detailedlabel"),
	FIELD_ROW_TEXT(
		struct zeek_ends, parents_and_labels, "tunnel_parents   label   detailed-label"),
	FIELD_END,
};

static const struct transaction_alias ends_aliases[] = {
	{ "conn_uids", "uids" },
	{ "detailed-label", "detailedlabel" },
	{ "detailed_label", "detailedlabel" },
	{ NULL, NULL },
};

static const struct transaction_alias ssl_aliases[] = {
	{ "cert_chain_fuids", "cert_chain_fps" }, /* to Zeek 4 */
	{ "client_cert_chain_fuids", "client_cert_chain_fps" },
	{ NULL, NULL },
};

static const struct transaction_alias x509_aliases[] = {
	{ "id", "fingerprint" }, /* to Zeek 4: the name of the file that it is */
	{ NULL, NULL },
};

/* Bro 2.0 to 2.5. */
static const struct transaction_alias dhcp_aliases[] = {
	{ "assigned_ip", "assigned_addr" },
	{ "trans_id", "xid" },
	{ NULL, NULL },
};

static const struct transaction_alias http_aliases[] = {
	{ "mime_type", "resp_mime_types" },
	{ NULL, NULL },
};

static const struct {
	const char *log;
	const struct transaction_alias *aliases;
} said_aliases[] = {
	{ "ssl", ssl_aliases },
	{ "x509", x509_aliases },
	{ "dhcp", dhcp_aliases },
	{ "http", http_aliases },
};

/* Logs that are no transaction of ours, or another one. */
static const struct zeek_log other_logs[] = {
	{ "conn", zeek_conn_fields, NULL, sizeof(struct zeek_conn), OBS_FLOW_END, zeek_conn_tell },
	{ "arp", zeek_arp_fields, NULL, sizeof(struct zeek_arp), OBS_ARP, zeek_arp_tell },
	{ "tunnel", zeek_tunnel_fields, NULL, sizeof(struct zeek_tunnel), OBS_TUNNEL,
		zeek_tunnel_tell },
	{ "weird", zeek_weird_fields, NULL, sizeof(struct zeek_weird), OBS_WEIRD, zeek_weird_tell },
	{ "notice", zeek_notice_fields, NULL, sizeof(struct zeek_notice), OBS_ALERT,
		zeek_notice_tell },
};

enum { OTHER_LOGS = sizeof(other_logs) / sizeof(other_logs[0]) };

static const struct transaction_alias *
aliases_of(const char *log)
{
	for (size_t i = 0; i < sizeof(said_aliases) / sizeof(said_aliases[0]); i++)
		if (strcmp(said_aliases[i].log, log) == 0)
			return said_aliases[i].aliases;
	return NULL;
}

/* The log at an index: first those above, then the kinds of transactions. returns false: that kind has none */
static bool
log_at(size_t index, struct zeek_log *ret_log)
{
	if (index < OTHER_LOGS) {
		*ret_log = other_logs[index];
		return true;
	}
	const struct transaction_kind *kind = transactions[index - OTHER_LOGS];
	const char *name = kind->kind == OBS_LOGIN ? "login" : kind->log;
	if (name == NULL)
		return false;
	*ret_log = (struct zeek_log){
		.name = name,
		.fields = kind->fields,
		.aliases = aliases_of(name),
		.size = kind->size,
		.kind = kind->kind,
		.tell = zeek_said_tell,
	};
	return true;
}

bool
zeek_log_find(const char *name, size_t length, struct zeek_log *ret_log)
{
	struct zeek_log log;

	for (size_t i = 0; i < OTHER_LOGS + transaction_count; i++)
		if (log_at(i, &log) && strlen(log.name) == length &&
			memcmp(log.name, name, length) == 0) {
			*ret_log = log;
			return true;
		}
	return false;
}

/* The row of a column, also of one that is never filled: such a column is known. returns NULL: there is none */
static const struct transaction_field *
row_of(const struct transaction_field *fields, const struct transaction_alias *aliases,
	const char *name, size_t length)
{
	int row = transaction_read_row(fields, aliases, name, length);

	if (row >= 0)
		return &fields[row];
	for (const struct transaction_field *f = fields; f->name != NULL; f++)
		if (f->type == FIELD_NEVER && strlen(f->name) == length &&
			memcmp(f->name, name, length) == 0)
			return f;
	return NULL;
}

/* How many columns are the log's own, against `ret_strange` that nobody knows. */
static unsigned
columns_known(const struct zeek_columns *columns, const struct zeek_log *log, unsigned *ret_strange)
{
	unsigned known = 0;

	*ret_strange = 0;
	for (unsigned i = 0; i < columns->count; i++) {
		const struct zeek_column *c = &columns->at[i];

		if (row_of(log->fields, log->aliases, c->name, c->length) != NULL)
			known++;
		else if (row_of(zeek_ends_fields, ends_aliases, c->name, c->length) == NULL)
			(*ret_strange)++;
	}
	return known;
}

bool
zeek_log_guess(const struct zeek_columns *columns, struct zeek_log *ret_log)
{
	unsigned most = 1;
	struct zeek_log log;

	for (size_t i = 0; i < OTHER_LOGS + transaction_count; i++) {
		unsigned strange;

		if (!log_at(i, &log))
			continue;
		/* Of equals the first: a short line of http.log has only columns that sip.log has, too. */
		unsigned known = columns_known(columns, &log, &strange);
		if (known <= most || known < strange)
			continue;
		most = known;
		*ret_log = log;
	}
	return most > 1;
}

const struct transaction_field *
zeek_log_field(const struct zeek_log *log, const char *name, size_t length, bool *ret_is_common)
{
	const struct transaction_field *own = row_of(log->fields, log->aliases, name, length);

	*ret_is_common = own == NULL;
	return own != NULL ? own : row_of(zeek_ends_fields, ends_aliases, name, length);
}
