"""A Python kernel that brings `spark`, connected to the master of this cluster."""

import os
import sys

from ipykernel.kernelapp import IPKernelApp

sys.path.insert(0, "/opt/kindling/lib")
os.environ.setdefault("SPARK_CONF_DIR", "/etc/kindling")

app = IPKernelApp.instance()
app.exec_lines = ["import kindling.notebook as _n; _n.install(get_ipython()); del _n"]
app.initialize(sys.argv[1:])
app.start()
