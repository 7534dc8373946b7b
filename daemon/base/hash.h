/*
 * hash.h -- keyed hash of fixed-size keys (SipHash-1-3).
 *
 * Peers choose the bytes of our keys, so an unkeyed function would let them choose our buckets as
 * well. SipHash is the short-input PRF made for this (Aumasson, Bernstein 2012); the 1-3 variant is
 * what Linux, Rust and Python use for tables. No Debian library offers it without a function call
 * and an allocation per key, hence these sixty lines; OpenSSL's EVP_MAC is the oracle in the test.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t word[2];
};

/*
 * Hash `count` 64-bit words.
 *
 * words    8 * count bytes, of any alignment, read in host order: the value differs between little
 *          and big endian machines, and nothing that is written or shown may follow it
 * count    0 .. 255
 * cost     about 1.5 ns a word and 8 ns
 */
uint64_t hash_words(const struct hash_key *key, const void *words, size_t count);
