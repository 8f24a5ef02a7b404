"""What has to be there before the first service starts."""

import os
import re
import sys

from kindling import files

ROOT = (0, 0)
SPARK = (1000, 1000)

# Directories of /data, parents first. Root owns every one whose entries a user must not be able to swap.
TREE = [
    ("notebooks", SPARK, 0o755),
    ("home", SPARK, 0o755),
    ("spark", ROOT, 0o755),
    ("spark/local", SPARK, 0o755),
    ("spark/work", SPARK, 0o755),
    ("spark/events", SPARK, 0o755),
    ("logs", ROOT, 0o755),
    (".kindling", ROOT, 0o755),
]

SAMPLES = "/opt/kindling/notebooks"
SECRETS = "/run/secrets"
MEMORY = "/dev/shm"
SUPERVISORD = "/opt/kindling/bin/supervisord"
CONFIGURATION = "/etc/kindling/supervisord.conf"


def data(root="/data"):
    """Makes the tree of /data and puts the sample notebooks there, once in the life of the volume."""
    top = os.open(root, files.DIRECTORY)
    os.chmod(root, 0o755)
    handles = {"": top}
    for path, (uid, gid), mode in TREE:
        parent, _, name = path.rpartition("/")
        handles[path] = files.directory(handles[parent], name, uid, gid, mode)
    if os.path.isdir(SAMPLES) and files.fresh(handles[".kindling"], "samples", b"", 0, 0o644):
        with files.acting_as(*SPARK):
            for name in sorted(os.listdir(SAMPLES)):
                with open(os.path.join(SAMPLES, name), "rb") as file:
                    files.fresh(handles["notebooks"], name, file.read(), SPARK[1], 0o644)
    for handle in handles.values():
        os.close(handle)


def secrets(source=SECRETS, memory=MEMORY):
    """Turns the secrets into the form their readers want, in memory only.

    Spark's daemons, drivers and executors all take the cluster's secret as a Java argument file, which shows neither in the
    arguments of a process nor in its environment."""
    spark = read(source, "spark-auth")
    token = read(source, "jupyter-token")
    top = os.open(memory, files.DIRECTORY)
    folder = files.directory(top, "kindling", 0, SPARK[1], 0o750)
    if spark is not None:
        if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,512}", spark):
            sys.exit("kindling: the Spark secret has characters that its file cannot hold")
        files.fresh(folder, "spark.args", f"-Dspark.authenticate.secret={spark}\n".encode(), SPARK[1], 0o440)
    if token is not None:
        files.fresh(folder, "jupyter-token", token.encode(), SPARK[1], 0o440)
    # Jupyter keeps the token and the keys of its kernels in its runtime directory: in memory as well, never on /data.
    os.close(files.directory(folder, "jupyter", *SPARK, 0o700))
    os.close(folder)
    os.close(top)


def read(folder, name):
    try:
        with open(os.path.join(folder, name), encoding="ascii") as file:
            return file.read().rstrip("\n")
    except FileNotFoundError:
        return None


def main():
    os.umask(0o022)
    data()
    secrets()
    os.execv(SUPERVISORD, [SUPERVISORD, "-n", "-c", CONFIGURATION])
