/* The functions that C lacks, for generated code: not a part of the crate. A section begins with a line of its name and
   the sections that it needs; what it means stands in src/functions/, whose values it repeats. */

//@ fill:
/* a, but 0 where a is 0*infinity because b is 0 and c infinite: the limit of u^p*log(u) at u = 0. */
static double gradus_fill(double a, double b, double c) {
    return isnan(a) && b == 0.0 && isinf(c) ? 0.0 : a;
}

//@ select:
/* a where the condition is not 0, b where it is 0, NaN where it is NaN. */
static double gradus_select(double condition, double a, double b) {
    return isnan(condition) ? condition : condition != 0.0 ? a : b;
}

//@ acot:
/* atan(1/x), with the value pi/2 at 0. */
static double gradus_acot(double x) {
    return x == 0.0 ? 1.5707963267948966 : atan(1.0 / x);
}

//@ asec:
/* acos(1/x), without rounding 1/x. */
static double gradus_asec(double x) {
    double angle = atan(sqrt((x - 1.0) * (x + 1.0)));
    return x < 0.0 ? 3.141592653589793 - angle : angle;
}

//@ acsc:
/* asin(1/x), without rounding 1/x near 1. */
static double gradus_acsc(double x) {
    if (fabs(x) > 1e8) {
        return 1.0 / x;
    }
    return copysign(atan(1.0 / sqrt((x - 1.0) * (x + 1.0))), x);
}

//@ sech:
/* 1/cosh(x), right until it underflows; cosh overflows before. */
static double gradus_sech(double x) {
    double half = exp(-0.5 * fabs(x));
    return fabs(x) < 22.0 ? 1.0 / cosh(x) : 2.0 * half * half;
}

//@ csch:
/* 1/sinh(x), right until it underflows. */
static double gradus_csch(double x) {
    double half = exp(-0.5 * fabs(x));
    return fabs(x) < 22.0 ? 1.0 / sinh(x) : copysign(2.0 * half * half, x);
}

//@ acoth:
/* atanh(1/x), without rounding 1/x. */
static double gradus_acoth(double x) {
    return fabs(x) < 1.0 ? NAN : copysign(0.5 * log1p(2.0 / (fabs(x) - 1.0)), x);
}

//@ asech:
/* acosh(1/x), without rounding 1/x. */
static double gradus_asech(double x) {
    double d = (1.0 - x) / x;
    return x < 1e-8 ? 0.6931471805599453 - log(x) : log1p(d + sqrt(d * (d + 2.0)));
}

//@ acsch:
/* asinh(1/x); 1/x may overflow near 0. */
static double gradus_acsch(double x) {
    if (fabs(x) < 1e-8) {
        return copysign(0.6931471805599453 - log(fabs(x)), x);
    }
    return asinh(1.0 / x);
}

//@ sign:
/* -1, 0 or 1. */
static double gradus_sign(double x) {
    return isnan(x) ? x : (double)(x > 0.0) - (double)(x < 0.0);
}

//@ min:
/* The smaller one; NaN if either is (fmin would drop it). */
static double gradus_min(double a, double b) {
    return isnan(a) || isnan(b) ? NAN : fmin(a, b);
}

//@ max:
/* The larger one; NaN if either is (fmax would drop it). */
static double gradus_max(double a, double b) {
    return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

//@ mod:
/* The remainder with the sign of the divisor. */
static double gradus_mod(double a, double b) {
    double r = fmod(a, b);
    if (r == 0.0) {
        return copysign(r, b);
    }
    return (r < 0.0) != (b < 0.0) ? r + b : r;
}

//@ sigmoid:
/* 1/(1 + exp(-x)), without overflow. */
static double gradus_sigmoid(double x) {
    double e = exp(-fabs(x));
    return x >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

//@ softplus:
/* log(1 + exp(x)), without overflow. */
static double gradus_softplus(double x) {
    return log1p(exp(-fabs(x))) + (x > 0.0 ? x : 0.0);
}

//@ relu:
/* x where it is positive, else 0. */
static double gradus_relu(double x) {
    return x <= 0.0 ? 0.0 : x;
}

//@ step:
/* 1 where x is positive, else 0. */
static double gradus_step(double x) {
    return isnan(x) ? x : (double)(x > 0.0);
}

//@ xlogy:
/* a*log(b), with the limit 0 at a = 0. */
static double gradus_xlogy(double a, double b) {
    return a == 0.0 && !isnan(b) ? 0.0 : a * log(b);
}

//@ normpdf:
/* exp(-x^2/2)/sqrt(2 pi); x is split, so that the large part has an exact square. */
static double gradus_normpdf(double x) {
    double shifted = 134217729.0 * x, head, rest, root;
    if (fabs(x) > 40.0) {
        return 0.0;
    }
    head = shifted - (shifted - x);
    rest = exp(-0.5 * (x - head) * (x + head));
    root = exp(-0.25 * head * head);
    return root * (root * (rest * 0.3989422804014327));
}

//@ normcdf:
/* erfc(-x/sqrt(2))/2, with the rounding of its argument made good. */
static double gradus_normcdf(double x) {
    double t = -x * 0.7071067811865476, value = 0.5 * erfc(t), missing, decay;
    if (value == 0.0 || isinf(x)) {
        return value;
    }
    missing = fma(-x, 0.7071067811865476, -t) + x * 4.833646656726457e-17;
    decay = t > 8.0 ? 2.0 * t + 1.0 / t : 1.1283791670955126 * exp(-t * t) / (2.0 * value);
    return value - value * (decay * missing);
}

//@ gamma:
/* The gamma function; NaN at its poles. */
static double gradus_gamma(double x) {
    return x <= 0.0 && x == floor(x) ? NAN : tgamma(x);
}

//@ lgamma:
/* log|gamma(x)|; NaN at the poles. */
static double gradus_lgamma(double x) {
    if (x <= 0.0 && x == floor(x)) {
        return isinf(x) ? INFINITY : NAN;
    }
    return lgamma(x);
}

//@ digamma:
/* The derivative of log(gamma(x)); within 5e-16 absolutely near its zeros, elsewhere a few units in the last place. */
static double gradus_digamma(double x) {
    static const double series[8] = {
        0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667,
        0.007575757575757576, -0.021092796092796094, 0.08333333333333333, -0.4432598039215686};
    /* digamma(x)/(x - root) in powers of x - 3/2, on [1, 2] */
    static const double middle[22] = {
        0.951055876031833, -0.4236274212814605, 0.2405424842407742, -0.14840492305390884,
        0.09498872445494122, -0.061922133273064534, 0.04076083381242074, -0.02697579675613825,
        0.0179072524394512, -0.011908218001568644, 0.007926944646403797, -0.005279964873257405,
        0.003519006401502276, -0.002345267632540769, 0.0015566317474486838, -0.0010376374098418604,
        0.0007233266279287554, -0.0004821990530566789, 0.0002272331660987376, -0.00015148586836773365,
        0.00025968482126430747, -0.00017312261802727394};
    double reflected = 0.0, sum = 0.0, value = 0.0;
    int k;
    if (x <= 0.0) {
        double r = x - floor(x + 0.5);
        if (x == floor(x)) {
            return NAN;
        }
        reflected = fabs(r) > 0.25 ? copysign(tan(3.141592653589793 * (0.5 - fabs(r))), r)
                                   : 1.0 / tan(3.141592653589793 * r);
        reflected *= 3.141592653589793;
        x = 1.0 - x;
    }
    if (x >= 10.0) {
        double square = 1.0 / (x * x);
        for (k = 7; k >= 0; k--) {
            value = value * square + series[k];
        }
        return log(x) - 0.5 / x - square * value - reflected;
    }
    if (x < 1.0) {
        sum = -1.0 / x;
        x += 1.0;
    }
    while (x > 2.0) {
        x -= 1.0;
        sum += 1.0 / x;
    }
    for (k = 21; k >= 0; k--) {
        value = value * (x - 1.5) + middle[k];
    }
    return sum + ((x - 1.4616321449683622) - 9.549995429965697e-17) * value - reflected;
}

//@ polygamma: gamma lgamma digamma
/* gamma(s)/x^power, whose parts may overflow where it does not. */
static double gradus_factorial_over_power(double s, double power, double x) {
    double whole = pow(x, -power), third = floor(power / 3.0);
    if (s >= 172.0) {
        return exp(gradus_lgamma(s) - power * log(x));
    }
    if (whole > 1e-290 && whole < 1e290) {
        return gradus_gamma(s) * whole;
    }
    return gradus_gamma(s) * pow(x, -third) * pow(x, -third) * pow(x, 2.0 * third - power);
}

/* gamma(s) zeta(s, x) with Hurwitz' zeta function, by Euler and Maclaurin. */
static double gradus_zeta(double s, double x) {
    static const double bernoulli[12] = {
        0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07,
        2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
        8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19};
    double sum = 0.0, at = x, tail, rising;
    int k;
    while (at < 12.0 + s) {
        double term = pow(x / at, s);
        sum += term;
        if (term < 1e-19 * sum) {
            return sum * gradus_factorial_over_power(s, s, x);
        }
        at += 1.0;
    }
    tail = at / (s - 1.0) + 0.5;
    rising = s / at;
    for (k = 0; k < 12; k++) {
        double term = bernoulli[k] * rising;
        tail += term;
        if (fabs(term) < 1e-18 * tail) {
            break;
        }
        rising *= (s + 2.0 * k + 1.0) * (s + 2.0 * k + 2.0) / (at * at);
    }
    return (sum / x + pow(x / at, s) * (tail / x)) * gradus_factorial_over_power(s, s - 1.0, x);
}

/* The derivative of order n of digamma; NaN unless n is a whole number from 0 to 1000. Good to about 3 + n/3 units. */
static double gradus_polygamma(double n, double x) {
    double sign, left, s = n + 1.0;
    if (n == 0.0) {
        return gradus_digamma(x);
    }
    if (!(n >= 0.0 && n <= 1000.0) || n != floor(n) || isnan(x) || (x <= 0.0 && x == floor(x))) {
        return NAN;
    }
    if (isinf(x)) {
        return 0.0;
    }
    sign = fmod(s, 2.0) != 0.0 ? -1.0 : 1.0;
    if (x > 0.0) {
        return sign * gradus_zeta(s, x);
    }
    /* The poles on both sides, less those to the right of 1 - x that the reflection added. */
    left = gradus_zeta(s, ceil(x) - x) - gradus_zeta(s, 1.0 - x);
    return sign * (gradus_zeta(s, x - floor(x)) + sign * left);
}
