/* doctor_host.c -- the machine under a sensor: its clock, its disk, its files, and what naiad may do there. */
#include "ctl/doctor.h"

#include "ctl/report/report_text.h"

#include "daemon/base/time_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum {
	YEAR_LEAST = 2025,
	OLD_DAYS = 180,
	PATH_ROOM = 4096,
	CAP_NET_RAW_BIT = 13, /* linux/capability.h */
};
#define DAY_S UINT64_C(86400)

/* ---- clock ---- */

void
doctor_clock_read(struct doctor_clock *ret)
{
	struct timespec now = { .tv_sec = 0 };
	struct timex t = { .modes = 0 }; /* asks only */

	(void)clock_gettime(CLOCK_REALTIME, &now);
	int state = adjtimex(&t);
	*ret = (struct doctor_clock){
		.now_ns = (uint64_t)now.tv_sec * NS_PER_S,
		.knows_sync = state >= 0,
		.synchronised = state != TIME_ERROR && (t.status & STA_UNSYNC) == 0,
	};
}

static unsigned
year_of(uint64_t ns)
{
	char iso[64];
	struct strbuf b;

	strbuf_init(&b, iso, sizeof(iso));
	time_text_iso(&b, ns, "");
	return (unsigned)strtoul(iso, NULL, 10);
}

void
doctor_clock_judge(struct doctor *d, const struct doctor_clock *c)
{
	unsigned year = year_of(c->now_ns);

	if (year < YEAR_LEAST)
		doctor_remedy(doctor_add(d, "clock", DOCTOR_BAD, "it says the year %u", year),
			"timedatectl set-ntp true, or date -s; certificates and lists cannot be judged before");
	else if (c->knows_sync && !c->synchronised)
		doctor_remedy(doctor_add(d, "clock", DOCTOR_WARN,
				      "nobody keeps it: it is not synchronised"),
			"timedatectl set-ntp true, or install chrony");
	else
		(void)doctor_add(d, "clock", DOCTOR_OK,
			c->knows_sync ? "it is synchronised" : "the year is right");
	if (c->steps > 0)
		doctor_remedy(doctor_add(d, "clock", DOCTOR_WARN,
				      "it was set %.0f times by more than 10 s while packets came",
				      c->steps),
			"let NTP slew it: chronyc makestep once at boot, and never after");
}

/* ---- files ---- */

/* Which are read when the sensor starts. */
void
doctor_file_judge(struct doctor *d, const struct doctor_file *f)
{
	struct doctor_row *row = NULL;
	bool is_old = f->age_s > OLD_DAYS * DAY_S;

	if (f->path[0] == '\0')
		row = doctor_add(
			d, f->setting, DOCTOR_WARN, "it is not set: %s are not known", f->gives);
	else if (!f->readable)
		row = doctor_add(d, f->setting, DOCTOR_WARN,
			"%.200s cannot be read: %s are not known", f->path, f->gives);
	else if (is_old)
		row = doctor_add(d, f->setting, DOCTOR_WARN, "%.200s is %" PRIu64 " days old",
			f->path, f->age_s / DAY_S);
	if (row != NULL)
		doctor_remedy(row, "%s; then systemctl restart naiad",
			f->readable && is_old ? f->renew : f->get);
	else
		(void)doctor_add(d, f->setting, DOCTOR_OK, "%.200s is there", f->path);
}

bool
doctor_setting(const char *settings, const char *section, const char *key, char *ret, size_t size)
{
	size_t section_length = strlen(section);
	size_t key_length = strlen(key);
	bool within = false;

	for (const char *at = settings; *at != '\0';) {
		size_t length = strcspn(at, "\n");

		if (*at != ' ' && *at != '#' && length > 0)
			within = strncmp(at, section, section_length) == 0 &&
				 at[section_length] == ':';
		else if (within && length > key_length + 3 && at[2] != ' ' &&
			 strncmp(at + 2, key, key_length) == 0 && at[2 + key_length] == ':') {
			const char *value = at + key_length + 4;
			size_t rest = length - key_length - 4;

			if (rest >= 2 && value[0] == '"') {
				value++;
				rest -= 2;
			}
			if (rest >= size || (rest == 4 && strncmp(value, "null", 4) == 0))
				return false;
			memcpy(ret, value, rest);
			ret[rest] = '\0';
			return true;
		}
		at += length;
		at += *at == '\n' ? 1 : 0;
	}
	return false;
}

static void
databases(struct doctor *d, const char *settings)
{
	static const char maxmind[] = "download its newer release, and rename it over the old one";
	static const struct {
		const char *section, *key, *setting, *gives, *get, *renew;
	} files[] = {
		{ "site", "vendors", "site.vendors", "who made network cards",
			"apt install ieee-data",
			"update-ieee-data; then site.vendors: /var/lib/ieee-data/oui.txt" },
		{ "site", "countries", "site.countries", "countries of addresses",
			"set site.countries to a database in MaxMind's format: GeoLite2-Country or "
			"DB-IP lite",
			maxmind },
		{ "site", "networks", "site.networks", "networks of addresses",
			"set site.networks to a database in MaxMind's format: GeoLite2-ASN or DB-IP "
			"ASN lite",
			maxmind },
		{ "site", "public_suffixes", "site.public_suffixes",
			"new names under which anybody may register one",
			"apt install publicsuffix",
			"set site.public_suffixes to https://publicsuffix.org/list/"
			"public_suffix_list.dat, downloaded" },
		{ "protocols", "trust_store", "protocols.trust_store", "who may sign certificates",
			"apt install ca-certificates",
			"apt install ca-certificates && update-ca-certificates --fresh" },
	};
	char path[PATH_ROOM];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct stat there;

		if (!doctor_setting(settings, files[i].section, files[i].key, path, sizeof(path)))
			continue;
		bool is_there = stat(path, &there) == 0;
		const struct doctor_file f = {
			.setting = files[i].setting,
			.path = path,
			.gives = files[i].gives,
			.get = files[i].get,
			.renew = files[i].renew,
			.readable = is_there && access(path, R_OK) == 0,
			.age_s = is_there && time(NULL) > there.st_mtime
					 ? (uint64_t)(time(NULL) - there.st_mtime)
					 : 0,
		};
		doctor_file_judge(d, &f);
	}
}

/* ---- disk ---- */

void
doctor_disk_judge(struct doctor *d, const struct doctor_disk *f)
{
	if (!f->known) {
		doctor_remedy(doctor_add(d, "disk", DOCTOR_WARN, "%.300s is not there", f->path),
			"systemd-tmpfiles --create makes it; or set service.logs");
		return;
	}
	double share = f->total == 0 ? 1 : (double)f->available / (double)f->total;
	enum doctor_state state = share < 0.02   ? DOCTOR_BAD
				  : share < 0.10 ? DOCTOR_WARN
						 : DOCTOR_OK;
	struct doctor_row *row = doctor_add(d, "disk", state, "%.200s: %s of %s are free", f->path,
		report_bytes(f->available).text, report_bytes(f->total).text);
	if (state != DOCTOR_OK)
		doctor_remedy(
			row, "make room, or write less: eve.disk.rotated_kept, store.size_max");
	if (f->store == 0)
		return;
	if (f->store_max > 0 && f->store > f->store_max - f->store_max / 10)
		doctor_remedy(doctor_add(d, "store", DOCTOR_WARN,
				      "it is as large as it may be (%s): what is old makes room",
				      report_bytes(f->store).text),
			"raise store.size_max, if older days are to be kept");
	else
		(void)doctor_add(d, "store", DOCTOR_OK, "%s", report_bytes(f->store).text);
}

/* "1GiB" of the settings. */
static uint64_t
size_of(const char *text)
{
	char *unit = NULL;
	uint64_t value = strtoull(text, &unit, 10);

	switch (*unit) {
	case 'T':
		return value << 40;
	case 'G':
		return value << 30;
	case 'M':
		return value << 20;
	case 'K':
		return value << 10;
	default:
		return value;
	}
}

static void
disk(struct doctor *d, const char *settings)
{
	char logs[PATH_ROOM];
	char store[PATH_ROOM];
	char largest[32];
	char path[2 * PATH_ROOM + 2];
	struct statvfs v;
	struct stat there;

	if (!doctor_setting(settings, "service", "logs", logs, sizeof(logs)))
		return;
	struct doctor_disk f = { .path = logs, .known = statvfs(logs, &v) == 0 };
	if (f.known) {
		f.total = (uint64_t)v.f_blocks * v.f_frsize;
		f.available = (uint64_t)v.f_bavail * v.f_frsize;
	}
	if (doctor_setting(settings, "store", "path", store, sizeof(store))) {
		(void)snprintf(path, sizeof(path), "%s/%s", store[0] == '/' ? "" : logs, store);
		f.store = stat(path, &there) == 0 ? (uint64_t)there.st_size : 0;
	}
	if (doctor_setting(settings, "store", "size_max", largest, sizeof(largest)))
		f.store_max = size_of(largest);
	doctor_disk_judge(d, &f);
}

/* ---- rights ---- */

void
doctor_right_judge(struct doctor *d, const struct doctor_right *r)
{
	if (r->program[0] == '\0')
		doctor_remedy(doctor_add(d, "program", DOCTOR_BAD, "naiad is not installed"),
			"install it beside naiadctl, or in /usr/sbin");
	else if (r->runs)
		(void)doctor_add(d, "rights", DOCTOR_OK, "the sensor was let in");
	else if (r->root || r->has_capability || r->has_unit)
		(void)doctor_add(d, "rights", DOCTOR_OK, "%.200s may open interfaces %s",
			r->program,
			r->has_unit         ? "as a service"
			: r->has_capability ? "by its capability"
					    : "as root");
	else
		doctor_remedy(doctor_add(d, "rights", DOCTOR_BAD, "%.200s may not open interfaces",
				      r->program),
			"start it by its unit or as root, or: setcap cap_net_raw+ep %.200s",
			r->program);
}

/* The file's own capabilities, as the kernel keeps them: a magic number, then permitted and inheritable bits. */
static bool
has_capability(const char *program)
{
	uint32_t words[6] = { 0 };

	return getxattr(program, "security.capability", words, sizeof(words)) >= 8 &&
	       (words[1] >> CAP_NET_RAW_BIT & 1) != 0;
}

static bool
has_unit(void)
{
	static const char *const places[] = { "/etc/systemd/system/naiad.service",
		"/usr/lib/systemd/system/naiad.service", "/lib/systemd/system/naiad.service",
		"/usr/local/lib/systemd/system/naiad.service" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], F_OK) == 0)
			return true;
	return false;
}

void
doctor_host(struct doctor *d, const char *settings, bool runs, const char *program)
{
	const struct doctor_right r = {
		.program = program,
		.runs = runs,
		.root = geteuid() == 0,
		.has_capability = program[0] != '\0' && has_capability(program),
		.has_unit = has_unit(),
	};

	doctor_right_judge(d, &r);
	if (settings == NULL)
		return;
	databases(d, settings);
	disk(d, settings);
}
