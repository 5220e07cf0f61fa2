/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration in force and whence it is: for people and machines, see config.h. */
#include "config/config.h"
#include "lib/sink.h"

const char *config_origin_text(char *to, struct config_origin from)
{
	switch (from.from) {
	case FROM_PRESET:
		text_format(to, CONFIG_FROM_ROOM, "preset");
		break;
	case FROM_FILE:
		text_format(to, CONFIG_FROM_ROOM, "\\parapatch.cfg line %u", from.at);
		break;
	case FROM_OPTIONS:
		text_format(to, CONFIG_FROM_ROOM, "option word %u", from.at);
		break;
	}
	return to;
}

void config_lines(const struct config *c, struct sink *s)
{
	static const char *const words[] = {
		[FROM_PRESET] = "preset", [FROM_FILE] = "line:", [FROM_OPTIONS] = "word:",
	};

	sink_printf(s, "parapatch config");
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		sink_printf(s, " %s=\"", config_key_name(k));
		config_print_value(c, k, s);
		sink_printf(s, "\"");
	}
	sink_printf(s, "\nparapatch config-from");
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		sink_printf(s, " %s=%s", config_key_name(k), words[c->from[k].from]);
		if (c->from[k].from != FROM_PRESET)
			sink_printf(s, "%u", c->from[k].at);
	}
	sink_printf(s, "\n");
}

/* The keys from there, after what says whence. */
static bool say_from(const struct config *c, enum config_from from, const char *where,
		     bool any, struct sink *s)
{
	bool more = false;

	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		if (c->from[k].from == from) {
			sink_printf(s, "%s%s%s", more ? ", " : any ? "; " : "Set ",
				    more ? "" : where, config_key_name(k));
			more = true;
		}
	return any || more;
}

void config_say(const struct config *c, struct sink *s)
{
	bool any = say_from(c, FROM_FILE, "in \\parapatch.cfg: ", false, s);

	if (say_from(c, FROM_OPTIONS, "by options: ", any, s))
		sink_printf(s, ".\n");
}

void config_help(struct sink *s)
{
	struct config preset;

	config_preset(&preset);
	sink_printf(s, "Options are words KEY=VALUE; the last of two counts, and all "
		    "override \\parapatch.cfg. Several names: modes=native,inline\n");
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		sink_printf(s, "  %s: ", config_key_name(k));
		sink_printf(s, "%s. It takes ", config_key_what(k));
		config_print_takes(k, s);
		sink_printf(s, "; preset: ");
		if (config_has_all(&preset, k))
			sink_printf(s, "all");
		else
			config_print_value(&preset, k, s);
		if (k == CONFIG_workloads) {
			sink_printf(s, ". The table's ops: ");
			config_print_more(k, s);
		}
		sink_printf(s, "\n");
	}
}
