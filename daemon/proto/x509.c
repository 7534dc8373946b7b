/*
 * x509.c -- from libcrypto's certificate to ours.
 *
 * Names of people and hosts are written as RFC 2253 has them, with everything escaped that is not a
 * printable ASCII character, so no certificate can put a control byte or a NUL into a text. Where the
 * library has no memory a value stays unset.
 */
#include "daemon/proto/x509.h"

#include "daemon/base/addr.h"
#include "daemon/base/strbuf.h"
#include "daemon/proto/ber.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#define NS_PER_S UINT64_C(1000000000)

enum { S_PER_DAY = 86400 };

X509 *
x509_open(struct cursor der)
{
	size_t size = cursor_left(&der);
	const unsigned char *at = cursor_take(&der, size);

	if (at == NULL || size == 0 || size > X509_BYTES_MAX)
		return NULL;
	const unsigned char *end = at + size;
	X509 *certificate = d2i_X509(NULL, &at, (long)size);
	if (certificate != NULL && at != end) {
		X509_free(certificate);
		certificate = NULL;
	}
	/* What was wrong with it is nobody's business, and the library keeps a list. */
	ERR_clear_error();
	return certificate;
}

void
x509_close(X509 *certificate)
{
	X509_free(certificate);
}

/* returns false when the next value has another tag, or is cut */
static bool
part_skip(struct cursor *c, uint8_t tag, struct ber *ret_part)
{
	return ber_read_tag(c, tag, ret_part) && ret_part->size == cursor_left(&ret_part->value);
}

bool
x509_is_framed(struct cursor der)
{
	/* what is signed, how, and the signature */
	static const uint8_t parts[] = { BER_SEQUENCE, BER_SEQUENCE, BER_BIT_STRING };
	struct ber whole;
	struct ber part;

	if (cursor_left(&der) > X509_BYTES_MAX || !part_skip(&der, BER_SEQUENCE, &whole) ||
		cursor_left(&der) > 0)
		return false;
	for (size_t i = 0; i < sizeof(parts); i++)
		if (!part_skip(&whole.value, parts[i], &part))
			return false;
	return cursor_left(&whole.value) == 0;
}

/* ---- texts ---- */

static void
hex_write(const uint8_t *bytes, size_t size, const char *digits, struct strbuf *out)
{
	for (size_t i = 0; i < size; i++) {
		strbuf_char(out, digits[bytes[i] >> 4]);
		strbuf_char(out, digits[bytes[i] & 15]);
	}
}

static const char *
name_text(const X509_NAME *name, char ret_text[X509_NAME_TEXT])
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;

	ret_text[0] = '\0';
	if (bio == NULL)
		return NULL;
	bool is_written = X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0;
	long size = BIO_get_mem_data(bio, &text);
	size_t kept = size < X509_NAME_TEXT - 1 ? (size_t)size : X509_NAME_TEXT - 1;
	if (is_written && text != NULL) {
		memcpy(ret_text, text, kept);
		ret_text[kept] = '\0';
	}
	BIO_free(bio);
	return ret_text;
}

static const char *
serial_text(X509 *certificate, char ret_text[X509_SERIAL_TEXT])
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
	size_t size = (size_t)ASN1_STRING_length(serial);
	struct strbuf out;

	strbuf_init(&out, ret_text, X509_SERIAL_TEXT);
	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		strbuf_char(&out, '-');
	hex_write(ASN1_STRING_get0_data(serial), size, "0123456789ABCDEF", &out);
	if (size == 0)
		strbuf_text(&out, "00");
	return ret_text;
}

uint64_t
x509_time_ns(const ASN1_TIME *at)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days;
	int seconds;

	bool is_known = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, at) == 1;
	ASN1_TIME_free(epoch);
	if (!is_known || days < 0 || seconds < 0)
		return 0;
	uint64_t s = (uint64_t)days * S_PER_DAY + (uint64_t)seconds;
	return s < UINT64_MAX / NS_PER_S ? s * NS_PER_S : UINT64_MAX;
}

static const char *
object_text(const ASN1_OBJECT *object, char ret_text[X509_WORD_TEXT])
{
	return OBJ_obj2txt(ret_text, X509_WORD_TEXT, object, 0) > 0 ? ret_text : NULL;
}

/* ---- the key ---- */

static const char *
exponent_text(const EVP_PKEY *key, char ret_text[X509_EXPONENT_TEXT])
{
	BIGNUM *e = NULL;
	const char *told = NULL;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
		return NULL;
	char *text = BN_bn2dec(e);
	if (text != NULL && strlen(text) < X509_EXPONENT_TEXT) {
		memcpy(ret_text, text, strlen(text) + 1);
		told = ret_text;
	}
	OPENSSL_free(text);
	BN_free(e);
	return told;
}

static void
key_read(X509 *certificate, struct x509_facts *ret)
{
	ASN1_OBJECT *algorithm = NULL;
	X509_PUBKEY *wrapped = X509_get_X509_PUBKEY(certificate);

	if (X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, wrapped) == 1)
		ret->said.key_algorithm = object_text(algorithm, ret->key_algorithm);
	const EVP_PKEY *key = X509_get0_pubkey(certificate);
	if (key == NULL)
		return;
	ret->said.key_bits = (uint64_t)EVP_PKEY_get_bits(key);
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		ret->said.key_type = "rsa";
		ret->said.exponent = exponent_text(key, ret->exponent);
		break;
	case EVP_PKEY_DSA:
		ret->said.key_type = "dsa";
		break;
	case EVP_PKEY_EC:
		ret->said.key_type = "ecdsa";
		if (EVP_PKEY_get_group_name(key, ret->curve, sizeof(ret->curve), NULL) == 1)
			ret->said.curve = ret->curve;
		break;
	default:
		break;
	}
}

/* ---- extensions ---- */

/* returns false when there is no room for it */
static bool
other_add(struct x509_facts *f, struct strbuf *out, size_t *count, const ASN1_STRING *text)
{
	static const char nul[] = "\\x00";
	struct cursor c =
		cursor_over(ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
	const char *begin = out->text + out->length;

	if (*count == X509_OTHERS_MAX)
		return false;
	while (cursor_left(&c) > 0) {
		char b = (char)cursor_u8(&c);
		strbuf_bytes(out, b == '\0' ? nul : &b, b == '\0' ? sizeof(nul) - 1 : 1);
	}
	if (strbuf_extend(out, 1) == NULL)
		return false;
	out->text[out->length - 1] = '\0';
	f->others[(*count)++] = begin;
	return true;
}

static bool
address_add(struct x509_facts *f, struct strbuf *out, size_t *count, const ASN1_OCTET_STRING *bytes)
{
	const uint8_t *at = ASN1_STRING_get0_data(bytes);
	int size = ASN1_STRING_length(bytes);
	char text[ADDR_TEXT_MAX];

	if (*count == X509_OTHERS_MAX)
		return false;
	if (size != 4 && size != 16)
		return true;
	struct addr addr = size == 4 ? addr_from_v4(at) : addr_from_v6(at);
	strbuf_text(out, addr_format(&addr, text));
	const char *end = strbuf_extend(out, 1);
	if (end == NULL)
		return false;
	out->text[out->length - 1] = '\0';
	f->others[(*count)++] = end - strlen(text);
	return true;
}

/* All alternative names of one kind. */
static struct text_list
others_of(const GENERAL_NAMES *names, int kind, struct x509_facts *f, struct strbuf *out,
	size_t *count)
{
	struct text_list list = { .at = &f->others[*count] };
	size_t first = *count;
	bool has_room = true;

	for (int i = 0; has_room && i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		if (name->type != kind)
			continue;
		has_room = kind == GEN_IPADD ? address_add(f, out, count, name->d.iPAddress)
					     : other_add(f, out, count, name->d.ia5);
	}
	list.count = *count - first;
	return list;
}

static void
others_read(X509 *certificate, struct x509_facts *ret)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	struct strbuf out;
	size_t count = 0;

	if (names == NULL)
		return;
	strbuf_init(&out, ret->others_text, sizeof(ret->others_text));
	ret->said.names = others_of(names, GEN_DNS, ret, &out, &count);
	ret->said.uris = others_of(names, GEN_URI, ret, &out, &count);
	ret->said.emails = others_of(names, GEN_EMAIL, ret, &out, &count);
	ret->said.addresses = others_of(names, GEN_IPADD, ret, &out, &count);
	GENERAL_NAMES_free(names);
}

static void
constraints_read(X509 *certificate, struct x509_facts *ret)
{
	BASIC_CONSTRAINTS *b = X509_get_ext_d2i(certificate, NID_basic_constraints, NULL, NULL);

	if (b == NULL)
		return;
	ret->said.is_authority = b->ca != 0 ? TRUTH_YES : TRUTH_NO;
	if (b->pathlen != NULL) {
		long length = ASN1_INTEGER_get(b->pathlen);
		if (length >= 0)
			ret->said.path_length = (uint64_t)length;
	}
	BASIC_CONSTRAINTS_free(b);
}

/* ---- all of it ---- */

static void
fingerprints_read(struct cursor der, struct x509_facts *ret)
{
	size_t size = cursor_left(&der);
	const uint8_t *bytes = cursor_take(&der, size);
	uint8_t sha1[SHA_DIGEST_LENGTH];
	struct strbuf out;

	digest_sha256_whole(bytes, size, ret->fingerprint_bytes);
	strbuf_init(&out, ret->fingerprint, sizeof(ret->fingerprint));
	hex_write(ret->fingerprint_bytes, sizeof(ret->fingerprint_bytes), "0123456789abcdef", &out);
	(void)SHA1(bytes, size, sha1);
	strbuf_init(&out, ret->sha1, sizeof(ret->sha1));
	hex_write(sha1, sizeof(sha1), "0123456789abcdef", &out);
	ret->said.fingerprint = ret->fingerprint;
	ret->said.sha1 = ret->sha1;
}

void
x509_read(X509 *certificate, struct cursor der, struct x509_facts *ret)
{
	const ASN1_OBJECT *signature = NULL;

	ret->said = (struct obs_x509){ .key_bits = TRANSACTION_UNSET,
		.path_length = TRANSACTION_UNSET };
	fingerprints_read(der, ret);
	ret->said.version = (uint64_t)X509_get_version(certificate) + 1;
	ret->said.serial = serial_text(certificate, ret->serial);
	ret->said.subject = name_text(X509_get_subject_name(certificate), ret->subject);
	ret->said.issuer = name_text(X509_get_issuer_name(certificate), ret->issuer);
	ret->said.not_before_ns = x509_time_ns(X509_get0_notBefore(certificate));
	ret->said.not_after_ns = x509_time_ns(X509_get0_notAfter(certificate));
	X509_ALGOR_get0(&signature, NULL, NULL, X509_get0_tbs_sigalg(certificate));
	ret->said.signature_algorithm = object_text(signature, ret->signature_algorithm);
	key_read(certificate, ret);
	others_read(certificate, ret);
	constraints_read(certificate, ret);
	ERR_clear_error();
}

bool
x509_is_for(X509 *certificate, const char *host)
{
	return host[0] != '\0' && X509_check_host(certificate, host, 0, 0, NULL) == 1;
}
