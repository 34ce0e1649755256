"""Values of functions to 32 digits as sums of two doubles, for tests/doubled.rs. Needs mpmath; prints JSON."""
import json
from mpmath import mp, mpf
import mpmath as m
mp.dps = 80
f = {
 'exp': m.exp, 'expm1': m.expm1, 'log': m.log, 'log1p': lambda x: m.log(1 + x), 'log2': lambda x: m.log(x)/m.log(2), 'log10': m.log10,
 'sin': m.sin, 'cos': m.cos, 'tan': m.tan, 'cot': m.cot, 'sec': m.sec, 'csc': m.csc,
 'asin': m.asin, 'acos': m.acos, 'atan': m.atan, 'acot': lambda x: m.atan(1/x), 'asec': m.asec, 'acsc': m.acsc,
 'sinh': m.sinh, 'cosh': m.cosh, 'tanh': m.tanh, 'coth': m.coth, 'sech': m.sech, 'csch': m.csch,
 'asinh': m.asinh, 'acosh': m.acosh, 'atanh': m.atanh, 'acoth': m.acoth, 'asech': m.asech, 'acsch': m.acsch,
 'cbrt': lambda x: m.sign(x)*m.cbrt(abs(x)), 'abs': abs, 'sigmoid': lambda x: 1/(1 + m.exp(-x)), 'softplus': lambda x: m.log(1 + m.exp(x)),
 'normpdf': lambda x: m.exp(-x*x/2)/m.sqrt(2*m.pi), 'sqrt': m.sqrt, 'relu': lambda x: max(x, mpf(0)),
}
args = {
 'exp': [1e-9, 0.3, -0.7, 5.5, -30.25, 200.1, -250.0], 'expm1': [1e-12, 0.1, -0.29, 0.31, 3.0, -20.0],
 'log': [1e-200, 1e-3, 0.69, 0.71, 0.999999, 1.0000001, 1.31, 2.5, 1e10, 3e200], 'log1p': [1e-15, -0.5, 0.1, 0.29, 0.31, 40.0],
 'log2': [0.1, 3.0, 1e9], 'log10': [0.1, 3.0, 1e9],
 'sin': [1e-10, 0.5, 0.8, 1.5707963, 3.1415926, 10.0, -100.25, 12345.678, 1e7], 'cos': [1e-10, 0.5, 0.8, 1.5707963, 3.1415926, 10.0, -100.25, 12345.678, 1e7],
 'asin': [1e-9, 0.3, -0.69, 0.71, 0.9999, -0.99999999], 'acos': [1e-9, 0.3, -0.69, 0.71, 0.9999, -0.99999999],
 'atan': [1e-9, 0.3, -0.99, 1.01, 50.0, -1e10], 'asec': [1.01, -3.0, 50.0], 'acsc': [1.01, -3.0, 50.0], 'acot': [0.01, -0.3, 5.0],
 'sinh': [1e-9, 0.2, -3.0, 50.0], 'cosh': [1e-9, 0.2, -3.0, 50.0], 'tanh': [1e-9, 0.2, -3.0, 20.0], 'coth': [1e-3, 0.2, -3.0], 'sech': [0.2, -3.0], 'csch': [1e-3, -3.0],
 'asinh': [1e-9, 0.2, -3.0, 1e10], 'acosh': [1.0000001, 1.5, 1e8], 'atanh': [1e-9, 0.3, -0.999], 'acoth': [1.01, -30.0], 'asech': [0.1, 0.99], 'acsch': [0.1, -40.0],
 'cbrt': [2.0, -0.001, 1e100], 'abs': [-3.5], 'sigmoid': [-40.0, -0.3, 0.0, 2.0, 50.0], 'softplus': [-40.0, -0.3, 0.0, 2.0, 50.0], 'normpdf': [0.0, 1.5, -12.0], 'sqrt': [2.0, 1e-100, 3e200], 'relu': [-2.0, 3.5],
 'tan': [0.5, 2.0, -100.25], 'cot': [0.5, 2.0], 'sec': [0.5, 2.0], 'csc': [0.5, 2.0],
}
rows = []
for name, xs in args.items():
    for x in xs:
        v = f[name](mpf(x))
        v = m.re(v)
        h = float(v); t = float(v - mpf(h))
        rows.append('  ["%s", %r, %r, %r]' % (name, x, h, t))
for a, b in [(2.5, 0.1), (0.3, -7.0), (1e-5, 3.5), (7.7, 20.0), (-1.5, 5.0), (1.0000001, 1e6)]:
    v = mpf(a)**mpf(b); h = float(v); t = float(v - mpf(h))
    rows.append('  ["%r^%r", 0.0, %r, %r]' % (a, b, h, t))
print('[\n' + ',\n'.join(rows) + '\n]')
