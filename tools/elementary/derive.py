"""
The polynomial coefficients in packages/surprisal/src/compile/elementary, derived: minimax fits by the Remez exchange in
45-digit arithmetic, coefficients rounded to the precision, lowest power first with the rest refitted after each where that helps.
Those of Mills' ratio, in packages/surprisal/src/loss/normal.ts, are a Chebyshev expansion.

    pip install mpmath numpy && python tools/elementary/derive.py

Prints one TypeScript array per fit with its largest weighted error in units of 2^-24 (float32) or 2^-53 (float64).
Nothing in the build or the tests runs this; it is here so that a coefficient can be checked or changed.
"""

import numpy
from mpmath import atan, atanh, cos, erf, erfc, exp, expm1, fac2, factorial, log, log1p, lu_solve, matrix, mp, mpf, pi, sqrt, tanh

mp.dps = 45


def round32(x):
    return mpf(float(numpy.float32(float(x))))


def round64(x):
    return mpf(float(x))


def grid(a, b, n):
    return [(a + b) / 2 - (b - a) / 2 * cos(pi * mpf(i) / n) for i in range(n + 1)]


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def extremes(errors, count):
    """Indices of `count` alternating maxima of |error|; None where there are fewer."""
    picks = []
    for i, e in enumerate(errors):
        if picks and (e > 0) == (errors[picks[-1]] > 0):
            if abs(e) > abs(errors[picks[-1]]):
                picks[-1] = i
        else:
            picks.append(i)
    while len(picks) > count:
        picks.pop(0 if abs(errors[picks[0]]) < abs(errors[picks[-1]]) else -1)
    return picks if len(picks) == count else None


def minimax(f, weight, a, b, powers, points=600):
    """c with the least max |weight(x) (f(x) - sum c_j x^p_j)| on [a, b]. The weight is positive."""
    n = len(powers)
    xs = grid(a, b, points)
    fs = [f(x) for x in xs]
    ws = [weight(x) for x in xs]
    reference = [round(i * points / n) for i in range(n + 1)]
    for _ in range(20):
        system, right = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for i, k in enumerate(reference):
            for j, p in enumerate(powers):
                system[i, j] = ws[k] * xs[k] ** p
            system[i, n] = (-1) ** i
            right[i] = ws[k] * fs[k]
        c = lu_solve(system, right)
        errors = [ws[k] * (fs[k] - sum(c[j] * xs[k] ** p for j, p in enumerate(powers))) for k in range(len(xs))]
        found = extremes(errors, n + 1)
        if found is None or found == reference:
            break
        reference = found
    return [c[j] for j in range(n)]


def fit(name, f, weight, a, b, degree, rounding):
    a, b = mpf(a), mpf(b)
    refitted = []
    for d in range(degree + 1):
        rest = minimax(lambda x: f(x) - horner(refitted, x), weight, a, b, list(range(d, degree + 1)))
        refitted.append(rounding(rest[0]))
    plain = [rounding(c) for c in minimax(f, weight, a, b, list(range(degree + 1)))]
    # Without the low powers the exchange may not settle (0 inside the interval): then all rounded at once are better.
    error = lambda c: max(abs(weight(x) * (f(x) - horner(c, x))) for x in grid(a, b, 1500))
    best = min(plain, refitted, key=error)
    report(name, best, lambda x: weight(x) * (f(x) - horner(best, x)), a, b, rounding)


def fit_ratio(name, f, weight, a, b, m, n, rounding):
    """P/Q of degrees m/n, given with Q monic: Remez on equations linearised about the last levelled error."""
    a, b = mpf(a), mpf(b)
    size, points = m + n + 2, 600
    xs = grid(a, b, points)
    fs = [f(x) for x in xs]
    ws = [weight(x) for x in xs]
    reference = [round(i * points / (size - 1)) for i in range(size)]
    level = mpf(0)
    for _ in range(30):
        for _ in range(8):
            system, right = matrix(size, size), matrix(size, 1)
            for i, k in enumerate(reference):
                sign = (-1) ** i
                target = fs[k] - sign * level / ws[k]
                for j in range(m + 1):
                    system[i, j] = xs[k] ** j
                for j in range(1, n + 1):
                    system[i, m + j] = -target * xs[k] ** j
                system[i, size - 1] = sign / ws[k]
                right[i] = fs[k]
            c = lu_solve(system, right)
            level = c[size - 1]
        top, bottom = [c[j] for j in range(m + 1)], [mpf(1)] + [c[m + j] for j in range(1, n + 1)]
        errors = [w * (y - horner(top, x) / horner(bottom, x)) for x, y, w in zip(xs, fs, ws)]
        found = extremes(errors, size)
        if found is None or found == reference:
            break
        reference = found
    top, bottom = [rounding(t / bottom[n]) for t in top], [rounding(t / bottom[n]) for t in bottom]
    report(name + " top", top, lambda x: weight(x) * (f(x) - horner(top, x) / horner(bottom, x)), a, b, rounding)
    print(f"// {name} bottom, monic\n{listed(bottom[:-1], rounding)}\n")


def listed(coefficients, rounding):
    single = rounding is round32
    return "[" + ", ".join(str(numpy.float32(float(c))) if single else repr(float(c)) for c in coefficients) + "]"


def report(name, coefficients, error, a, b, rounding):
    worst = max(abs(error(x)) for x in grid(a, b, 1500)) * 2 ** (24 if rounding is round32 else 53)
    print(f"// {name}: {float(worst):.3g} units\n{listed(coefficients, rounding)}\n")


def series(x, direct, terms, below=mpf(10) ** -3):
    """`direct(x)`, or its power series where `direct` would cancel."""
    return sum(t * x**k for k, t in enumerate(terms)) if abs(x) < below else direct(x)


def after_linear(r):
    """(e^r - 1 - r) / r^2"""
    return series(r, lambda r: (expm1(r) - r) / r**2, [1 / factorial(k + 2) for k in range(14)])


def after_linear_log(f):
    """(log(1 + f) - f) / f^2"""
    return series(f, lambda f: (log1p(f) - f) / f**2, [mpf(-1) ** (k + 1) / (k + 2) for k in range(14)])


def atanh_rest(w):
    """(2 atanh z - 2 z) / z^3 for w = z^2"""
    return series(w, lambda w: 2 * (atanh(sqrt(w)) / sqrt(w) - 1) / w, [mpf(2) / (2 * k + 3) for k in range(14)])


def atanh_third(w):
    """(atanh z / z - 1 - w / 3) / w^2 for w = z^2"""
    return series(w, lambda w: (atanh(sqrt(w)) / sqrt(w) - 1 - w / 3) / w**2, [mpf(1) / (2 * k + 5) for k in range(18)])


def tanh_rest(w):
    """(tanh z / z - 1) / w for w = z^2"""
    terms = [mpf(-1) / 3, mpf(2) / 15, mpf(-17) / 315, mpf(62) / 2835]
    return series(w, lambda w: (tanh(sqrt(w)) / sqrt(w) - 1) / w, terms, mpf(10) ** -8)


def erf_ratio(w):
    """erf z / z for w = z^2"""
    return series(w, lambda w: erf(sqrt(w)) / sqrt(w), [2 / sqrt(pi) * t for t in (1, mpf(-1) / 3, mpf(1) / 10)], mpf(10) ** -9)


def atan_rest(w):
    """(atan z / z - 1) / w for w = z^2"""
    return series(w, lambda w: (atan(sqrt(w)) / sqrt(w) - 1) / w, [mpf(-1) ** (k + 1) / (2 * k + 3) for k in range(14)])


def chebyshev(name, f, count, rounding):
    """The first terms of the Chebyshev expansion of f on [-1, 1], as powers: its derivative is as near as it is."""
    n = 60
    xs = [cos(pi * (i + mpf(1) / 2) / n) for i in range(n)]
    fs = [f(x) for x in xs]
    before, now, powers = [mpf(1)], [mpf(0), mpf(1)], [mpf(0)] * count
    for k in range(count):
        term = (2 if k else 1) * sum(fs[i] * cos(pi * k * (i + mpf(1) / 2) / n) for i in range(n)) / n
        powers = [p + term * c for p, c in zip(powers, before + [mpf(0)] * count)]
        doubled = [mpf(0)] + [2 * c for c in now]
        before, now = now, [c - (before[i] if i < len(before) else 0) for i, c in enumerate(doubled)]
    powers = [rounding(p) for p in powers]
    report(name, powers, lambda x: (f(x) - horner(powers, x)) / f(x), mpf(-1), mpf(1), rounding)


def mills(u):
    """(1 + x) (1 - Phi(x)) / phi(x) for u = 1 - 10 / (x + 5)"""
    if u == 1:
        return mpf(1)
    x = 10 / (1 - u) - 5
    if x > 60:
        return (1 + x) * sum((-1) ** k * fac2(2 * k - 1) / x ** (2 * k + 1) for k in range(25))
    return (1 + x) * sqrt(pi / 2) * erfc(x / sqrt(mpf(2))) * exp(x * x / 2)


half = log(2) / 2
tiny = mpf(10) ** -6
for bits, rnd in ((32, round32), (64, round64)):
    single = bits == 32
    # A little wider than the reduction, whose multiple of log 2 is chosen from a rounded quotient.
    near = half * (1 + mpf(10) ** (-4 if single else -12))
    of_exp, of_expm1 = lambda r: r**2 / exp(r), lambda r: abs(r) / (expm1(r) / r if r else 1)
    fit(f"exp, float{bits}", after_linear, of_exp, -near, near, 4 if single else 9, rnd)
    fit(f"expm1, float{bits}", after_linear, of_expm1, -near, near, 5 if single else 10, rnd)

root = sqrt(mpf(2))
edge = ((root - 1) / (root + 1)) ** 2
wide = mpf("0.4145")
wide_edge = (wide / (2 - wide)) ** 2
of_log = lambda f: abs(f) / (log1p(f) / f if f else 1)
fit("log(1 + f), float32", after_linear_log, of_log, 1 / root - 1, root - 1, 8, round32)
fit("log(1 + f), |f| <= 0.4145, float32", after_linear_log, of_log, -wide, wide, 9, round32)
fit("log(1 + f) on [0, 1], float32", after_linear_log, of_log, 0, 1, 8, round32)
fit("2 atanh z, float64", atanh_rest, lambda w: w / 2 + tiny, 0, edge, 6, round64)
fit("2 atanh z, f >= -0.4145, float64", atanh_rest, lambda w: w / 2 + tiny, 0, wide_edge, 7, round64)
fit("atanh z after w / 3, float32", atanh_third, lambda w: w**2 + tiny, 0, edge, 2, round32)
fit("atanh z after w / 3, float64", atanh_third, lambda w: w**2 + tiny, 0, edge, 6, round64)

small = mpf("0.6")
fit_ratio("tanh, float32", tanh_rest, lambda w: w, tiny, small**2, 1, 1, round32)
fit_ratio("tanh, float64", tanh_rest, lambda w: w, tiny, small**2, 2, 3, round64)

fit("erf z / z - 1, z <= 1, float32", lambda w: erf_ratio(w) - 1, lambda w: 1 / erf_ratio(w), 0, 1, 6, round32)
fit("erf z / z - 1, z <= 1, float64", lambda w: erf_ratio(w) - 1, lambda w: 1 / erf_ratio(w), 0, 1, 11, round64)
fit("erfc(t + 2.5), float32", lambda t: erfc(t + mpf(2.5)), lambda t: 1 / erf(t + mpf(2.5)), -1.5, 1.45, 12, round32)
centre = mpf("0.18")
scaled = lambda t: erfc(1 / (t + centre) - 3) * exp((1 / (t + centre) - 3) ** 2)
# Beyond 5.9 erfc is below half a unit of 1; the floor keeps the fit tame where the weight vanishes.
gauss = lambda t: exp(-((1 / (t + centre) - 3) ** 2)) + mpf(10) ** -14
fit("erfc(a) e^(a^2), t = 1 / (a + 3) - 0.18, float64", scaled, gauss, mpf(1) / 9 - centre, mpf(1) / 4 - centre, 11, round64)

of_atan = lambda w: w / (1 + w * atan_rest(w)) + tiny
fit("atan z, z <= 0.66, float32", atan_rest, of_atan, 0, mpf("0.66") ** 2, 5, round32)
fit("atan z, z <= 0.66, float64", atan_rest, of_atan, 0, mpf("0.66") ** 2, 13, round64)

chebyshev("(1 + x) Mills' ratio, float32", mills, 14, round32)
chebyshev("(1 + x) Mills' ratio, float64", mills, 27, round64)

ln2 = log(2)
for bits, keep in ((32, 15), (64, 41)):
    high = mpf(int(ln2 * 2**keep + mpf(1) / 2)) / 2**keep
    low = ln2 - high
    print(f"// log 2 in two parts, float{bits}: {float(high)!r} {float(low)!r}")
for bits, rounding in ((32, round32), (64, round64)):
    for share in (4, 2):
        high = rounding(pi / share)
        print(f"// pi/{share} in two parts, float{bits}: {float(high)!r} {float(rounding(pi / share - high))!r}")
