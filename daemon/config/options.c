/*
 * getopt_long() with `+`: it stops at the first word that is no option instead of moving it to the
 * end, so `-r a.pcap b.pcap` (a shell's *.pcap) is told and not half read.
 */
#include "daemon/config/options.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config_text.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

enum {
	QUOTED_MAX = 60,
	OPTION_PRINT_CONFIG = 256,
	OPTION_PROFILE,
	OPTION_JSON,
	OPTION_FAIL_ON,
	OPTION_INPUT_TYPE
};

static const char short_options[] = "+:i:r:o:c:Tw:H:d:F:vVh";

static const struct option long_options[] = {
	{ "interface", required_argument, NULL, 'i' },
	{ "read", required_argument, NULL, 'r' },
	{ "output-dir", required_argument, NULL, 'o' },
	{ "config", required_argument, NULL, 'c' },
	{ "test-config", no_argument, NULL, 'T' },
	{ "print-config", optional_argument, NULL, OPTION_PRINT_CONFIG },
	{ "width", required_argument, NULL, 'w' },
	{ "home-network", required_argument, NULL, 'H' },
	{ "direction", required_argument, NULL, 'd' },
	{ "filter", required_argument, NULL, 'F' },
	{ "profile", required_argument, NULL, OPTION_PROFILE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "fail-on", required_argument, NULL, OPTION_FAIL_ON },
	{ "input-type", required_argument, NULL, OPTION_INPUT_TYPE },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char *const long_names[] = {
	"--interface",
	"--read",
	"--output-dir",
	"--config",
	"--test-config",
	"--print-config",
	"--width",
	"--home-network",
	"--direction",
	"--filter",
	"--profile",
	"--json",
	"--fail-on",
	"--input-type",
	"--verbose",
	"--version",
	"--help",
	NULL,
};

static const char *const input_names[] = {
	[OPTIONS_INPUT_ANY] = "any",
	[OPTIONS_INPUT_PCAP] = "pcap",
	[OPTIONS_INPUT_ZEEK] = "zeek",
	[OPTIONS_INPUT_EVE] = "eve",
	[OPTIONS_INPUT_ARGUS] = "argus",
	[OPTIONS_INPUT_NFDUMP] = "nfdump",
};

static const char usage[] =
	"naiad watches a network and tells which of its hosts behave maliciously, and why.\n"
	"\n"
	"usage: naiad -r INPUT [-r INPUT ...] [-o DIR]   once over files, in the order of their time\n"
	"       naiad -i IFACE [-i IFACE ...] [-o DIR]   live, until a signal\n"
	"       naiad -c FILE [-o DIR]                   live, from interfaces and inputs that FILE names\n"
	"       naiad -T [-c FILE]                       check the settings\n"
	"\n"
	"Input and output\n"
	"  -r, --read INPUT         a capture (pcap, pcapng) or a log (Zeek, Suricata's EVE, Argus, nfdump),\n"
	"                           also .gz and .zst; a directory of logs; - for stdin\n"
	"      --input-type TYPE    pcap, zeek, eve, argus or nfdump, instead of what is recognised\n"
	"  -i, --interface IFACE    capture from this interface\n"
	"  -o, --output-dir DIR     where eve.json, alerts.log, devices.json and, over files, naiad.db and\n"
	"                           run.json are written; else over files here, live in /var/log/naiad\n"
	"                           (service.logs)\n"
	"      --json               the closing summary as one JSON object instead of a table\n"
	"      --fail-on LEVEL      exit 10 if an alert holds evidence of this level or higher:\n"
	"                           info, low, medium, high, critical\n"
	"  -v, --verbose            say more of what is going on\n"
	"\n"
	"Settings\n"
	"  -c, --config FILE        settings; only what differs from the defaults\n"
	"      --profile NAME       quiet, balanced (the default) or paranoid: how much it takes for an alert\n"
	"  -w, --width DURATION     width of a time window: 5m, 1h, 1d\n"
	"  -H, --home-network NET   a network whose hosts are profiled; repeat it, or separate by commas\n"
	"  -d, --direction WHICH    out: a conversation is its originator's; all: its responder's as well;\n"
	"                           auto: out over files, all live\n"
	"  -F, --filter BPF         only packets that match, as in tcpdump: 'not port 22'\n"
	"  -T, --test-config        check the settings, tell everything that is wrong, and exit\n"
	"      --print-config       print the settings in effect, each with bounds and meaning, and exit\n"
	"\n"
	"  -V, --version            print the version and exit\n"
	"  -h, --help               print this and exit\n"
	"\n"
	"Exit: 0 ok, 1 failed, 2 usage or settings, 3 no permission, 4 input unreadable, 10 see --fail-on.\n"
	"\n"
	"  naiad -r case.pcap -o case/                    look at a capture\n"
	"  naiad -r /var/log/zeek/2026-11-24              look at a day of Zeek's logs\n"
	"  naiad -r case.pcap -H 192.168.1.0/24 --fail-on high\n"
	"  naiad -i eth0 -o case/                         listen, as root; then as the user _naiad\n"
	"  naiad --print-config > naiad.yaml              start a settings file\n";

/* -w, -H, -d, -F: where they go in the settings. */
static const struct {
	int option;
	const char *given_by;
	const char *key;
} setting_options[] = {
	{ 'w', "option --width (-w)", "windows.width" },
	{ 'H', "option --home-network (-H)", "home_network" },
	{ 'd', "option --direction (-d)", "direction" },
	{ 'F', "option --filter (-F)", "capture.filter" },
};

static int
setting_add(struct options *o, int option, struct strbuf *ret_error)
{
	size_t i = 0;

	while (setting_options[i].option != option)
		i++;
	if (o->setting_count == OPTIONS_SETTINGS_MAX) {
		strbuf_printf(ret_error, "%s: too often, separate by commas",
			setting_options[i].given_by);
		return -EINVAL;
	}
	o->settings[o->setting_count++] = (struct config_setting){
		.key = setting_options[i].key,
		.value = optarg,
		.given_by = setting_options[i].given_by,
	};
	return 0;
}

static int
path_add(const char **paths, size_t *count, size_t most, const char *option,
	struct strbuf *ret_error)
{
	if (optarg[0] == '\0') {
		strbuf_printf(ret_error, "option %s: the name is empty", option);
		return -EINVAL;
	}
	if (*count == most) {
		strbuf_printf(ret_error, "option %s: more than %zu of them", option, most);
		return -EINVAL;
	}
	paths[(*count)++] = optarg;
	return 0;
}

/* The last one of an option that is given several times holds. */
static int
path_set(const char **ret_path, const char *option, struct strbuf *ret_error)
{
	size_t none = 0;

	return path_add(ret_path, &none, 1, option, ret_error);
}

static int
choice_refuse(const char *option, const char *expected, const char *const *choices,
	struct strbuf *ret_error)
{
	const char *meant = config_nearest(choices, optarg, strlen(optarg));

	strbuf_printf(ret_error, "option %s: ", option);
	log_quote(ret_error, optarg, strlen(optarg), QUOTED_MAX);
	strbuf_printf(ret_error, " is not one of %s", expected);
	if (meant != NULL)
		strbuf_printf(ret_error, ", did you mean %s?", meant);
	return -EINVAL;
}

static int
input_type_set(struct options *o, struct strbuf *ret_error)
{
	static const char *const names[] = { "pcap", "zeek", "eve", "argus", "nfdump", NULL };

	for (int type = OPTIONS_INPUT_PCAP; type < OPTIONS_INPUT_COUNT; type++)
		if (strcmp(optarg, input_names[type]) == 0) {
			o->input_type = (enum options_input)type;
			return 0;
		}
	return choice_refuse("--input-type", "pcap, zeek, eve, argus, nfdump", names, ret_error);
}

static int
fail_on_set(struct options *o, struct strbuf *ret_error)
{
	static const char *const names[] = { "info", "low", "medium", "high", "critical", NULL };

	o->fail_on_given = true;
	if (threat_parse(optarg, &o->fail_on))
		return 0;
	return choice_refuse("--fail-on", "info, low, medium, high, critical", names, ret_error);
}

/* --help and --version hold whatever else is there; of the others the last does. */
static void
action_set(struct options *o, enum options_action action)
{
	if (o->action != OPTIONS_HELP && (action == OPTIONS_HELP || o->action != OPTIONS_VERSION))
		o->action = action;
}

static int
print_config_set(struct options *o, struct strbuf *ret_error)
{
	static const char *const names[] = { "yaml", "markdown", NULL };

	if (optarg == NULL || strcmp(optarg, "yaml") == 0)
		action_set(o, OPTIONS_PRINT_CONFIG);
	else if (strcmp(optarg, "markdown") == 0)
		action_set(o, OPTIONS_PRINT_MARKDOWN);
	else
		return choice_refuse("--print-config", "yaml, markdown", names, ret_error);
	return 0;
}

/* `word` is what the person typed, as getopt left it. */
static int
unknown_refuse(int result, const char *word, struct strbuf *ret_error)
{
	bool is_long = strncmp(word, "--", 2) == 0;
	size_t length = is_long ? strcspn(word, "=") : 0;
	const char *meant = is_long ? config_nearest(long_names, word, length) : NULL;
	const char letter[3] = { '-', (char)optopt, '\0' };

	strbuf_text(ret_error, "option ");
	if (is_long)
		log_quote(ret_error, word, length, QUOTED_MAX);
	else
		log_quote(ret_error, letter, strlen(letter), QUOTED_MAX);
	if (result == ':')
		strbuf_text(ret_error, " needs a value");
	else if (is_long && optopt != 0)
		strbuf_text(ret_error, " takes no value");
	else
		strbuf_text(ret_error, " is not known");
	if (result != ':' && optopt == 0 && meant != NULL)
		strbuf_printf(ret_error, ", did you mean %s?", meant);
	return -EINVAL;
}

static int
option_take(struct options *o, int option, struct strbuf *ret_error)
{
	switch (option) {
	case 'i':
		return path_add(o->interfaces, &o->interface_count, OPTIONS_INTERFACES_MAX,
			"--interface (-i)", ret_error);
	case 'r':
		return path_add(
			o->inputs, &o->input_count, OPTIONS_INPUTS_MAX, "--read (-r)", ret_error);
	case 'o':
		return path_set(&o->output_dir, "--output-dir (-o)", ret_error);
	case 'c':
		return path_set(&o->config_path, "--config (-c)", ret_error);
	case OPTION_PROFILE:
		return path_set(&o->profile, "--profile", ret_error);
	case OPTION_PRINT_CONFIG:
		return print_config_set(o, ret_error);
	case OPTION_FAIL_ON:
		return fail_on_set(o, ret_error);
	case OPTION_INPUT_TYPE:
		return input_type_set(o, ret_error);
	case OPTION_JSON:
		o->json = true;
		return 0;
	case 'T':
		action_set(o, OPTIONS_TEST_CONFIG);
		return 0;
	case 'v':
		o->verbose++;
		return 0;
	case 'V':
		action_set(o, OPTIONS_VERSION);
		return 0;
	case 'h':
		action_set(o, OPTIONS_HELP);
		return 0;
	default:
		return setting_add(o, option, ret_error);
	}
}

/* What each option alone cannot know. */
static int
together_check(const struct options *o, struct strbuf *ret_error)
{
	const char *wrong = NULL;

	if (o->interface_count > 0 && o->input_count > 0)
		wrong = "options -i and -r: either live or over files, not both";
	else if (o->interface_count > 0 && o->input_type != OPTIONS_INPUT_ANY)
		wrong = "option --input-type is for runs over files (-r)";
	if (wrong == NULL)
		return 0;
	strbuf_text(ret_error, wrong);
	return -EINVAL;
}

int
options_parse(int argc, char *const argv[], struct options *ret_options, struct strbuf *ret_error)
{
	int option = 0;
	int r = 0;

	*ret_options = (struct options){ .action = OPTIONS_RUN };
	opterr = 0;
	optind = 0; /* glibc and musl: forget the last command line, and where in a word it ended */
	while (r == 0) {
		int at = optind == 0 ? 1 : optind;

		option = getopt_long(argc, argv, short_options, long_options, NULL);
		if (option == -1)
			break;
		if (option == '?' || option == ':')
			return unknown_refuse(option, argv[at], ret_error);
		r = option_take(ret_options, option, ret_error);
	}
	if (r < 0)
		return r;
	if (ret_options->action == OPTIONS_HELP || ret_options->action == OPTIONS_VERSION)
		return 0;
	if (optind < argc) {
		log_quote(ret_error, argv[optind], strlen(argv[optind]), QUOTED_MAX);
		strbuf_text(ret_error, ": unexpected; each input needs its own -r");
		return -EINVAL;
	}
	return together_check(ret_options, ret_error);
}

const char *
options_usage(void)
{
	return usage;
}

const char *
options_input_name(enum options_input type)
{
	return input_names[type];
}
