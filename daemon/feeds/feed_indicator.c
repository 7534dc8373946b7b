#include "daemon/feeds/feed_indicator.h"

#include "daemon/base/ascii.h"
#include "daemon/base/number_text.h"
#include "daemon/feeds/feed_text.h"
#include "daemon/intel/intel_names.h"

#include <string.h>

enum { ADDR_BITS = 128, V4_AT = 96, NET_TEXT_MAX = ADDR_TEXT_MAX + 4, JA4_LENGTH = 36 };

static bool
is_hex(struct intel_text t)
{
	for (size_t i = 0; i < t.length; i++)
		if (number_text_hex_digit(t.at[i]) > 15)
			return false;
	return true;
}

static void
clear_host_bits(struct cidr *net)
{
	for (unsigned bit = net->prefix_len; bit < ADDR_BITS; bit++)
		net->base.byte[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
}

static bool
read_addr(struct intel_text t, struct addr *ret)
{
	char text[ADDR_TEXT_MAX];

	if (t.length < 2 || t.length >= sizeof(text) || memchr(t.at, '\0', t.length) != NULL)
		return false;
	memcpy(text, t.at, t.length);
	text[t.length] = '\0';
	return addr_parse(text, ret);
}

/* "10.0.0.0/8", "2001:db8::1". */
static bool
read_network(struct intel_text t, struct cidr *ret)
{
	struct intel_text length = t;
	struct intel_text base = feed_text_take(&length, "/");
	uint64_t prefix_len = ADDR_BITS;
	struct cidr net;

	if (!read_addr(base, &net.base))
		return false;
	unsigned at = addr_is_v4(&net.base) ? V4_AT : 0;
	if (base.length < t.length) {
		if (number_text_count(length.at, length.length, &prefix_len) != 0 ||
			prefix_len > ADDR_BITS - at)
			return false;
		prefix_len += at;
	}
	net.prefix_len = (uint8_t)prefix_len;
	clear_host_bits(&net);
	*ret = net;
	return true;
}

static bool
is_label(struct intel_text t)
{
	if (t.length == 0 || t.length > INTEL_LABEL_BYTES_MAX)
		return false;
	for (size_t i = 0; i < t.length; i++)
		if (!ascii_is_digit(t.at[i]) && !ascii_is_letter(t.at[i]) && t.at[i] != '-' &&
			t.at[i] != '_')
			return false;
	return true;
}

/* Two labels or more, the last of which is that of a top-level domain: it begins with a letter. */
static bool
is_name(struct intel_text t)
{
	unsigned labels = 0;
	struct intel_text label = { NULL, 0 };

	if (t.length > 0 && t.at[t.length - 1] == '.')
		t.length--;
	if (t.length == 0 || t.length > INTEL_NAME_BYTES_MAX || t.at[t.length - 1] == '.')
		return false;
	for (; t.length > 0; labels++) {
		label = feed_text_take(&t, ".");
		if (!is_label(label))
			return false;
	}
	return labels >= 2 && labels <= INTEL_LABELS_MAX && label.length >= 2 &&
	       ascii_is_letter(label.at[0]);
}

/* "t13d1516h2_8daaf6152771_b186095e22b6" */
static bool
is_ja4(struct intel_text t)
{
	return t.length == JA4_LENGTH && t.at[10] == '_' && t.at[23] == '_' &&
	       strchr("tqd", t.at[0] | 0x20) != NULL &&
	       is_hex((struct intel_text){ t.at + 11, 12 }) &&
	       is_hex((struct intel_text){ t.at + 24, 12 });
}

static bool
read_digest(struct intel_text t, enum intel_digest md5_is, enum intel_digest *ret)
{
	if (is_ja4(t))
		*ret = INTEL_JA4;
	else if (t.length == 32 && is_hex(t))
		*ret = md5_is;
	else if (t.length == 40 && is_hex(t))
		*ret = INTEL_SHA1;
	else if (t.length == 64 && is_hex(t))
		*ret = INTEL_SHA256;
	else
		return false;
	return true;
}

static bool
read_asn(struct intel_text t, uint32_t *ret)
{
	uint64_t asn;

	if (!feed_text_begins(t, "AS") || number_text_count(t.at + 2, t.length - 2, &asn) != 0 ||
		asn > UINT32_MAX)
		return false;
	*ret = (uint32_t)asn;
	return true;
}

/* "198.51.100.7:443" */
static bool
is_endpoint(struct intel_text t)
{
	struct intel_text port = t;
	struct addr a;
	uint64_t number;

	return read_addr(feed_text_take(&port, ":"), &a) &&
	       number_text_count(port.at, port.length, &number) == 0;
}

static bool
is_unsupported(struct intel_text t)
{
	const char *at = memchr(t.at, '@', t.length);
	const char *slash = memchr(t.at, '/', t.length);

	if (feed_text_begins(t, "http://") || feed_text_begins(t, "https://") || is_endpoint(t))
		return true;
	if (t.length == 62 && is_hex(t)) /* JARM, for which one would have to connect */
		return true;
	if (slash != NULL)
		return is_name((struct intel_text){ t.at, (size_t)(slash - t.at) });
	return at != NULL && is_name(feed_text_from(t, (size_t)(at - t.at) + 1));
}

enum feed_value
feed_indicator_read(
	struct intel_text value, enum intel_digest md5_is, struct intel_indicator *ret_what)
{
	struct intel_indicator what = *ret_what;

	if (feed_text_begins(value, "*."))
		value = feed_text_from(value, 2);
	what.text = value;
	if (value.length < 3)
		return FEED_VALUE_NONE;
	if (read_network(value, &what.network))
		what.type = INTEL_NETWORK;
	else if (read_digest(value, md5_is, &what.digest))
		what.type = INTEL_DIGEST;
	else if (read_asn(value, &what.asn))
		what.type = INTEL_ASN;
	else if (is_name(value))
		what.type = INTEL_NAME;
	else
		return is_unsupported(value) ? FEED_VALUE_UNSUPPORTED : FEED_VALUE_NONE;
	*ret_what = what;
	return FEED_VALUE_TAKEN;
}
