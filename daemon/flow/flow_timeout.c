/*
 * An attempt ends: a scan must be reported while it runs, not when the capture is over. SYNs are
 * sent again after 1, 3 and 7 s, so naiad waits for 5 s of silence, but never longer than 10 s.
 * A handshake whose answer nobody took may be a forged one, to which nobody ever will. It waits no
 * longer: else a flood of them would stay where attempts of others are evicted.
 *
 * An end is not believed at once: retransmissions and RSTs that answer them keep coming for a
 * moment, and would look like a new conversation that nobody opened. Reset connections linger for
 * 2 s after their last packet, closed ones for 5 s, as Zeek's.
 *
 * `slips` is what Slips has Zeek do (behaviour §1.2), `zeek` are Zeek's own defaults
 * (tcp_attempt_delay, tcp_close_delay, tcp_inactivity_timeout, udp_inactivity_timeout ...).
 */
#include "daemon/flow/flow_timeout.h"

#include "daemon/base/time_text.h"

#define SECONDS(idle, life)                                   \
	{                                                     \
		.idle_ns = (idle)*NS_PER_S, .life_ns = (life) \
	}
#define LIFE_ANY UINT64_MAX

/* Zeek's parser of DNS looks every 10 s whether there was silence for 9 (dns_session_timeout). */
#define ZEEK_DNS                                                                       \
	{                                                                              \
		.idle_ns = 9 * NS_PER_S, .life_ns = LIFE_ANY, .step_ns = 10 * NS_PER_S \
	}

static const struct flow_timeout timeouts[FLOW_TIMEOUTS_COUNT][FLOW_CLASS_COUNT] = {
	[FLOW_TIMEOUTS_NAIAD] = {
		[FLOW_TCP_ATTEMPT] = SECONDS(5, 10 * NS_PER_S),
		[FLOW_TCP_HANGING] = SECONDS(5, LIFE_ANY),
		[FLOW_TCP_OPEN] = SECONDS(3600, LIFE_ANY),
		[FLOW_TCP_CLOSED] = SECONDS(5, LIFE_ANY),
		[FLOW_TCP_RESET] = SECONDS(2, LIFE_ANY),
		[FLOW_UDP] = SECONDS(60, LIFE_ANY),
		[FLOW_DNS] = SECONDS(60, LIFE_ANY),
		[FLOW_ICMP] = SECONDS(60, LIFE_ANY),
		[FLOW_OTHER] = SECONDS(60, LIFE_ANY),
	},
	[FLOW_TIMEOUTS_SLIPS] = {
		[FLOW_TCP_ATTEMPT] = SECONDS(60, 60 * NS_PER_S),
		[FLOW_TCP_HANGING] = SECONDS(3600, LIFE_ANY),
		[FLOW_TCP_OPEN] = SECONDS(3600, LIFE_ANY),
		[FLOW_TCP_CLOSED] = SECONDS(5, LIFE_ANY),
		[FLOW_TCP_RESET] = SECONDS(5, LIFE_ANY),
		[FLOW_UDP] = SECONDS(60, LIFE_ANY),
		[FLOW_DNS] = ZEEK_DNS,
		[FLOW_ICMP] = SECONDS(60, LIFE_ANY),
		[FLOW_OTHER] = SECONDS(60, LIFE_ANY),
	},
	[FLOW_TIMEOUTS_ZEEK] = {
		[FLOW_TCP_ATTEMPT] = SECONDS(5, 5 * NS_PER_S),
		[FLOW_TCP_HANGING] = SECONDS(300, LIFE_ANY),
		[FLOW_TCP_OPEN] = SECONDS(300, LIFE_ANY),
		[FLOW_TCP_CLOSED] = SECONDS(5, LIFE_ANY),
		[FLOW_TCP_RESET] = SECONDS(5, LIFE_ANY),
		[FLOW_UDP] = SECONDS(60, LIFE_ANY),
		[FLOW_DNS] = ZEEK_DNS,
		[FLOW_ICMP] = SECONDS(60, LIFE_ANY),
		[FLOW_OTHER] = SECONDS(60, LIFE_ANY),
	},
};

const struct flow_timeout *
flow_timeouts_of(enum flow_timeouts setting)
{
	return timeouts[setting];
}

static uint64_t
add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t
flow_deadline(const struct flow *f, const struct flow_timeout *by_class)
{
	const struct flow_timeout *t = &by_class[f->class];
	uint64_t idle = add(f->last_ns, t->idle_ns);
	uint64_t life = add(f->start_ns, t->life_ns);
	uint64_t end = idle < life ? idle : life;

	if (t->step_ns == 0)
		return end;
	uint64_t steps = (end - f->start_ns - 1) / t->step_ns + 1;
	return add(f->start_ns, steps * t->step_ns);
}

uint64_t
flow_due_s(uint64_t ns)
{
	return ns / NS_PER_S + (ns % NS_PER_S != 0);
}
