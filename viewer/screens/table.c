/* table.c -- the screens. Edit screens.def, not this file. */
#include "viewer/screen.h"

#define SCREEN(name) extern const struct screen screen_##name;
#include "screens_list.h"
#undef SCREEN

#define SCREEN(name) &screen_##name,
const struct screen *const screens[SCREEN_COUNT] = {
#include "screens_list.h"
};
#undef SCREEN
