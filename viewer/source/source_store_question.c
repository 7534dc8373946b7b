#include "viewer/source/source_store_part.h"
#include "viewer/source/source_text.h"

static const char *
what_to_do(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "another program keeps it to itself; read it again when that is done";
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
		return "whoever reads it must also be allowed to read naiad.db-wal and naiad.db-shm"
		       " beside it, or to write there; copy all of them to a place of your own";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "the file is damaged; \".recover\" of sqlite3 writes what is left of it into another one";
	case SQLITE_INTERRUPT:
		return "that took too long and was given up";
	case SQLITE_NOMEM:
		return "there is no memory left for that";
	default:
		return "expected the tables of docs/STORE.md; make the store again with naiad -r, or let .recover of"
		       " sqlite3 save it";
	}
}

void
source_store_failed(struct source *s, int code)
{
	const struct store_state *state = s->state;

	/* What fails after it fails for the same reason, or because of it. */
	if (s->trouble[0] == '\0')
		source_fail(s, "%s: %s: %s", s->name,
			state->db != NULL ? sqlite3_errmsg(state->db) : sqlite3_errstr(code),
			what_to_do(code));
}

static void
fail(struct question *q, int code)
{
	source_store_failed(q->source, code);
	question_end(q);
}

struct question
question_begin(struct source *s, enum store_question which)
{
	struct store_state *state = s->state;
	sqlite3_stmt **statement = &state->prepared[which];
	struct question q = { .source = s, .is_open = true };
	int code = SQLITE_OK;

	/* One within another has what time is left of it. */
	if (state->open++ == 0)
		source_store_hurry(state);
	if (*statement == NULL)
		code = sqlite3_prepare_v3(state->db, source_store_sql[which], -1,
			SQLITE_PREPARE_PERSISTENT, statement, NULL);
	q.statement = *statement;
	if (code != SQLITE_OK)
		fail(&q, code);
	return q;
}

static void
bound(struct question *q, int code)
{
	if (code != SQLITE_OK)
		fail(q, code);
}

void
question_put(struct question *q, int64_t value)
{
	if (q->statement != NULL)
		bound(q, sqlite3_bind_int64(q->statement, ++q->bound, value));
}

void
question_put_text(struct question *q, const char *text)
{
	if (q->statement != NULL)
		bound(q, sqlite3_bind_text(q->statement, ++q->bound, text, -1, SQLITE_STATIC));
}

bool
question_next(struct question *q)
{
	if (q->statement == NULL)
		return false;
	int code = sqlite3_step(q->statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		fail(q, code);
	return code == SQLITE_ROW;
}

void
question_end(struct question *q)
{
	struct store_state *state = q->source->state;

	if (!q->is_open)
		return;
	q->is_open = false;
	state->open--;
	/* Its code is that of the step, which has been told. */
	if (q->statement != NULL) {
		(void)sqlite3_reset(q->statement);
		(void)sqlite3_clear_bindings(q->statement);
	}
	q->statement = NULL;
}

const char *
question_text(const struct question *q, int column, struct arena *m)
{
	/* The text first: asking for it may change how long it is. */
	const char *text = (const char *)sqlite3_column_text(q->statement, column);

	return source_text(m, text, (size_t)sqlite3_column_bytes(q->statement, column));
}

int64_t
question_i64(const struct question *q, int column)
{
	return sqlite3_column_int64(q->statement, column);
}

uint64_t
question_u64(const struct question *q, int column)
{
	int64_t value = question_i64(q, column);

	return value > 0 ? (uint64_t)value : 0;
}

double
question_double(const struct question *q, int column)
{
	return sqlite3_column_double(q->statement, column);
}

void
source_store_full(struct source *s, const struct arena *m, unsigned refused_before)
{
	if (m->refused != refused_before && s->trouble[0] == '\0')
		source_fail(s,
			"%s: that is more than there is memory for here: what came first is shown, ask for less",
			s->name);
}
