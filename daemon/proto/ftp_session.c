#include "daemon/proto/ftp_session.h"

#include "daemon/base/strbuf.h"
#include "daemon/proto/tell_login.h"
#include "daemon/proto/wire_text.h"

#include <string.h>

extern const struct protocol protocol_ftp_data;

static bool
is_guest(const char *user)
{
	static const char *const guests[] = { "anonymous", "ftp", "ftpuser", "guest" };

	for (size_t i = 0; i < sizeof(guests) / sizeof(guests[0]); i++)
		if (strcmp(guests[i], user) == 0)
			return true;
	return false;
}

void
ftp_session_user(struct ftp_session *f, const struct proto_call *call, const char *user)
{
	line_copy(f->user, sizeof(f->user), user);
	f->was_pass = false;
	f->login_ns = call->ts_ns;
}

void
ftp_session_pass(struct ftp_session *f, const char *password)
{
	f->was_pass = true;
	line_copy(f->password, sizeof(f->password), is_guest(f->user) ? password : "<hidden>");
}

/* "ftp://server/path", with brackets around an IPv6 address. */
static void
url_write(const struct ftp_session *f, const struct addr *server, char ret_url[FTP_ARG_MAX])
{
	char path[FTP_ARG_MAX - ADDR_TEXT_MAX - 16];
	char addr[ADDR_TEXT_MAX];
	struct strbuf url;

	line_copy(path, sizeof(path), f->directory[0] == '\0' ? "." : f->directory);
	ftp_path_step(path, sizeof(path), f->arg);
	strbuf_init(&url, ret_url, FTP_ARG_MAX);
	strbuf_text(&url, addr_is_v4(server) ? "ftp://" : "ftp://[");
	strbuf_text(&url, addr_format(server, addr));
	strbuf_text(&url, addr_is_v4(server) ? "" : "]");
	strbuf_text(&url, path[0] == '/' ? "" : "/");
	strbuf_text(&url, path);
}

void
ftp_session_expect(
	const struct ftp_session *f, const struct proto_call *call, const struct addr *opener)
{
	if (f->has_end)
		call->expect(call->context, &(struct proto_expected){ .opener = *opener,
						    .end = f->end.addr,
						    .port = f->end.port,
						    .protocol = &protocol_ftp_data });
}

void
ftp_session_tell(struct ftp_session *f, const struct proto_call *call, const char *command,
	enum ftp_kind kind, const struct addr *client, const struct addr *server)
{
	char url[FTP_ARG_MAX];
	struct obs_ftp said = {
		.user = f->user[0] == '\0' ? "<unknown>" : f->user,
		.password = f->was_pass ? f->password : NULL,
		.command = command,
		.arg = wire_text_or_null(f->arg),
		.file_size = TRANSACTION_UNSET,
		.reply_code = f->code == 0 ? TRANSACTION_UNSET : f->code,
		.reply_msg = f->code == 0 ? NULL : f->reply,
	};

	if (kind == FTP_FILE) {
		url_write(f, server, url);
		said.arg = url;
		said.file_size = f->has_size ? f->size : TRANSACTION_UNSET;
		f->has_size = false;
	} else if (f->has_end) {
		said.data_passive = kind == FTP_PASSIVE ? TRUTH_YES : TRUTH_NO;
		said.data_orig = kind == FTP_PASSIVE ? *client : *server;
		said.data_resp = f->end.addr;
		said.data_port = f->end.port;
	}
	call->emit(call->context, &(struct observation){ .kind = OBS_FTP,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .began_ns = f->began_ns,
					  .ftp = &said });
}

void
ftp_session_tell_login(
	const struct ftp_session *f, const struct proto_call *call, enum truth success)
{
	const struct obs_login login = {
		.protocol = "ftp",
		.user = wire_text_or_null(f->user),
		.success = success,
		.method = "USER",
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};

	tell_login(call, &login, f->login_ns);
}
