/*
 * eve_file.c -- EVE's fileinfo event.
 *
 * Suricata's source is who sent the file, ours who opened the conversation: then the event says whether both are
 * the same. Who opened it in Suricata's says the port, for a service has the lower one.
 */
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/file.h"

#include <ctype.h>
#include <string.h>

struct eve_file {
	const char *app_proto;
	enum truth has_gaps;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_file, app_proto, "app_proto"),
	FIELD_ROW_TRUTH(struct eve_file, has_gaps, "fileinfo.gaps"),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "fileinfo.filename", "filename" },
	{ "fileinfo.mimetype", "mime_type" },
	{ "fileinfo.size", "seen_bytes" },
	{ "fileinfo.md5", "md5" },
	{ "fileinfo.sha1", "sha1" },
	{ "fileinfo.sha256", "sha256" },
	{ "naiad.is_orig", "is_orig" },
	{ NULL, NULL },
};

/* "HTTP" */
static const char *
source_of(struct input_stream *s, const char *app_proto)
{
	char *text = app_proto == NULL ? NULL : eve_text(s, strlen(app_proto) + 1);

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i <= strlen(app_proto); i++)
		text[i] = (char)toupper((unsigned char)app_proto[i]);
	return text;
}

static int
tell_file(struct input_stream *s)
{
	const struct eve_file *v = eve_beside(s);
	const struct eve_head *h = eve_head(s);
	struct input_item *item = &s->items[0];
	struct obs_file *f = eve_said(s);
	bool turned = !eve_is_ours(s) && h->src_port < h->dest_port;
	int r = eve_talk(s, turned);

	if (r < 0)
		return r;
	if (!eve_is_ours(s))
		f->is_orig = turned ? TRUTH_NO : TRUTH_YES;
	f->sender = f->is_orig == TRUTH_NO ? item->talk.resp : item->talk.orig;
	f->receiver = f->is_orig == TRUTH_NO ? item->talk.orig : item->talk.resp;
	f->source = source_of(s, v->app_proto);
	f->depth = 0;
	if (v->has_gaps == TRUTH_NO)
		f->missing_bytes = 0;
	input_item_said(item, OBS_FILE);
	return 1;
}

const struct eve_reader eve_reader_file = {
	.type = "fileinfo",
	.said = &transaction_file,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_file),
	.tell = tell_file,
};
