"""What the formats' own libraries do with the files that this code must refuse: the verdicts of spec/outside/refused-files.json.

    python spec/outside/refused-files.py > spec/outside/refused-files.json

It reads the vectors of the family errors, which take the verdicts in turn: write them before (npm run -s vectors), and after.
"""
import base64
import glob
import hashlib
import io
import json
import os
import warnings

import numpy
import safetensors.numpy

warnings.simplefilter("ignore")
vectors = os.path.join(os.path.dirname(__file__), "..", "vectors", "errors", "*.json")


def numpys(content):
    with numpy.load(io.BytesIO(content)) as archive:
        return [archive[name] for name in archive.files]


libraries = {
    "weights-file": (f"the library safetensors {safetensors.__version__} of Hugging Face", safetensors.numpy.load),
    "checkpoint": (f"the library safetensors {safetensors.__version__} of Hugging Face", safetensors.numpy.load),
    "data-file": (f"numpy {numpy.__version__}", numpys),
}


def verdict(read, content):
    try:
        read(content)
        return "read"
    except Exception:
        return "refused"


found = {}
for path in sorted(glob.glob(vectors)):
    with open(path) as file:
        inputs = json.load(file)["inputs"]
    if inputs["what"] in libraries:
        library, read = libraries[inputs["what"]]
        content = base64.b64decode(inputs["given"]["base64"])
        found[hashlib.sha256(content).hexdigest()] = {"library": library, "verdict": verdict(read, content)}

about = "Files that this code refuses, by their SHA-256, and what the format's own library does with each."
print(json.dumps({"about": about, "files": found}, indent=1))
