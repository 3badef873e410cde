#!/usr/bin/env python3
"""Reads the calendar of a staff list with two parsers that know nothing of each other, outside the test suite:

    pip install icalendar vobject
    cargo build --example people --bin trp-check
    python3 tests/calendar_parsers.py target/debug 1000

Both must see an event for each deadline of the agenda in JSON that has a day, but for advice of the past: what is done
cancelled and without a reminder, what is late on the day of asking, the rest on its day, each with the name of that
person and with reminders at 9:00 of the right days; and asked about a day later, each deadline must have the same name
(UID), even if the people of the list have other names by then.
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


PAPERS, OTHERS = (90, 60, 30, 14), (7, 1)


def agenda(programs, path, today, form):
    command = [programs / "trp-check", "agenda", path, "--today", today, "--format", form]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def by_icalendar(stream):
    calendar = icalendar.Calendar.from_ical(stream)
    assert not calendar.errors, calendar.errors
    events = {}
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        alarms = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
        url, place = str(event.get("URL", "")), str(event.get("LOCATION", ""))
        events[str(event["UID"])] = (event["DTSTART"].dt, str(event["SUMMARY"]), str(event["STATUS"]), alarms, url, place)
    return events


def by_vobject(stream):
    events = {}
    for event in vobject.readOne(stream.decode("utf-8")).vevent_list:
        alarms = [alarm.trigger.value for alarm in getattr(event, "valarm_list", [])]
        url, place = [getattr(getattr(event, key, None), "value", "") for key in ("url", "location")]
        events[event.uid.value] = (event.dtstart.value, event.summary.value, event.status.value, alarms, url, place)
    return events


def is_past_advice(item):
    return item["kind"] == "advice" and item["due"][:10] < TODAY and not item["status"].startswith("done")


def expected_of(item):
    """The day, the status, and when it reminds: from midnight of its day on."""
    due = item["due"][:10]
    if item["status"].startswith("done"):
        return due, "CANCELLED", []
    status = "TENTATIVE" if item["status"] == "conditional" else "CONFIRMED"
    days = PAPERS if item["event"] in ("permit", "document", "contract") else OTHERS
    if due <= TODAY:
        days = (0,)
    nine = datetime.timedelta(hours=9)
    return max(due, TODAY), status, [nine - datetime.timedelta(days=before) for before in days]


def renamed(item):
    return {**item, "name": item["name"] and item["name"] + " the second"}


def main():
    programs, count = pathlib.Path(sys.argv[1]), sys.argv[2]
    for layout in ("usual", "csv"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / ("staff.csv" if layout == "csv" else "staff.ndjson")
            people = programs / "examples" / "people"
            made = subprocess.run([people, count, "--layout", layout], check=True, stdout=subprocess.PIPE).stdout
            path.write_bytes(made)
            told = json.loads(agenda(programs, path, TODAY, "json"))
            stream = agenda(programs, path, TODAY, "ics")
            if layout == "usual":
                lines = [json.loads(line) for line in made.decode("utf-8").splitlines()]
                path.write_text("".join(json.dumps(renamed({"name": None, **line})) + "\n" for line in lines).replace('"name": null, ', ""))
            later = json.loads(agenda(programs, path, TOMORROW, "json"))
        shown = [item for item in told["items"] if item["due"] and not is_past_advice(item)]
        expected = {item["uid"]: item for item in shown}
        assert len(expected) == len(shown), "two deadlines have one name"
        for name, events in (("icalendar", by_icalendar(stream)), ("vobject", by_vobject(stream))):
            assert events.keys() == expected.keys(), name
            for uid, (day, summary, status, alarms, url, place) in events.items():
                item = expected[uid]
                assert type(day) is datetime.date, (name, item)
                assert (day.isoformat(), status, alarms) == expected_of(item), (name, day, status, alarms, item)
                who = item["name"] or item["person_id"] or f"line {item['line']}"
                assert who in summary and "staff." not in summary, (name, summary, item)
                if item["id"] == "arrival-notification":
                    assert url == "https://www.vmp.gov.kz" and "eqonaq.kz" in place, (name, url, place)
            print(f"{layout}: {name}: {len(events)} events of {count} people, each on its day")
        names = [
            {(item["line"], item["person"], item["id"], item["event"], item["event_date"]): item["uid"] for item in of["items"]}
            for of in (told, later)
        ]
        kept = names[0].keys() & names[1].keys()
        assert kept and all(names[0][key] == names[1][key] for key in kept)
        print(f"{layout}: {len(kept)} of {len(names[0])} deadlines are there a day later, all with the same UID")


main()
