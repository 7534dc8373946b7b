#include "daemon/evidence/evidence_converge.h"

const struct evidence_kind evidence_converging = {
	.name = "CONVERGING_EVIDENCE",
	.signature_id = 5200500,
	.technique = "",
	.unit = "kinds",
	.title = "Kinds of evidence that meet at one peer",
	.may_convict = true,
};

static bool
is_about(const struct evidence_note *n, const struct addr *peer)
{
	return n->attacker && !n->silenced && n->kind->aspect != ASPECT_NONE &&
	       addr_equal(&n->about, peer);
}

/* The bits of the aspects in which a peer is odd. */
static uint32_t
aspects_of(const struct evidence_ledger *l, const struct addr *peer)
{
	uint32_t bits = 0;

	for (const struct evidence_note *n = l->first; n != NULL; n = n->next)
		if (is_about(n, peer))
			bits |= UINT32_C(1) << n->kind->aspect;
	return bits;
}

uint32_t
evidence_aspects(const struct evidence_ledger *l, const struct addr *peer)
{
	return (uint32_t)__builtin_popcount(aspects_of(l, peer));
}

static bool
was_told(const struct evidence_ledger *l, const struct addr *peer)
{
	for (const struct evidence_note *n = l->first; n != NULL; n = n->next)
		if (n->kind == &evidence_converging && addr_equal(&n->about, peer))
			return true;
	return false;
}

bool
evidence_converges(const struct evidence_ledger *l, const struct evidence_rule *rule,
	const struct record_evidence *r)
{
	return rule->converge > 0 && r->role == EVIDENCE_ATTACKER && r->has_about &&
	       r->kind->aspect != ASPECT_NONE && evidence_aspects(l, &r->about) >= rule->converge &&
	       !was_told(l, &r->about);
}

/* The first finding of each aspect, in order of raising. */
static void
add_titles(const struct evidence_ledger *l, const struct addr *peer, struct strbuf *out)
{
	uint32_t said = 0;

	for (const struct evidence_note *n = l->first; n != NULL; n = n->next) {
		if (!is_about(n, peer) || (said & UINT32_C(1) << n->kind->aspect) != 0)
			continue;
		strbuf_text(out, said == 0 ? ": " : ", ");
		strbuf_text(out, n->kind->title);
		said |= UINT32_C(1) << n->kind->aspect;
	}
}

void
evidence_converge_text(const struct evidence_ledger *l, const struct addr *peer, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	strbuf_u64(out, evidence_aspects(l, peer));
	strbuf_text(out, " kinds of evidence meet at ");
	addr_format(peer, text);
	strbuf_text(out, text);
	add_titles(l, peer, out);
}
