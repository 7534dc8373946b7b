#include "exporters/said_field.h"

#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"
#include "daemon/transactions/transaction.h"

#include <string.h>

enum { TEXT_MOST = 2048 };

/* returns the row of a field whose value is known, or NULL */
static const struct transaction_field *
field_of(const struct observation *o, const char *column)
{
	const struct transaction_kind *kind = o == NULL ? NULL : transaction_kind_of(o->kind);

	if (kind == NULL)
		return NULL;
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++)
		if (strcmp(f->name, column) == 0)
			return transaction_is_unset(f, o->said) ? NULL : f;
	return NULL;
}

bool
said_has(const struct observation *o, const char *column)
{
	return field_of(o, column) != NULL;
}

static void
put_texts(struct strbuf *out, const struct text_list *list, const char *quote)
{
	for (size_t i = 0; i < list->count; i++) {
		strbuf_text(out, i > 0 ? ", " : "");
		strbuf_text(out, quote);
		text_safe(out, list->at[i], TEXT_MOST);
		strbuf_text(out, quote);
	}
}

void
said_put(struct strbuf *out, const struct observation *o, const char *column)
{
	const struct transaction_field *f = field_of(o, column);
	char text[ADDR_TEXT_MAX];

	if (f == NULL)
		return;
	const void *at = transaction_at(f, o->said);
	switch (f->type) {
	case FIELD_TEXT:
		text_safe(out, *(const char *const *)at, TEXT_MOST);
		break;
	case FIELD_COUNT:
		strbuf_u64(out, *(const uint64_t *)at);
		break;
	case FIELD_TRUTH:
		strbuf_text(out, *(const enum truth *)at == TRUTH_YES ? "True" : "False");
		break;
	case FIELD_TIME:
		time_text_iso(out, *(const uint64_t *)at, "Z");
		break;
	case FIELD_INTERVAL:
		time_text_length(out, *(const uint64_t *)at);
		break;
	case FIELD_ADDR:
		strbuf_text(out, addr_format(at, text));
		break;
	case FIELD_PORT:
		strbuf_u64(out, *(const uint16_t *)at);
		break;
	case FIELD_TEXTS:
		put_texts(out, at, "");
		break;
	case FIELD_INTERVALS:
	case FIELD_NEVER:
		break;
	}
}

void
said_put_list(struct strbuf *out, const struct observation *o, const char *column, char quote)
{
	const struct transaction_field *f = field_of(o, column);
	const char quotes[] = { quote, '\0' };

	if (f != NULL && f->type == FIELD_TEXTS)
		put_texts(out, transaction_at(f, o->said), quotes);
	else if (f != NULL && f->type == FIELD_TEXT)
		put_texts(out,
			&(struct text_list){ (const char *const *)transaction_at(f, o->said), 1 },
			quotes);
}

bool
said_is(const struct observation *o, const char *column, const char *text)
{
	char value[TEXT_MOST];
	struct strbuf b;

	strbuf_init(&b, value, sizeof(value));
	said_put(&b, o, column);
	return said_has(o, column) && strcmp(value, text) == 0;
}
