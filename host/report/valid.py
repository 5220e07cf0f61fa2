#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""valid.py: is a report as the JSON Schema of its number says?

valid.py FILE...    reports of the application, records and mixes of kernels;
                    host/report/schema/ has a schema for each number

One line for each FILE that is not: the first place, what is wrong there, and what it holds.
All are looked at.

Exit status: 0 all are; 1 one is not; 2 usage, a FILE that cannot be read, or
python3-fastjsonschema is not installed.
"""
import json
import os
import re
import sys

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schema")


def once(pairs):
    """An object's members: a name that comes twice is refused."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError("\"%s\" comes twice" %
                         next(n for n in names if names.count(n) > 1))
    return found


def no_number(word):
    raise ValueError("%s is not JSON" % word)


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, object_pairs_hook=once, parse_constant=no_number)


class Schemas:
    """Each is compiled when the first report of its number comes."""

    def __init__(self):
        self.compiled = {}

    def of(self, report):
        import fastjsonschema  # --help needs no package
        number = (report.get("schema", report.get("format"))
                  if isinstance(report, dict) else None)
        if not isinstance(number, str) or not re.fullmatch("[a-z]+(-[a-z]+)*[-/][0-9]+", number):
            return None
        if number not in self.compiled:
            path = os.path.join(SCHEMAS, number.replace("/", "-") + ".json")
            self.compiled[number] = (fastjsonschema.compile(read(path))
                                     if os.path.exists(path) else None)
        return self.compiled[number]


def wrong(schemas, path):
    """What is wrong with a file, or nothing; raises OSError."""
    import fastjsonschema
    try:
        report = read(path)
    except ValueError as e:
        return "not JSON: %s" % e
    check = schemas.of(report)
    if not check:
        return "there is no schema of its number, or it has none"
    try:
        check(report)
    except fastjsonschema.JsonSchemaException as e:
        # In its words the report is "data".
        words = re.sub(r"^data\.?", "", e.message)
        if e.rule == "required":
            lacks = ", ".join(k for k in e.rule_definition if k not in e.value)
            words = re.sub(r"must contain .*", "must contain " + lacks, words)
        return "%s; it is %.80s" % (words, json.dumps(e.value))
    return None


def has_package():
    try:
        import fastjsonschema  # noqa: F401
    except ImportError:
        return False
    return True


def main(arguments):
    if "--help" in arguments[:1]:
        print(__doc__.strip())
        return 0
    unknown = [a for a in arguments[:1] if a.startswith("-")]
    if not arguments or unknown:
        print("valid.py: %s (--help says more)" %
              ("there is no option " + unknown[0] if unknown else "no FILE"), file=sys.stderr)
        return 2
    if not has_package():
        print("valid.py: needs python3-fastjsonschema: apt install python3-fastjsonschema",
              file=sys.stderr)
        return 2
    schemas, status = Schemas(), 0
    for path in arguments:
        try:
            said = wrong(schemas, path)
        except OSError as e:
            print("valid.py: %s: %s" % (path, e.strerror), file=sys.stderr)
            return 2
        if said:
            print("%s: %s" % (path, said), file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
