"""Runs a job by rapport.spark on Sail, by Spark Connect, or on executors of Spark that are processes of their own.

Arguments: sail or spark, the folder of the Python package, the program, the job, the number of parts, the work folder,
the day, and the folder of job files. Ends with the exit code of the run.
"""

import os
import sys

engine, package, program, job, parts, work, day, jobs = sys.argv[1:]
sys.path.insert(0, package)

from pyspark.sql import SparkSession  # noqa: E402
from rapport.spark import run_on_spark  # noqa: E402

if engine == "sail":
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
else:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.executor.memory", "512m")
    spark = builder.getOrCreate()
print(f"Spark {spark.version}", flush=True)
arguments = ["--jobs", jobs]
code = run_on_spark(spark, job, parts=int(parts), work=work, as_of=day, arguments=arguments, program=program)
spark.stop()
sys.exit(code)
