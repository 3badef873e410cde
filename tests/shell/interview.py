"""Holds an interview with `trp-check ask` at a terminal of its own, as somebody at a keyboard would.

    interview.py PROGRAM TODAY OUTPUT ANSWERS [STOP]

ANSWERS is a file: lines of `part of a question = what is typed`. A question without a line is skipped.
With STOP, Ctrl-C is pressed at the question with that number. Prints as JSON the exit status, what came on stdout,
what was shown, and the questions in their order.
"""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time

LONGEST = 60.0


def main():
    program, today, output, answers = sys.argv[1:5]
    stop = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    with open(answers, encoding="utf-8") as file:
        plan = [line.rstrip("\n").split(" = ", 1) for line in file if " = " in line]
    master, slave = pty.openpty()
    arguments = [program, "ask", "--today", today, "--output", output, "--format", "json"]
    environment = dict(os.environ, TERM="xterm-256color", COLUMNS="100")
    child = subprocess.Popen(
        arguments, stdin=slave, stderr=slave, stdout=subprocess.PIPE, env=environment, start_new_session=True
    )
    os.close(slave)
    shown, seen, asked, end = b"", 0, [], time.monotonic() + LONGEST
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 0.05)
        if ready:
            try:
                more = os.read(master, 65536)
            except OSError:
                break
            if not more:
                break
            shown += more
            continue
        if child.poll() is not None:
            break
        # Nothing more comes: a question waits where there is a new one behind what was seen.
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown[seen:].decode("utf-8", "replace"))
        question = re.findall(r"^\? (.*?\?)", text.replace("\r", "\n"), re.M)
        if not question:
            continue
        seen = len(shown)
        asked.append(question[-1])
        if stop == len(asked):
            os.write(master, b"\x03")
            continue
        keys = next((keys for part, keys in plan if part in question[-1]), "skip")
        os.write(master, keys.encode() + b"\r")
    out = child.stdout.read().decode() if child.poll() is not None else ""
    if child.poll() is None:
        child.kill()
    print(json.dumps({"status": child.wait(), "stdout": out, "asked": asked, "shown": shown.decode("utf-8", "replace")}))


main()
