"""Makes the archives of loaded classes (class-data sharing) of master and worker, by running both here in the build.

Each writes its archive when it ends. An archive is valid for exactly the class path that it was made with, so that is written down
entry by entry: the order of a directory differs between file systems. (Drivers and executors load so many classes that writing their
archive takes longer than the rest of the build.)"""

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


def class_path():
    jars = sorted(j for j in os.listdir(f"{SPARK}/jars") if j.endswith(".jar") and not NOT_OF_DAEMONS.match(j))
    with open(f"{CDS}/classpath.args", "w", encoding="ascii") as file:
        file.write("-cp " + ":".join([f"{CDS}/gate.jar"] + [f"{SPARK}/jars/{j}" for j in jars]) + "\n")


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
    """Waits for a process that has to end by itself."""
    if process.wait(180) not in (0, 143):
        explain(what)


def main():
    for folder in (WORK, CDS, EMPTY):
        os.makedirs(folder, exist_ok=True)
    gate()
    class_path()
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
    worker.terminate()
    ended("the end of the worker", worker)
    master.terminate()
    ended("the end of the master", master)
    for name in ("master.jsa", "worker.jsa", "classpath.args", "gate.jar"):
        os.chmod(f"{CDS}/{name}", 0o444)
        print(f"{name}: {os.path.getsize(f'{CDS}/{name}') // 1000} kB", flush=True)


main()
