# The functions that NumPy lacks, for generated code: not a part of the crate. A section begins with a line of its name
# and the sections that it needs; what it means stands in src/functions/, whose values it repeats.

#@ stack:
def gradus_stack(parts, inputs):
    """The parts as one array; its last axes are those of the inputs."""
    return np.stack(np.broadcast_arrays(*parts, *inputs)[: len(parts)])


#@ fill:
def gradus_fill(a, b, c):
    """a, but 0 where a is 0*infinity because b is 0 and c infinite: the limit of u^p*log(u) at u = 0."""
    return np.where(np.isnan(a) & (b == 0.0) & np.isinf(c), 0.0, a)


#@ select:
def gradus_select(condition, a, b):
    """a where the condition is not 0, b where it is 0, NaN where it is NaN."""
    return np.where(np.isnan(condition), np.nan, np.where(condition != 0.0, a, b))


#@ truth:
def gradus_truth(holds):
    """1.0 where something holds, else 0.0."""
    return np.where(holds, 1.0, 0.0)


#@ acot:
def gradus_acot(x):
    """atan(1/x), with the value pi/2 at 0."""
    return np.where(x == 0.0, 0.5 * np.pi, np.arctan(1.0 / x))


#@ asec:
def gradus_asec(x):
    """acos(1/x), without rounding 1/x."""
    angle = np.arctan(np.sqrt((x - 1.0) * (x + 1.0)))
    return np.where(x < 0.0, np.pi - angle, angle)


#@ acsc:
def gradus_acsc(x):
    """asin(1/x), without rounding 1/x near 1."""
    angle = np.arctan(1.0 / np.sqrt((x - 1.0) * (x + 1.0)))
    return np.where(np.abs(x) > 1e8, 1.0 / x, np.copysign(angle, x))


#@ sech:
def gradus_sech(x):
    """1/cosh(x), right until it underflows; cosh overflows before."""
    half = np.exp(-0.5 * np.abs(x))
    return np.where(np.abs(x) < 22.0, 1.0 / np.cosh(x), 2.0 * half * half)


#@ csch:
def gradus_csch(x):
    """1/sinh(x), right until it underflows."""
    half = np.exp(-0.5 * np.abs(x))
    return np.where(np.abs(x) < 22.0, 1.0 / np.sinh(x), np.copysign(2.0 * half * half, x))


#@ acoth:
def gradus_acoth(x):
    """atanh(1/x), without rounding 1/x."""
    a = np.abs(x)
    return np.where(a < 1.0, np.nan, np.copysign(0.5 * np.log1p(2.0 / (a - 1.0)), x))


#@ asech:
def gradus_asech(x):
    """acosh(1/x), without rounding 1/x."""
    d = (1.0 - x) / x
    return np.where(x < 1e-8, np.log(2.0) - np.log(x), np.log1p(d + np.sqrt(d * (d + 2.0))))


#@ acsch:
def gradus_acsch(x):
    """asinh(1/x); 1/x may overflow near 0."""
    near = np.copysign(np.log(2.0) - np.log(np.abs(x)), x)
    return np.where(np.abs(x) < 1e-8, near, np.arcsinh(1.0 / x))


#@ round:
def gradus_round(x):
    """The nearest whole number, halves away from zero (np.round goes to the even one)."""
    whole = np.trunc(x)
    return np.where(np.abs(x - whole) >= 0.5, whole + np.sign(x), whole)


#@ mod:
def gradus_mod(a, b):
    """The remainder with the sign of the divisor."""
    r = np.fmod(a, b)
    return np.where(r == 0.0, np.copysign(r, b), np.where((r < 0.0) != (b < 0.0), r + b, r))


#@ sigmoid:
def gradus_sigmoid(x):
    """1/(1 + exp(-x)), without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0.0, 1.0 / (1.0 + e), e / (1.0 + e))


#@ softplus:
def gradus_softplus(x):
    """log(1 + exp(x)), without overflow."""
    return np.log1p(np.exp(-np.abs(x))) + np.where(x > 0.0, x, 0.0)


#@ relu:
def gradus_relu(x):
    """x where it is positive, else 0."""
    return np.where(x <= 0.0, 0.0, x)


#@ step:
def gradus_step(x):
    """1 where x is positive, else 0."""
    return np.where(np.isnan(x), x, np.where(x > 0.0, 1.0, 0.0))


#@ xlogy:
def gradus_xlogy(a, b):
    """a*log(b), with the limit 0 at a = 0."""
    return np.where((a == 0.0) & ~np.isnan(b), 0.0, a * np.log(b))


#@ horner:
def gradus_horner(coefficients, x):
    """A polynomial, its coefficients by rising powers."""
    total = 0.0
    for c in reversed(coefficients):
        total = total * x + c
    return total


#@ elementwise:
def gradus_elementwise(function):
    """A function of Python numbers, for arrays."""
    return np.vectorize(function, otypes=[float])


#@ erf: elementwise
gradus_erf = gradus_elementwise(math.erf)

#@ erfc: elementwise
gradus_erfc = gradus_elementwise(math.erfc)


#@ normpdf:
def gradus_normpdf(x):
    """exp(-x^2/2)/sqrt(2 pi); x is split, so that the large part has an exact square."""
    head = 134217729.0 * x - (134217729.0 * x - x)
    rest = np.exp(-0.5 * (x - head) * (x + head))
    root = np.exp(-0.25 * head * head)
    return np.where(np.abs(x) > 40.0, 0.0, root * (root * (rest * 0.3989422804014327)))


#@ normcdf: erfc
def gradus_normcdf(x):
    """erfc(-x/sqrt(2))/2, with the rounding of its argument made good."""
    root = 0.7071067811865476
    t = -x * root
    value = 0.5 * gradus_erfc(t)
    # -x*root - t without rounding (Dekker, 1971).
    a, b = (134217729.0 * u - (134217729.0 * u - u) for u in (-x, root))
    missing = a * b - t + a * (root - b) + (-x - a) * b + (-x - a) * (root - b)
    missing = missing + x * 4.833646656726457e-17
    decay = np.where(t > 8.0, 2.0 * t + 1.0 / t, 1.1283791670955126 * np.exp(-t * t) / (2.0 * value))
    return np.where((value == 0.0) | (np.abs(x) > 1e10), value, value - value * (decay * missing))


#@ gamma: gamma_of_number
gradus_gamma = gradus_elementwise(gradus_gamma_of_number)

#@ lgamma: lgamma_of_number
gradus_lgamma = gradus_elementwise(gradus_lgamma_of_number)

#@ digamma: digamma_of_number
gradus_digamma = gradus_elementwise(gradus_digamma_of_number)


#@ gamma_of_number: elementwise
def gradus_gamma_of_number(x):
    """The gamma function; NaN at its poles."""
    if x == -math.inf or x <= 0.0 and x == math.floor(x):
        return math.nan
    try:
        return math.gamma(x)
    except OverflowError:
        return math.copysign(math.inf, x)


#@ lgamma_of_number: elementwise
def gradus_lgamma_of_number(x):
    """log|gamma(x)|; NaN at the poles."""
    if math.isinf(x):
        return math.inf
    if x <= 0.0 and x == math.floor(x):
        return math.nan
    try:
        return math.lgamma(x)
    except OverflowError:
        return math.inf


#@ digamma_of_number: elementwise horner
def gradus_digamma_of_number(x):
    """The derivative of log(gamma(x)); within 5e-16 absolutely near its zeros, elsewhere a few units."""
    if math.isinf(x):
        return math.inf if x > 0.0 else math.nan
    if x <= 0.0:
        if x == math.floor(x):
            return math.nan
        r = x - math.floor(x + 0.5)
        if abs(r) > 0.25:
            cot = math.copysign(math.tan(math.pi * (0.5 - abs(r))), r)
        else:
            cot = 1.0 / math.tan(math.pi * r)
        return gradus_digamma_of_number(1.0 - x) - math.pi * cot
    if x >= 10.0:
        series = [
            0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667,
            0.007575757575757576, -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
        ]
        square = 1.0 / x / x
        return math.log(x) - 0.5 / x - square * gradus_horner(series, square)
    at, total = x, 0.0
    if at < 1.0:
        total = -1.0 / at
        at += 1.0
    while at > 2.0:
        at -= 1.0
        total += 1.0 / at
    # digamma(x)/(x - root) in powers of x - 3/2, on [1, 2]
    middle = [
        0.951055876031833, -0.4236274212814605, 0.2405424842407742, -0.14840492305390884, 0.09498872445494122,
        -0.061922133273064534, 0.04076083381242074, -0.02697579675613825, 0.0179072524394512, -0.011908218001568644,
        0.007926944646403797, -0.005279964873257405, 0.003519006401502276, -0.002345267632540769,
        0.0015566317474486838, -0.0010376374098418604, 0.0007233266279287554, -0.0004821990530566789,
        0.0002272331660987376, -0.00015148586836773365, 0.00025968482126430747, -0.00017312261802727394,
    ]
    return total + ((at - 1.4616321449683622) - 9.549995429965697e-17) * gradus_horner(middle, at - 1.5)


#@ polygamma: gamma_of_number lgamma_of_number digamma_of_number
def gradus_factorial_over_power(s, power, x):
    """gamma(s)/x^power, whose parts may overflow where it does not."""
    if s >= 172.0:
        return float(np.exp(gradus_lgamma_of_number(s) - power * math.log(x)))
    whole, third = float(np.power(x, -power)), math.floor(power / 3.0)
    if 1e-290 < whole < 1e290:
        return gradus_gamma_of_number(s) * whole
    part = float(np.power(x, -float(third)))
    return gradus_gamma_of_number(s) * part * part * float(np.power(x, 2.0 * third - power))


def gradus_zeta(s, x):
    """gamma(s) zeta(s, x) with Hurwitz' zeta function, by Euler and Maclaurin."""
    bernoulli = [
        0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07,
        2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
        8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
    ]
    total, at = 0.0, x
    while at < 12.0 + s:
        term = (x / at) ** s
        total += term
        if term < 1e-19 * total:
            return total * gradus_factorial_over_power(s, s, x)
        at += 1.0
    tail, rising, j = at / (s - 1.0) + 0.5, s / at, s
    for b in bernoulli:
        term = b * rising
        tail += term
        if abs(term) < 1e-18 * tail:
            break
        rising *= (j + 1.0) * (j + 2.0) / at / at
        j += 2.0
    return (total / x + (x / at) ** s * (tail / x)) * gradus_factorial_over_power(s, s - 1.0, x)


def gradus_polygamma_of_number(n, x):
    """The derivative of order n of digamma; NaN unless n is a whole number from 0 to 1000. Good to 3 + n/3 units."""
    n, x = float(n), float(x)
    if n == 0.0:
        return gradus_digamma_of_number(x)
    if not 0.0 <= n <= 1000.0 or n != math.floor(n) or math.isnan(x) or x == -math.inf:
        return math.nan
    if x == math.inf:
        return 0.0
    if x <= 0.0 and x == math.floor(x):
        return math.nan
    s = n + 1.0
    sign = -1.0 if s % 2.0 != 0.0 else 1.0
    if x > 0.0:
        return sign * gradus_zeta(s, x)
    # The poles on both sides, less those to the right of 1 - x that the reflection added.
    left = gradus_zeta(s, math.ceil(x) - x) - gradus_zeta(s, 1.0 - x)
    return sign * (gradus_zeta(s, x - math.floor(x)) + sign * left)


gradus_polygamma = gradus_elementwise(gradus_polygamma_of_number)
