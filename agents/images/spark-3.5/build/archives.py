"""Makes the archives of loaded classes (class-data sharing) of master, worker, drivers and executors, by running all of them in the build.

Master and worker each write an archive when they end. Driver and executor run a small job and only list their classes; both share one
archive, which is made from the lists afterwards: an executor would be killed while it writes. An archive is valid for exactly the class
path that it was made with, so that is written down entry by entry: the order of a directory differs between file systems."""

import collections
import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
import zipfile

from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

SPARK = "/opt/spark"
JAVA = "/usr/lib/jvm/java/bin/java"
CDS = "/opt/kindling/cds"
EMPTY = "/opt/kindling/empty"
HERE = os.path.dirname(os.path.abspath(__file__))
WORK = "/tmp/archives"
NO_JMX = "-Dlog4j2.disable.jmx=true"
LOGGING = "-Dlog4j2.configurationFile=file:/opt/kindling/etc/log4j2.properties"

# What belongs to SQL, machine learning, streaming and other resource managers. A daemon never loads it, but it would read the index
# of every one of these jars as it starts: a third of its work.
NOT_OF_DAEMONS = re.compile(
    r"spark-(sql|catalyst|mllib|graphx|streaming|hive|repl|kubernetes|yarn|mesos)|hive-|datanucleus|derby|kubernetes|parquet|orc-|arrow"
    r"|breeze|spire|algebra|cats|scala-compiler|mesos|HikariCP|javax.jdo|jdo-api|bonecp|antlr|ST4|stringtemplate|zjsonpatch|okhttp|okio"
    r"|logging-interceptor|pmml|tink|janino|commons-compiler|aircompressor|flatbuffers|joda|blas|lapack|arpack|JLargeArrays|JTransforms"
    r"|libthrift|libfb303|opencsv|super-csv|univocity|velocity|hadoop-yarn|generex|automaton|stream-|datasketches"
)


def gate():
    """Compiles Gate.java with the compiler that Spark carries, since the image has no javac."""
    out = f"{WORK}/classes"
    jars = [f"{SPARK}/jars/{j}" for j in os.listdir(f"{SPARK}/jars") if j.startswith(("janino", "commons-compiler", "py4j"))]
    port = launch_gateway(classpath=":".join(jars), die_on_exit=True)
    java = JavaGateway(gateway_parameters=GatewayParameters(port=port))
    file = java.jvm.java.io.File
    sources = java.new_array(file, 1)
    sources[0] = file(f"{HERE}/Gate.java")
    compiler = java.jvm.org.codehaus.janino.Compiler()
    compiler.setDestinationDirectory(file(out), False)
    compiler.compile(sources)
    java.shutdown()
    with zipfile.ZipFile(f"{CDS}/gate.jar", "w") as jar:
        for folder, _, names in os.walk(out):
            for name in names:
                jar.write(os.path.join(folder, name), os.path.relpath(os.path.join(folder, name), out))


def jars():
    return sorted(j for j in os.listdir(f"{SPARK}/jars") if j.endswith(".jar"))


def class_path(name, path):
    with open(f"{CDS}/{name}.args", "w", encoding="ascii") as file:
        file.write("-cp " + ":".join(path) + "\n")


def by_use(found):
    """All jars, those with most of the classes first: a class is looked for in one jar after the other, and the dump interprets."""
    home = {}
    for jar in jars():
        with zipfile.ZipFile(f"{SPARK}/jars/{jar}") as file:
            for name in file.namelist():
                home.setdefault(name, jar)
    used = collections.Counter(home.get(f"{line.split()[0]}.class") for line in found)
    return [f"{SPARK}/jars/{jar}" for jar in sorted(jars(), key=lambda jar: (-used[jar], jar))]


def classes(name):
    return f"-XX:ArchiveClassesAtExit={CDS}/{name}.jsa"


def start(name, main, *arguments):
    options = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", LOGGING, NO_JMX, classes(name)]
    command = [JAVA, f"@{CDS}/classpath.args", *options, main, *arguments]
    environment = {**os.environ, "SPARK_CONF_DIR": EMPTY, "SPARK_SCALA_VERSION": "2.12", "SPARK_LOCAL_DIRS": f"{WORK}/local"}
    return subprocess.Popen(command, cwd=WORK, env=environment, stderr=open(f"{WORK}/{name}.log", "wb"))


def until(what, ready):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.1)
    explain(what)


def explain(what):
    for name in os.listdir(WORK):
        if name.endswith(".log"):
            sys.stderr.write(open(f"{WORK}/{name}", errors="replace").read()[-4000:])
    sys.exit(f"the build never got to: {what}")


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.read()


def ended(what, process):
    """Waits for a process that has to end by itself: minutes, where others keep the machine busy."""
    if process.wait(900) not in (0, 143):
        explain(what)


# What people do first, so that its classes are in the archive: rows on the executors, Parquet, an aggregation, a join, a table in the notebook.
JOB = """
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.appName("archive").getOrCreate()
assert spark.sparkContext.parallelize(range(1000), 2).sum() == 499500
flights = spark.read.parquet("file:///opt/kindling/data/flights.parquet")
airlines = spark.read.parquet("file:///opt/kindling/data/airlines.parquet")
late = flights.where("arr_delay is not null").groupBy("carrier").agg(F.count("*").alias("n"), F.avg("arr_delay").alias("late"))
assert len(late.join(airlines, "carrier").orderBy("late").toPandas()) == 16
flights.createOrReplaceTempView("flights")
assert spark.sql("select month, max(distance) from flights group by month").count() == 12
spark.createDataFrame([(1, "one"), (2, "two")], ["id", "word"]).show()
"""


def lists(properties):
    """Runs the job on the build's own worker. Returns the classes of driver and executor, each once, in the order of loading."""
    job = f"{WORK}/job.py"
    with open(job, "w", encoding="ascii") as file:
        file.write(JOB)
    names = [f"{WORK}/{who}.lst" for who in ("driver", "executor")]
    settings = {
        "spark.driver.memory": "512m",
        "spark.executor.memory": "512m",
        "spark.driver.extraJavaOptions": f"-XX:DumpLoadedClassList={names[0]} {LOGGING}",
        "spark.executor.extraJavaOptions": f"-XX:DumpLoadedClassList={names[1]} {LOGGING}",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{WORK}/local",
    }
    conf = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    command = [f"{SPARK}/bin/spark-submit", "--master", "spark://127.0.0.1:7077", "--properties-file", properties, *conf, job]
    os.makedirs(f"{WORK}/local", exist_ok=True)
    environment = {**os.environ, "SPARK_CONF_DIR": EMPTY, "SPARK_LOCAL_DIRS": f"{WORK}/local", "HOME": WORK}
    ended("the end of the job", subprocess.Popen(command, cwd=WORK, env=environment, stderr=open(f"{WORK}/job.log", "wb")))
    found = {}
    for name in names:
        with open(name, encoding="utf-8") as file:
            found.update(dict.fromkeys(file))
    return list(found)


def archive(found):
    """Begins to write the archive of drivers and executors."""
    class_path("jobs", by_use(found))
    with open(f"{WORK}/jobs.lst", "w", encoding="utf-8") as file:
        file.writelines(found)
    # G1 can also archive objects of the heap.
    options = ["-Xshare:dump", "-XX:+UseG1GC", f"-XX:SharedClassListFile={WORK}/jobs.lst", f"-XX:SharedArchiveFile={CDS}/jobs.jsa"]
    with open(f"{WORK}/dump.log", "wb") as log:
        return subprocess.Popen([JAVA, f"@{CDS}/jobs.args", *options], cwd=WORK, stdout=log, stderr=log)


def main():
    for folder in (WORK, CDS, EMPTY):
        os.makedirs(folder, exist_ok=True)
    gate()
    class_path("classpath", [f"{CDS}/gate.jar"] + [f"{SPARK}/jars/{j}" for j in jars() if not NOT_OF_DAEMONS.match(j)])
    properties = f"{WORK}/defaults.conf"
    with open(properties, "w", encoding="ascii") as file:
        file.write(
            "spark.authenticate true\nspark.ui.reverseProxy true\nspark.ui.reverseProxyUrl http://localhost\n"
            f"spark.authenticate.secret {secrets.token_hex(32)}\n"
        )
    master = start(
        "master", "org.apache.spark.deploy.master.Master",
        "--host", "127.0.0.1", "--port", "7077", "--webui-port", "8080", "--properties-file", properties,
    )  # fmt: skip
    worker = start(
        "worker", "kindling.Gate", "127.0.0.1", "7077",
        "--host", "127.0.0.1", "--webui-port", "8081", "--cores", "2", "--memory", "600m", "--work-dir", f"{WORK}/work",
        "--properties-file", properties, "spark://127.0.0.1:7077",
    )  # fmt: skip
    until("a registered worker", lambda: json.loads(get(8080, "/json/"))["aliveworkers"] == 1)
    for port, path in [(8080, "/"), (8081, "/"), (8081, "/json/")]:
        get(port, path)
    jobs = archive(lists(properties))
    for what, process in [("worker", worker), ("master", master)]:
        process.terminate()
        ended(f"the end of the {what}", process)
    ended("the archive of jobs", jobs)
    for name in ("master.jsa", "worker.jsa", "jobs.jsa", "classpath.args", "jobs.args", "gate.jar"):
        os.chmod(f"{CDS}/{name}", 0o444)
        print(f"{name}: {os.path.getsize(f'{CDS}/{name}') // 1000} kB", flush=True)


main()
