"""A list of made-up people for the benches, as of 2026-11-22, the same one every time.

    people.py LINES ndjson|csv [--hostile]

--hostile strews in what real lists have: blank lines, lines that cannot be read, names in Cyrillic with
commas and quotes. Needs nothing but Python.
"""

import csv
import datetime
import json
import random
import sys

FIRST_DAY = datetime.date(2026, 1, 1)
TODAY = datetime.date(2026, 11, 22)
COLUMNS = ["id", "name", "citizenship", "birth_date", "purpose", "stays", "notified", "permits", "employment.employer"]


def person(dice, number, hostile):
    # As many came in the last weeks, or will come in the next, as in the rest of the year.
    entry = FIRST_DAY + datetime.timedelta(days=dice.choice([dice.randrange(300), 300 + dice.randrange(36)]))
    stays = [{"entry": entry.isoformat()}]
    if dice.random() < 0.6:
        stays[0]["exit"] = (entry + datetime.timedelta(days=dice.randrange(120))).isoformat()
    if dice.random() < 0.3:
        before = entry - datetime.timedelta(days=40 + dice.randrange(60))
        stays.insert(0, {"entry": before.isoformat(), "exit": (before + datetime.timedelta(days=30)).isoformat()})
    facts = {
        "id": f"p{number}",
        "citizenship": dice.choice(["RU", "RU", "RU", "UZ", "UZ", "KG", "KG", "TJ", "BY", "CN", "TR", "DE", "AM"]),
        "birth_date": datetime.date(1960 + dice.randrange(45), 1 + dice.randrange(12), 1 + dice.randrange(28)).isoformat(),
        "purpose": dice.choice(["employment", "private", "tourism"]),
        "stays": stays,
    }
    if hostile:
        facts["name"] = dice.choice(["Иванов, Пётр", 'Ким "младший"', "Әлия", "O'Neil"])
    notified = entry + datetime.timedelta(days=dice.randrange(6))
    if notified <= TODAY and dice.random() < 0.5:
        stays[-1]["notified"] = notified.isoformat()
    if dice.random() < 0.2:
        facts["permits"] = [{"kind": "visa", "from": entry.isoformat(),
                             "until": (entry + datetime.timedelta(days=364)).isoformat()}]
    if facts["purpose"] == "employment":
        facts["employment"] = {"employer": "astana-hub"}
    return facts


def cells(facts):
    """The same facts as a row of a table."""
    row = {name: facts.get(name, "") for name in COLUMNS}
    row["stays"] = ";".join(f"{stay['entry']}..{stay.get('exit', '')}" for stay in facts["stays"])
    row["notified"] = facts["stays"][-1].get("notified", "")
    row["permits"] = ";".join(f"{permit['kind']}:{permit['from']}..{permit['until']}" for permit in facts.get("permits", []))
    row["employment.employer"] = facts.get("employment", {}).get("employer", "")
    return row


def main(lines, form, hostile):
    dice = random.Random(20261122)
    table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    if form == "csv":
        table.writeheader()
    for number in range(1, lines + 1):
        facts = person(dice, number, hostile)
        if hostile and number % 97 == 0:
            facts["citizenship"] = "Atlantis"
        if hostile and number % 101 == 0:
            print()
        elif form == "csv":
            table.writerow(cells(facts))
        elif hostile and number % 103 == 0:
            print("{not a profile")
        else:
            print(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))


main(int(sys.argv[1]), sys.argv[2], "--hostile" in sys.argv)
