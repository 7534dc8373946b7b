#include "daemon/loop/reload.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config.h"
#include "daemon/config/config_diff.h"
#include "daemon/whitelist/whitelist.h"

#include <string.h>

enum { ERROR_MAX = 512 };

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

/* The same file, with other lines in it? Another file is a setting that changed. */
static bool
slips_changed(const struct config *running, const struct config *fresh)
{
	const char *before = running->settings->whitelist.slips_csv;
	const char *after = fresh->settings->whitelist.slips_csv;

	if (before == NULL || after == NULL || strcmp(before, after) != 0)
		return false;
	return (running->whitelist == NULL ? 0 : running->whitelist->slips) !=
	       (fresh->whitelist == NULL ? 0 : fresh->whitelist->slips);
}

/* returns 0, with settings that may take effect, or -errno, with the reasons told */
static int
load(const struct reload_plan *plan, struct writing *w, struct config **ret_fresh)
{
	struct config_report report = { .line = on_complaint, .context = w };
	char error[ERROR_MAX] = "";
	int r = config_load(plan->path, plan->overrides, &report, ret_fresh);

	if (r < 0)
		return r;
	config_diff(plan->running, *ret_fresh, on_change, w);
	if (slips_changed(plan->running, *ret_fresh))
		on_change(w, "whitelist.slips_csv", false);
	r = config_keep(plan->running, *ret_fresh);
	if (r < 0)
		on_complaint(w, "no memory left for new settings");
	else if (plan->take != NULL)
		r = plan->take(plan->context, *ret_fresh, error, sizeof(error));
	if (r < 0 && error[0] != '\0')
		on_complaint(w, error);
	return r;
}

int
reload_prepare(const struct reload_plan *plan, struct config **ret_fresh, struct reload *ret_reload)
{
	struct writing w;
	struct config *fresh = NULL;

	ret_reload->ok = false;
	strbuf_init(&w.changed, ret_reload->changed, sizeof(ret_reload->changed));
	strbuf_init(&w.waiting, ret_reload->waiting, sizeof(ret_reload->waiting));
	strbuf_init(&w.error, ret_reload->error, sizeof(ret_reload->error));
	int r = load(plan, &w, &fresh);
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
