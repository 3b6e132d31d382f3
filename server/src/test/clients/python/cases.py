"""Cases that a script runs against a server, one line each, for the test that started it.

    ok NAME
    FAILED NAME: why
    done COUNT
"""

import sys
import traceback

_CASES = []


def case(function):
    """Marks a function as a case; its name is the case's."""
    _CASES.append(function)
    return function


def run(*arguments):
    """Runs every case and ends the process: 0 if all of them passed."""
    failed = 0
    for function in _CASES:
        name = function.__name__.replace("_", " ")
        try:
            function(*arguments)
            print(f"ok {name}", flush=True)
        except Exception as why:
            failed += 1
            said = " ".join(f"{type(why).__name__}: {why}".split())
            where = traceback.extract_tb(why.__traceback__)[-1]
            print(f"FAILED {name}: line {where.lineno}: {said}", flush=True)
            traceback.print_exc()
    print(f"done {len(_CASES)}", flush=True)
    sys.exit(1 if failed else 0)


def same(actual, expected, what=""):
    """Fails where two things differ."""
    if actual != expected:
        raise AssertionError(f"{what or 'value'} is {actual!r}, expected {expected!r}")


def true(condition, what):
    """Fails where a claim does not hold."""
    if not condition:
        raise AssertionError(what)


def refused(kind, call):
    """The exception of a kind that a call must end with."""
    try:
        answer = call()
    except kind as refusal:
        return refusal
    raise AssertionError(f"no {kind.__name__}, but {answer!r}")
