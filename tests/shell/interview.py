"""Holds an interview with `trp-check ask` at a terminal of its own, as somebody at a keyboard would.

    interview.py PROGRAM TODAY OUTPUT ANSWERS [STOP]

ANSWERS is a file: lines of `part of a question = what is typed`, with | between what is typed each time it is asked.
A question without a line is skipped.
With STOP, Ctrl-C is pressed at the question with that number. Prints as JSON the exit status, what came on stdout,
what was shown, and the questions in their order.

Nothing hangs on how quick the machine is: the program switches bracketed paste on when it begins to ask, and shows the
cursor when the question stands there; only then is typed. A question is drawn again with each key, which is no new one.
"""

import json
import os
import pty
import re
import subprocess
import sys
import tempfile

BEGINS, STANDS = b"\x1b[?2004h", b"\x1b[?25h"


def questions(shown):
    """The questions that stand there, in their order."""
    for part in shown.split(BEGINS)[1:]:
        drawn, mark, _ = part.partition(STANDS)
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn.decode("utf-8", "replace"))
        question = re.search(r"\? (.*?\?)", text)
        if mark and question:
            yield question[1]


def main():
    program, today, output, answers = sys.argv[1:5]
    stop = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    with open(answers, encoding="utf-8") as file:
        plan = [line.rstrip("\n").split(" = ", 1) for line in file if " = " in line]
    plan = [(part, keys.split("|")) for part, keys in plan]
    master, slave = pty.openpty()
    arguments = [program, "ask", "--today", today, "--output", output, "--format", "json"]
    environment = dict(os.environ, TERM="xterm-256color", COLUMNS="100")
    told = tempfile.TemporaryFile()
    child = subprocess.Popen(
        arguments, stdin=slave, stderr=slave, stdout=told, env=environment, start_new_session=True
    )
    os.close(slave)
    shown, asked = b"", []
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:
            # The program has closed its terminal: it ends.
            break
        if not more:
            break
        shown += more
        for question in list(questions(shown))[len(asked) :]:
            asked.append(question)
            turns = next((turns for part, turns in plan if part in question), ["skip"])
            keys = turns.pop(0) if len(turns) > 1 else turns[0]
            os.write(master, b"\x03" if stop == len(asked) else keys.encode() + b"\r")
    status = child.wait()
    told.seek(0)
    print(
        json.dumps(
            {"status": status, "stdout": told.read().decode(), "asked": asked, "shown": shown.decode("utf-8", "replace")}
        )
    )


main()
