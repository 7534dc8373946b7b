/* weird.c -- names and sentences of the oddities in weird.def. */
#include "daemon/weird.h"

#include <string.h>

const char *
weird_name(enum weird w)
{
	static const char *const names[WEIRD_COUNT] = {
#define WEIRD(symbol_, name_, sentence_) [symbol_] = (name_),
#include "daemon/weird.def"
#undef WEIRD
	};

	return names[w];
}

const char *
weird_type(enum weird w)
{
	static const struct {
		const char *beginning, *type;
	} types[] = { { "stream_", "stream" }, { "fragment_", "decode" },
		{ "too_deep", "decode" } };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strncmp(weird_name(w), types[i].beginning, strlen(types[i].beginning)) == 0)
			return types[i].type;
	return "applayer";
}

const char *
weird_sentence(enum weird w)
{
	static const char *const sentences[WEIRD_COUNT] = {
#define WEIRD(symbol_, name_, sentence_) [symbol_] = (sentence_),
#include "daemon/weird.def"
#undef WEIRD
	};

	return sentences[w];
}
