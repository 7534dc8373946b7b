/*
 * live_reload.c -- the settings are read again, and what may change while running does.
 *
 * A file with a mistake changes nothing. What needs a restart is named and keeps its value, so that
 * what is in force is always a whole: the settings of the start, with what was changed since.
 */
#include "daemon/base/log.h"
#include "daemon/config_diff.h"
#include "daemon/engine_reconfigure.h"
#include "daemon/loop/capture_set.h"
#include "daemon/loop/live.h"
#include "daemon/loop/now.h"

/* What is told of one reload, and how many settings it changed. */
struct telling {
	struct strbuf changed, waiting, error;
	unsigned changed_count, waiting_count;
};

static void
add_word(struct strbuf *b, const char *separator, const char *word)
{
	if (b->length > 0)
		strbuf_text(b, separator);
	strbuf_text(b, word);
}

static void
say_mistake(void *context, const char *text)
{
	struct telling *t = context;

	log_warnx("settings", "%s", text);
	add_word(&t->error, "; ", text);
}

static void
say_change(void *context, const char *key, bool at_start)
{
	struct telling *t = context;

	if (at_start) {
		t->waiting_count++;
		add_word(&t->waiting, " ", key);
		log_warnx("settings", "%s: the new value needs a restart, the old one stays", key);
	} else {
		t->changed_count++;
		add_word(&t->changed, " ", key);
		log_info("settings", "%s: the new value holds from now on", key);
	}
}

const struct settings *
live_settle(struct live *l, const struct config *c)
{
	struct live_settings *other = &l->settled[l->settled_count % 2];
	struct cidr nets[SETTINGS_PREFIXES_MAX];
	size_t count = capture_set_home(l->captures, nets, SETTINGS_PREFIXES_MAX);

	l->settled_count++;
	other->settings = *c->settings;
	settings_settle_live(&other->settings, nets, count, other->home);
	return &other->settings;
}

const struct settings *
live_settings_now(const struct live *l)
{
	return &l->settled[(l->settled_count + 1) % 2].settings;
}

/* returns NULL, with the reasons told, when the file is not good */
static struct config *
load(const struct live *l, struct telling *t)
{
	struct config_report report = { .line = say_mistake, .context = t };
	struct config *fresh = NULL;

	if (config_load(l->plan->config_path, l->plan->overrides, &report, &fresh) != 0)
		return NULL;
	config_diff(l->config, fresh, say_change, t);
	if (config_keep(l->config, fresh) == 0)
		return fresh;
	say_mistake(t, "no memory left for the new settings");
	config_free(fresh);
	return NULL;
}

bool
live_reload(struct live *l)
{
	struct telling t = { 0 };

	strbuf_init(&t.changed, l->reload.changed, sizeof(l->reload.changed));
	strbuf_init(&t.waiting, l->reload.waiting, sizeof(l->reload.waiting));
	strbuf_init(&t.error, l->reload.error, sizeof(l->reload.error));
	l->reload.at_ns = now_wall_ns();
	struct config *fresh = load(l, &t);
	l->reload.good = fresh != NULL;
	if (fresh == NULL) {
		log_warnx("settings", "nothing is changed; correct the above and reload again");
		return false;
	}
	l->reload.good_ns = l->reload.at_ns;
	engine_reconfigure(
		l->engine, live_settle(l, fresh), fresh->detectors, fresh->detector_configs);
	config_free(l->config);
	l->config = fresh;
	live_metrics_settings(l);
	log_info("settings", "read again: %u changed, %u wait for a restart", t.changed_count,
		t.waiting_count);
	return true;
}
