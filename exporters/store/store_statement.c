#include "exporters/store/store_statement.h"

#include "daemon/base/text_safe.h"

#include <string.h>

enum { HOSTILE_MAX = 2048 };

static const char *const texts[STORE_STATEMENT_COUNT] = {
	[STORE_BEGIN] = "BEGIN IMMEDIATE",
	[STORE_COMMIT] = "COMMIT",
	[STORE_ROLLBACK] = "ROLLBACK",
	[STORE_ADD_RUN] =
		"INSERT INTO runs(version, sensor, live, inputs, settings) VALUES(?, ?, ?, ?, ?)",
	[STORE_END_RUN] =
		"UPDATE runs SET ended = 1, packets = ?, bytes = ?, flows = ?, hosts = ?, windows = ?,"
		" evidence = ?, alerts = ?, first_ns = ?, last_ns = ? WHERE id = ?",
	[STORE_ADD_LOSS] = "INSERT INTO losses(run, reason, count) VALUES(?, ?, ?)"
			   " ON CONFLICT DO UPDATE SET count = count + excluded.count",
	[STORE_SET_LOSS] = "INSERT OR REPLACE INTO losses(run, reason, count) VALUES(?, ?, ?)",
	[STORE_PUT_LOSS_SPAN] =
		"INSERT INTO loss_spans(run, reason, interface, from_ns, to_ns, count)"
		" VALUES(?, ?, ?, ?, ?, ?)"
		" ON CONFLICT DO UPDATE SET to_ns = excluded.to_ns, count = excluded.count",
	[STORE_FIND_PROFILE] = "SELECT id FROM profiles WHERE address = ?",
	[STORE_ADD_PROFILE] = "INSERT INTO profiles(address) VALUES(?)",
	[STORE_FIND_WINDOW] =
		"SELECT id, told_ns, EXISTS(SELECT 1 FROM tuples WHERE window = windows.id) FROM windows"
		" WHERE profile = ? AND run = ? AND number = ?",
	[STORE_ADD_WINDOW] =
		"INSERT INTO windows(profile, run, number, start_ns, end_ns) VALUES(?, ?, ?, ?, ?)",
	[STORE_SET_WINDOW] =
		"UPDATE windows SET told_ns = ?, closed = ?, evidence = ?, suppressed = ?, sum = ?,"
		" truncated = ?, late = ? WHERE id = ?",
	[STORE_PUT_TUPLE] =
		"INSERT OR REPLACE INTO tuples(window, n, role, peer, port, ip_proto, first_ns,"
		" letters, letter_count, letters_kept,"
		" not_flows, not_packets, not_bytes, not_orig_packets,"
		" est_flows, est_packets, est_bytes, est_orig_packets)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[STORE_PUT_SOURCE_PORT] =
		"INSERT OR REPLACE INTO source_ports(window, n, role, port, ip_proto,"
		" established, flows, packets, bytes) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[STORE_ADD_TIMELINE] =
		"INSERT INTO timeline(window, ts_ns, role, peer, port, ip_proto, service, sent,"
		" received, established, uid, entry) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[STORE_ADD_EVIDENCE] =
		"INSERT INTO evidence(window, uuid, twin, ts_ns, kind, title, technique,"
		" detector, role, threat, confidence, decisive, counted, sum, about,"
		" about_country, about_asn, about_org, port, ip_proto, observed, threshold,"
		" unit, object, text, source, suppressed, silenced_by, silenced_effect)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?, ?, ?)",
	[STORE_ADD_EVIDENCE_FLOW] = "INSERT INTO evidence_flows(evidence, n, uid) VALUES(?, ?, ?)",
	[STORE_ADD_ALERT] =
		"INSERT INTO alerts(window, uuid, ts_ns, sum, threshold, decisive, reason,"
		" strongest, highest, evidence_total) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[STORE_ADD_ALERT_EVIDENCE] = "INSERT INTO alert_evidence(alert, n, uuid) VALUES(?, ?, ?)",
	[STORE_ADD_FLOW] =
		"INSERT INTO flows(run, uid, start_ns, end_ns, orig, orig_port, resp, resp_port,"
		" ip_proto, service, state, established, ended, history,"
		" orig_packets, orig_ip_bytes, orig_payload,"
		" resp_packets, resp_ip_bytes, resp_payload, missed, vlan, label, ignored_by)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[STORE_ADD_TRANSACTION] =
		"INSERT INTO transactions(run, ts_ns, kind, uid, eve) VALUES(?, ?, ?, ?, ?)",
	[STORE_ADD_EVENT] = "INSERT INTO events(run, ts_ns, kind, eve) VALUES(?, ?, ?, ?)",
	[STORE_PUT_ADDRESS] =
		"INSERT OR REPLACE INTO addresses(address, told_ns, private, country, asn, org)"
		" VALUES(?, ?, ?, ?, ?, ?)",
	[STORE_DROP_ADDRESS_NAMES] = "DELETE FROM address_names WHERE address = ?",
	[STORE_ADD_ADDRESS_NAME] =
		"INSERT INTO address_names(address, n, name, source, told_by, seen_ns,"
		" believed) VALUES(?, ?, ?, ?, ?, ?, ?)",
	[STORE_PUT_DEVICE] =
		"INSERT OR REPLACE INTO devices(mac, vendor, router, first_ns, last_ns, forgotten)"
		" VALUES(?, ?, ?, ?, ?, ?)",
	[STORE_DROP_DEVICE_ADDRESSES] = "DELETE FROM device_addresses WHERE mac = ?",
	[STORE_ADD_DEVICE_ADDRESS] =
		"INSERT INTO device_addresses(mac, n, address, seen_ns) VALUES(?, ?, ?, ?)",
	[STORE_DROP_DEVICE_NAMES] = "DELETE FROM device_names WHERE mac = ?",
	[STORE_ADD_DEVICE_NAME] = "INSERT INTO device_names(mac, n, name, source, told_by, seen_ns)"
				  " VALUES(?, ?, ?, ?, ?, ?)",
	[STORE_PAGES] = "PRAGMA page_count",
	[STORE_FREE_PAGES] = "PRAGMA freelist_count",
};

int
store_statements_prepare(struct store_statements *s, sqlite3 *db)
{
	*s = (struct store_statements){ .db = db };
	for (int i = 0; i < STORE_STATEMENT_COUNT; i++) {
		int code = sqlite3_prepare_v3(
			db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &s->prepared[i], NULL);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

void
store_statements_finish(struct store_statements *s)
{
	for (int i = 0; i < STORE_STATEMENT_COUNT; i++) {
		(void)sqlite3_finalize(s->prepared[i]);
		s->prepared[i] = NULL;
	}
}

struct store_row
store_row_begin(struct store_statements *s, enum store_statement which)
{
	return (struct store_row){ .statements = s, .statement = s->prepared[which] };
}

static void
note(struct store_row *r, int code)
{
	if (code != SQLITE_OK)
		r->statements->error = code;
}

void
store_put_i64(struct store_row *r, int64_t value)
{
	note(r, sqlite3_bind_int64(r->statement, ++r->column, value));
}

void
store_put_u64(struct store_row *r, uint64_t value)
{
	store_put_i64(r, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

void
store_put_double(struct store_row *r, double value)
{
	note(r, sqlite3_bind_double(r->statement, ++r->column, value));
}

void
store_put_null(struct store_row *r)
{
	note(r, sqlite3_bind_null(r->statement, ++r->column));
}

static void
put_copy(struct store_row *r, const char *text, size_t length)
{
	note(r, sqlite3_bind_text(r->statement, ++r->column, text, (int)length, SQLITE_TRANSIENT));
}

void
store_put_word(struct store_row *r, const char *text)
{
	if (text == NULL)
		store_put_null(r);
	else
		put_copy(r, text, strlen(text));
}

void
store_put_hostile(struct store_row *r, const char *text)
{
	char safe[HOSTILE_MAX];

	store_put_word(r, text_safe_in(safe, sizeof(safe), text));
}

void
store_put_optional(struct store_row *r, const char *text)
{
	if (text == NULL || text[0] == '\0')
		store_put_null(r);
	else
		store_put_hostile(r, text);
}

void
store_put_bytes(struct store_row *r, const char *text, size_t length)
{
	note(r, sqlite3_bind_text(r->statement, ++r->column, text, (int)length, SQLITE_STATIC));
}

void
store_put_addr(struct store_row *r, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	store_put_word(r, addr_format(a, text));
}

int64_t
store_row_write(struct store_row *r)
{
	struct store_statements *s = r->statements;
	bool written = false;

	if (s->error == SQLITE_OK) {
		int code = sqlite3_step(r->statement);
		written = code == SQLITE_DONE;
		if (code == SQLITE_CONSTRAINT)
			s->refused++; /* it was undone by itself, the transaction goes on */
		else
			note(r, written ? SQLITE_OK : code);
		s->rows++;
	}
	store_row_end(r);
	return written ? sqlite3_last_insert_rowid(s->db) : 0;
}

bool
store_row_read(struct store_row *r)
{
	if (r->statements->error != SQLITE_OK)
		return false;
	int code = sqlite3_step(r->statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		note(r, code);
	return code == SQLITE_ROW;
}

int64_t
store_read_i64(const struct store_row *r, int column)
{
	return sqlite3_column_int64(r->statement, column);
}

void
store_row_end(struct store_row *r)
{
	/* Its code is that of the step, which has been noted. */
	(void)sqlite3_reset(r->statement);
}
