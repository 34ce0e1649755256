"""Computes the coefficients of the polynomials in this folder, as Rust constants.

    python3 src/program/batch/math/coefficients.py

Each is the polynomial of least maximal error, found by the exchange of Remez (Cheney, Introduction to Approximation
Theory, 1966, ch. 3) at 60 digits. The error is weighted so that what is minimised is the relative error of the function that
the polynomial goes into, and is printed beside the name as the binary logarithm. Needs mpmath.
"""
from mpmath import mp, mpf, matrix, lu_solve, exp, log, sin, cos, atan, asin, erf, erfc, sqrt, pi, cbrt, quad, fabs, chop, cos as mcos

mp.dps = 60


def remez(f, weight, low, high, degree, rounds=30):
    """Coefficients c[0..degree] of the polynomial with the least maximum of |weight*(f - polynomial)|, and that maximum."""
    low, high = mpf(low), mpf(high)
    middle, half = (low + high) / 2, (high - low) / 2
    n = degree + 2
    points = [middle - half * mcos(pi * i / (n - 1)) for i in range(n)]
    for _ in range(rounds):
        rows = matrix(n, n)
        right = matrix(n, 1)
        for i, x in enumerate(points):
            for j in range(degree + 1):
                rows[i, j] = ((x - middle) / half) ** j
            rows[i, degree + 1] = (-1) ** i / weight(x)
            right[i] = f(x)
        solved = lu_solve(rows, right)
        error = lambda x: weight(x) * (f(x) - horner([solved[j] for j in range(degree + 1)], (x - middle) / half))
        # The new points are the extrema of the error between its sign changes, on a grid refined by a parabola.
        grid = [middle - half * mcos(pi * i / (40 * n)) for i in range(40 * n + 1)]
        values = [error(x) for x in grid]
        found = []
        for i, v in enumerate(values):
            inside = 0 < i < len(values) - 1
            if not inside or (fabs(v) >= fabs(values[i - 1]) and fabs(v) >= fabs(values[i + 1])):
                x = grid[i]
                if inside:
                    a, b = grid[i - 1], grid[i + 1]
                    va, vb = values[i - 1], values[i + 1]
                    bottom = (x - a) * (v - vb) - (x - b) * (v - va)
                    if bottom:
                        x -= ((x - a) ** 2 * (v - vb) - (x - b) ** 2 * (v - va)) / (2 * bottom)
                    x = min(max(x, a), b)
                w = error(x)
                if found and (found[-1][1] > 0) == (w > 0):
                    if fabs(w) > fabs(found[-1][1]):
                        found[-1] = (x, w)
                else:
                    found.append((x, w))
        while len(found) > n:
            found.pop(0 if fabs(found[0][1]) < fabs(found[-1][1]) else -1)
        if len(found) < n:
            break
        points = [x for x, _ in found]
        sizes = [fabs(v) for _, v in found]
        if max(sizes) < min(sizes) * mpf("1.0001"):
            break
    worst = max(fabs(v) for v in values)
    return shifted([solved[j] for j in range(degree + 1)], middle, half), worst


def horner(c, x):
    total = mpf(0)
    for a in reversed(c):
        total = total * x + a
    return total


def shifted(c, middle, half):
    """The coefficients in x of a polynomial in (x - middle)/half."""
    result = [mpf(0)]
    for a in reversed(c):
        up = [mpf(0)] + [r / half for r in result]
        for i, r in enumerate(result):
            up[i] -= r * middle / half
        up[0] += a
        result = up
    return result[: len(c)]


def show(name, f, weight, low, high, degree):
    c, worst = remez(f, weight, low, high, degree)
    print(f"/// Relative error of the function: 2^{float(log(worst, 2)):.1f}.")
    print(f"const {name}: [f64; {len(c)}] = [")
    for a in c:
        print(f"    {float(a)!r},")
    print("];\n", flush=True)


def split(name, x, *bits):
    """x as a sum of doubles: the first ones of the given numbers of bits, the last one of all that fit."""
    for i, b in enumerate(bits + (53,)):
        x = mpf(x)
        exponent = int(mp.floor(log(fabs(x), 2))) + 1
        unit = mpf(2) ** (exponent - b)
        part = mp.nint(x / unit) * unit
        print(f"const {name}_{i + 1}: f64 = {float(part)!r};")
        x -= part
    print()


def safely(f, series, at=mpf("1e-8")):
    """f, but its expansion [c0, c1, ...] in x near 0, where f cancels."""
    return lambda x: horner(series, x) if fabs(x) < at else f(x)


def main():
    from mpmath import factorial as fac, mpf as m
    half_log2 = log(2) / 2 * m("1.0001")
    show("EXP", safely(lambda r: (exp(r) - 1 - r) / r**2, [1 / fac(k + 2) for k in range(8)]), lambda r: r**2 / exp(r) + m("1e-9"), -half_log2, half_log2, 9)
    far = ((sqrt(m(2)) - 1) / (sqrt(m(2)) + 1)) ** 2 * m("1.0001")
    atanh2 = lambda s: log((1 + s) / (1 - s))
    L = safely(lambda z: (atanh2(sqrt(z)) - 2 * sqrt(z)) / sqrt(z) ** 3, [m(2) / (2 * k + 3) for k in range(8)])
    show("LOG", L, lambda z: z / 2 + m("1e-9"), 0, far, 6)
    M = safely(lambda z: (L(z) - m(2) / 3) / z, [m(2) / (2 * k + 5) for k in range(8)])
    show("LOG_TAIL", M, lambda z: z * z / 2 + m("1e-12"), 0, far, 7)
    quarter = (pi / 4) ** 2 * m("1.0001")
    show("SIN", safely(lambda z: (sin(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3, [(-1) ** (k + 1) / fac(2 * k + 3) for k in range(8)]), lambda z: z + m("1e-9"), 0, quarter, 5)
    show("COS", safely(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, [(-1) ** k / fac(2 * k + 4) for k in range(8)]), lambda z: z**2 + m("1e-9"), 0, quarter, 5)
    show("ATAN", safely(lambda z: (atan(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3, [(-1) ** (k + 1) / m(2 * k + 3) for k in range(8)]), lambda z: z + m("1e-9"), 0, m("0.2501"), 12)
    show("ASIN", safely(lambda z: (asin(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3, [m(1) / 6, m(3) / 40, m(15) / 336, m(105) / 3456, m(945) / 42240]), lambda z: z + m("1e-9"), 0, m("0.2501"), 12)
    show("INVERSE_CBRT", lambda x: 1 / cbrt(x), lambda x: cbrt(x), 1, 2, 4)
    show("ERF", lambda z: erf(sqrt(z)) / sqrt(z) - 1, lambda z: sqrt(z) / erf(sqrt(z)), m("1e-30"), m("1.0001"), 12)
    for k, degree in ((4, 21),):
        g = lambda q: (lambda a: (1 + 2 * a) * exp(a * a) * erfc(a))(k * (1 + q) / (1 - q))
        low, high = m("0.45"), m("27")
        show("ERFCX", g, lambda q: m(1), (low - k) / (low + k), (high - k) / (high + k), degree)
    split("LN2", log(2), 32)
    split("LN2_42", log(2), 42)
    split("PI_2", pi / 2, 53, 53)
    split("PI_2_SHORT", pi / 2, 33, 33, 33)
    split("LOG2_E", 1 / log(2), 32)
    split("LOG10_E", 1 / log(10), 32)
    split("LOG10_2", log(2, 10), 36)
    split("SQRT_1_2", sqrt(m(1) / 2), 53)
    split("INV_SQRT_2PI", 1 / sqrt(2 * pi), 53)


main()
