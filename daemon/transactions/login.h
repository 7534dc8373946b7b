/* login.h -- somebody logged in by some protocol, or tried to. */
#pragma once

#include "daemon/transactions/transaction.h"

enum {
	LOGIN_NAME_MAX = 128, /* bytes of a user's name, the NUL included; what is longer is cut */
};

/*
 * One attempt, told when its outcome is known, or when the conversation ended before it was. Passwords
 * are never part of it.
 */
struct obs_login {
	const char *protocol;    /* the service: "smtp", "ftp", "telnet", "mysql", "ssh" ... */
	const char *user;        /* who wants to be let in; NULL: not known, or not in clear text */
	const char *client_user; /* who that is on the client (rlogin, rsh); NULL: not told */
	enum truth success;      /* unknown: the server never said, or nobody understood it */
	enum truth confused;     /* the dialogue was not one that is known: `success` is a guess */
	const char *method;   /* the protocol's own word: "PLAIN", "USER", "APOP" ... NULL: none */
	const char *known_by; /* what `success` rests on: LOGIN_BY_* */
};

/* A status that the protocol defines: a reply code, a result packet. */
#define LOGIN_BY_REPLY "reply"
/* What the server wrote for people. */
#define LOGIN_BY_WORDS "words"
/* The sizes of encrypted messages. */
#define LOGIN_BY_SIZES "sizes"
/* The conversation went on as it does only after a log-in, or was closed as after a refusal. */
#define LOGIN_BY_COURSE "course"
