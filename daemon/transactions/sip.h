/* sip.h -- a request of SIP and one response to it. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { SIP_TEXT_MAX = 128, SIP_PATHS_MAX = 3 }; /* the NUL included; the rest is left out */

/* A request that several responses answer has a row for each. Texts are NULL when they were not said. */
struct obs_sip {
	uint64_t trans_depth; /* 0, as Zeek has it */
	const char *method, *uri, *date;
	const char *request_from, *request_to; /* "from" without its tag */
	const char *response_from, *response_to;
	const char *reply_to, *call_id;
	const char *seq; /* "68 REGISTER" */
	const char *subject;
	struct text_list request_path, response_path; /* Via, up to its branch */
	const char *user_agent;
	uint64_t status_code;
	const char *status_msg, *warning;
	uint64_t request_body_len, response_body_len; /* by the headers' word */
	const char *content_type;                     /* of the response */
};
