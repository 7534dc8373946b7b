#include "ctl/usage.h"

#include "ctl/commands.h"

#include <string.h>

enum { LEFT = 26, ROOM = 128 };

static void
places_print(unsigned place, const char *title, FILE *out)
{
	(void)fprintf(out, "\n%s\n", title);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *c = &commands[i];
		char words[ROOM];

		if ((c->places & ~(unsigned)COMMAND_ALONE) != place)
			continue;
		(void)snprintf(words, sizeof(words), "%s%s%s%s%s", c->name,
			c->word != NULL ? " " : "",
			c->word != NULL && c->words_least == 0 ? "[" : "",
			c->word != NULL ? c->word : "",
			c->words_most > 1                        ? "...]"
			: c->word != NULL && c->words_least == 0 ? "]"
								 : "");
		(void)fprintf(out, "  %-*s%s\n", LEFT, words, c->help);
	}
}

static void
option_print(const struct command_option *o, FILE *out)
{
	char words[ROOM];

	(void)snprintf(words, sizeof(words), "%c%c%s--%s%s%s", o->letter != '\0' ? '-' : ' ',
		o->letter != '\0' ? o->letter : ' ', o->letter != '\0' ? ", " : "  ", o->name,
		o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
	(void)fprintf(out, "  %-*s%s\n", LEFT, words, o->help);
}

/* "evidence, alerts": who takes it. */
static void
takers_join(enum command_option_id option, const char *between, FILE *out)
{
	bool more = false;

	for (size_t i = 0; i < command_count; i++)
		if ((commands[i].options >> option & 1) != 0) {
			(void)fprintf(out, "%s%s", more ? between : "", commands[i].name);
			more = true;
		}
}

void
usage_print(FILE *out)
{
	(void)fputs(
		"naiadctl asks a running naiad how it is and what it found, or looks into what a run "
		"left.\n"
		"\n"
		"usage: naiadctl [--socket PATH] [--json] COMMAND [...]\n"
		"       naiadctl -d WHAT [--json] COMMAND [...]\n",
		out);
	places_print(COMMAND_SOCKET | COMMAND_RUN, "Of a sensor, or with -d of a run", out);
	places_print(COMMAND_STORE | COMMAND_RUN,
		"Of a sensor that writes a store, or with -d of a run", out);
	places_print(COMMAND_SOCKET, "Of a sensor", out);
	places_print(0, "Of neither", out);
	(void)fputs("\nOptions\n", out);
	for (int i = 0; i < COMMAND_OPTIONS; i++) {
		option_print(&command_options[i], out);
		if (command_options[i].everywhere)
			continue;
		(void)fprintf(out, "  %*swith ", LEFT, "");
		takers_join((enum command_option_id)i, ", ", out);
		(void)fputc('\n', out);
	}
	(void)fputs(
		"\n"
		"Root, the sensor's user and the members of the socket's group may ask; reload, reopen and\n"
		"log-level are for the first two. What --json says is told by naiadctl schema.\n"
		"\n"
		"Exit: 0 ok, 1 refused or failed, 2 usage, 4 no sensor there.\n",
		out);
}

static void
words_print(FILE *out)
{
	for (size_t i = 0; i < command_count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? " " : "", commands[i].name);
}

/* Those that go with every command, or those that go with this one besides. */
static void
flags_print(const struct command *c, FILE *out)
{
	for (int i = 0; i < COMMAND_OPTIONS; i++)
		if (c == NULL ? command_options[i].everywhere : (c->options >> i & 1) != 0)
			(void)fprintf(out, " --%s", command_options[i].name);
}

/* What follows an option: a word of some, a file, or who knows what. */
static bool
takes_file(const struct command_option *o)
{
	return o->value != NULL &&
	       (strcmp(o->value, "PATH") == 0 || strcmp(o->value, "FILE") == 0 ||
		       strcmp(o->value, "WHAT") == 0);
}

/* The command is the first word that is neither an option nor the value of one. */
static void
bash_command_print(FILE *out)
{
	(void)fputs("# bash completion of naiadctl; made by naiadctl --completion bash\n"
		    "_naiadctl() {\n"
		    "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
		    "\tlocal command= options i\n"
		    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		    "\t\tcase ${COMP_WORDS[i]} in\n\t\t",
		out);
	for (int i = 0, more = 0; i < COMMAND_OPTIONS; i++) {
		const struct command_option *o = &command_options[i];

		if (o->value == NULL)
			continue;
		(void)fprintf(out, "%s--%s", more++ > 0 ? " | " : "", o->name);
		if (o->letter != '\0')
			(void)fprintf(out, " | -%c", o->letter);
	}
	(void)fputs(") ((i++)) ;;\n\t\t-*) ;;\n\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
		    "\t\tesac\n\tdone\n",
		out);
}

static void
bash_print(FILE *out)
{
	bash_command_print(out);
	(void)fputs("\tCOMPREPLY=()\n\tcase $before in\n", out);
	for (int i = 0; i < COMMAND_OPTIONS; i++) {
		const struct command_option *o = &command_options[i];

		if (o->value == NULL)
			continue;
		(void)fputc('\t', out);
		if (o->letter != '\0')
			(void)fprintf(out, "-%c | ", o->letter);
		if (o->choices != NULL)
			(void)fprintf(out,
				"--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
				o->name, o->choices);
		else /* bash itself knows how to write names of files */
			(void)fprintf(out, "--%s) %sreturn ;;\n", o->name,
				takes_file(o) ? "compopt -o default; " : "");
	}
	(void)fputs("\tesac\n\toptions='", out);
	flags_print(NULL, out);
	(void)fputs("'\n\tcase $command in\n", out);
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].options != 0) {
			(void)fprintf(out, "\t%s) options+='", commands[i].name);
			flags_print(&commands[i], out);
			(void)fputs("' ;;\n", out);
		}
	(void)fputs("\tesac\n\tcase $word in\n"
		    "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
		    "\t*) [ -n \"$command\" ] || COMPREPLY=($(compgen -W '",
		out);
	words_print(out);
	(void)fputs("' -- \"$word\")) ;;\n\tesac\n}\ncomplete -F _naiadctl naiadctl\n", out);
}

/* A sentence between single quotes; `special` are the characters that zsh gives a meaning there. */
static void
quoted(const char *text, const char *special, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			(void)fputs("'\\'", out);
		else if (strchr(special, *text) != NULL)
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
}

static void
zsh_option_print(const struct command_option *o, FILE *out)
{
	if (o->letter != '\0')
		(void)fprintf(
			out, "'(-%c --%s)'{-%c,--%s}'[", o->letter, o->name, o->letter, o->name);
	else
		(void)fprintf(out, "'--%s[", o->name);
	quoted(o->help, "[]:\\", out);
	(void)fputc(']', out);
	if (o->choices != NULL)
		(void)fprintf(out, ":%s:(%s)", o->value, o->choices);
	else if (o->value != NULL)
		(void)fprintf(out, ":%s:%s", o->value, takes_file(o) ? "_files" : "");
	(void)fputs("'", out);
}

static void
zsh_print(FILE *out)
{
	(void)fputs("#compdef naiadctl\n# made by naiadctl --completion zsh\n"
		    "local -a options\nlocal command=${words[(r)(",
		out);
	for (size_t i = 0; i < command_count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? "|" : "", commands[i].name);
	(void)fputs(")]}\n", out);
	for (int i = 0; i < COMMAND_OPTIONS; i++) {
		if (!command_options[i].everywhere) {
			(void)fputs("[[ $command == (", out);
			takers_join((enum command_option_id)i, "|", out);
			(void)fputs(") ]] && ", out);
		}
		(void)fputs("options+=(", out);
		zsh_option_print(&command_options[i], out);
		(void)fputs(")\n", out);
	}
	(void)fputs("_arguments -S $options \\\n\t'1:command:((", out);
	for (size_t i = 0; i < command_count; i++) {
		(void)fprintf(out, "%s%s\\:\"", i > 0 ? " " : "", commands[i].name);
		quoted(commands[i].help, "\"\\", out);
		(void)fputc('"', out);
	}
	(void)fputs("))' \\\n\t'*:word:'\n", out);
}

static void
fish_option_print(enum command_option_id id, FILE *out)
{
	const struct command_option *o = &command_options[id];

	(void)fprintf(out, "complete -c naiadctl -l %s", o->name);
	if (!o->everywhere) {
		(void)fputs(" -n '__fish_seen_subcommand_from ", out);
		takers_join(id, " ", out);
		(void)fputc('\'', out);
	}
	if (o->letter != '\0')
		(void)fprintf(out, " -s %c", o->letter);
	if (o->choices != NULL)
		(void)fprintf(out, " -x -a '%s'", o->choices);
	else if (o->value != NULL)
		(void)fputs(takes_file(o) ? " -r -F" : " -x", out);
	(void)fputs(" -d '", out);
	quoted(o->help, "", out);
	(void)fputs("'\n", out);
}

/* __fish_use_subcommand would take the value of -d for a command. */
static void
fish_print(FILE *out)
{
	(void)fputs("# fish completion of naiadctl; made by naiadctl --completion fish\n"
		    "complete -c naiadctl -f\nset -l commands ",
		out);
	words_print(out);
	(void)fputc('\n', out);
	for (size_t i = 0; i < command_count; i++) {
		(void)fprintf(out,
			"complete -c naiadctl -n \"not __fish_seen_subcommand_from $commands\" -a %s -d '",
			commands[i].name);
		quoted(commands[i].help, "", out);
		(void)fputs("'\n", out);
	}
	for (int i = 0; i < COMMAND_OPTIONS; i++)
		fish_option_print((enum command_option_id)i, out);
}

bool
usage_completion(const char *shell, FILE *out)
{
	if (strcmp(shell, "bash") == 0)
		bash_print(out);
	else if (strcmp(shell, "zsh") == 0)
		zsh_print(out);
	else if (strcmp(shell, "fish") == 0)
		fish_print(out);
	else
		return false;
	return true;
}
