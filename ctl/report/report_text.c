#include "ctl/report/report_text.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/time_text.h"

#include <string.h>

/* U+202F: a narrow blank at which no line ends. */
static const char narrow_blank[] = "\xe2\x80\xaf";

static void
put_count(struct strbuf *b, uint64_t n)
{
	char digits[24];
	struct strbuf plain;

	strbuf_init(&plain, digits, sizeof(digits));
	strbuf_u64(&plain, n);
	for (size_t i = 0; i < plain.length; i++) {
		if (i > 0 && (plain.length - i) % 3 == 0)
			strbuf_text(b, narrow_blank);
		strbuf_char(b, digits[i]);
	}
}

struct report_text
report_count(uint64_t n)
{
	struct report_text t;
	struct strbuf b;

	strbuf_init(&b, t.text, sizeof(t.text));
	put_count(&b, n);
	return t;
}

struct report_text
report_plural(uint64_t n, const char *one, const char *many)
{
	struct report_text t;
	struct strbuf b;

	strbuf_init(&b, t.text, sizeof(t.text));
	put_count(&b, n);
	strbuf_char(&b, ' ');
	strbuf_text(&b, n == 1 ? one : many);
	return t;
}

struct report_text
report_bytes(uint64_t n)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	struct report_text t;
	struct strbuf b;
	double value = (double)n;
	size_t unit = 0;

	while (value >= 1024.0) {
		value /= 1024.0;
		unit++;
	}
	strbuf_init(&b, t.text, sizeof(t.text));
	strbuf_double(&b, value, unit > 0 && value < 100.0 ? 1 : 0);
	strbuf_char(&b, ' ');
	strbuf_text(&b, units[unit]);
	return t;
}

enum { ISO_YEAR = 5, ISO_DATE = 10, ISO_CLOCK = 8 };

enum date { NO_DATE, DAY, WHOLE_DATE };

/* What time_text_iso() writes, in its parts. */
static void
put_time(struct strbuf *b, uint64_t ns, enum date date, const char *zone)
{
	char iso[64];
	struct strbuf whole;

	strbuf_init(&whole, iso, sizeof(iso));
	time_text_iso(&whole, ns, "");
	size_t skip = date == DAY ? ISO_YEAR : 0;
	if (date != NO_DATE) {
		strbuf_bytes(b, iso + skip, ISO_DATE - skip);
		strbuf_char(b, ' ');
	}
	strbuf_bytes(b, iso + ISO_DATE + 1, ISO_CLOCK);
	strbuf_text(b, zone);
}

struct report_text
report_time(uint64_t ns)
{
	struct report_text t;
	struct strbuf b;

	strbuf_init(&b, t.text, sizeof(t.text));
	if (ns == 0)
		strbuf_text(&b, "not known");
	else
		put_time(&b, ns, WHOLE_DATE, " UTC");
	return t;
}

struct report_text
report_clock(uint64_t ns, bool with_date)
{
	struct report_text t;
	struct strbuf b;

	strbuf_init(&b, t.text, sizeof(t.text));
	put_time(&b, ns, with_date ? DAY : NO_DATE, "");
	return t;
}

struct report_text
report_length(uint64_t ns)
{
	struct report_text t;
	struct strbuf b;

	strbuf_init(&b, t.text, sizeof(t.text));
	time_text_length(&b, ns);
	return t;
}

struct report_text
report_seconds(double s)
{
	struct report_text t;
	struct strbuf b;

	if (s >= 120.0)
		return report_length((uint64_t)(s * (double)NS_PER_S));
	strbuf_init(&b, t.text, sizeof(t.text));
	if (s < 1.0) {
		strbuf_double(&b, s * 1000.0, s < 0.01 ? 1 : 0);
		strbuf_text(&b, " ms");
	} else {
		strbuf_double(&b, s, 1);
		strbuf_text(&b, " s");
	}
	return t;
}

struct report_text
report_percent(double part)
{
	struct report_text t;
	struct strbuf b;

	strbuf_init(&b, t.text, sizeof(t.text));
	strbuf_double(&b, part * 100.0, part > 0.0 && part < 0.01 ? 1 : 0);
	strbuf_text(&b, " %");
	return t;
}

/* Dots and colons in brackets; "http" as "hxxp", in the case that it had. */
void
report_defang(const char *text, char *room, size_t size)
{
	struct strbuf b;

	strbuf_init(&b, room, size - sizeof("..."));
	for (const char *at = text; *at != '\0' && !b.truncated; at++) {
		if (*at == '.' || *at == ':') {
			const char bracketed[] = { '[', *at, ']' };

			strbuf_bytes(&b, bracketed, sizeof(bracketed));
		} else if ((*at == 't' || *at == 'T') && at > text && (at[-1] | 0x20) == 'h' &&
			   (at[1] | 0x20) == 't' && (at[2] | 0x20) == 'p') {
			strbuf_text(&b, "xx");
			at++;
		} else {
			strbuf_char(&b, *at);
		}
	}
	if (b.truncated)
		memcpy(room + b.length, "...", sizeof("..."));
}

const char *
report_threat_class(double value)
{
	if (value >= 1.0)
		return "critical";
	if (value >= 0.8)
		return "high";
	if (value >= 0.5)
		return "medium";
	return value >= 0.2 ? "low" : "info";
}

static const struct loss {
	const char *reason, *meaning;
	bool is_blind;
} losses[] = {
	{ "capture_dropped_kernel",
		"Packets that came faster than they were fetched from the kernel.", true },
	{ "capture_dropped_interface", "Packets that the network card dropped.", true },
	{ "capture_dropped_here", "Packets that the sensor itself dropped.", true },
	{ "capture_down", "The interface was down: nothing of it was seen.", true },
	{ "capture_gone", "There was no such interface: nothing of it was seen.", true },
	{ "capture_stopped", "The sensor did not run: nothing was seen.", true },
	{ "capture_gaps", "Times that an interface was down or gone, and came back.", false },
	{ "capture_cut_files", "Capture files that end in the middle of a packet.", true },
	{ "capture_cut_bytes", "Bytes behind the last whole packet of cut files.", true },
	{ "capture_corrupt", "Packets that a damaged capture file no longer holds.", true },
	{ "capture_unknown_link", "Packets of a link type that is not read.", false },
	{ "capture_filtered", "Packets that the capture filter left out, as it was told.", false },
	{ "input_dropped", "Records of another sensor that did not arrive, or too fast.", true },
	{ "input_bad", "Records of another sensor that could not be read.", true },
	{ "input_ahead", "Records of another sensor whose time is in the future.", false },
	{ "input_bad_lines", "Lines of logs that could not be read.", true },
	{ "input_long_lines", "Lines of logs that were longer than is read.", false },
	{ "input_cut_texts", "Texts in logs that were cut, since they were too long.", false },
	{ "input_cut_files", "Logs that broke off, or were gone when their turn came.", true },
	{ "input_unknown", "Files and kinds of lines that are not read.", false },
	{ "input_late", "Lines of logs out of order, later than is waited for.", true },
	{ "input_evicted", "Records that waited for another, and made room.", false },
	{ "input_refused", "Records for which there was no room.", false },
	{ "writer_dropped", "Records that came faster than they could be written.", true },
	{ "flows_evicted", "Conversations that ended early, to make room for others.", false },
	{ "profiles_evicted", "Hosts that were forgotten, to make room for others.", false },
	{ "windows_truncated", "Time windows whose memory was full: they know less.", false },
	{ "windows_refused", "Time windows for which there was no memory.", false },
	{ "observations_late", "What arrived after its own time window had closed.", false },
	{ "evidence_suppressed", "Findings past the bound of one detector in one window.", false },
	{ "evidence_lost", "Findings for which there was no memory.", false },
	{ "peers_refused", "Peers of a time window of which no more is told: it is full.", false },
	{ "deadlines_refused", "Waits of detectors for which there was no room.", false },
	{ "expected_evicted", "Conversations that were announced, and forgotten for others.",
		false },
	{ "stream_gap_bytes", "Bytes of streams that were sent and never seen here.", false },
	{ "streams_evicted", "Streams that were read no further, to make room for others.", false },
	{ "streams_refused", "Streams that were not read: there was no room.", false },
	{ "transport_checksum", "Packets whose checksum is wrong: their receiver drops them.",
		false },
	{ "clock_jumps", "Jumps of the capture's clock: nothing is known of between.", true },
	{ "fragments_refused", "Fragments of packets for which there was no room.", false },
	{ "datagrams_incomplete", "Packets of which a fragment never came.", false },
	{ "datagrams_broken", "Packets in fragments that do not fit together.", false },
	{ "datagrams_evicted", "Packets in fragments that made room for others.", false },
	{ "outsides_refused", "Conversations within a tunnel of which the tunnel is not known.",
		false },
	{ "names_evicted", "Names of addresses that made room for others.", false },
	{ "macs_evicted", "Network cards that made room for others.", false },
	{ "said_evicted", "Details of protocols that are missing in timelines, to make room.",
		false },
	{ "store_dropped", "Records that could not be written: disk or store full.", true },
	{ "store_flows", "Conversations that made room in the store.", false },
	{ "store_timeline", "Entries of timelines that made room in the store.", false },
	{ "store_windows", "Time windows that made room in the store, with their findings.",
		false },
	{ "store_tuples", "Sums of conversations that made room in the store.", false },
	{ "store_transactions", "Details of protocols that made room in the store.", false },
	{ "store_events", "Events that made room in the store.", false },
	{ "store_source_ports", "Sums of source ports that made room in the store.", false },
	{ "store_addresses", "Addresses that made room in the store.", false },
	{ "store_devices", "Network cards that made room in the store.", false },
	{ "store_runs", "Earlier runs that made room in the store, as a whole.", false },
	{ "store_loss_spans", "Times of earlier losses that made room in the store.", false },
};

static const struct loss *
loss_of(const char *reason)
{
	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
		if (strcmp(losses[i].reason, reason) == 0)
			return &losses[i];
	return NULL;
}

const char *
report_loss_meaning(const char *reason)
{
	const struct loss *l = loss_of(reason);

	return l != NULL
		       ? l->meaning
		       : "Packets that were read in part, or not at all: damaged, cut, or of a form that is not known.";
}

bool
report_loss_is_blind(const char *reason)
{
	const struct loss *l = loss_of(reason);

	return l != NULL && l->is_blind;
}

const struct report_word report_glossary[] = {
	{ "Alert",
		"A host's evidence within one time window passed the threshold, or one finding was decisive. "
		"The host counts as infected or attacking." },
	{ "Beacon",
		"Conversations with the same peer in a steady rhythm, as malware makes them that asks for orders." },
	{ "Confidence", "How sure a detector is that it saw what it says: 0 to 1." },
	{ "Decisive", "A finding strong enough to raise an alert alone." },
	{ "Defanged",
		"Written with brackets, so that nobody opens it by accident: take the brackets out to use it." },
	{ "Established",
		"Both sides of a conversation talked. Attempts that nobody answered did not." },
	{ "Evidence",
		"One finding of one detector about one host, with the numbers behind it. Alone it is no verdict." },
	{ "Flow",
		"One conversation: two addresses, two ports, a protocol, from first to last packet." },
	{ "Horizontal scan", "One port tried on many hosts." },
	{ "Letters",
		"One letter for each flow with a peer: its rhythm, size and length. Equal letters in a row are a machine." },
	{ "Profile", "An address and all that was seen of it." },
	{ "Technique", "A way of attacking, by its number in MITRE ATT&CK." },
	{ "Threat level",
		"What a finding counts: info 0, low 0.2, medium 0.5, high 0.8, critical 1." },
	{ "Time window",
		"Evidence is summed up within a stretch of time, one hour unless set otherwise." },
	{ "Vertical scan", "Many ports tried on one host." },
	{ NULL, NULL },
};
