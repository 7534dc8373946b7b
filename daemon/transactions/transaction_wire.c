#include "daemon/transactions/transaction_wire.h"

static void
field_text(struct wire *w, const char **text)
{
	if (wire_bool(w, *text != NULL))
		wire_string(w, text);
	else
		*text = NULL;
}

/* So many more of what there is room for. returns false when that is too many */
static bool
list_begin(struct wire *w, uint32_t *count, size_t used, size_t max)
{
	wire_u32(w, count);
	if (*count <= max - used)
		return true;
	w->bad = true;
	*count = 0;
	return false;
}

static void
field_texts(struct wire *w, struct text_list *list, struct transaction_room *room)
{
	uint32_t count = (uint32_t)list->count;
	const char **texts = room->texts + room->text_count;

	if (list_begin(w, &count, room->text_count, TRANSACTION_TEXTS_MAX))
		room->text_count += count;
	for (uint32_t i = 0; i < count; i++) {
		if (w->out != NULL)
			texts[i] = list->at[i];
		wire_string(w, &texts[i]);
	}
	*list = (struct text_list){ texts, count };
}

static void
field_intervals(struct wire *w, struct interval_list *list, struct transaction_room *room)
{
	uint32_t count = (uint32_t)list->count;
	uint64_t *counts = room->counts + room->count_count;

	if (list_begin(w, &count, room->count_count, TRANSACTION_COUNTS_MAX))
		room->count_count += count;
	for (uint32_t i = 0; i < count; i++) {
		if (w->out != NULL)
			counts[i] = list->at[i];
		wire_u64(w, &counts[i]);
	}
	*list = (struct interval_list){ counts, count };
}

void
transaction_wire(struct wire *w, const struct transaction_kind *kind, struct transaction_room *room)
{
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++) {
		void *at = room->said + f->offset;
		enum truth *truth = at;

		switch (f->type) {
		case FIELD_TEXT:
			field_text(w, at);
			break;
		case FIELD_COUNT:
		case FIELD_TIME:
		case FIELD_INTERVAL:
			wire_u64(w, at);
			break;
		case FIELD_TRUTH:
			*truth = (enum truth)wire_choice(w, *truth, TRUTH_YES + 1);
			break;
		case FIELD_ADDR:
			wire_addr(w, at);
			break;
		case FIELD_PORT:
			wire_u16(w, at);
			break;
		case FIELD_TEXTS:
			field_texts(w, at, room);
			break;
		case FIELD_INTERVALS:
			field_intervals(w, at, room);
			break;
		case FIELD_NEVER:
			break;
		}
	}
}
