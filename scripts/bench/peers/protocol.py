"""How a peer talks: one JSON request a line on stdin, one JSON answer a line on stdout.

{"do": "hello"}                                  -> {"version": "numpy 1.24.2"}
{"do": "prepare", "id", "work", "arrays": ..}    -> {"setting": "..", "arrays": ..}   its numbers, to be compared
{"do": "time", "id", "seconds": s}               -> {"seconds": t}                    of one run; repeated for s seconds

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


def seconds_of(run, shortest):
    """Seconds for one run: as many runs in a row as take `shortest` together."""
    runs = 1
    while True:
        start = time.perf_counter()
        for _ in range(runs):
            run()
        seconds = time.perf_counter() - start
        if seconds >= shortest:
            return seconds / runs
        runs *= 2


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
                answer = {"seconds": seconds_of(prepared[request["id"]], request["seconds"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
