/*
 * ssh_kex.h -- what two sides of SSH offer each other, what they agree on, and HASSH.
 *
 * Sources: RFC 4253 section 7.1; HASSH: github.com/salesforce/hassh.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/proto/digest.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	SSH_ALG_MAX =
		65, /* an algorithm's name and its NUL (RFC 4251 section 6); longer ones are none */
	SSH_BOTH_MAX = 2 * SSH_ALG_MAX + 32, /* one for each direction, and words between them */
};

/* The name-lists of a KEXINIT, in their order. */
enum ssh_list {
	SSH_LIST_KEX,
	SSH_LIST_HOST_KEY,
	SSH_LIST_CIPHER_TO_SERVER,
	SSH_LIST_CIPHER_TO_CLIENT,
	SSH_LIST_MAC_TO_SERVER,
	SSH_LIST_MAC_TO_CLIENT,
	SSH_LIST_COMPRESSION_TO_SERVER,
	SSH_LIST_COMPRESSION_TO_CLIENT,
	SSH_LIST_COUNT,
};

/* Views into the message. */
struct ssh_kex {
	struct cursor lists[SSH_LIST_COUNT];
};

/* Read a KEXINIT, which begins with its cookie. returns false when a list is not all there */
bool ssh_kex_read(struct cursor body, struct ssh_kex *ret);

/* HASSH of a client's offer, or HASSHServer of a server's. */
void ssh_kex_hassh(const struct ssh_kex *offer, bool of_client, char ret_text[DIGEST_MD5_TEXT]);

/*
 * The first name of the client's list that the server's has as well.
 *
 * ret_name  "" when there is none
 * cost      O(names of the client * bytes of the server's list)
 */
void ssh_kex_agree(const struct ssh_kex *client, const struct ssh_kex *server, enum ssh_list list,
	char ret_name[SSH_ALG_MAX]);

/*
 * The same of a list that each direction has: one name, or what each direction has where they differ.
 *
 * to_server  SSH_LIST_..._TO_SERVER
 * ret_text   "" when a direction has none
 */
void ssh_kex_agree_both(const struct ssh_kex *client, const struct ssh_kex *server,
	enum ssh_list to_server, char ret_text[SSH_BOTH_MAX]);
