#include "daemon/proto/ssh_auth.h"

enum {
	ACCEPT_LESS_SUCCESS = 16,
	TURNS_MAX = 64,              /* servers allow 6 attempts of up to three turns each */
	ANSWER_BYTES_MAX = 64 << 10, /* whoever says more at a time is far beyond the log-in */
};

static bool
is_success(const struct ssh_auth *a)
{
	return a->turn + ACCEPT_LESS_SUCCESS == a->accept;
}

void
ssh_auth_client(struct ssh_auth *a)
{
	a->is_asked = true;
	if (a->turn == 0)
		return;
	if (a->accept == 0) {
		a->accept = a->turn;
	} else if (is_success(a)) {
		a->success = TRUTH_YES;
		a->attempts++;
	} else if (a->failure == 0) {
		a->failure = a->turn;
	} else if (a->turn == a->failure) {
		a->success = TRUTH_NO;
		a->attempts++;
	}
	a->turn = 0;
	a->turns++;
}

void
ssh_auth_end(struct ssh_auth *a)
{
	if (!is_success(a))
		ssh_auth_client(a);
}

void
ssh_auth_gap(struct ssh_auth *a)
{
	a->success = TRUTH_UNKNOWN;
}

void
ssh_auth_server(struct ssh_auth *a, uint32_t bytes)
{
	/* What the server says unasked (RFC 8308: its extensions) is no answer. */
	if (a->is_asked && a->turn <= ANSWER_BYTES_MAX)
		a->turn += bytes;
}

bool
ssh_auth_is_over(const struct ssh_auth *a)
{
	return a->success == TRUTH_YES || a->turns >= TURNS_MAX || a->turn > ANSWER_BYTES_MAX;
}
