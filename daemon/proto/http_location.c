/*
 * http_location.c -- three patterns, of a latitude, a longitude and a pair, read at once and byte by byte.
 *
 * A key is a word that ends in one of the names below ("userLat"), or, of a pair, is one: those are short, and would
 * be the end of many. Behind it stand '=' or ':' and a number of degrees with a fraction of two digits at least: one
 * that is coarser shows a country and nobody's place. Its quote or bracket may stand between, with blanks behind it, and
 * as many in front of the number; %XX is the byte that it stands for.
 *
 * A latitude and a longitude count when one message has both; a number that no place on Earth can have is none.
 *
 * Source: detections §2.6, whose patterns know neither blanks nor quoted numbers, and take any byte for the point.
 */
#include "daemon/proto/http_location.h"

#include "daemon/base/ascii.h"
#include "daemon/base/number_text.h"

enum {
	LATITUDE_MAX = 90,
	LONGITUDE_MAX = 180,
	WHOLE_DIGITS_MAX = 3,
	FRACTION_DIGITS_MIN = 2,
	HEX_NONE = 16,
	LETTERS = 26,
	LETTER_LOWER = 0x20, /* of a letter in ASCII the bit that makes it a small one */
};

enum stage {
	STAGE_WORD,     /* letters, which may become a key */
	STAGE_SIGN,     /* a key stands there: its '=' or ':' is due */
	STAGE_NUMBER,   /* a number is due */
	STAGE_WHOLE,    /* its digits before the point */
	STAGE_FRACTION, /* and behind it */
};

enum key { KEY_NONE, KEY_LATITUDE, KEY_LONGITUDE, KEY_PAIR };

/* Does the word end in this one? Of more than eight letters the last eight are compared. */
static bool
ends_in(const struct http_location *l, const char *end, unsigned size)
{
	if (l->word_size < size)
		return false;
	for (unsigned i = 0; i < size && i < sizeof(l->word); i++)
		if ((uint8_t)(l->word >> (8 * i)) != (uint8_t)end[size - 1 - i])
			return false;
	return true;
}

static enum key
key_of(const struct http_location *l)
{
#define END(text, k)                      \
	{                                 \
		text, sizeof(text) - 1, k \
	}
	static const struct {
		const char *text;
		uint8_t size;
		uint8_t key;
	} ends[] = {
		END("locations", KEY_PAIR),
		END("latlon", KEY_PAIR),
		END("path", KEY_PAIR),
		END("ll", KEY_PAIR),
		END("q", KEY_PAIR),
		END("lat", KEY_LATITUDE),
		END("latitude", KEY_LATITUDE),
		END("lon", KEY_LONGITUDE),
		END("lng", KEY_LONGITUDE),
		END("long", KEY_LONGITUDE),
		END("longitude", KEY_LONGITUDE),
	};
#undef END

	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_in(l, ends[i].text, ends[i].size) &&
			(ends[i].key != KEY_PAIR || l->word_size == ends[i].size))
			return ends[i].key;
	return KEY_NONE;
}

/* What may stand around a key and in front of a number; '+' is a form's blank. */
static bool
is_filler(uint8_t byte)
{
	switch (byte) {
	case ' ':
	case '\t':
	case '\r':
	case '\n':
	case '+':
	case '"':
	case '\'':
	case '\\':
	case '[':
	case ']':
		return true;
	default:
		return false;
	}
}

static void
number_expect(struct http_location *l)
{
	l->stage = STAGE_NUMBER;
	l->is_signed = false;
}

static void
word_start(struct http_location *l)
{
	l->stage = STAGE_WORD;
	l->word_size = 0;
	l->is_second = false;
}

/* What may end a key: its quote, or bracket, or what gives it a value. */
static bool
ends_key(uint8_t byte)
{
	return byte == '=' || byte == ':' || byte == '"' || byte == '\'' || byte == '\\' ||
	       byte == ']';
}

static bool
is_letter(uint8_t byte)
{
	return (uint8_t)((byte | LETTER_LOWER) - 'a') < LETTERS;
}

static void
word_byte(struct http_location *l, uint8_t byte)
{
	if (is_letter(byte)) {
		l->word = l->word << 8 | byte | LETTER_LOWER;
		if (l->word_size < UINT8_MAX)
			l->word_size++;
		return;
	}
	l->key = (uint8_t)(ends_key(byte) ? key_of(l) : KEY_NONE);
	word_start(l);
	if (l->key == KEY_NONE)
		return;
	l->stage = STAGE_SIGN;
	if (byte == '=' || byte == ':')
		number_expect(l);
}

/* It was no key, or no number of one: `byte` may begin the next word. */
static void
start_over(struct http_location *l, uint8_t byte)
{
	word_start(l);
	word_byte(l, byte);
}

/* Could it be two numbers of degrees, in either order? */
static bool
is_place(unsigned one, unsigned other)
{
	return (one <= LATITUDE_MAX && other <= LONGITUDE_MAX) ||
	       (one <= LONGITUDE_MAX && other <= LATITUDE_MAX);
}

/* A number is as long as it has to be. */
static void
number_done(struct http_location *l)
{
	if (l->key == KEY_LATITUDE)
		l->has_latitude |= l->degrees <= LATITUDE_MAX;
	else if (l->key == KEY_LONGITUDE)
		l->has_longitude |= l->degrees <= LONGITUDE_MAX;
	else if (l->is_second)
		l->has_pair |= is_place(l->first, l->degrees);
}

static void
number_byte(struct http_location *l, uint8_t byte)
{
	if (ascii_is_digit(byte)) {
		l->stage = STAGE_WHOLE;
		l->degrees = (uint16_t)(byte - '0');
		l->digits = 1;
	} else if (byte == '-' && !l->is_signed) {
		l->is_signed = true;
	} else if (l->is_signed || !is_filler(byte)) {
		start_over(l, byte);
	}
}

static void
whole_byte(struct http_location *l, uint8_t byte)
{
	if (ascii_is_digit(byte) && l->digits < WHOLE_DIGITS_MAX) {
		l->degrees = (uint16_t)(l->degrees * 10 + (byte - '0'));
		l->digits++;
	} else if (byte == '.') {
		l->stage = STAGE_FRACTION;
		l->digits = 0;
	} else {
		start_over(l, byte);
	}
}

static void
fraction_byte(struct http_location *l, uint8_t byte)
{
	if (ascii_is_digit(byte)) {
		if (l->digits < FRACTION_DIGITS_MIN && ++l->digits == FRACTION_DIGITS_MIN)
			number_done(l);
	} else if (byte == ',' && l->key == KEY_PAIR && !l->is_second &&
		   l->digits == FRACTION_DIGITS_MIN) {
		l->first = l->degrees;
		l->is_second = true;
		number_expect(l);
	} else {
		start_over(l, byte);
	}
}

static void
take_byte(struct http_location *l, uint8_t byte)
{
	switch ((enum stage)l->stage) {
	case STAGE_WORD:
		word_byte(l, byte);
		break;
	case STAGE_SIGN:
		if (byte == '=' || byte == ':')
			number_expect(l);
		else if (!is_filler(byte))
			start_over(l, byte);
		break;
	case STAGE_NUMBER:
		number_byte(l, byte);
		break;
	case STAGE_WHOLE:
		whole_byte(l, byte);
		break;
	case STAGE_FRACTION:
		fraction_byte(l, byte);
		break;
	}
}

/* What was held back as the beginning of "%2C" is none: it is what it looks like. */
static void
escape_give_up(struct http_location *l)
{
	uint8_t size = l->escape_size;

	l->escape_size = 0;
	take_byte(l, '%');
	if (size == 2)
		take_byte(l, l->escape);
}

/* A byte as it stands there. */
static void
take_encoded(struct http_location *l, uint8_t byte)
{
	if (byte == '%')
		l->escape_size = 1;
	else
		take_byte(l, byte);
}

static void
take_escape(struct http_location *l, uint8_t byte)
{
	unsigned digit = number_text_hex_digit((char)byte);

	if (digit == HEX_NONE) {
		escape_give_up(l);
		take_encoded(l, byte);
	} else if (l->escape_size == 1) {
		l->escape = byte;
		l->escape_size = 2;
	} else {
		l->escape_size = 0;
		take_byte(l, (uint8_t)(number_text_hex_digit((char)l->escape) << 4 | digit));
	}
}

/*
 * Nearly all of a text is letters and what stands between words: it is passed over on the spot, up to what may end
 * a key, or begin an escape.
 */
static const uint8_t *
pass_words(struct http_location *l, const uint8_t *at, const uint8_t *end)
{
	uint64_t word = l->word;
	size_t size = l->word_size;

	for (; at < end; at++) {
		if (is_letter(*at)) {
			word = word << 8 | *at | LETTER_LOWER;
			size++;
		} else if (*at == '%' || ends_key(*at)) {
			break;
		} else {
			size = 0;
		}
	}
	l->word = word;
	l->word_size = (uint8_t)(size < UINT8_MAX ? size : UINT8_MAX);
	return at;
}

bool
http_location_read(struct http_location *l, struct cursor text)
{
	size_t most = HTTP_LOCATION_BYTES_MAX - (size_t)l->bytes;
	size_t size = cursor_left(&text) < most ? cursor_left(&text) : most;
	const uint8_t *at = cursor_take(&text, size);
	const uint8_t *end = size > 0 ? at + size : at;

	l->bytes = (uint16_t)(l->bytes + size);
	while (at < end) {
		if (l->stage == STAGE_WORD && l->escape_size == 0)
			at = pass_words(l, at, end);
		if (at == end)
			break;
		if (l->escape_size > 0)
			take_escape(l, *at++);
		else
			take_encoded(l, *at++);
	}
	return l->has_pair || (l->has_latitude && l->has_longitude);
}

void
http_location_break(struct http_location *l)
{
	l->escape_size = 0;
	word_start(l);
}
