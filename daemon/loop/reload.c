#include "daemon/loop/reload.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/config.h"
#include "daemon/config_diff.h"

#include <string.h>

/* Texts that grow in a struct reload. What does not fit is left out whole. */
struct writing {
	struct strbuf changed, waiting, error;
};

static void
word_append(struct strbuf *b, const char *separator, const char *word)
{
	size_t most = b->capacity - b->length;

	if (strlen(separator) + strlen(word) >= most)
		return;
	if (b->length > 0)
		strbuf_text(b, separator);
	strbuf_text(b, word);
}

static void
on_complaint(void *context, const char *text)
{
	struct writing *w = context;

	log_err("settings", "%s", text);
	word_append(&w->error, "; ", text);
}

static void
on_change(void *context, const char *key, bool at_start)
{
	struct writing *w = context;

	word_append(at_start ? &w->waiting : &w->changed, " ", key);
}

static void
tell(const struct reload *r)
{
	if (r->changed[0] == '\0' && r->waiting[0] == '\0')
		log_info("settings", "read again, nothing changed");
	if (r->changed[0] != '\0')
		log_info("settings", "in force now: %s", r->changed);
	if (r->waiting[0] != '\0')
		log_warnx("settings", "these keep their values until a restart: %s", r->waiting);
}

int
reload_prepare(const struct config *running, const char *path,
	const struct config_overrides *overrides, struct config **ret_fresh,
	struct reload *ret_reload)
{
	struct writing w;
	struct config_report report = { .line = on_complaint, .context = &w };
	struct config *fresh = NULL;

	ret_reload->ok = false;
	strbuf_init(&w.changed, ret_reload->changed, sizeof(ret_reload->changed));
	strbuf_init(&w.waiting, ret_reload->waiting, sizeof(ret_reload->waiting));
	strbuf_init(&w.error, ret_reload->error, sizeof(ret_reload->error));
	int r = config_load(path, overrides, &report, &fresh);
	if (r == 0) {
		config_diff(running, fresh, on_change, &w);
		r = config_keep(running, fresh);
		if (r < 0)
			on_complaint(&w, "no memory left for new settings");
	}
	if (r < 0) {
		config_free(fresh);
		strbuf_reset(&w.changed);
		strbuf_reset(&w.waiting);
		log_warnx("settings", "the old settings stay in force");
		return r;
	}
	ret_reload->ok = true;
	tell(ret_reload);
	*ret_fresh = fresh;
	return 0;
}
