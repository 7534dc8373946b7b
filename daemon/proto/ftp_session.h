/* ftp_session.h -- what is known of an FTP session, and telling it. */
#pragma once

#include "daemon/proto/ftp_text.h"
#include "daemon/proto/lines.h"
#include "daemon/proto/proto.h"
#include "daemon/transactions/ftp.h"

enum { FTP_DIRECTORY_MAX = 256 };

/* All zero is a session of which nothing is known. */
struct ftp_session {
	bool has_end;  /* `end` is where the command's data will go */
	bool has_size; /* `size` is the next file's */
	bool was_pass; /* PASS was said */
	uint16_t code; /* of the last reply; 0: none came */
	struct ftp_end end;
	uint64_t size;
	uint64_t began_ns; /* the command */
	uint64_t login_ns; /* the last USER */
	char user[FTP_USER_MAX];
	char password[FTP_USER_MAX];       /* a guest's */
	char directory[FTP_DIRECTORY_MAX]; /* "": not known */
	char arg[LINE_TEXT_MAX + 1];       /* of the command */
	char reply[FTP_REPLY_MAX];
};

/* What the argument of a command is. */
enum ftp_kind {
	FTP_FILE,
	FTP_ACTIVE,  /* the end where the client waits for data */
	FTP_PASSIVE, /* nothing: the reply is the end where the server waits */
};

/* USER and PASS; a password is kept of a guest only, who is asked for an address. */
void ftp_session_user(struct ftp_session *f, const struct proto_call *call, const char *user);
void ftp_session_pass(struct ftp_session *f, const char *password);

/* The data connection to the end that was named, if one was, is expected: `opener` will open it. */
void ftp_session_expect(
	const struct ftp_session *f, const struct proto_call *call, const struct addr *opener);

/*
 * Tell a command with the last reply.
 *
 * command         its name
 * client, server  whose conversation it is
 */
void ftp_session_tell(struct ftp_session *f, const struct proto_call *call, const char *command,
	enum ftp_kind kind, const struct addr *client, const struct addr *server);

void ftp_session_tell_login(
	const struct ftp_session *f, const struct proto_call *call, enum truth success);
