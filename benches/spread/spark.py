"""A list spread over a cluster by Apache Spark: NDJSON in, the rows of `trp-check batch` out, in the order of the list.

    spark-submit --master 'local[2]' benches/spread/spark.py 2026-11-22 staff.ndjson answers

The day is given, so that all machines answer for the same one. Paths may be of any kind that Spark reads. The program
must lie on each worker; the variable TRP_CHECK names it, else the PATH. Each part of the list is a stream of its own,
so `line` counts within its part: know people by `id`.
"""

import os
import shlex
import sys

from pyspark.sql import SparkSession

day, people, answers = sys.argv[1:]
program = os.environ.get("TRP_CHECK", "trp-check")
batch = shlex.join([program, "batch", "--jobs", "1", "--today", day])
# Exit code 4 tells that some rows have the status `error`, which is no reason to throw a part away. Any other code is
# one, but Spark looks at it only when asked to; and it gives the command no environment but what is named.
command = shlex.join(["sh", "-c", f"{batch} || [ $? -eq 4 ]"])
spark = SparkSession.builder.appName("trp-check").getOrCreate()
lines = spark.sparkContext.textFile(people)
lines.pipe(command, env={"PATH": os.environ["PATH"]}, checkCode=True).saveAsTextFile(answers)
spark.stop()
