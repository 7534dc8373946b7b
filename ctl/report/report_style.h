/* report_style.h -- how the HTML report looks: the only style sheet, carried within it. */
#pragma once

/* CSS in pieces, of which the last is NULL; light and dark by the reader's own choice, and for paper. No '<', no '&'. */
extern const char *const report_style[];
