"""Makes the archives of loaded classes (class-data sharing) by running a small cluster with a job, here in the build.

Each daemon writes its archive when it ends. The class path is written down entry by entry: an archive is valid for exactly the
class path it was made with, and the order of a directory differs between file systems."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile

from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

SPARK = "/opt/spark"
JAVA = "/usr/lib/jvm/java/bin/java"
CDS = "/opt/kindling/cds"
HERE = os.path.dirname(os.path.abspath(__file__))
WORK = "/tmp/archives"
OPTIONS = ["-Xmx256m", "-XX:+UseSerialGC", "-Dlog4j2.configurationFile=file:/opt/kindling/etc/log4j2.properties"]


def gate():
    """Compiles Gate.java with the compiler that Spark carries, since the image has no javac."""
    out = f"{WORK}/classes"
    jars = [f"{SPARK}/jars/{j}" for j in sorted(os.listdir(f"{SPARK}/jars"))]
    port = launch_gateway(classpath=":".join(jars), die_on_exit=True)
    java = JavaGateway(gateway_parameters=GatewayParameters(port=port))
    file = java.jvm.java.io.File

    def array(paths):
        made = java.new_array(file, len(paths))
        for index, path in enumerate(paths):
            made[index] = file(path)
        return made

    compiler = java.jvm.org.codehaus.janino.Compiler()
    compiler.setDestinationDirectory(file(out), False)
    compiler.compile(array([f"{HERE}/Gate.java"]))
    java.shutdown()
    with zipfile.ZipFile(f"{CDS}/gate.jar", "w") as jar:
        for folder, _, names in os.walk(out):
            for name in names:
                file = os.path.join(folder, name)
                jar.write(file, os.path.relpath(file, out))


def class_path():
    jars = [f"{CDS}/gate.jar"] + [f"{SPARK}/jars/{j}" for j in sorted(os.listdir(f"{SPARK}/jars")) if j.endswith(".jar")]
    with open(f"{CDS}/classpath.args", "w", encoding="ascii") as file:
        file.write("-cp " + ":".join(jars) + "\n")


def start(name, options, main, *arguments):
    command = [JAVA, f"@{CDS}/classpath.args", *OPTIONS, f"-XX:ArchiveClassesAtExit={CDS}/{name}.jsa", "-Xlog:cds=error", *options, main, *arguments]
    return subprocess.Popen(command, cwd=WORK, stderr=open(f"{WORK}/{name}.log", "wb"))


def until(what, ready):
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.1)
    for name in os.listdir(WORK):
        if name.endswith(".log"):
            sys.stderr.write(open(f"{WORK}/{name}", errors="replace").read()[-4000:])
    sys.exit(f"the cluster of the build never got to: {what}")


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read()


def end(process, name):
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    size = os.path.getsize(f"{CDS}/{name}.jsa") // 1_000_000
    os.chmod(f"{CDS}/{name}.jsa", 0o444)
    print(f"{name}: {size} MB of classes", flush=True)


def main():
    os.makedirs(WORK)
    os.makedirs(CDS)
    gate()
    class_path()
    properties = f"{WORK}/defaults.conf"
    with open(properties, "w", encoding="ascii") as file:
        file.write(
            "spark.authenticate true\nspark.ui.reverseProxy true\nspark.ui.reverseProxyUrl http://localhost\n"
            f"spark.authenticate.secret {secrets.token_hex(32)}\n"
        )
    os.environ["SPARK_LOCAL_DIRS"] = f"{WORK}/local"
    master = start(
        "master", ["-XX:TieredStopAtLevel=1"], "org.apache.spark.deploy.master.Master",
        "--host", "127.0.0.1", "--port", "7077", "--webui-port", "8080", "--properties-file", properties,
    )  # fmt: skip
    worker = start(
        "worker", [], "kindling.Gate", "127.0.0.1", "7077",
        "--host", "127.0.0.1", "--webui-port", "8081", "--cores", "1", "--memory", "600m", "--work-dir", f"{WORK}/work",
        "--properties-file", properties, "spark://127.0.0.1:7077",
    )  # fmt: skip
    until("a registered worker", lambda: json.loads(get(8080, "/json/"))["aliveworkers"] == 1)
    for port, path in [(8080, "/"), (8081, "/"), (8081, "/json/")]:
        get(port, path)
    end(worker, "worker")
    end(master, "master")
    os.chmod(f"{CDS}/classpath.args", 0o444)
    os.chmod(f"{CDS}/gate.jar", 0o444)


main()
