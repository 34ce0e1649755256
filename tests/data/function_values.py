"""Writes function_values.json: reference values of every function, made with mpmath at 80 digits.

    python3 tests/data/function_values.py > tests/data/function_values.json

Arguments are doubles, written so that they read back exactly; values are decimal strings of 25 digits. Per function:
"real":     [[arguments], value, [partial derivatives]]  (a partial is null where it is undefined or not wanted)
"complex":  [[[re, im], ...], [re, im]]  (a zero imaginary part tells the side of a cut by its sign: "-0.0")
Derivatives are taken numerically from the value, so that they know nothing of the rules in grammar/.
"""
import json
from fractions import Fraction
from mpmath import *

mp.dps = 80
DIGITS = 25
TINY = mpf(10) ** -60  # how far beside a cut the complex value is taken


def real_cbrt(x):
    return sign(x) * cbrt(abs(x))


def odd_cbrt(z):
    return -odd_cbrt(-z) if re(z) < 0 else mpc(z) ** (mpf(1) / 3)


def softplus(z): return log1p(exp(z))


def psi(n, z): return polygamma(int(re(n)), z)


def log_abs_gamma(x): return log(abs(gamma(x)))


def atan2_complex(y, x): return -1j * log((x + 1j * y) / sqrt(x * x + y * y))


def xlog(x, y): return x * log(y) if x != 0 else mpf(0)


SMALL = [0.0, 5e-324, 1e-310, -1e-300, 1e-17, 3e-9, -2.5e-5, 0.01]
MIDDLE = [0.1, -0.3, 0.5, -0.7, 0.9, 1.0, -1.25, 1.5, 2.0, -2.75, 3.7]
UNIT = [x for x in SMALL + MIDDLE if abs(x) < 1] + [1 - 2**-53, -1 + 2**-53, 0.999, -0.99999999]
OUTSIDE = [1 + 2**-52, -1 - 2**-52, 1.0000001, -1.001, 1.1, -1.5, 2.0, 3.0, -7.5, 100.0, -1e5, 1e9, -3e17, 1e160, 1e308]
TRIG = SMALL + MIDDLE + [1.5707963267948966, 3.141592653589793, 6.283185307179586, -20.0, 710.0, 1e5, 1e16, 1e22, 1.7e308]
LOGS = [5e-324, 1e-310, 1e-300, 1e-17, 0.01, 0.5, 0.9, 1 - 2**-53, 1 + 2**-52, 1.0001, 1.5, 2.0, 2.75, 3.7, 10.0, 1000.0, 1e17, 1e308]
HYPER = SMALL[1:] + MIDDLE + [19.0, -21.9, 22.1, 36.7, -100.0, 300.0, -700.0]
GAMMA = [1e-300, -1e-300, 1e-17, -3e-9, 0.01, 0.1, 0.5, 0.9, 1.25, 1.5, 1.9, 2.1, 2.5, 3.0, 3.7, 7.3, 12.0, 19.99, 20.01, 33.3, 57.1, 99.5,
         140.2, 170.0, -0.3, -0.7, -1.5, -2.75, -7.01, -10.5, -19.9, -20.1, -50.3]
PAIRS = [(x, y) for x in (-3.5, -0.25, 0.5, 2.0, 1e-9, 1e5) for y in (-2.75, 0.125, 1.0, 3e6)]
ZS = [(0.3, 0.2), (-1.2, 0.7), (2.5, -1.5), (-0.01, -0.02), (1e-9, 1e-12), (0.9, 1e-3), (-3.0, 4.0), (1.1, -0.9), (0.5, 6.0), (-7.0, -0.5), (12.0, 3.0), (0.02, 0.99)]
FAR = [(300.0, 200.0), (1.0, 710.6), (-1.0, -400.0), (30.0, 1.0), (-25.0, 2.0), (1e8, 30.0)]
# both sides of the cuts on the axes
REAL_CUT = [(-3.0, 0.0), (-3.0, -0.0), (-0.25, 0.0), (-0.25, -0.0), (0.25, 0.0), (0.25, -0.0), (3.0, 0.0), (3.0, -0.0)]
IMAGINARY_CUT = [(0.0, 3.0), (-0.0, 3.0), (0.0, -0.25), (-0.0, -0.25), (0.0, 0.25), (0.0, -3.0), (-0.0, -3.0)]
HUGE = [(1e200, 1e200), (-1e300, 2.0), (1e-200, -1e-210)]
NEAR_1 = [(1 + 1e-9, 1e-10), (-1 - 1e-12, 1e-13), (1 - 1e-7, -1e-12), (1e-11, 1 + 1e-10)]
GAMMA_Z = ZS[:3] + ZS[5:] + [(1.46, 0.01), (1.1, 0.1), (2.1, -0.1), (-3.5, 1e-5), (-20.3, 0.2), (5.0, 30.0), (-15.0, -12.0), (50.0, 60.0)]

# name: (real function, real points, complex function, complex points)
FUNCTIONS = {
    "exp": (exp, SMALL + MIDDLE + [-745.0, -700.0, 709.7, 88.7, -37.2], exp, ZS + FAR[1:4]),
    "expm1": (expm1, SMALL + MIDDLE + [-745.0, -37.2, 88.7, 709.7], lambda z: exp(z) - 1, ZS + FAR[2:5]),
    "log": (log, LOGS, log, ZS + REAL_CUT + HUGE + NEAR_1),
    "log1p": (log1p, SMALL + [0.1, -0.3, 0.5, -0.7, -1 + 2**-53, 1.5, 1e5, 1e17, 1e308], log1p, ZS + REAL_CUT[:2] + HUGE),
    "log2": (lambda x: log(x) / log(2), LOGS, lambda z: log(z) / log(2), ZS + REAL_CUT),
    "log10": (lambda x: log(x) / log(10), LOGS, lambda z: log(z) / log(10), ZS + REAL_CUT),
    "sin": (sin, TRIG, sin, ZS + FAR[:3]), "cos": (cos, TRIG, cos, ZS + FAR[:3]),
    "tan": (tan, TRIG, tan, ZS + FAR), "cot": (cot, TRIG[2:], cot, ZS + FAR),
    "sec": (sec, TRIG, sec, ZS + FAR), "csc": (csc, TRIG[2:], csc, ZS + FAR),
    "asin": (asin, UNIT + [1.0, -1.0], asin, ZS + REAL_CUT + HUGE + NEAR_1),
    "acos": (acos, UNIT + [1.0, -1.0], acos, ZS + REAL_CUT + HUGE + NEAR_1),
    "atan": (atan, SMALL + MIDDLE + OUTSIDE, atan, ZS + IMAGINARY_CUT + HUGE + NEAR_1),
    "acot": (lambda x: atan(1 / x), SMALL[1:] + MIDDLE + OUTSIDE, lambda z: atan(1 / z), ZS + IMAGINARY_CUT + HUGE + NEAR_1),
    "asec": (lambda x: acos(1 / x), OUTSIDE + [1.0, -1.0], lambda z: acos(1 / z), ZS + REAL_CUT + HUGE + NEAR_1),
    "acsc": (lambda x: asin(1 / x), OUTSIDE + [1.0, -1.0], lambda z: asin(1 / z), ZS + REAL_CUT + HUGE + NEAR_1),
    "sinh": (sinh, [0.0] + HYPER + [710.0], sinh, ZS + FAR[:1] + FAR[2:5]), "cosh": (cosh, [0.0] + HYPER + [710.0], cosh, ZS + FAR[:1] + FAR[2:5]),
    "tanh": (tanh, [0.0] + HYPER + [1e9], tanh, ZS + FAR), "coth": (coth, HYPER[1:] + [1e9], coth, ZS + FAR),
    "sech": (sech, [0.0] + HYPER + [720.0, -744.0], sech, ZS + FAR[:5]), "csch": (csch, HYPER[1:] + [720.0, -744.0], csch, ZS + FAR[:5]),
    "asinh": (asinh, SMALL + MIDDLE + OUTSIDE, asinh, ZS + IMAGINARY_CUT + HUGE + NEAR_1),
    "acosh": (acosh, [x for x in OUTSIDE if x > 0] + [1.0], acosh, ZS + REAL_CUT + HUGE + NEAR_1),
    "atanh": (atanh, UNIT, atanh, ZS + REAL_CUT + HUGE + NEAR_1),
    "acoth": (lambda x: atanh(1 / x), OUTSIDE, lambda z: atanh(1 / z), ZS + REAL_CUT + HUGE + NEAR_1),
    "asech": (lambda x: acosh(1 / x), [x for x in UNIT if x > 0] + [1.0], lambda z: acosh(1 / z), ZS + REAL_CUT + HUGE + NEAR_1),
    "acsch": (lambda x: asinh(1 / x), SMALL[1:] + MIDDLE + OUTSIDE, lambda z: asinh(1 / z), ZS + IMAGINARY_CUT + HUGE + NEAR_1),
    "cbrt": (real_cbrt, SMALL + MIDDLE + OUTSIDE, odd_cbrt, ZS + HUGE),
    "atan2": (atan2, PAIRS + [(0.0, 2.0), (0.0, -2.0), (2.0, 0.0), (-1.0, 0.0), (1e-300, 1e300)], atan2_complex,
              [((1.0, 0.1), (2.0, -0.3)), ((-1.0, 0.1), (-2.0, -0.3)), ((2.0, 0.1), (-0.5, -0.3)), ((-3.0, 0.2), (0.2, 0.5))]),
    "hypot": (hypot, PAIRS + [(0.0, 2.0), (1e200, 2e200), (1e-200, 3e-200), (-3.0, 0.0)], lambda z, w: sqrt(z * z + w * w),
              [((1.0, 0.1), (2.0, -0.3)), ((-1.0, 0.1), (-2.0, -0.3)), ((2e200, 1e199), (-5e199, -3e199)), ((-3.0, 0.2), (0.2, 0.5))]),
    "abs": (abs, SMALL + MIDDLE, abs, ZS + HUGE), "sign": (sign, MIDDLE + [1e-310], lambda z: z / abs(z), ZS + HUGE),
    "floor": (floor, SMALL + MIDDLE + [1e17, 4503599627370495.5], None, []), "ceil": (ceil, SMALL + MIDDLE + [1e17, 4503599627370495.5], None, []),
    "round": (lambda x: sign(x) * floor(abs(x) + 0.5), SMALL + MIDDLE + [0.49999999999999994, 2.5, -3.5, 1e17], None, []),
    "min": (min, PAIRS, None, []), "max": (max, PAIRS, None, []),
    "mod": (lambda u, v: u - v * floor(u / v), PAIRS + [(7.0, 3.0), (-7.0, 3.0), (7.0, -3.0), (-7.0, -3.0), (1e17, 0.7), (6.0, -3.0)], None, []),
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), SMALL + MIDDLE + [40.0, -40.0, 745.0, -745.0, 800.0, -700.0], lambda z: 1 / (1 + exp(-z)), ZS + FAR[2:5]),
    "softplus": (softplus, SMALL + MIDDLE + [40.0, -40.0, 800.0, -745.0, -700.0, -37.0], softplus, ZS + FAR[:5] + [(-0.1, 3.1), (3.0, 8.0), (-2.0, -40.0)]),
    "relu": (lambda x: max(x, 0), MIDDLE, None, []), "step": (lambda x: mpf(x > 0), SMALL + MIDDLE, None, []),
    "erf": (erf, SMALL + MIDDLE + [0.84, 4.3, 5.9, -6.5, 30.0], erf, ZS[:8] + [(0.5, 6.0), (-4.0, -0.5), (5.0, 3.0), (1.0, 1e-7), (3.0, 5.0), (1e-5, 9.0), (2.0, 20.0), (-1.27e-4, 1.00013), (1e-4, 1.5351)]),
    "erfc": (erfc, SMALL + MIDDLE + [0.84, 4.3, -5.9, 10.3, 20.7, 26.1, 26.5], erfc, ZS + [(20.0, 0.3), (25.0, 10.0), (1.0, 1e-7), (3.3, 1.8), (6.2, 0.1), (0.1, 20.0), (1e-4, -1.0233), (2e-4, 1.2791), (18.1, 17.3)]),
    "normpdf": (lambda x: exp(-x * x / 2) / sqrt(2 * pi), SMALL + MIDDLE + [7.77, -20.1, 30.0, 37.5, -38.4], lambda z: exp(-z * z / 2) / sqrt(2 * pi), ZS + [(30.0, 4.0), (-35.0, 0.1), (3.0, 30.0)]),
    "normcdf": (lambda x: erfc(-x / sqrt(2)) / 2, SMALL + MIDDLE + [7.77, -5.3, -9.9, -20.1, -30.0, -37.5, -38.0, 8.2], lambda z: erfc(-z / sqrt(2)) / 2, ZS + [(-30.0, 0.3), (-35.0, 10.0), (-1.0, 1e-7), (9.0, 0.1), (0.1, 20.0)]),
    "gamma": (gamma, GAMMA + [171.6, -100.7, -150.2, -171.5, -180.3], gamma, GAMMA_Z + [(2.0, 100.0), (150.0, 20.0), (-150.5, 11.0)]),
    "lgamma": (log_abs_gamma, GAMMA + [1 + 2**-52, 1 - 1e-9, 2 + 1e-9, 1.0, 2.0, 171.6, 1e5, 1e17, 1e305, -151.3, -1000.25, 5e-324], loggamma, GAMMA_Z + [(1e5, 1e3), (-300.2, 0.5), (-2.5, 0.0), (-2.5, -0.0)]),
    "digamma": (digamma, GAMMA + [1.4616321449683622, 1.46, 1e5, 1e17, 1e300, -1000.25], digamma, GAMMA_Z + [(1e5, 1e3), (-300.2, 0.5)]),
    "polygamma": (psi, [(n, x) for n in (0.0, 1.0, 2.0, 5.0) for x in (1e-5, 0.1, 0.9, 1.5, 3.7, 12.0, 100.0, 1e5, -0.3, -2.75, -20.1)] + [(30.0, 7.5), (100.0, 3.5), (170.0, 200.0), (200.0, 300.0)],
                  psi, [((1.0, 0.0), (0.3, 0.2)), ((1.0, 0.0), (-3.7, 0.4)), ((2.0, 0.0), (5.0, -30.0)), ((3.0, 0.0), (-10.5, 8.0)), ((5.0, 0.0), (1.5, 1.0)), ((10.0, 0.0), (-0.5, -0.2)), ((0.0, 0.0), (2.0, 3.0)), ((30.0, 0.0), (2.0, 3.0))]),
    "xlogy": (xlog, [(x, abs(y)) for x, y in PAIRS] + [(0.0, 0.0), (0.0, 3.0), (0.5, 1 + 2**-52)], xlog,
              [((1.0, 0.1), (2.0, -0.3)), ((-1.0, 0.1), (-2.0, -0.3)), ((0.0, 0.0), (1.0, 2.0))]),
    "lt": (lambda u, v: mpf(u < v), PAIRS[:12] + [(1.0, 1.0)], None, []), "le": (lambda u, v: mpf(u <= v), PAIRS[:12] + [(1.0, 1.0)], None, []),
    "gt": (lambda u, v: mpf(u > v), PAIRS[:12] + [(1.0, 1.0)], None, []), "ge": (lambda u, v: mpf(u >= v), PAIRS[:12] + [(1.0, 1.0)], None, []),
    "eq": (lambda u, v: mpf(u == v), PAIRS[:12] + [(1.0, 1.0)], None, []), "ne": (lambda u, v: mpf(u != v), PAIRS[:12] + [(1.0, 1.0)], None, []),
    "and": (lambda u, v: mpf(u != 0 and v != 0), [(0.0, 0.0), (0.0, 2.0), (-0.5, 0.0), (-0.5, 2.0)], None, []),
    "or": (lambda u, v: mpf(u != 0 or v != 0), [(0.0, 0.0), (0.0, 2.0), (-0.5, 0.0), (-0.5, 2.0)], None, []),
    "not": (lambda u: mpf(u == 0), [0.0, 1.0, -0.5], None, []),
}
# No number is a derivative here (kinks have stated values of their own), or by an integer order.
NOT_SMOOTH = {"abs", "sign", "floor", "ceil", "round", "min", "max", "mod", "relu", "step", "lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}


def text(x):
    return nstr(x, DIGITS, strip_zeros=True, min_fixed=-3, max_fixed=6)


def partial(name, f, point, k):
    """Central differences of order four at a step that leaves 30 digits; null at the ends of the domain."""
    if name in NOT_SMOOTH or (name == "polygamma" and (k == 0 or point[0] > 100)):
        return None
    x = mpf(point[k])
    with workdps(1600 if abs(x) < 1e-100 or name in ("erf", "tanh", "sigmoid", "softplus", "coth") else 160):
        h = (abs(x) if x else mpf(1)) * mpf(10) ** -(mp.dps // 4)
        at = lambda s: f(*[mpf(p) + (s * h if j == k else 0) for j, p in enumerate(point)])
        try:
            steps = [at(s) for s in (1, -1, 2, -2)]
        except (ValueError, ZeroDivisionError):
            return None
        if any(isinstance(s, mpc) and s.imag != 0 for s in steps):
            return None
        a, b, c, d = [re(s) for s in steps]
        slope = (8 * (a - b) - (c - d)) / (12 * h)
        jump_or_root = not abs((c - d) - 2 * (a - b)) <= abs(a - b) / 1000
        return None if jump_or_root else text(slope)


def beside(z):
    """A complex number from its parts, a signed zero moved off the axis to its side."""
    part = lambda p: mpf(p) if p != 0 else (-TINY if str(p)[0] == "-" else TINY)
    return mpc(part(z[0]), part(z[1])) if (z[0] == 0) != (z[1] == 0) else mpc(*z)


def main():
    result = {}
    for name, (f, points, g, zs) in FUNCTIONS.items():
        real = []
        for p in dict.fromkeys(points):
            p = p if isinstance(p, tuple) else (p,)
            real.append([[repr(float(x)) for x in p], text(re(f(*map(mpf, p)))), [partial(name, f, p, k) for k in range(len(p))]])
        complex_ = []
        for z in dict.fromkeys((repr(z), z) for z in zs):
            z = z[1] if isinstance(z[1][0], tuple) else (z[1],)
            with workdps(700 if len(z) == 1 and not 1e-100 < abs(mpc(*z[0])) < 1e100 else mp.dps):
                value = mpc(g(*(map(beside, z) if len(z) == 1 else (mpc(*w) for w in z))))
            clean = lambda part: mpf(0) if abs(part) < mpf(10) ** -400 + abs(value) * (mpf(10) ** -50 if 0 in z[0] else 0) else part
            complex_.append([[[repr(float(x)) for x in w] for w in z], [text(clean(value.real)), text(clean(value.imag))]])
        result[name] = {"real": real, "complex": complex_}
    lines = []
    for name, kinds in result.items():
        rows = ",\n".join(f'  "{kind}": [\n' + ",\n".join("   " + json.dumps(row) for row in rows) + "\n  ]" for kind, rows in kinds.items())
        lines.append(f' "{name}": {{\n{rows}\n }}')
    print("{\n" + ",\n".join(lines) + "\n}")


main()
