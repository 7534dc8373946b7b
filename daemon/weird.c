/* weird.c -- names and sentences of the oddities in weird.def. */
#include "daemon/weird.h"

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
weird_sentence(enum weird w)
{
	static const char *const sentences[WEIRD_COUNT] = {
#define WEIRD(symbol_, name_, sentence_) [symbol_] = (sentence_),
#include "daemon/weird.def"
#undef WEIRD
	};

	return sentences[w];
}
