#include "viewer/source/source_json.h"

#include "daemon/base/number_text.h"
#include "daemon/base/time_parse.h"
#include "viewer/source/source_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 1024 };
#define SECONDS_MAX 1.8e10 /* what nanoseconds reach */

json_t *
source_json_read(const char *bytes, size_t length)
{
	if (bytes == NULL || length > SOURCE_JSON_MAX)
		return NULL;
	return json_loadb(bytes, length, JSON_ALLOW_NUL, NULL);
}

const char *
source_json_value(const json_t *value, struct arena *m)
{
	if (json_is_string(value))
		return source_text(m, json_string_value(value), json_string_length(value));
	if (json_is_integer(value))
		return source_text_format(m, "%lld", (long long)json_integer_value(value));
	return json_is_real(value) ? source_text_format(m, "%.10g", json_real_value(value)) : "";
}

const char *
source_json_text(const json_t *object, const char *key, struct arena *m)
{
	return source_json_value(json_object_get(object, key), m);
}

const char *
source_json_text_of(const json_t *object, struct arena *m, const char *key, ...)
{
	const char *text = "";
	va_list more;

	va_start(more, key);
	for (; key != NULL && *text == '\0'; key = va_arg(more, const char *))
		text = source_json_text(object, key, m);
	va_end(more);
	return text;
}

double
source_json_number(const json_t *object, const char *key, double otherwise)
{
	const json_t *value = json_object_get(object, key);
	const char *text = json_string_value(value);
	char *end = NULL;

	if (json_is_number(value))
		return json_number_value(value);
	double number = text != NULL ? strtod(text, &end) : 0;
	return text != NULL && end != text && *end == '\0' && number == number ? number : otherwise;
}

int64_t
source_json_integer(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value))
		return json_integer_value(value);
	double number = source_json_number(object, key, 0);
	return number > -0x1p63 && number < 0x1p63 ? (int64_t)number : 0;
}

uint64_t
source_json_count(const json_t *object, const char *key)
{
	int64_t number = source_json_integer(object, key);

	return number > 0 ? (uint64_t)number : 0;
}

size_t
source_json_texts(const json_t *value, struct arena *m, const char *const **ret)
{
	size_t room = json_is_array(value) ? json_array_size(value) : json_is_string(value);
	size_t count = 0;

	*ret = NULL;
	if (room > TEXTS_MAX)
		room = TEXTS_MAX;
	const char **texts = room > 0 ? arena_alloc(m, room * sizeof(*texts)) : NULL;
	if (texts == NULL)
		return 0;
	for (size_t i = 0; i < room; i++) {
		const char *text = source_json_value(
			json_is_array(value) ? json_array_get(value, i) : value, m);
		if (*text != '\0')
			texts[count++] = text;
	}
	*ret = texts;
	return count;
}

uint64_t
source_json_time(const json_t *value)
{
	const char *text = json_string_value(value);
	double seconds = json_number_value(value);
	uint64_t ns = 0;

	if (text != NULL && time_parse_date(text, strlen(text), 0, &ns) != 0 &&
		number_text_seconds(text, strlen(text), &ns) != 0)
		return 0;
	if (text != NULL)
		return ns;
	/* A double knows times of today to a quarter of a microsecond. */
	return seconds > 0 && seconds < SECONDS_MAX ? (uint64_t)(seconds * 1e6 + 0.5) * 1000 : 0;
}
