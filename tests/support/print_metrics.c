/* print_metrics -- docs/METRICS.md, as tests/checks/generated_metrics.sh compares and writes it. */
#include "daemon/loop/metrics_page.h"

int
main(void)
{
	(void)fputs("# Metrics\n\nWritten by tests/regenerate from the rows of the source. "
		    "Alert rules and dashboards over them are in packaging/prometheus and "
		    "packaging/grafana.\n",
		stdout);
	return metrics_page_print(stdout, metrics_groups) == 0 && fflush(stdout) == 0 ? 0 : 1;
}
