#include "daemon/proto/carried.h"

#include "daemon/proto/file_uid.h"
#include "daemon/proto/mime.h"
#include "daemon/proto/proto.h"

#include <assert.h>
#include <string.h>

static_assert((int)MIME_MEDIA_BYTES <= (int)CARRIED_HEAD_MAX, "what a judgement needs is kept");

void
carried_begin(
	struct carried *c, const struct proto_call *call, uint64_t total_bytes, uint32_t serial)
{
	c->is_open = true;
	c->is_orig = call->from_orig;
	c->is_sent_local = addr_is_private(&call->src);
	c->sender = call->src;
	c->receiver = call->dst;
	c->began_ns = c->last_ns = call->ts_ns;
	c->seen_bytes = c->missing_bytes = 0;
	c->total_bytes = total_bytes;
	c->head_size = 0;
	file_uid_make(call, serial, c->fuid);
	/* Of what is longer they would come to nothing. */
	c->is_digested = proto_is_heard(call, OBS_BIT(OBS_FILE)) &&
			 call->digests != PROTO_DIGESTS_NONE &&
			 (total_bytes == TRANSACTION_UNSET || total_bytes <= CARRIED_DIGEST_MAX);
	c->is_judged = false;
}

void
carried_is_altered(struct carried *c)
{
	c->is_digested = false;
}

/* Is it worth it? `known` bytes of its beginning are in the head. */
static void
judge(struct carried *c, const struct proto_call *call, size_t known)
{
	c->is_judged = true;
	if (call->digests == PROTO_DIGESTS_CODE && mime_is_media(carried_head(c))) {
		c->is_digested = false;
		return;
	}
	digest_init(&c->digest);
	digest_add(&c->digest, cursor_over(c->head, known));
}

void
carried_bytes(struct carried *c, const struct proto_call *call, struct cursor bytes)
{
	struct cursor first = bytes;
	size_t size = cursor_left(&bytes);
	size_t room = c->missing_bytes == 0 ? CARRIED_HEAD_MAX - c->head_size : 0;

	if (room > size)
		room = size;
	cursor_bytes(&first, &c->head[c->head_size], room);
	c->head_size = (uint16_t)(c->head_size + room);
	c->is_digested = c->is_digested && c->seen_bytes + size <= CARRIED_DIGEST_MAX;
	if (c->is_digested && !c->is_judged && c->head_size >= MIME_MEDIA_BYTES)
		judge(c, call, (size_t)c->seen_bytes);
	if (c->is_digested && c->is_judged)
		digest_add(&c->digest, bytes);
	c->seen_bytes += size;
	c->last_ns = call->ts_ns;
}

void
carried_gap(struct carried *c, uint64_t missing)
{
	c->missing_bytes += missing;
	c->is_digested = false;
}

struct cursor
carried_head(const struct carried *c)
{
	return cursor_over(c->head, c->head_size);
}

void
carried_end(struct carried *c, const struct proto_call *call, const struct carried_about *about)
{
	struct digest_texts digests;
	struct obs_file file = {
		.sender = c->sender,
		.receiver = c->receiver,
		.fuid = c->fuid,
		.source = about->source,
		.depth = about->depth,
		.mime_type = about->mime_type,
		.filename = about->filename,
		.duration_ns = c->last_ns > c->began_ns ? c->last_ns - c->began_ns : 0,
		.local_orig = c->is_sent_local ? TRUTH_YES : TRUTH_NO,
		.is_orig = c->is_orig ? TRUTH_YES : TRUTH_NO,
		.seen_bytes = c->seen_bytes,
		.total_bytes = c->total_bytes,
		.missing_bytes = c->missing_bytes,
		.timedout = TRUTH_NO,
	};

	if (c->is_digested && !c->is_judged)
		judge(c, call, c->head_size);
	if (c->is_digested &&
		(c->total_bytes == TRANSACTION_UNSET || c->total_bytes == c->seen_bytes)) {
		digest_texts(&c->digest, &digests);
		file.md5 = digests.md5;
		file.sha1 = digests.sha1;
		file.sha256 = digests.sha256;
	}
	c->is_open = false;
	call->emit(call->context, &(struct observation){ .kind = OBS_FILE,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .began_ns = c->began_ns,
					  .file = &file });
}
