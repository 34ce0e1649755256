// The special functions that JavaScript lacks, for generated code: not a part of the crate. A section begins with a
// line of its name and the sections that it needs; what it means stands in src/functions/, whose values it repeats.

//@ horner:
/** A polynomial, its coefficients by rising powers. */
function gradus_horner(coefficients, x) {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}

//@ product_error:
/** What the rounding of a*b lost (Dekker, 1971). */
function gradus_product_error(a, b) {
  const high = (x) => 134217729 * x - (134217729 * x - x);
  const [p, q] = [high(a), high(b)];
  return p * q - a * b + p * (b - q) + (a - p) * q + (a - p) * (b - q);
}

//@ erf: erfc copysign
/** The error function; within 1 unit in the last place. */
function gradus_erf(x) {
  return Math.abs(x) < 0.84375 ? x + x * gradus_erf_near_0(x) : gradus_copysign(1 - gradus_erfc(Math.abs(x)), x);
}

//@ erfc: horner
// The coefficients of erf and erfc are those of s_erf.c of FreeBSD, which asks for this notice:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
// business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
// is preserved.

/** erf(x)/x - 1 for |x| < 0.84375. */
function gradus_erf_near_0(x) {
  const z = x * x;
  const p = [
    0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-05,
  ];
  const q = [
    1.0, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
    -3.960228278775368e-06,
  ];
  return gradus_horner(p, z) / gradus_horner(q, z);
}

/** The complementary error function; within 2 units in the last place. */
function gradus_erfc(x) {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a > 28) return x < 0 ? 2 : 0;
  if (a < 0.84375) {
    const y = gradus_erf_near_0(x);
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y);
  }
  let right;
  if (a < 1.25) {
    const p = [
      -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
      0.035478304325618236, -0.002166375594868791,
    ];
    const q = [
      1.0, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
      0.011984499846799107,
    ];
    right = 1 - 0.8450629115104675 - gradus_horner(p, a - 1) / gradus_horner(q, a - 1);
  } else {
    const near = a < 1 / 0.35;
    const p = near
      ? [
        -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
        -184.60509290671104, -81.2874355063066, -9.814329344169145,
      ]
      : [
        -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
        -1025.0951316110772, -483.5191916086514,
      ];
    const q = near
      ? [
        1.0, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
        108.63500554177944, 6.570249770319282, -0.0604244152148581,
      ]
      : [
        1.0, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
        474.52854120695537, -22.44095244658582,
      ];
    const s = 1 / (x * x);
    const z = 134217729 * a - (134217729 * a - a); // the square of the leading bits is exact
    right = (Math.exp(-z * z - 0.5625) * Math.exp((z - a) * (z + a) + gradus_horner(p, s) / gradus_horner(q, s))) / a;
  }
  return x < 0 ? 2 - right : right;
}

//@ normpdf:
/** exp(-x^2/2)/sqrt(2 pi); x is split, so that the large part has an exact square. */
function gradus_normpdf(x) {
  if (Math.abs(x) > 40) return 0;
  const head = 134217729 * x - (134217729 * x - x);
  const rest = Math.exp(-0.5 * (x - head) * (x + head));
  const root = Math.exp(-0.25 * head * head);
  return root * (root * (rest * 0.3989422804014327));
}

//@ normcdf: erfc product_error
/** erfc(-x/sqrt(2))/2, with the rounding of its argument made good. */
function gradus_normcdf(x) {
  const t = -x * 0.7071067811865476;
  const value = 0.5 * gradus_erfc(t);
  if (value === 0 || Math.abs(x) === Infinity) return value;
  const missing = gradus_product_error(-x, 0.7071067811865476) + x * 4.833646656726457e-17;
  const decay = t > 8 ? 2 * t + 1 / t : (1.1283791670955126 * Math.exp(-t * t)) / (2 * value);
  return Number.isFinite(missing) ? value - value * (decay * missing) : value;
}

//@ sin_pi:
/** sin(pi x), exact in its zeros. */
function gradus_sin_pi(x) {
  const n = Math.round(x);
  const s = Math.sin(Math.PI * (x - n));
  return n % 2 === 0 ? s : -s;
}

//@ gamma: horner product_error sin_pi pow
/** The gamma function, within a few units in the last place; NaN at its poles. */
function gradus_gamma(x) {
  if (Number.isNaN(x) || x === -Infinity || (x <= 0 && x === Math.floor(x))) return NaN;
  if (x > 172) return Infinity;
  if (x < -190) return 0;
  if (Math.abs(x) > 20) {
    // Stirling's series; the halves of the power come in one by one, as it may overflow alone.
    const a = Math.abs(x);
    const series = [
      1.0, 0.08333333333333333, 0.003472222222222222, -0.0026813271604938273, -0.00022947209362139917,
      0.0007840392217200666, 6.972813758365857e-05, -0.0005921664373536939, -5.171790908260592e-05,
      0.0008394987206720873, 7.204895416020011e-05, -0.0019144384985654776,
    ];
    const half = gradus_pow(a, 0.5 * a - 0.25);
    const factor = Math.sqrt(2 * Math.PI) * gradus_horner(series, 1 / a) * Math.exp(-a);
    return x > 0 ? half * (half * factor) : -Math.PI / (x * gradus_sin_pi(x)) / factor / half / half;
  }
  // Into [1, 2], with the product to twice the precision.
  const steps = Math.floor(x) - 1;
  let [product, lost] = [1, 0];
  for (let k = 0; k < Math.abs(steps); k++) {
    // The factor and what its rounding lost.
    const shift = steps > 0 ? -1 - k : k;
    const factor = x + shift;
    const shown = factor - x;
    const rest = x - (factor - shown) + (shift - shown);
    lost = gradus_product_error(product, factor) + (product * rest + lost * factor);
    product *= factor;
  }
  if (x >= 1 && x === Math.floor(x)) return product + lost;
  // 1/gamma(3/2 + s)
  const middle = [
    1.1283791670955126, -0.0411745264452831, -0.5266544355255445, 0.17510202604393435, 0.050966860247706136,
    -0.04215516936852384, 0.006612897826820958, 0.0021207314422774662, -0.0011107302545151887,
    0.00015235762470316286, 2.535520386106474e-05, -1.3896835437533617e-05, 2.1562113294434155e-06,
    5.8070298070884785e-08, -8.917014541433564e-08, 1.6813402437575466e-08, -8.521820446681207e-10,
  ];
  const reciprocal = gradus_horner(middle, x - (steps + 1.5));
  if (steps >= 0) return (product + lost) / reciprocal;
  const quotient = 1 / (reciprocal * product);
  return Math.abs(quotient) === Infinity ? quotient : quotient - quotient * (lost / product);
}

//@ lgamma: horner sin_pi gamma
/**
 * log|gamma(x)|; NaN at the poles. Within a few units in the last place for positive x, and within 1e-15 absolutely
 * near its zeros on the negative axis.
 */
function gradus_lgamma(x) {
  if (x === -Infinity) return Infinity;
  if (Number.isNaN(x) || (x <= 0 && x === Math.floor(x))) return NaN;
  if (x < 0 && x > -1e-300) return -Math.log(-x);
  if (x < 0 && x > -150) return Math.log(Math.abs(gradus_gamma(x)));
  // gamma(x) gamma(-x) = -pi/(x sin(pi x))
  if (x < 0) return -Math.log(Math.abs((x * gradus_sin_pi(x)) / Math.PI)) - gradus_lgamma(-x);
  if (x >= 10) {
    const series = [
      0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
      0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
    ];
    const tail = 0.9189385332046728 + gradus_horner(series, 1 / (x * x)) / x;
    return (x - 0.5) * (Math.log(x) - 1) + (tail - 0.5);
  }
  // Into [1, 2], where 1/gamma(x) = 1 + (x - 1)(x - 2) q(x).
  let [at, product] = [x, 1];
  while (at > 2) {
    at -= 1;
    product *= at;
  }
  const log = x < 1 ? -Math.log(x) : Math.log(product);
  const [below, above] = x < 1 ? [x, x - 1] : [at - 1, at - 2];
  const q = [
    -0.5135166683820503, 0.1646981057811324, 0.052551068573976754, -0.04161568105120862, 0.00633683330508114,
    0.002157953269308069, -0.001104258086918261, 0.00014888730693489634, 2.588866976569391e-05,
    -1.3881255231659666e-05, 2.133868767307905e-06, 6.220095841327887e-08, -8.939395194842173e-08,
    1.7039142629557503e-08, -8.382218634888156e-10, -2.779089207780876e-10,
  ];
  return log - Math.log1p(below * above * gradus_horner(q, below - 0.5));
}

//@ digamma: horner copysign
/** The derivative of log(gamma(x)); within 5e-16 absolutely near its zeros, elsewhere a few units in the last place. */
function gradus_digamma(x) {
  if (x <= 0) {
    if (x === Math.floor(x)) return NaN;
    const r = x - Math.round(x);
    const cot =
      Math.abs(r) > 0.25 ? gradus_copysign(Math.tan(Math.PI * (0.5 - Math.abs(r))), r) : 1 / Math.tan(Math.PI * r);
    return gradus_digamma(1 - x) - Math.PI * cot;
  }
  if (x >= 10) {
    const series = [
      0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667, 0.007575757575757576,
      -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
    ];
    const square = 1 / (x * x);
    return Math.log(x) - 0.5 / x - square * gradus_horner(series, square);
  }
  let [at, sum] = [x, 0];
  if (at < 1) {
    sum = -1 / at;
    at += 1;
  }
  while (at > 2) {
    at -= 1;
    sum += 1 / at;
  }
  // digamma(x)/(x - root) in powers of x - 3/2, on [1, 2]
  const middle = [
    0.951055876031833, -0.4236274212814605, 0.2405424842407742, -0.14840492305390884, 0.09498872445494122,
    -0.061922133273064534, 0.04076083381242074, -0.02697579675613825, 0.0179072524394512, -0.011908218001568644,
    0.007926944646403797, -0.005279964873257405, 0.003519006401502276, -0.002345267632540769, 0.0015566317474486838,
    -0.0010376374098418604, 0.0007233266279287554, -0.0004821990530566789, 0.0002272331660987376,
    -0.00015148586836773365, 0.00025968482126430747, -0.00017312261802727394,
  ];
  return sum + (at - 1.4616321449683622 - 9.549995429965697e-17) * gradus_horner(middle, at - 1.5);
}

//@ polygamma: gamma lgamma digamma
/** gamma(s)/x^power, whose parts may overflow where it does not. */
function gradus_factorial_over_power(s, power, x) {
  if (s >= 172) return Math.exp(gradus_lgamma(s) - power * Math.log(x));
  const whole = Math.pow(x, -power);
  const third = Math.floor(power / 3);
  if (whole > 1e-290 && whole < 1e290) return gradus_gamma(s) * whole;
  return gradus_gamma(s) * Math.pow(x, -third) * Math.pow(x, -third) * Math.pow(x, 2 * third - power);
}

/** gamma(s) zeta(s, x) with Hurwitz' zeta function, by Euler and Maclaurin. */
function gradus_zeta(s, x) {
  const bernoulli = [
    0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08,
    -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15,
    -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
  ];
  let [sum, at] = [0, x];
  while (at < 12 + s) {
    const term = Math.pow(x / at, s);
    sum += term;
    if (term < 1e-19 * sum) return sum * gradus_factorial_over_power(s, s, x);
    at += 1;
  }
  let [tail, rising, j] = [at / (s - 1) + 0.5, s / at, s];
  for (const b of bernoulli) {
    const term = b * rising;
    tail += term;
    if (Math.abs(term) < 1e-18 * tail) break;
    rising *= ((j + 1) * (j + 2)) / (at * at);
    j += 2;
  }
  return (sum / x + Math.pow(x / at, s) * (tail / x)) * gradus_factorial_over_power(s, s - 1, x);
}

/** The derivative of order n of digamma; NaN unless n is a whole number from 0 to 1000. Good to about 3 + n/3 units. */
function gradus_polygamma(n, x) {
  if (n === 0) return gradus_digamma(x);
  if (!(n >= 0 && n <= 1000) || n !== Math.floor(n) || Number.isNaN(x) || (x <= 0 && x === Math.floor(x))) return NaN;
  if (x === Infinity) return 0;
  const s = n + 1;
  const sign = s % 2 !== 0 ? -1 : 1;
  if (x > 0) return sign * gradus_zeta(s, x);
  // The poles on both sides, less those to the right of 1 - x that the reflection added.
  const left = gradus_zeta(s, Math.ceil(x) - x) - gradus_zeta(s, 1 - x);
  return sign * (gradus_zeta(s, x - Math.floor(x)) + sign * left);
}
