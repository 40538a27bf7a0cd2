"""Documents that do to a worker what real ones only threaten to: each holds the name of a hazard.

`install(folder)` gives a folder for PYTHONPATH. In a worker, which is a fresh interpreter, the module there stands in front of
the hash that every document goes through; neither the product nor the process of the tests knows of it.
"""

from pathlib import Path

from pipeline.model import Record

HAZARDS = """
import ctypes, hashlib, os, signal, time

def hang():
    while True:
        pass

def eat():
    eaten = []
    while True:
        eaten.append(bytearray(b"x") * (1 << 22))

def full(end):
    eaten = bytearray(b"x") * (160 << 20)
    end()

def once():
    mark = os.environ["HAZARD_MARK"]
    if not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)

def fail():
    raise RuntimeError("not a parser's")

hazards = {
    b"!hang": hang,
    b"!stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    b"!kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"!segv": lambda: ctypes.string_at(0),
    b"!exit": lambda: os._exit(0),
    b"!eat": eat,
    b"!abort": lambda: full(os.abort),
    b"!short": lambda: full(lambda: os.kill(os.getpid(), signal.SIGKILL)),
    b"!once": once,
    b"!fail": fail,
}
real = hashlib.blake2b

def blake2b(data=b"", **options):
    for name, hazard in hazards.items():
        if bytes(data).startswith(name):
            hazard()
    return real(data, **options)

hashlib.blake2b = blake2b
"""


def install(folder: Path) -> str:
    """The folder for PYTHONPATH."""
    (folder / "sitecustomize.py").write_text(HAZARDS)
    return str(folder)


def hazard(name: str, number: int = 0) -> Record:
    """A record that brings its hazard; each is another content."""
    return Record(f"{name}-{number}.txt", f"!{name} {number}\n".encode())
