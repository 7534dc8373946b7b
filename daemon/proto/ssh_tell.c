#include "daemon/proto/ssh_tell.h"

#include "daemon/base/strbuf.h"
#include "daemon/proto/software_version.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/software.h"
#include "daemon/transactions/ssh.h"

#include <string.h>

enum {
	BANNER_TEXT = 4 * SSH_BANNER_MAX + 1, /* a NUL in it takes four characters */
	HOST_KEY_TEXT = DIGEST_MD5_TEXT + 15, /* with colons */
};

/* returns NULL when the side did not begin with one */
static const char *
banner_text(const struct ssh_side *s, char text[BANNER_TEXT])
{
	struct strbuf out;

	strbuf_init(&out, text, BANNER_TEXT);
	if (s->stage == SSH_STAGE_BANNER || s->banner_bytes == 0)
		return NULL;
	for (size_t i = 0; i < s->banner_bytes; i++)
		if (s->banner[i] == '\0')
			strbuf_text(&out, "\\x00");
		else
			strbuf_char(&out, (char)s->banner[i]);
	return text;
}

/* Behind "SSH-2.0-". */
static const char *
software_of(const char *banner)
{
	const char *dash = strchr(banner + 4, '-');

	return dash == NULL ? banner : dash + 1;
}

void
ssh_tell_software(struct proto_call *call, const struct ssh_side *s)
{
	char banner[BANNER_TEXT];
	struct software_version version;
	bool is_client = call->from_orig;
	const char *text = software_of(banner_text(s, banner));

	software_version_read(text, &version);
	struct obs_software software = {
		.host = call->src,
		.host_port = is_client ? 0 : call->src_port,
		.type = is_client ? "SSH::CLIENT" : "SSH::SERVER",
		.name = wire_text_or_null(version.name),
		.addl = wire_text_or_null(version.addl),
		.unparsed_version = text,
	};
	memcpy(software.version, version.numbers, sizeof(software.version));
	call->emit(call->context, &(struct observation){ .kind = OBS_SOFTWARE,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .software = &software });
}

void
ssh_tell_login(struct proto_call *call, const struct ssh_auth *auth)
{
	const struct obs_login login = {
		.protocol = "ssh", .success = auth->success, .known_by = LOGIN_BY_SIZES
	};

	call->emit(call->context, &(struct observation){ .kind = OBS_LOGIN,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .login = &login });
}

/* Texts that an observation of a session points to. */
struct agreed {
	char cipher[SSH_BOTH_MAX], mac[SSH_BOTH_MAX], compression[SSH_BOTH_MAX];
	char kex[SSH_ALG_MAX], host_key_alg[SSH_ALG_MAX];
	char hassh[DIGEST_MD5_TEXT], hasshserver[DIGEST_MD5_TEXT];
	char host_key[HOST_KEY_TEXT];
};

static void
host_key_write(const struct ssh_host_key *key, char ret_text[HOST_KEY_TEXT])
{
	struct strbuf out;

	strbuf_init(&out, ret_text, HOST_KEY_TEXT);
	for (size_t i = 0; key->is_told && key->text[i] != '\0'; i++) {
		if (i > 0 && i % 2 == 0)
			strbuf_char(&out, ':');
		strbuf_char(&out, key->text[i]);
	}
}

static void
agree(const struct ssh_session *s, struct agreed *ret)
{
	struct ssh_kex client;
	struct ssh_kex server;
	bool has_client = ssh_offer(ssh_client(s), &client);
	bool has_server = ssh_offer(ssh_server(s), &server);

	memset(ret, 0, sizeof(*ret));
	host_key_write(&s->key, ret->host_key);
	if (has_client)
		ssh_kex_hassh(&client, true, ret->hassh);
	if (has_server)
		ssh_kex_hassh(&server, false, ret->hasshserver);
	if (!has_client || !has_server)
		return;
	ssh_kex_agree(&client, &server, SSH_LIST_KEX, ret->kex);
	ssh_kex_agree(&client, &server, SSH_LIST_HOST_KEY, ret->host_key_alg);
	ssh_kex_agree_both(&client, &server, SSH_LIST_CIPHER_TO_SERVER, ret->cipher);
	ssh_kex_agree_both(&client, &server, SSH_LIST_MAC_TO_SERVER, ret->mac);
	ssh_kex_agree_both(&client, &server, SSH_LIST_COMPRESSION_TO_SERVER, ret->compression);
}

static const char *
direction_of(const struct proto_call *call)
{
	bool from_here = addr_is_private(call->from_orig ? &call->src : &call->dst);
	bool to_here = addr_is_private(call->from_orig ? &call->dst : &call->src);

	if (from_here == to_here)
		return NULL;
	return from_here ? "OUTBOUND" : "INBOUND";
}

void
ssh_tell(struct proto_call *call, const struct ssh_session *s)
{
	char server_text[BANNER_TEXT];
	char client_text[BANNER_TEXT];
	struct agreed agreed;
	bool are_2 = ssh_speaks_2(&s->sides[0]) && ssh_speaks_2(&s->sides[1]);
	const char *server = banner_text(&s->sides[0], server_text);
	const char *client = banner_text(&s->sides[1], client_text);

	if (server == NULL && client == NULL)
		return;
	agree(s, &agreed);
	struct obs_ssh ssh = {
		.version = client == NULL || server == NULL ? TRANSACTION_UNSET : 1U + are_2,
		.auth_success = s->auth.success,
		.auth_attempts = s->auth.attempts,
		.direction = direction_of(call),
		.client = client,
		.server = server,
		.cipher_alg = wire_text_or_null(agreed.cipher),
		.mac_alg = wire_text_or_null(agreed.mac),
		.compression_alg = wire_text_or_null(agreed.compression),
		.kex_alg = wire_text_or_null(agreed.kex),
		.host_key_alg = wire_text_or_null(agreed.host_key_alg),
		.host_key = wire_text_or_null(agreed.host_key),
		.hassh = wire_text_or_null(agreed.hassh),
		.hasshserver = wire_text_or_null(agreed.hasshserver),
	};
	call->emit(call->context, &(struct observation){ .kind = OBS_SSH,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .began_ns = s->began_ns,
					  .ssh = &ssh });
}
