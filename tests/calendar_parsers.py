#!/usr/bin/env python3
"""Reads the calendar of a staff list with two parsers that know nothing of each other, outside the test suite:

    pip install icalendar vobject
    cargo build --example people --bin trp-check
    python3 tests/calendar_parsers.py target/debug 1000

Both must see an event for each deadline of the agenda in JSON that has a day and is not done, on that day and with
the name of that person; and asked about a day later, each deadline must have the same name (UID).
"""

import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import icalendar
import vobject

TODAY, TOMORROW = "2026-11-22", "2026-11-23"


def agenda(programs, path, today, form):
    command = [programs / "trp-check", "agenda", path, "--today", today, "--format", form]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def by_icalendar(stream):
    calendar = icalendar.Calendar.from_ical(stream)
    assert not calendar.errors, calendar.errors
    events = {}
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        assert len(event.walk("VALARM")) == 2
        events[str(event["UID"])] = (event["DTSTART"].dt, str(event["SUMMARY"]))
    return events


def by_vobject(stream):
    events = {}
    for event in vobject.readOne(stream.decode("utf-8")).vevent_list:
        assert len(event.valarm_list) == 2
        events[event.uid.value] = (event.dtstart.value, event.summary.value)
    return events


def main():
    programs, count = pathlib.Path(sys.argv[1]), sys.argv[2]
    for layout in ("usual", "csv"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / ("staff.csv" if layout == "csv" else "staff.ndjson")
            people = programs / "examples" / "people"
            path.write_bytes(subprocess.run([people, count, "--layout", layout], check=True, stdout=subprocess.PIPE).stdout)
            told = json.loads(agenda(programs, path, TODAY, "json"))
            later = json.loads(agenda(programs, path, TOMORROW, "json"))
            stream = agenda(programs, path, TODAY, "ics")
        open_items = [item for item in told["items"] if item["due"] and not item["status"].startswith("done")]
        expected = {item["uid"]: item for item in open_items}
        assert len(expected) == len(open_items), "two deadlines have one name"
        for name, events in (("icalendar", by_icalendar(stream)), ("vobject", by_vobject(stream))):
            assert events.keys() == expected.keys(), name
            for uid, (day, summary) in events.items():
                item = expected[uid]
                assert type(day) is datetime.date and day.isoformat() == item["due"][:10], (name, item)
                assert (item["name"] or item["person"]) in summary, (name, summary, item)
            print(f"{layout}: {name}: {len(events)} events of {count} people, each on its day")
        names = [
            {(item["line"], item["person"], item["id"], item["event"], item["event_date"]): item["uid"] for item in of["items"]}
            for of in (told, later)
        ]
        kept = names[0].keys() & names[1].keys()
        assert kept and all(names[0][key] == names[1][key] for key in kept)
        print(f"{layout}: {len(kept)} of {len(names[0])} deadlines are there a day later, all with the same UID")


main()
