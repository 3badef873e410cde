#!/usr/bin/env python3
"""Makes the workbooks of this folder, and the same people as text lists. Needs openpyxl, and LibreOffice for .xls and .ods.

    python3 tests/lists/make.py
"""
import csv
import datetime as dt
import json
import os
import random
import subprocess

import openpyxl
from openpyxl.styles import Font

HERE = os.path.dirname(os.path.abspath(__file__))
TODAY = dt.date(2026, 11, 23)
random.seed(1)

COUNTRIES = [("RU", "Россия"), ("UZ", "Узбекистан"), ("TR", "Турция"), ("CN", "Китай"), ("IN", "Индия"), ("DE", "Германия"),
             ("KG", "Кыргызстан"), ("US", "США")]
NAMES = ["Иванов Иван", "Каримов Бек", "Yılmaz Ayşe", "Li Wei", "Patel Ravi", "Müller Jörg", "Асанов Темир", "O'Neil Kate"]


def people(count):
    for number in range(1, count + 1):
        at = random.randrange(len(COUNTRIES))
        last = TODAY - dt.timedelta(days=random.randrange(0, 60))
        stays = []
        if random.random() < 0.6:
            first = last - dt.timedelta(days=random.randrange(100, 160))
            stays.append((first, first + dt.timedelta(days=random.randrange(1, 60))))
        stays.append((last, None if random.random() < 0.7 else last + dt.timedelta(days=random.randrange(1, 80))))
        yield {
            "id": f"{number:04}",
            "name": NAMES[at] + f" {number}",
            "country": COUNTRIES[at],
            "stays": stays,
            "passport": TODAY + dt.timedelta(days=random.randrange(-20, 900)),
            "department": random.choice(["Продажи", "Склад", "ИТ, разработка"]),
        }


def save(book, name, also=()):
    path = os.path.join(HERE, name)
    # No clock in the file: it is the same whenever it is made.
    book.properties.created = book.properties.modified = dt.datetime(2026, 11, 23)
    book.save(path)
    for ending in also:
        subprocess.run(["soffice", "--headless", "--convert-to", ending, "--outdir", HERE, path], check=True,
                       stdout=subprocess.DEVNULL)


def same_people():
    """The same people in each form."""
    staff = list(people(40))
    keys = ["id", "name", "citizenship", "travel_document.expires", "entry_1", "exit_1", "entry_2", "exit_2"]

    def row(one):
        days = [day for stay in one["stays"] for day in stay] + [None, None]
        return [one["id"], one["name"], one["country"][0], one["passport"], *days[:4]]

    with open(os.path.join(HERE, "people.csv"), "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(keys)
        writer.writerows([["" if cell is None else cell for cell in row(one)] for one in staff])
    with open(os.path.join(HERE, "people.ndjson"), "w") as file:
        file.write("\n")  # The header of the other lists stands on line 1.
        for one in staff:
            stays = [{"entry": str(first)} | ({"exit": str(last)} if last else {}) for first, last in one["stays"]]
            person = {"id": one["id"], "name": one["name"], "citizenship": one["country"][0],
                      "travel_document": {"expires": str(one["passport"])}, "stays": stays}
            file.write(json.dumps(person, ensure_ascii=False) + "\n")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(keys)
    for one in staff:
        sheet.append(row(one))
    save(book, "people.xlsx", ["ods", "xls"])

    stays = [(one, stay) for one in staff for stay in one["stays"]]
    random.shuffle(stays)
    keys = ["id", "name", "citizenship", "travel_document.expires", "entry", "exit"]
    rows = [[one["id"], one["name"], one["country"][0], one["passport"], *stay] for one, stay in stays]
    with open(os.path.join(HERE, "stays.csv"), "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(keys)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    book = openpyxl.Workbook()
    book.active.append(keys)
    for row in rows:
        book.active.append(row)
    save(book, "stays.xlsx")

    crossings = [(one, day, way) for one, stay in stays for day, way in zip(stay, ["въезд", "выезд"]) if day]
    random.shuffle(crossings)
    with open(os.path.join(HERE, "crossings.csv"), "w", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Таб. №", "ФИО", "Гражданство", "Паспорт до", "Дата", "Направление"])
        for one, day, way in crossings:
            writer.writerow([one["id"], one["name"], one["country"][1], f"{one['passport']:%d.%m.%Y}", f"{day:%d.%m.%Y}", way])


def as_an_officer_keeps_it():
    """A title over merged cells, Russian headers, pairs of days, notes, own columns, a total row, a second sheet that is hidden."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Сотрудники"
    sheet["A1"] = "Список иностранных сотрудников на 23.11.2026"
    sheet.merge_cells("A1:J1")
    sheet["A1"].font = Font(bold=True, size=14)
    header = ["№", "Таб. №", "ФИО", "Гражданство", "Паспорт до", "Въезд 1", "Выезд 1", "Въезд 2", "Выезд 2", "Отдел", "Примечание"]
    for at, name in enumerate(header, 1):
        sheet.cell(3, at, name).font = Font(bold=True)
    row = 4
    for number, one in enumerate(people(300), 1):
        days = [day for stay in one["stays"] for day in stay] + [None, None]
        cells = [number, one["id"], one["name"], one["country"][1], one["passport"], *days[:4], one["department"],
                 "новый" if number % 7 == 0 else None]
        for at, value in enumerate(cells, 1):
            cell = sheet.cell(row, at, value)
            if isinstance(value, dt.date):
                cell.number_format = "DD.MM.YYYY"
        row += 1
    sheet.cell(row + 1, 1, "Итого")
    sheet.cell(row + 1, 3, "=COUNTA(C4:C303)")
    other = book.create_sheet("Справочник")
    other["A1"] = "Отделы"
    other.sheet_state = "hidden"
    save(book, "officer.xlsx")


same_people()
as_an_officer_keeps_it()
