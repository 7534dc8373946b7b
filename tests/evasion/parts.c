#include "tests/evasion/parts.h"

#include <netinet/in.h>

enum { PART_ID = 0x7777, IP4_HEADER = 20, IP6_HEADER = 40, UDP_HEADER = 8 };

void
whole_make(struct whole *w, bool is_v6, const char *name)
{
	w->b = is_v6 ? evasion_answer6(w->message, name) : evasion_answer(w->message, name);
	(void)build_udp(w->frame, &w->b);
	w->data = w->frame + build_link_bytes(&w->b) + (is_v6 ? IP6_HEADER : IP4_HEADER);
	w->len = (unsigned)(UDP_HEADER + w->b.payload_bytes);
}

struct build
part_of(const struct whole *w, unsigned from, unsigned to)
{
	struct build b = w->b;

	b.ip_proto = IPPROTO_UDP;
	b.ip_id = PART_ID;
	b.is_fragment = true;
	b.fragment_offset = (uint16_t)(from / PART_UNIT);
	b.more_fragments = to < w->len;
	b.payload = w->data + from;
	b.payload_bytes = to - from;
	return b;
}

void
part_send(struct evasion *v, const struct whole *w, unsigned from, unsigned to)
{
	struct build b = part_of(w, from, to);

	evasion_send(v, build_ip, &b);
}
