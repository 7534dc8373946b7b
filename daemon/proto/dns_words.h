/* dns_words.h -- what numbers in DNS messages are called (IANA: DNS Parameters; Zeek's words where it has its own). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { DNS_WORD_MAX = 24 };

/* A number without a name is written to `room`, DNS_WORD_MAX bytes, which the result may point to. */
const char *dns_type_word(uint16_t type, char *room);   /* "AAAA", "query-12345" */
const char *dns_class_word(uint16_t class, char *room); /* "C_INTERNET", "qclass-32769" */
const char *dns_rcode_word(uint16_t rcode, char *room); /* "NXDOMAIN", "rcode-12" */

/* The number of a word that the functions above write, in that case. returns false when they never write it */
bool dns_type_of_word(const char *word, uint16_t *ret_type);
bool dns_rcode_of_word(const char *word, uint16_t *ret_rcode);
