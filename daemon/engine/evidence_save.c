/*
 * evidence_save.c -- the ledger of a window as bytes: what was told must not be told again.
 *
 * The sum, then items that each begin with what they are, then an end: how many findings each
 * detector has raised (its cap goes on), the subjects (none counts twice or convicts twice), and
 * the notes in their order (which go into the next alert, and by which a finding is known again).
 *
 * The bytes may come from anybody. Numbers that no ledger holds are refused: a weight above 1 or a
 * sum that is no number would make alerts, or none, for as long as the window lasts.
 */
#include "daemon/engine/evidence_save.h"

#include "daemon/engine/detect.h"
#include "daemon/engine/engine_state.h"
#include "daemon/evidence/evidence_id.h"

#include <math.h>
#include <string.h>

enum item {
	ITEM_END,
	ITEM_DETECTOR,
	ITEM_SUBJECT,
	ITEM_NOTE,
};

enum note_flag {
	NOTE_ALERTED = 1,
	NOTE_ATTACKER = 2,
	NOTE_DECISIVE = 4,
	NOTE_SILENCED = 8,
	NOTE_FLAGS = 15,
};

static void
save_detectors(const struct engine *e, const struct evidence_ledger *l, struct blob *b)
{
	for (const struct evidence_share *s = l->by_detector; s != NULL; s = s->next) {
		blob_u8(b, ITEM_DETECTOR);
		blob_text(b, detect_detector_name(e, s->detector));
		blob_u32(b, s->findings);
	}
}

static void
save_subject(const struct evidence_subject *s, struct blob *b)
{
	blob_u8(b, ITEM_SUBJECT);
	blob_text(b, s->kind->name);
	blob_bytes(b, &s->about, sizeof(s->about));
	blob_u16(b, s->port);
	blob_u8(b, s->ip_proto);
	blob_u8(b, s->convicted);
	blob_f64(b, s->weight);
}

static uint8_t
note_flags(const struct evidence_note *n)
{
	return (uint8_t)((n->alerted ? NOTE_ALERTED : 0) | (n->attacker ? NOTE_ATTACKER : 0) |
			 (n->decisive ? NOTE_DECISIVE : 0) | (n->silenced ? NOTE_SILENCED : 0));
}

static void
save_note(const struct evidence_note *n, struct blob *b)
{
	/* The sentence is said again only as the reason of an alert. */
	bool next_alert = n->attacker && !n->alerted;

	blob_u8(b, ITEM_NOTE);
	blob_text(b, n->kind->name);
	blob_text(b, n->id);
	blob_text(b, n->detector == NULL ? "" : n->detector);
	blob_u16(b, n->port);
	blob_u8(b, note_flags(n));
	blob_u8(b, (uint8_t)n->threat);
	blob_f64(b, n->weight);
	blob_u8(b, n->ip_proto);
	blob_bytes(b, &n->about, sizeof(n->about));
	blob_u64(b, n->observed);
	blob_text(b, n->object);
	blob_text(b, next_alert ? n->text : "");
}

void
evidence_save(const struct engine *e, const struct window *w, struct blob *b)
{
	const struct evidence_ledger *l = &w->evidence;

	blob_f64(b, l->sum);
	save_detectors(e, l, b);
	for (const struct evidence_subject *s = l->subjects; s != NULL; s = s->next)
		save_subject(s, b);
	for (const struct evidence_note *n = l->first; n != NULL; n = n->next)
		save_note(n, b);
	blob_u8(b, ITEM_END);
}

static bool
is_weight(double weight)
{
	return weight >= 0 && weight <= 1; /* which a NaN is not */
}

static bool
restore_detector(const struct engine *e, struct window *w, struct cursor *c)
{
	const char *saved = cursor_text(c);
	uint32_t count = cursor_le32(c);
	const char *name;
	uint32_t i = 0;

	if (w == NULL || c->short_read)
		return !c->short_read;
	while ((name = detect_detector_name(e, i)) != NULL && strcmp(name, saved) != 0)
		i++;
	if (name == NULL)
		return true;
	w->evidence.most = e->settings->evidence.max_per_detector;
	struct evidence_share *share = evidence_share_of(&w->evidence, &w->memory, i);
	if (share != NULL)
		share->findings = count;
	return true;
}

/* Behind the others: a ledger restored is saved in the same order. */
static void
subject_append(struct window *w, const struct evidence_subject *s)
{
	struct evidence_subject **end = &w->evidence.subjects;
	struct evidence_subject *copy = arena_alloc(&w->memory, sizeof(*copy));

	if (copy == NULL)
		return;
	*copy = *s;
	while (*end != NULL)
		end = &(*end)->next;
	*end = copy;
}

static bool
restore_subject(const struct engine *e, struct window *w, struct cursor *c)
{
	struct evidence_subject s = { .kind = detect_kind(e, cursor_text(c)) };

	cursor_bytes(c, &s.about, sizeof(s.about));
	s.port = cursor_le16(c);
	s.ip_proto = cursor_u8(c);
	uint8_t convicted = cursor_u8(c);
	s.convicted = convicted == 1;
	s.weight = cursor_f64(c);
	if (c->short_read || convicted > 1 || !is_weight(s.weight))
		return false;
	if (w != NULL && s.kind != NULL)
		subject_append(w, &s);
	return true;
}

/* The name as this engine has it: what was read is gone soon. "" for a detector that is off. */
static const char *
detector_of_name(const struct engine *e, const char *saved)
{
	const char *name;

	for (uint32_t i = 0; (name = detect_detector_name(e, i)) != NULL; i++)
		if (strcmp(name, saved) == 0)
			return name;
	return "";
}

static bool
restore_note(struct engine *e, struct window *w, struct cursor *c)
{
	struct evidence_note n = { .earlier = true, .kind = detect_kind(e, cursor_text(c)) };
	const char *id = cursor_text(c);

	n.detector = detector_of_name(e, cursor_text(c));
	n.port = cursor_le16(c);
	uint8_t flags = cursor_u8(c);
	uint8_t threat = cursor_u8(c);

	n.weight = cursor_f64(c);
	n.ip_proto = cursor_u8(c);
	cursor_bytes(c, &n.about, sizeof(n.about));
	n.observed = cursor_le64(c);
	n.object = cursor_text(c);
	n.text = cursor_text(c);
	if (c->short_read || !evidence_id_is_valid(id) || flags > NOTE_FLAGS ||
		threat >= THREAT_COUNT || !is_weight(n.weight) ||
		strlen(n.object) > EVIDENCE_OBJECT_MAX || strlen(n.text) >= EVIDENCE_TEXT_MAX)
		return false;
	memcpy(n.id, id, sizeof(n.id));
	n.alerted = (flags & NOTE_ALERTED) != 0;
	n.attacker = (flags & NOTE_ATTACKER) != 0;
	n.decisive = (flags & NOTE_DECISIVE) != 0;
	n.silenced = (flags & NOTE_SILENCED) != 0;
	n.threat = (enum threat)threat;
	if (w != NULL && n.kind != NULL &&
		evidence_note_add(&w->evidence, &w->memory, &n) == NULL) {
		w->evidence.lost++;
		e->stats.evidence_lost++;
	}
	return true;
}

bool
evidence_restore(struct engine *e, struct window *w, struct cursor *c)
{
	double sum = cursor_f64(c);
	bool sound = isfinite(sum) && sum >= 0;

	if (w != NULL)
		w->evidence.sum = sum;
	while (sound) {
		switch (cursor_u8(c)) {
		case ITEM_END:
			return !c->short_read;
		case ITEM_DETECTOR:
			sound = restore_detector(e, w, c);
			break;
		case ITEM_SUBJECT:
			sound = restore_subject(e, w, c);
			break;
		case ITEM_NOTE:
			sound = restore_note(e, w, c);
			break;
		default:
			sound = false;
		}
	}
	return false;
}
