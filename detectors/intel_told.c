/*
 * The sentence names the list that says the worst, and how many others agree; all of them stand in `sources`, as far
 * as there is room. Descriptions are a stranger's and may be meant to deceive, so they are quoted and made safe.
 */
#include "detectors/intel_told.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"

#include <string.h>

enum { WORDS = 33, TEXT_MAX = 255 }; /* a kind, then a text in words of 8 bytes */

enum { NAME_SHOWN = 40, DESCRIPTION_SHOWN = 48, MORE_ROOM = sizeof(", ...") };

bool
intel_once(struct detect *d, struct intel_once *once, const struct evidence_kind *kind,
	const char *text)
{
	static const struct arena_map_shape shape = {
		.item_size = sizeof(uint64_t),
		.key_size = sizeof(uint64_t),
		.capacity = INTEL_ONCE_MAX,
	};
	uint64_t words[WORDS] = { kind->signature_id };
	uint32_t before = once->told.count;
	size_t length = strlen(text);

	memcpy(&words[1], text, length < TEXT_MAX ? length : TEXT_MAX);
	uint64_t key = hash_words(d->hash_key, words, WORDS);
	return arena_map_get(&once->told, &shape, d->memory, d->hash_key, &key) != NULL &&
	       once->told.count > before;
}

/* The file's name is enough for a sentence; its directory is in the settings. */
static const char *
short_name(const char *source)
{
	const char *slash = strrchr(source, '/');

	return slash == NULL ? source : slash + 1;
}

static void
put_sources(struct strbuf *out, const struct intel_hit *hits)
{
	for (const struct intel_hit *h = hits; h != NULL; h = h->next) {
		const char *name = short_name(h->source);

		if (out->length + strlen(name) + (size_t)2 * MORE_ROOM > INTEL_TOLD_MAX) {
			strbuf_text(out, h == hits ? "..." : ", ...");
			return;
		}
		strbuf_text(out, h == hits ? "" : ", ");
		text_safe(out, name, NAME_SHOWN);
	}
}

void
intel_told(const struct intel_hit *hits, struct intel_told *ret)
{
	const struct intel_hit *worst = hits; /* they come in order of level */
	unsigned lists = 1;
	struct strbuf b;

	for (const struct intel_hit *h = hits->next; h != NULL; h = h->next, lists++)
		if (worst->is_info && !h->is_info)
			worst = h;
	ret->level = worst->is_info ? THREAT_INFO : worst->level;
	strbuf_init(&b, ret->sources, sizeof(ret->sources));
	put_sources(&b, hits);

	strbuf_init(&b, ret->words, sizeof(ret->words));
	text_safe(&b, short_name(worst->source), NAME_SHOWN);
	if (lists > 1)
		strbuf_printf(&b, " and %u more list", lists - 1);
	else
		strbuf_text(&b, " lists");
	if (worst->description[0] != '\0') {
		strbuf_text(&b, " as \"");
		text_safe(&b, worst->description, DESCRIPTION_SHOWN);
		strbuf_char(&b, '"');
	}
	strbuf_printf(&b, " (%s)", threat_name(ret->level));
}
