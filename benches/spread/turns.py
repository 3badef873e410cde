"""Time and work of shell commands, run in turn so that a busy machine slows all of them alike.

    turns.py TURNS LINES NAME COMMAND [NAME COMMAND]…

Medians per million lines, and as ratios to the first command. The work is all processor time of all processes that a
command starts, those that outlive it included (Linux; not those whose parent has said that it ignores their end).
"""

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def spent(command):
    def work():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before, start = work(), time.perf_counter()
    subprocess.run(command, shell=True, check=True)
    wall = time.perf_counter() - start
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return wall, work() - before


def main(turns, lines, commands):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    measured = {name: [] for name, _ in commands}
    for _ in range(turns):
        for name, command in commands:
            measured[name].append(spent(command))
    print(f"{'medians of ' + str(turns) + ' turns':40}{'per million lines':>24}{'to the first':>20}")
    print(f"{'':40}{'time':>12}{'work':>12}{'time':>10}{'work':>10}")
    first = None
    for name, runs in measured.items():
        wall, work = (statistics.median(column) for column in zip(*runs))
        first = first or (wall, work)
        million = 1_000_000 / lines
        print(f"{name:40}{wall * million:10.2f} s{work * million:10.2f} s{wall / first[0]:10.2f}{work / first[1]:10.2f}")


main(int(sys.argv[1]), int(sys.argv[2]), list(zip(sys.argv[3::2], sys.argv[4::2])))
