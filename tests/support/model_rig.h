/* model_rig.h -- a model of three hosts, its picture, and somebody who types. */
#pragma once

#include "viewer/model.h"

#include "tests/support/fake_source.h"
#include "tests/support/grid_picture.h"

#include <string.h>

static struct fake_source fake;
static struct model m;
static struct grid_picture p;

static inline int
begin(void **state)
{
	(void)state;
	fake_source_init(&fake);
	fake_source_add(&fake, 0, "10.0.0.1", 1);
	fake_source_add(&fake, 1, "10.0.0.2", 3);
	fake_source_add(&fake, 2, "10.0.0.3", 2);
	assert_true(model_init(&m, &fake.source));
	grid_picture_begin(&p, 12, 48, true);
	return 0;
}

static inline int
end(void **state)
{
	(void)state;
	model_done(&m);
	grid_picture_end(&p);
	return 0;
}

static inline const char *
picture(void)
{
	model_draw(&m, &p.grid);
	return grid_picture_text(&p, false);
}

static inline void
event(struct key_event e)
{
	model_key(&m, &e, &p.grid);
	model_draw(&m, &p.grid);
}

static inline void
press(const char *keys)
{
	for (; *keys != '\0'; keys++)
		event((struct key_event){ .key = *keys == '\n' ? PRESS_ENTER : *keys });
}

static inline void
shows(const char *text)
{
	if (strstr(picture(), text) == NULL)
		fail_msg("there is no \"%s\" in\n%s", text, p.text);
}

static inline void
shows_not(const char *text)
{
	if (strstr(picture(), text) != NULL)
		fail_msg("there is a \"%s\" in\n%s", text, p.text);
}
