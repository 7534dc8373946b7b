#include "daemon/loop/feed_lists.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool
is_named(const char *path)
{
	return path != NULL && path[0] != '\0';
}

bool
feed_lists_any(const struct intelligence_settings *s)
{
	return s->feeds.count > 0 || is_named(s->directory);
}

void
feed_lists_free(struct feed_lists *l)
{
	for (size_t t = 0; l->texts != NULL && t < 2 * l->count; t++)
		free(l->texts[t]);
	free(l->texts);
	free(l->lists);
	*l = (struct feed_lists){ 0 };
}

static bool
is_there(const struct feed_lists *l, const char *path)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->lists[i].name, path) == 0)
			return true;
	return false;
}

/* `path` becomes its own, whatever comes of it. */
static int
add(struct feed_lists *l, char *path, const struct feed_settings *s)
{
	if (path == NULL)
		return -ENOMEM;
	if (is_there(l, path)) {
		free(path);
		return 0;
	}
	char *tag = strdup(s->tags == NULL ? "" : s->tags);
	if (tag == NULL) {
		free(path);
		return -ENOMEM;
	}
	l->texts[2 * l->count] = path;
	l->texts[2 * l->count + 1] = tag;
	l->lists[l->count++] = (struct feed_list){
		.name = path,
		.category = (enum list_category)s->kind,
		.level = (enum threat)s->level,
		.tag = tag,
		.is_info = s->use == FEED_USE_INFO,
	};
	return 0;
}

static char *
joined(const char *directory, const char *name)
{
	size_t length = strlen(directory) + strlen(name) + 2;
	char *path = malloc(length);

	if (path != NULL)
		(void)snprintf(path, length, "%s/%s", directory, name);
	return path;
}

static int
compare(const void *a, const void *b)
{
	const char *const *first = a;
	const char *const *second = b;

	return strcmp(*first, *second);
}

/* Names that do not begin with a dot, as many as there is room for. */
static int
list_directory(struct feed_lists *l, DIR *directory, char **names, size_t *count)
{
	const struct dirent *entry;

	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (*count == FEED_LISTS_OF_DIRECTORY_MAX) {
			l->left_out++;
			continue;
		}
		names[*count] = strdup(entry->d_name);
		if (names[*count] == NULL)
			return -ENOMEM;
		++*count;
	}
	qsort(names, *count, sizeof(*names), compare);
	return 0;
}

static int
add_directory(struct feed_lists *l, const char *path)
{
	static const struct feed_settings medium = { .level = THREAT_MEDIUM };
	char *names[FEED_LISTS_OF_DIRECTORY_MAX];
	size_t count = 0;
	DIR *directory = opendir(path);

	if (directory == NULL) {
		l->error = errno;
		return 0;
	}
	int result = list_directory(l, directory, names, &count);
	(void)closedir(directory);
	for (size_t i = 0; i < count; i++) {
		if (result == 0)
			result = add(l, joined(path, names[i]), &medium);
		free(names[i]);
	}
	return result;
}

int
feed_lists_find(const struct intelligence_settings *s, struct feed_lists *ret)
{
	const struct feed_settings *feeds = s->feeds.items;
	int result = 0;

	*ret = (struct feed_lists){ .lists = calloc(FEED_LISTS_MAX, sizeof(*ret->lists)),
		.texts = calloc(FEED_LISTS_MAX, 2 * sizeof(*ret->texts)) };
	if (ret->lists == NULL || ret->texts == NULL)
		return -ENOMEM;
	for (size_t i = 0; result == 0 && i < s->feeds.count; i++) {
		if (is_named(feeds[i].path))
			result = add(ret, strdup(feeds[i].path), &feeds[i]);
		else
			ret->nameless++;
	}
	if (result == 0 && is_named(s->directory))
		result = add_directory(ret, s->directory);
	return result;
}

static uint64_t
mixed(uint64_t sum, uint64_t word)
{
	static const struct hash_key any;
	const uint64_t words[] = { sum, word };

	return hash_words(&any, words, 2);
}

uint64_t
feed_lists_signature(const struct feed_lists *l)
{
	uint64_t sum = l->count;
	struct stat st;

	for (size_t i = 0; i < l->count; i++) {
		for (const char *at = l->lists[i].name; *at != '\0'; at++)
			sum = mixed(sum, (uint64_t)*at);
		if (stat(l->lists[i].name, &st) != 0)
			st = (struct stat){ 0 };
		sum = mixed(sum, st.st_ino);
		sum = mixed(sum, (uint64_t)st.st_size);
		sum = mixed(sum, (uint64_t)st.st_mtim.tv_sec);
		sum = mixed(sum, (uint64_t)st.st_mtim.tv_nsec);
	}
	return sum;
}
