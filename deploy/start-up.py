"""How long a server takes to be ready, to answer first, and to stop: RUNS CACHE COMMAND..."""
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

runs, cache, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
rows = []
for _ in range(runs):
    start = time.monotonic()
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "RERANK4J_CACHE": cache})
    url = next(match[1] for match in (re.match(r"Rerank4j answers at (\S+)", line) for line in server.stderr) if match)
    ready = time.monotonic()
    with open(f"/proc/{server.pid}/stat") as stat:
        ticks = sum(int(field) for field in stat.read().rsplit(")", 1)[1].split()[11:13])
    urllib.request.urlopen(url + "health/ready").read()
    answered = time.monotonic()
    server.send_signal(signal.SIGTERM)
    server.stderr.read()
    assert server.wait() == 0
    rows.append((ready - start, ticks / os.sysconf("SC_CLK_TCK"), answered - ready, time.monotonic() - answered))
    print("ready {:.2f} s, processor {:.2f} s, first answer {:.2f} s, stopped {:.2f} s".format(*rows[-1]), flush=True)
print("median: ready {:.2f} s, processor {:.2f} s, first answer {:.2f} s, stopped {:.2f} s".format(
    *(statistics.median(column) for column in zip(*rows))), "load", os.getloadavg())
