// The functions that JavaScript lacks, for generated code: not a part of the crate. A section begins with a line of its
// name and the sections that it needs; what it means stands in src/functions/, whose values it repeats.

//@ fill:
/** a, but 0 where a is 0*infinity because b is 0 and c infinite: the limit of u^p*log(u) at u = 0. */
function gradus_fill(a, b, c) {
  return Number.isNaN(a) && b === 0 && Math.abs(c) === Infinity ? 0 : a;
}

//@ select:
/** a where the condition is not 0, b where it is 0, NaN where it is NaN. */
function gradus_select(condition, a, b) {
  return Number.isNaN(condition) ? NaN : condition !== 0 ? a : b;
}

//@ pow:
/** a^b as in IEEE 754: Math.pow(1, NaN) and Math.pow(-1, Infinity) are NaN. */
function gradus_pow(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);
}

//@ copysign:
/** The size of x with the sign of y. */
function gradus_copysign(x, y) {
  return y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x);
}

//@ acot:
/** atan(1/x), with the value pi/2 at 0. */
function gradus_acot(x) {
  return x === 0 ? Math.PI / 2 : Math.atan(1 / x);
}

//@ asec:
/** acos(1/x), without rounding 1/x. */
function gradus_asec(x) {
  const angle = Math.atan(Math.sqrt((x - 1) * (x + 1)));
  return x < 0 ? Math.PI - angle : angle;
}

//@ acsc: copysign
/** asin(1/x), without rounding 1/x near 1. */
function gradus_acsc(x) {
  if (Math.abs(x) > 1e8) return 1 / x;
  return gradus_copysign(Math.atan(1 / Math.sqrt((x - 1) * (x + 1))), x);
}

//@ sech:
/** 1/cosh(x), right until it underflows; cosh overflows before. */
function gradus_sech(x) {
  const half = Math.exp(-0.5 * Math.abs(x));
  return Math.abs(x) < 22 ? 1 / Math.cosh(x) : 2 * half * half;
}

//@ csch: copysign
/** 1/sinh(x), right until it underflows. */
function gradus_csch(x) {
  const half = Math.exp(-0.5 * Math.abs(x));
  return Math.abs(x) < 22 ? 1 / Math.sinh(x) : gradus_copysign(2 * half * half, x);
}

//@ acoth: copysign
/** atanh(1/x), without rounding 1/x. */
function gradus_acoth(x) {
  const a = Math.abs(x);
  return a < 1 ? NaN : gradus_copysign(0.5 * Math.log1p(2 / (a - 1)), x);
}

//@ asech:
/** acosh(1/x), without rounding 1/x. */
function gradus_asech(x) {
  const d = (1 - x) / x;
  return x < 1e-8 ? Math.LN2 - Math.log(x) : Math.log1p(d + Math.sqrt(d * (d + 2)));
}

//@ acsch: copysign
/** asinh(1/x); 1/x may overflow near 0. */
function gradus_acsch(x) {
  if (Math.abs(x) < 1e-8) return gradus_copysign(Math.LN2 - Math.log(Math.abs(x)), x);
  return Math.asinh(1 / x);
}

//@ hypot:
/** sqrt(a^2 + b^2) without overflow; infinite where either is. */
function gradus_hypot(a, b) {
  const large = Math.max(Math.abs(a), Math.abs(b));
  const small = Math.min(Math.abs(a), Math.abs(b));
  if (Math.abs(a) === Infinity || Math.abs(b) === Infinity) return Infinity;
  return large === 0 ? 0 : large * Math.sqrt(1 + (small / large) * (small / large));
}

//@ sign:
/** -1, 0 or 1. */
function gradus_sign(x) {
  return x === 0 ? 0 : Math.sign(x);
}

//@ round: copysign
/** The nearest whole number, halves away from zero. */
function gradus_round(x) {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

//@ mod: copysign
/** The remainder with the sign of the divisor. */
function gradus_mod(a, b) {
  const r = a % b;
  if (r === 0) return gradus_copysign(0, b);
  return r < 0 !== b < 0 ? r + b : r;
}

//@ sigmoid:
/** 1/(1 + exp(-x)), without overflow. */
function gradus_sigmoid(x) {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

//@ softplus:
/** log(1 + exp(x)), without overflow. */
function gradus_softplus(x) {
  return Math.log1p(Math.exp(-Math.abs(x))) + (x > 0 ? x : 0);
}

//@ relu:
/** x where it is positive, else 0. */
function gradus_relu(x) {
  return x <= 0 ? 0 : x;
}

//@ step:
/** 1 where x is positive, else 0. */
function gradus_step(x) {
  return Number.isNaN(x) ? x : Number(x > 0);
}

//@ xlogy:
/** a*log(b), with the limit 0 at a = 0. */
function gradus_xlogy(a, b) {
  return a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b);
}
