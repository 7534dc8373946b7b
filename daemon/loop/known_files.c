#include "daemon/loop/known_files.h"

#include "daemon/knowledge/geo.h"
#include "daemon/knowledge/oui.h"
#include "daemon/knowledge/public_suffix.h"
#include "daemon/loop/geo_file.h"
#include "daemon/loop/suffix_file.h"
#include "daemon/loop/trust_file.h"
#include "daemon/loop/vendor_file.h"
#include "daemon/proto/x509_trust.h"

struct known_files
known_files_load(const struct shell_settings *shell, uint32_t wanted, struct engine_plan *plan)
{
	struct known_files f = {
		.trust = trust_file_load(plan->settings),
		.vendors = vendor_file_load(shell->site.vendors, wanted),
		.geo = geo_file_load(shell->site.countries, shell->site.networks),
		.suffixes = suffix_file_load(shell->site.public_suffixes),
	};

	plan->trust = f.trust;
	plan->vendors = f.vendors;
	plan->geo = f.geo;
	plan->suffixes = f.suffixes;
	return f;
}

void
known_files_free(struct known_files *f)
{
	x509_trust_free(f->trust);
	oui_free(f->vendors);
	geo_free(f->geo);
	public_suffix_free(f->suffixes);
	*f = (struct known_files){ 0 };
}
