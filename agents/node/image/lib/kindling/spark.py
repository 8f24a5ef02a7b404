"""How Spark's daemons are started: the JVM directly, without Spark's launcher, which would start a second one to compose the command."""

import os

from kindling import node

JAVA = "/usr/lib/jvm/java/bin/java"
CDS = "/opt/kindling/cds"
SECRET = "/dev/shm/kindling/spark.args"
DEFAULTS = "/etc/kindling/spark-defaults.conf"
LOGGING = "/opt/kindling/etc/log4j2.properties"
PORT = 7077


def daemon(name, main, heap, arguments):
    """The command of a daemon. `heap` in MB. The archive of loaded classes halves its start; a missing one only costs time."""
    return [
        JAVA,
        f"@{CDS}/classpath.args",
        f"-Xmx{heap}m",
        "-XX:+UseSerialGC",
        # A daemon has no hot code that would earn back what the second compiler costs at its start. Executors have, and keep it.
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        f"-XX:SharedArchiveFile={CDS}/{name}.jsa",
        "-Xshare:auto",
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        f"-Dlog4j2.configurationFile=file:{LOGGING}",
        "-Dlog4j2.disable.jmx=true",
        # The file of names grows while a cluster starts: a name that was missing is looked up again.
        "-Dsun.net.inetaddr.negative.ttl=0",
        f"@{SECRET}",
        main,
        *arguments,
    ]


def environment():
    # Executors inherit this. JAVA_HOME leads them to the java that takes the secret out of their environment. They get their settings
    # from the driver, so their directory of configuration is an empty one.
    return {
        **os.environ,
        "JAVA_HOME": "/opt/kindling",
        "SPARK_CONF_DIR": "/opt/kindling/empty",
        # What spark-class would find out: a worker composes the command of its executors with it.
        "SPARK_SCALA_VERSION": "2.12",
        "SPARK_LOCAL_DIRS": "/data/spark/local",
        "MALLOC_ARENA_MAX": "2",
    }


def run(command):
    os.chdir("/data/spark/work")
    os.execve(JAVA, command, environment())


def master():
    settings = node.load()["spark"]
    run(
        daemon(
            "master",
            "org.apache.spark.deploy.master.Master",
            settings["daemonMemoryMb"],
            ["--host", settings["masterHost"], "--port", str(PORT), "--webui-port", "8080", "--properties-file", DEFAULTS],
        )
    )


def worker():
    this = node.load()
    settings = this["spark"]
    run(
        daemon(
            "worker",
            "kindling.Gate",
            settings["daemonMemoryMb"],
            [
                settings["masterHost"],
                str(PORT),
                "--host",
                this["ip"],
                "--webui-port",
                "8081",
                "--cores",
                str(settings["cores"]),
                "--memory",
                f"{settings['workerMemoryMb']}m",
                "--work-dir",
                "/data/spark/work",
                "--properties-file",
                DEFAULTS,
                f"spark://{settings['masterHost']}:{PORT}",
            ],
        )
    )
