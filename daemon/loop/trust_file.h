/*
 * trust_file.h -- the file that says who may sign certificates.
 *
 * Read once, before the sandbox closes, and never again: what is added to it counts from the next start on.
 */
#pragma once

struct settings;
struct x509_trust;

/*
 * Those whom protocols.trust_store trusts, if certificates are read at all.
 *
 * returns  NULL when nobody is to be asked; where that was not meant, there is a line that says why
 * owns     the caller; x509_trust_free() frees it
 * cost     0.2 ms; x509_trust_settle() says when the rest is due
 */
struct x509_trust *trust_file_load(const struct settings *s);
