/*
 * store_hostile -- records whose every text is what a peer might send to break an output, through the outlets.
 *
 *	store_hostile SETTINGS OUTPUT_DIR LONG
 *
 * As in a run over files: opens what the settings ask for, gives each kind of record with each text of
 * hostile_text.h, and with texts of LONG bytes and of a 128th of that (quotes, broken UTF-8, ordinary letters), in every
 * place that has a text, and closes. What became of them is for who started it to look at. Prints how many texts and
 * how many records there were.
 */
#include "daemon/base/arena.h"
#include "daemon/config/config.h"
#include "daemon/transactions/transaction.h"
#include "exporters/outlets.h"
#include "tests/support/hostile_text.h"
#include "tests/support/record_sample.h"

#include <stdio.h>
#include <stdlib.h>

enum { SHORT_TEXTS = 48, SHORTER = 128, SAID_WORDS = TRANSACTION_SIZE_MAX / 8 };

struct hostile {
	struct record_sink sink;
	uint64_t texts, count; /* that were given, and the records that had them */
	const char *text;      /* what stands in all of them now */
};

static void
give(struct hostile *h, struct record r)
{
	h->count++;
	r.ts_ns = SAMPLE_NS + h->count * NS_PER_MS;
	h->sink.write(h->sink.context, &r);
}

/* Every text of it, and every list of texts, is the text. */
static void
fill(const struct hostile *h, const struct transaction_kind *kind, uint8_t *said)
{
	static const char *texts[2];

	texts[0] = texts[1] = h->text;
	const struct text_list list = { .at = texts, .count = 2 };
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++) {
		if (f->type == FIELD_TEXT)
			memcpy(said + f->offset, &h->text, sizeof(h->text));
		if (f->type == FIELD_TEXTS)
			memcpy(said + f->offset, &list, sizeof(list));
	}
}

static void
give_transactions(struct hostile *h, const struct obs_flow *flow)
{
	const struct obs_talk talk = { .id = flow->id,
		.uid = flow->uid,
		.orig = flow->orig,
		.resp = flow->resp,
		.orig_port = flow->orig_port,
		.resp_port = flow->resp_port,
		.ip_proto = flow->ip_proto };

	for (size_t i = 0; i < transaction_count; i++) {
		uint64_t said[SAID_WORDS] = { 0 };
		struct observation o = { .kind = (enum obs_kind)transactions[i]->kind,
			.ts_ns = SAMPLE_NS,
			.talk = &talk,
			.said = said };
		struct record_timeline entry = { .host = flow->orig,
			.window = sample_window(),
			.flow = flow,
			.said = &o,
			.names = { h->text, h->text },
			.name_count = 2 };

		fill(h, transactions[i], (uint8_t *)said);
		give(h, (struct record){ .kind = RECORD_TRANSACTION, .transaction = &o });
		o.talk = NULL; /* as a timeline has it */
		give(h, (struct record){ .kind = RECORD_TIMELINE, .timeline = &entry });
	}
}

static void
give_findings(struct hostile *h)
{
	struct record_evidence e = sample_evidence();
	struct record_alert a = sample_alert();

	(void)snprintf(e.id, sizeof(e.id), "00000000-0000-8000-8000-%012llx",
		(unsigned long long)h->count);
	(void)snprintf(a.id, sizeof(a.id), "00000000-0000-8000-9000-%012llx",
		(unsigned long long)h->count);
	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 80);
	e.about_country = e.about_org = e.object = e.text = e.source = h->text;
	e.silenced_by = (struct record_silence){ .rule = h->text, .effect = "no-alert" };
	a.reason = h->text;
	give(h, (struct record){ .kind = RECORD_EVIDENCE, .evidence = &e });
	give(h, (struct record){ .kind = RECORD_ALERT, .alert = &a });
}

static void
give_places(struct hostile *h, const struct obs_flow *flow)
{
	struct record_address address = { .addr = flow->resp,
		.country = h->text,
		.org = h->text,
		.name_count = RECORD_ADDRESS_NAMES_MAX };
	struct record_device device = { .mac = flow->orig_mac,
		.vendor = h->text,
		.first_ns = SAMPLE_NS,
		.last_ns = SAMPLE_NS,
		.addresses = { { .addr = flow->orig, .seen_ns = SAMPLE_NS } },
		.address_count = 1,
		.name_count = DEVICE_NAMES_MAX };

	for (size_t i = 0; i < RECORD_ADDRESS_NAMES_MAX; i++)
		address.names[i] = (struct record_address_name){ .text = h->text, .source = "dns" };
	for (size_t i = 0; i < DEVICE_NAMES_MAX; i++)
		device.names[i] = (struct record_device_name){ .text = h->text, .source = "mdns" };
	give(h, (struct record){ .kind = RECORD_ADDRESS, .address = &address });
	give(h, (struct record){ .kind = RECORD_DEVICE, .device = &device });
}

static void
give_window(struct hostile *h, const struct obs_flow *flow)
{
	static const struct hash_key key = { { 1, 2 } };
	struct arena memory;
	struct tuples tuples;
	const struct tuple_flow one = { .peer = flow->resp,
		.orig_port = flow->orig_port,
		.resp_port = flow->resp_port,
		.ip_proto = flow->ip_proto,
		.established = true,
		.packets = 22,
		.bytes = 9320,
		.orig_packets = 12,
		.count = true,
		.start_ns = flow->start_ns,
		.payload_bytes_total = 9320,
		.ip_bytes_total = 10500 };
	const struct record_window w = {
		.host = flow->orig, .window = sample_window(), .tuples = &tuples
	};

	arena_init(&memory, SIZE_MAX, NULL);
	tuples_init(&tuples, &memory, &key);
	tuples_add(&tuples, &one);
	give(h, (struct record){ .kind = RECORD_WINDOW, .window = &w });
	arena_done(&memory);
}

static void
give_all(struct hostile *h, const char *text)
{
	struct obs_flow flow = sample_flow();
	struct record_capture_gap gap = sample_gap();

	h->text = text;
	h->texts++;
	flow.service = flow.label = flow.ignored_by = text;
	gap.interface = text;
	give(h, (struct record){ .kind = RECORD_FLOW, .flow = &flow });
	give(h, (struct record){ .kind = RECORD_CAPTURE_GAP, .capture_gap = &gap });
	give_places(h, &flow);
	give_findings(h);
	give_transactions(h, &flow);
	give_window(h, &flow);
}

/* `pattern` again and again. */
static char *
long_text(const char *pattern, size_t length)
{
	size_t step = strlen(pattern);
	char *text = malloc(length + 1);

	if (text == NULL)
		abort();
	for (size_t i = 0; i < length; i++)
		text[i] = pattern[i % step];
	text[length] = '\0';
	return text;
}

static void
complain(void *context, const char *text)
{
	(void)context;
	(void)fprintf(stderr, "store_hostile: %s\n", text);
}

int
main(int argc, char **argv)
{
	static const char *const patterns[] = { "a", "\"", "'", "\\", "\xff", "\xc3\xa9",
		"\xe2\x82", "\x01", "\n", "\"},{\"a\":\"" };
	struct config_report report = { .line = complain };
	const char *const input = "hostile\".pcap";
	struct run_info info = { .version = "0",
		.sensor = "it's \"\xff",
		.settings_text = "",
		.inputs = &input,
		.input_count = 1 };
	struct outlets *outlets = NULL;
	struct config *config = NULL;
	struct hostile h = { .count = 0 };
	char text[HOSTILE_TEXT_MAX];

	if (argc != 4 || config_load(argv[1], NULL, &report, &config) < 0)
		return 2;
	info.output_dir = argv[2];
	if (outlets_open(config->exporter_configs, &info, NULL, &outlets) < 0)
		return 1;
	h.sink = outlets_sink(outlets);
	const size_t most = strtoul(argv[3], NULL, 10);
	for (unsigned i = 0; i < SHORT_TEXTS; i++) {
		hostile_text(i, HOSTILE_TEXT_MAX, text);
		give_all(&h, text);
	}
	for (size_t i = 0; i < 2 * sizeof(patterns) / sizeof(patterns[0]); i++) {
		char *longer = long_text(patterns[i / 2], i % 2 == 0 ? most : most / SHORTER);

		give_all(&h, longer);
		free(longer);
	}
	give(&h, (struct record){ .kind = RECORD_TOTALS,
			 .totals = &(struct record_totals){ .packets = 1 } });
	int result = outlets_close(outlets);
	config_free(config);
	printf("%llu %llu\n", (unsigned long long)h.texts, (unsigned long long)h.count);
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
