/*
 * fuzz_control.c -- any bytes as a request on the control socket, of a sensor with fixed numbers.
 *
 * Whatever was asked, the answer is one line of JSON that says whether it went well, and of the bytes of
 * the request none that drives a terminal comes back. The JSON library's own allocations do not fail here:
 * libjansson 2.14 frees what it never had when one does (json_loadb(), found by this target).
 */
#include "daemon/base/log.h"
#include "daemon/loop/control/control_commands.h"
#include "tests/support/control_fake.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(const struct control_reply *reply, int result)
{
	const char *text = reply->out.text;
	size_t length = reply->out.length;
	json_error_t why;

	assert(length > 0 && length < CONTROL_REPLY_MAX && text[length - 1] == '\n');
	for (size_t i = 0; i + 1 < length; i++)
		assert((unsigned char)text[i] >= ' ' && text[i] != 0x7f);
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
	assert(json_is_object(root));
	const json_t *ok = json_object_get(root, "ok");
	assert(json_is_boolean(ok) && json_is_true(ok) == (result == 0));
	assert((result != 0) == json_is_string(json_object_get(root, "error")));
	json_decref(root);
}

static void
ask(struct control_fake *f, const uint8_t *bytes, size_t len, uint32_t seed)
{
	static char memory[CONTROL_REPLY_MAX];
	const struct control_peer peer = { .may_ask = true, .may_change = len % 2 == 0 };
	struct control_reply reply;
	const char *name = NULL;

	control_reply_begin(&reply, memory);
	failing_alloc_begin(seed);
	int result = control_dispatch(
		control_commands, &f->sensor, &peer, (const char *)bytes, len, &reply, &name);
	(void)failing_alloc_end();
	assert(result != 0 || name != NULL);
	check(&reply, result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct control_fake f;
	static bool ready;
	uint32_t seed = failing_alloc_seed(bytes, len);

	if (!ready) {
		control_fake_init(&f);
		ready = true;
	}
	log_level_set(LOG_LEVEL_ERR);
	if (len >= CONTROL_REQUEST_MAX)
		return 0;
	if (seed != 0)
		ask(&f, bytes, len, seed);
	ask(&f, bytes, len, 0);
	return 0;
}
