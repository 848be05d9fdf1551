"""How a peer talks: one JSON request a line on stdin, one JSON answer a line on stdout.

{"do": "hello"}                                  -> {"version": "numpy 1.24.2"}
{"do": "prepare", "id", "work", "arrays": ..}    -> {"setting", "choice", "arrays": ..}   its numbers, to be compared
{"do": "time", "id", "seconds": s, "warm": w}    -> {"wall": t, "cpu": c}                 seconds of one run; see spent_on

Arrays are {name: {"shape": [..], "data": base64 of little-endian float64}}.
"""
import base64
import json
import os
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
    """Seconds on the wall, and of all threads of this process."""
    start, before = time.perf_counter(), time.process_time()
    for _ in range(runs):
        run()
    return time.perf_counter() - start, time.process_time() - before


def spent_on(run, shortest, warm):
    """What one run takes: after one that warms up, as many in a row as take `shortest` together.

    A run of `warm` seconds needs none before it.
    """
    wall, cpu = in_a_row(run, 1)
    if wall >= warm:
        return {"wall": wall, "cpu": cpu}
    runs = 1
    wall, cpu = in_a_row(run, 1)
    while wall < shortest:
        runs *= 2
        wall, cpu = in_a_row(run, runs)
    return {"wall": wall / runs, "cpu": cpu / runs}


def probed(make):
    """Seconds of a run: the least of three after one that warms up, or of one where it takes long; infinite where it fails."""
    try:
        run = make()
        run()
        least = in_a_row(run, 1)[0]
        return least if least > 0.3 else min(least, *(in_a_row(run, 1)[0] for _ in range(2)))
    except Exception as error:
        sys.stderr.write(f"left out: {type(error).__name__}: {str(error).splitlines()[:1]}\n")
        return float("inf")


def fastest(make, choices, start, trial):
    """The fastest setting: from `start`, one choice after another takes its other values; none is tried after `trial` seconds.

    `make(setting)` returns a run; `choices` are pairs of a name and its values.
    """
    begun = time.perf_counter()
    best, least = dict(start), probed(lambda: make(start))
    for name, values in choices:
        for value in values:
            if value == best[name] or time.perf_counter() - begun > trial:
                continue
            other = {**best, name: value}
            seconds = probed(lambda: make(other))
            if seconds < least:
                best, least = other, seconds
    return best


def serve(version, prepare):
    """Answers requests until stdin ends. `prepare(work, arrays)` returns (setting, choice, arrays, run).

    What libraries print goes to stderr: stdout is for answers alone.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "hello":
                answer = {"version": version}
            elif request["do"] == "prepare":
                setting, choice, arrays, run = prepare(request["work"], decoded(request["arrays"]))
                prepared.clear()
                prepared[request["id"]] = run
                answer = {"setting": setting, "choice": json.dumps(choice), "arrays": encoded(arrays)}
            else:
                answer = spent_on(prepared[request["id"]], request["seconds"], request["warm"])
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
