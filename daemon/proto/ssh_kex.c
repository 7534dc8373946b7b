#include "daemon/proto/ssh_kex.h"

#include "daemon/base/strbuf.h"

#include <string.h>

enum { COOKIE_BYTES = 16 };

bool
ssh_kex_read(struct cursor body, struct ssh_kex *ret)
{
	(void)cursor_take(&body, COOKIE_BYTES);
	for (size_t i = 0; i < SSH_LIST_COUNT; i++)
		ret->lists[i] = cursor_sub(&body, cursor_be32(&body));
	return !body.short_read;
}

void
ssh_kex_hassh(const struct ssh_kex *offer, bool of_client, char ret_text[DIGEST_MD5_TEXT])
{
	static const enum ssh_list lists[2][4] = {
		{ SSH_LIST_KEX, SSH_LIST_CIPHER_TO_CLIENT, SSH_LIST_MAC_TO_CLIENT,
			SSH_LIST_COMPRESSION_TO_CLIENT },
		{ SSH_LIST_KEX, SSH_LIST_CIPHER_TO_SERVER, SSH_LIST_MAC_TO_SERVER,
			SSH_LIST_COMPRESSION_TO_SERVER },
	};
	struct digest_md5 md5;

	digest_md5_begin(&md5);
	for (size_t i = 0; i < 4; i++) {
		const struct cursor *list = &offer->lists[lists[of_client][i]];
		if (i > 0)
			digest_md5_add(&md5, ";", 1);
		digest_md5_add(&md5, list->at, cursor_left(list));
	}
	digest_md5_end(&md5, ret_text);
}

/* Take the next name out of a list. returns false when there are no more */
static bool
name_next(struct cursor *list, struct cursor *ret_name)
{
	size_t left = cursor_left(list);

	if (left == 0)
		return false;
	const uint8_t *comma = memchr(list->at, ',', left);
	*ret_name = cursor_sub(list, comma == NULL ? left : (size_t)(comma - list->at));
	(void)cursor_take(list, comma != NULL);
	return true;
}

static bool
is_same(const struct cursor *a, const struct cursor *b)
{
	size_t size = cursor_left(a);

	return size > 0 && cursor_left(b) == size && memcmp(a->at, b->at, size) == 0;
}

static bool
list_has(struct cursor list, const struct cursor *name)
{
	struct cursor other;

	while (name_next(&list, &other))
		if (is_same(&other, name))
			return true;
	return false;
}

/* A name is printable US-ASCII (RFC 4251 section 6). */
static bool
is_name(struct cursor name)
{
	size_t size = cursor_left(&name);

	if (size == 0 || size >= SSH_ALG_MAX)
		return false;
	while (cursor_left(&name) > 0) {
		uint8_t byte = cursor_u8(&name);
		if (byte <= ' ' || byte >= 0x7f)
			return false;
	}
	return true;
}

void
ssh_kex_agree(const struct ssh_kex *client, const struct ssh_kex *server, enum ssh_list list,
	char ret_name[SSH_ALG_MAX])
{
	struct cursor offers = client->lists[list];
	struct cursor name;

	ret_name[0] = '\0';
	while (name_next(&offers, &name)) {
		size_t size = cursor_left(&name);
		if (!is_name(name) || !list_has(server->lists[list], &name))
			continue;
		cursor_bytes(&name, ret_name, size);
		ret_name[size] = '\0';
		return;
	}
}

void
ssh_kex_agree_both(const struct ssh_kex *client, const struct ssh_kex *server,
	enum ssh_list to_server, char ret_text[SSH_BOTH_MAX])
{
	char there[SSH_ALG_MAX];
	char back[SSH_ALG_MAX];
	struct strbuf text;

	strbuf_init(&text, ret_text, SSH_BOTH_MAX);
	ssh_kex_agree(client, server, to_server, there);
	ssh_kex_agree(client, server, to_server + 1, back);
	if (there[0] == '\0' || back[0] == '\0')
		return;
	if (strcmp(there, back) == 0) {
		strbuf_text(&text, there);
		return;
	}
	strbuf_text(&text, "To server: ");
	strbuf_text(&text, there);
	strbuf_text(&text, ", to client: ");
	strbuf_text(&text, back);
}
