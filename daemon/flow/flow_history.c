#include "daemon/flow/flow_history.h"

#include <string.h>

static void
append(struct flow *f, char letter)
{
	size_t length = strlen(f->history);

	if (length + 1 < sizeof(f->history))
		f->history[length] = letter;
}

void
flow_history_add(struct flow *f, unsigned side, char letter)
{
	if (side != flow_orig(f))
		letter = (char)(letter + ('a' - 'A'));
	append(f, letter);
}

bool
flow_history_once(struct flow *f, unsigned side, enum flow_letter which, char letter)
{
	struct tcp_side *me = &f->tcp[side];

	if ((me->letters & which) != 0)
		return true;
	me->letters = (uint8_t)(me->letters | which);
	flow_history_add(f, side, letter);
	return false;
}

static bool
is_power_of_ten(unsigned n)
{
	while (n >= 10 && n % 10 == 0)
		n /= 10;
	return n == 1;
}

unsigned
flow_history_tally(struct flow *f, unsigned side, unsigned count, unsigned limit, char letter)
{
	if (count >= limit)
		return count;
	if (is_power_of_ten(count + 1))
		flow_history_add(f, side, letter);
	return count + 1;
}

void
flow_history_flip(struct flow *f)
{
	f->bits = (uint8_t)((f->bits ^ FLOW_ORIG_IS_HIGH) | FLOW_FLIPPED);
	append(f, '^');
}
