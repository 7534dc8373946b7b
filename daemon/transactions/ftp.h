/* ftp.h -- a command of FTP that moves a file, or says where data will go, and the reply to it. */
#pragma once

#include "daemon/transactions/transaction.h"

enum {
	FTP_USER_MAX = 128,  /* bytes with the NUL; what is longer is cut */
	FTP_ARG_MAX = 1400,  /* the same */
	FTP_REPLY_MAX = 400, /* the same */
};

struct obs_ftp {
	const char *user; /* "<unknown>" before USER */
	const char *
		password; /* "<hidden>" but for guests, who give an address; NULL: none was given */
	const char *command; /* upper case: APPE DELE RETR STOR STOU PORT PASV EPRT EPSV */
	const char *arg; /* of a file: ftp://server/path, as far as the path is known; NULL: none */
	uint64_t file_size; /* as the server tells it */
	uint64_t
		reply_code; /* of the last reply by then; with no answer to it, of the one before */
	const char *reply_msg;
	enum truth
		data_passive; /* who waits for the data connection: the server. Unknown: there is none */
	struct addr data_orig; /* who will open it */
	struct addr data_resp; /* to whom, and to which port */
	uint16_t data_port;
};
