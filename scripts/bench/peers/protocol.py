"""How a peer talks: one JSON request a line on stdin, one JSON answer a line on stdout.

{"do": "hello"}                                  -> {"version": "numpy 1.24.2"}
{"do": "prepare", "id", "work", "arrays": ..}    -> {"setting": "..", "arrays": ..}   its numbers, to be compared
{"do": "time", "id", "seconds": s, "warm": w}    -> {"seconds": t}                    of one run; see seconds_of

Arrays are {name: {"shape": [..], "data": base64 of little-endian float64}}.
"""
import base64
import json
import sys
import time

import numpy as np


def decoded(arrays):
    return {
        name: np.frombuffer(base64.b64decode(array["data"]), dtype="<f8").reshape(array["shape"])
        for name, array in arrays.items()
    }


def encoded(arrays):
    return {
        name: {
            "shape": list(np.shape(array)),
            "data": base64.b64encode(np.asarray(array, dtype="<f8").tobytes()).decode(),
        }
        for name, array in arrays.items()
    }


def in_a_row(run, runs):
    start = time.perf_counter()
    for _ in range(runs):
        run()
    return time.perf_counter() - start


def seconds_of(run, shortest, warm):
    """Seconds for one run: after one that warms up, as many in a row as take `shortest` together.

    A run of `warm` seconds needs none before it.
    """
    first = in_a_row(run, 1)
    if first >= warm:
        return first
    runs, seconds = 1, in_a_row(run, 1)
    while seconds < shortest:
        runs *= 2
        seconds = in_a_row(run, runs)
    return seconds / runs


def serve(version, prepare):
    """Answers requests until stdin ends. `prepare(work, arrays)` returns (setting, arrays, run)."""
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "hello":
                answer = {"version": version}
            elif request["do"] == "prepare":
                setting, arrays, run = prepare(request["work"], decoded(request["arrays"]))
                prepared[request["id"]] = run
                answer = {"setting": setting, "arrays": encoded(arrays)}
            else:
                answer = {"seconds": seconds_of(prepared[request["id"]], request["seconds"], request["warm"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
