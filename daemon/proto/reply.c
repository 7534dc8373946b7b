#include "daemon/proto/reply.h"

#include "daemon/base/ascii.h"
#include "daemon/proto/lines.h"

enum {
	PORT_FTP = 21,
	PORT_SMTP = 25,
	PORT_SUBMISSION = 587,
	GREETING_LINES = 8, /* of a long greeting so many are looked at */
};

bool
reply_read(const char *line, struct reply *ret_reply)
{
	if (line[0] < '1' || line[0] > '5' || !ascii_is_digit(line[1]) || !ascii_is_digit(line[2]))
		return false;
	if (line[3] != ' ' && line[3] != '-' && line[3] != '\0')
		return false;
	ret_reply->code = (unsigned)(line[0] - '0') * 100 + (unsigned)(line[1] - '0') * 10 +
			  (unsigned)(line[2] - '0');
	ret_reply->is_last = line[3] != '-';
	ret_reply->text = line[3] == '\0' ? "" : line + 4;
	return true;
}

static enum greeting
of_port(const struct proto_call *call)
{
	switch (call->src_port) {
	case PORT_FTP:
		return GREETING_FTP;
	case PORT_SMTP:
	case PORT_SUBMISSION:
		return GREETING_SMTP;
	default:
		return GREETING_OPEN;
	}
}

enum greeting
reply_greeting(const struct proto_call *call, struct cursor first_bytes)
{
	struct lines lines = { 0 };
	struct reply reply;
	bool is_whole = false;
	enum proto_guess is_ready = line_word_guess(first_bytes, "220");

	if (is_ready != PROTO_YES)
		return is_ready == PROTO_NO ? GREETING_NONE : GREETING_CUT;
	for (unsigned i = 0; i < GREETING_LINES && lines_next(&lines, &first_bytes); i++) {
		bool is_reply = reply_read(lines.text, &reply);
		if (i == 0 && !is_reply)
			return GREETING_NONE;
		if (line_contains(lines.text, "SMTP"))
			return GREETING_SMTP;
		if (line_contains(lines.text, "FTP"))
			return GREETING_FTP;
		is_whole = is_reply && reply.is_last;
	}
	return is_whole ? of_port(call) : GREETING_CUT;
}
