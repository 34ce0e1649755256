"""Writes vector_values.json: exact errors for the vector functions, with mpmath.

    python3 tests/data/vector_values.py > tests/data/vector_values.json

function_values.json knows each function at a few telling points; this one at many drawn at random, from the ranges in which
a kernel changes its form and from all exponents, with values of more digits than a double has. Per function, a list of
[arguments..., nearest double, rest]: the value is the nearest double plus `rest` units in its last place. All are written as strings, since readers of JSON may round numbers twice.
"""
import json
import math
import random
import struct
from mpmath import mp, mpf, mpc, workprec, floor, log, log10, log1p, exp, expm1, sin, cos, tan, cot, sec, csc, asin, acos, atan, atan2, sinh, cosh
from mpmath import tanh, coth, sech, csch, asinh, acosh, atanh, cbrt, sign, erf, erfc, sqrt, pi, hypot, power

draw = random.Random(3)
EACH = 16
ALL = [(-10, 10), (-1, 1), (-1.6e6, 1.6e6)]
LOGS = [(0.5, 2), (0, 100), (0.99, 1.01)]
ARCS = [(-1, 1), (0.45, 0.55), (0.9999, 1)]
TANGENTS = [(-3, 3), (0.3, 0.7), (1.5, 2.5)]
SECANTS = [(1, 3), (-3, -1), (1, 1.01)]
ONE = {
    "exp": (exp, [(-745.2, 709.8), (-1, 1), (-745.2, -707)]), "expm1": (expm1, [(-40, 709.8), (-1, 1), (0.3, 0.8)]),
    "log": (log, LOGS), "log2": (lambda x: log(x) / log(2), LOGS), "log10": (log10, LOGS),
    "log1p": (log1p, [(-1, 1), (-0.1, 0.1), (0, 100), (-1, -0.99)]),
    "sin": (sin, ALL), "cos": (cos, ALL), "tan": (tan, ALL), "cot": (cot, ALL), "sec": (sec, ALL), "csc": (csc, ALL),
    "asin": (asin, ARCS), "acos": (acos, ARCS + [(-0.55, -0.45)]), "atan": (atan, TANGENTS), "acot": (lambda x: atan(1 / x), TANGENTS),
    "asec": (lambda x: acos(1 / x), SECANTS), "acsc": (lambda x: asin(1 / x), SECANTS),
    "sinh": (sinh, [(-5, 5), (-0.5, 0.5), (-710.4, 710.4)]), "cosh": (cosh, [(-5, 5), (-710.4, 710.4)]),
    "tanh": (tanh, [(-20, 20), (-1, 1)]), "coth": (coth, [(-20, 20), (-1, 1)]),
    "sech": (sech, [(-745, 745), (-3, 3)]), "csch": (csch, [(-745, 745), (-3, 3), (700, 746)]),
    "asinh": (asinh, [(-5, 5), (-0.5, 0.5), (-1e10, 1e10)]), "acosh": (acosh, [(1, 5), (1, 1.1), (1, 1e10)]),
    "atanh": (atanh, [(-1, 1), (-0.3, 0.3), (0.99, 1)]), "acoth": (lambda x: atanh(1 / x), [(1, 3), (1, 1.01), (1, 100)]),
    "asech": (lambda x: acosh(1 / x), [(0, 1), (0.99, 1), (0, 0.01)]), "acsch": (lambda x: asinh(1 / x), [(-5, 5), (-0.1, 0.1), (-100, 100)]),
    "cbrt": (lambda x: sign(x) * cbrt(abs(x)), [(-8, 8), (1, 2)]),
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), [(-745, 40), (-5, 5)]), "softplus": (lambda x: log1p(exp(x)), [(-745, 40), (-5, 5)]),
    "erf": (erf, [(-1.1, 1.1), (-6, 6), (0.9, 1.2)]), "erfc": (erfc, [(-1, 1), (-6, 27.3), (0.4, 0.5), (26, 27.3)]),
    "normpdf": (lambda x: exp(-x * x / 2) / sqrt(2 * pi), [(-39, 39), (-3, 3)]),
    "normcdf": (lambda x: erfc(-x / sqrt(mpf(2))) / 2, [(-39, 9), (-3, 3), (-38.6, -37)]),
}
TWO = {
    "atan2": (atan2, [((-3, 3), (-3, 3)), ((0.9, 1.1), (1.8, 2.2))]), "hypot": (hypot, [((-3, 3), (-3, 3))]),
    "pow": (power, [((0, 3), (-20, 20)), ((0.99, 1.01), (-50000, 50000)), ((0, 1e3), (-100, 100)), ((0.5, 2), (-1000, 1000)),
            ((1.39, 1.4142), (1900, 2030)), ((1.39, 1.4142), (-2030, -1900)), ((0.7072, 0.72), (1900, 2030))]),
    "xlogy": (lambda x, y: x * log(y), [((-3, 3), (0, 3))]),
}


def any_double():
    while True:
        x = struct.unpack("<d", struct.pack("<Q", draw.getrandbits(64)))[0]
        if math.isfinite(x):
            return x


def near_1():
    return draw.choice((-1, 1)) * 2.0 ** draw.uniform(-60, 60)


def entry(f, arguments):
    # Digits enough for 1 - x at 1e-300; beyond that all functions are their arguments, or fixed.
    smallest = min(abs(a) for a in arguments)
    with workprec(2400 if smallest < 1e-10 else 400):
        try:
            value = f(*map(mpf, arguments))
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
        if isinstance(value, mpc) or not value or abs(value) > mpf(2) ** 1023.9:
            return None
        unit = mpf(2) ** (max(int(floor(log(abs(value), 2))), -1022) - 52)
        whole = mp.nint(value / unit)
        return [repr(float(x)) for x in (*arguments, whole * unit, round(float(value / unit - whole), 3))]


def main():
    lines = []
    for name, (f, ranges) in {**ONE, **TWO}.items():
        points = []
        for r in ranges:
            two = isinstance(r[0], tuple)
            points += [tuple(draw.uniform(*s) for s in r) if two else (draw.uniform(*r),) for _ in range(EACH)]
        n = len(points[0])
        points += [tuple(near_1() for _ in range(n)) for _ in range(EACH)] + [tuple(any_double() for _ in range(n)) for _ in range(EACH)]
        if name == "pow":
            points = [(abs(x), y) for x, y in points]
        entries = [e for e in (entry(f, p) for p in points) if e]
        lines.append(f' "{name}": [\n' + ",\n".join("  " + json.dumps(e) for e in entries) + "\n ]")
    print("{\n" + ",\n".join(lines) + "\n}")


main()
