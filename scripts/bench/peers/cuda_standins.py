"""Stand-ins for the CUDA libraries that PyPI's PyTorch is linked to, so that it runs on a processor without them.

Each exports the functions that PyTorch's libraries look for; each of these says cudaErrorNoDevice (100), so that PyTorch finds no GPU and calls none
of the others. They lie beside PyTorch's own libraries, where the loader looks first. Needs a C compiler and binutils.
"""
import re
import subprocess
import sysconfig
import tempfile
from collections import defaultdict
from pathlib import Path

LIBRARIES = Path(sysconfig.get_paths()["purelib"]) / "torch" / "lib"

#: Names of libraries of CUDA, and of functions whose version does not name their library.
LIBRARY = r"lib(cu|nccl|nvrtc|nvshmem)"
FUNCTION = r"(nccl|cuFile|cusparseLt|cu[A-Z])"

#: The library that holds the functions without a version, and the one whose versions have another name.
UNVERSIONED = "libnccl.so"
NAMED_OTHERWISE = {"libnvshmem_host.so.3": "NVSHMEM"}


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main():
    needed, by_version = set(), defaultdict(set)
    own = [path for path in sorted(LIBRARIES.iterdir()) if ".so" in path.name and path.read_bytes()[:4] == b"\x7fELF"]
    for path in own:
        needed |= set(re.findall(r"NEEDED.*\[(.*)\]", said("readelf", "-dW", str(path))))
        for line in said("nm", "-D", "--undefined-only", str(path)).splitlines():
            name, _, version = line.split()[-1].partition("@")
            by_version[version].add(name)
    missing = sorted(name for name in needed - {path.name for path in own} if re.match(LIBRARY, name))
    for library in missing:
        version = NAMED_OTHERWISE.get(library, library)
        names = set(by_version.get(version, ()))
        if library.startswith(UNVERSIONED):
            names |= {name for name in by_version[""] if re.match(FUNCTION, name)}
        code = "".join(f"long {name}(void) {{ return 100; }}\n" for name in sorted(names)) or "int nothing;\n"
        with tempfile.TemporaryDirectory() as folder:
            versions = Path(folder) / "versions"
            versions.write_text(f"{version} {{ global: *; }};\n")
            script = [f"-Wl,--version-script={versions}"] if version in by_version else []
            subprocess.run(
                ["cc", "-w", "-shared", "-fPIC", "-x", "c", "-", f"-Wl,-soname,{library}", "-o", str(LIBRARIES / library), *script],
                input=code,
                text=True,
                check=True,
            )


main()
