"""What makes a notebook's kernel a PySpark one.

The driver's JVM starts together with the kernel, beside the person who still reads. The session itself, which takes cores of the
cluster, is made when a cell first says `spark` or `sc`, so that a notebook that is only open holds nothing."""

import json
import os
import re
import socketserver
import sys
import threading
import time
import urllib.request

WORD = re.compile(r"\b(spark|sc)\b")
SUBMIT = "--properties-file /etc/kindling/spark-defaults.conf pyspark-shell"
# Seconds that a cell runs before a notebook without cores says who holds them.
PATIENCE = 3


def install(shell):
    """Called once by the kernel. Nothing is printed, and nothing that fails here keeps the kernel from running plain Python."""
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", SUBMIT)
    warm = threading.Thread(target=gateway, daemon=True, name="kindling-gateway")
    warm.start()
    cell = {"done": threading.Event()}

    def before(info):
        if WORD.search(info.raw_cell or "") and "spark" not in shell.user_ns:
            warm.join()
            try:
                shell.user_ns["spark"] = connect()
            except Exception as error:
                print(f"Spark could not be reached, so this cell has no `spark`: {error}", flush=True)
                return
            shell.user_ns["sc"] = shell.user_ns["spark"].sparkContext
        context = shell.user_ns.get("sc")
        if getattr(context, "applicationId", None):
            cell["done"] = threading.Event()
            threading.Thread(target=wait, args=(context, cell["done"]), daemon=True, name="kindling-wait").start()

    def after(_result):
        cell["done"].set()

    shell.events.register("pre_run_cell", before)
    shell.events.register("post_run_cell", after)


def gateway():
    """Starts the driver's JVM. What goes wrong here goes wrong again, and is told, when a cell needs it."""
    from pyspark import SparkContext

    try:
        SparkContext._ensure_initialized()
    except Exception:
        return


def connect():
    from pyspark import SparkContext, accumulators
    from pyspark.sql import SparkSession

    from kindling import node

    accumulators.AccumulatorServer.handle_error = driver_ended

    # The link that `spark` shows in a cell: the driver's own address is of use to nobody outside, the way through the master's page is.
    pages = node.load()["spark"]["masterUiUrl"]
    SparkContext.uiWebUrl = property(lambda context: f"{pages}/proxy/{context.applicationId}/jobs/")
    return SparkSession.builder.appName(name()).getOrCreate()


def driver_ended(server, request, address):
    """A cluster that stops ends a driver's JVM a moment before its kernel. That is no news for the cell whose result is there already."""
    if not isinstance(sys.exc_info()[1], (EOFError, ConnectionError)):
        socketserver.BaseServer.handle_error(server, request, address)


def name():
    """The notebook's own name is what others see when they wait for it."""
    path = os.environ.get("JPY_SESSION_NAME", "")
    return os.path.splitext(os.path.basename(path))[0] or "Notebook"


def wait(context, done):
    if done.wait(PATIENCE):
        return
    try:
        with urllib.request.urlopen(f"http://{context.master.removeprefix('spark://').rsplit(':', 1)[0]}:8080/json/", timeout=5) as answer:
            sentence = explain(json.load(answer), context.applicationId)
    except (OSError, ValueError):
        return
    if sentence and not done.is_set():
        print(sentence, flush=True)


def explain(state, application):
    """One sentence that says who holds the cores, or None when this application has some."""
    apps = state.get("activeapps", [])
    mine = next((a for a in apps if a["id"] == application), None)
    if mine is None or mine["state"] != "WAITING":
        return None
    holders = [f"“{a['name']}” ({a['cores']})" for a in apps if a["id"] != application and a["cores"] > 0]
    if not holders:
        return "Waiting for a worker that has a free core and enough memory."
    return f"Waiting: all {state.get('cores', 0)} cores are taken by {', '.join(holders)}. This cell goes on as soon as one of them ends."
