"""
The table packages/surprisal/test/golden/elementary/edges.json.gz: special values, thresholds, subnormals and seeded random
operands of every elementary function with the true value from 60-digit arithmetic.

    pip install mpmath numpy && python tools/elementary/edges.py packages/surprisal/test/golden/elementary/edges.json.gz

{function: {precision: [[operands, high, low], ...]}}: the true value is high + low, float64 both, low left out for float32;
inf, -inf, nan and -0 are strings. A value that underflows to 0 or overflows in the precision is given as that. Not needed by build or tests.
"""

import gzip
import json
import random
import sys

import numpy
from mpmath import atan, erf, exp, expm1, inf, isinf, isnan, log, log1p, mp, mpf, tanh

mp.dps = 60
INF, NAN = float("inf"), float("nan")
FORMATS = {
    "float32": dict(round=lambda x: float(numpy.float32(x)), bits=24, low=-149, normal=-126, high=127, under=104, over=89),
    "float64": dict(round=float, bits=53, low=-1074, normal=-1022, high=1023, under=746, over=710),
}


def softplus(x):
    return log1p(exp(x)) if x < 0 else x + log1p(exp(-x))


FUNCTIONS = {
    "exp": (exp, {INF: INF, -INF: 0.0, 0.0: 1.0}),
    "expm1": (expm1, {INF: INF, -INF: -1.0, 0.0: "same"}),
    "log": (lambda x: log(x) if x > 0 else NAN, {INF: INF, -INF: NAN, 0.0: -INF}),
    "log1p": (lambda x: log1p(x) if x > -1 else (-INF if x == -1 else NAN), {INF: INF, -INF: NAN, 0.0: "same"}),
    "log1mexp": (lambda x: (log1p(-exp(x)) if x < -1 else log(-expm1(x))) if x < 0 else NAN, {INF: NAN, -INF: -0.0, 0.0: -INF}),
    "tanh": (tanh, {INF: 1.0, -INF: -1.0, 0.0: "same"}),
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), {INF: 1.0, -INF: 0.0, 0.0: 0.5}),
    "logSigmoid": (lambda x: -softplus(-x), {INF: -0.0, -INF: -INF}),
    "softplus": (softplus, {INF: INF, -INF: 0.0}),
    "erf": (erf, {INF: 1.0, -INF: -1.0, 0.0: "same"}),
    "atan": (atan, {0.0: "same"}),
    "sign": (lambda x: 1.0 if x > 0 else -1.0, {INF: 1.0, -INF: -1.0, 0.0: "same"}),
}


def pow_exact(x, y):
    """IEEE 754-2019 pow, by mpmath where it is a number."""
    if y == 0 or x == 1:
        return 1.0
    if x != x or y != y:
        return NAN
    whole = y in (INF, -INF) or y == int(y)
    odd = whole and abs(y) < 2**60 and int(y) % 2 == 1
    negative = numpy.signbit(x)
    sign = -1.0 if negative and odd else 1.0
    if abs(y) == INF:
        return 1.0 if abs(x) == 1 else (INF if (abs(x) > 1) == (y > 0) else 0.0)
    if x == 0 or abs(x) == INF:
        return sign * (INF if (x == 0) == (y < 0) else 0.0)
    if x < 0 and not whole:
        return NAN
    return sign * exp(mpf(y) * log(abs(mpf(x))))


def xlog(of):
    def value(x, y):
        if x == 0 and y == y:
            return 0.0
        if x != x or y != y:
            return NAN
        l = of(y)
        return float(x) * float(l) if isinf(l) or isnan(l) or abs(x) == INF else mpf(x) * l

    return value


def log_of(y):
    return mpf(INF) if y == INF else mpf(-INF) if y == 0 else log(mpf(y)) if y > 0 else mpf(NAN)


BINARY = {
    "pow": pow_exact,
    "xlogy": xlog(log_of),
    "xlog1py": xlog(lambda y: mpf(INF) if y == INF else mpf(-INF) if y == -1 else log1p(mpf(y)) if y > -1 else mpf(NAN)),
}


def shown(x):
    x = float(x)
    if x != x:
        return "nan"
    if abs(x) == INF:
        return "inf" if x > 0 else "-inf"
    return "-0" if x == 0 and numpy.signbit(x) else int(x) if x == int(x) and abs(x) < 1e15 else x


def pieces(value, fmt):
    """high, low of the true value, or what it is in the precision where that is 0 or infinite."""
    if not isinstance(value, mpf) or isnan(value) or isinf(value) or value == 0:
        return float(value), 0.0
    size = abs(value)
    if size >= mpf(2) ** (fmt["high"] + 1) * (1 - mpf(2) ** -(fmt["bits"] + 1)):
        return (INF if value > 0 else -INF), 0.0
    if size <= mpf(2) ** (fmt["low"] - 1):
        return (0.0 if value > 0 else -0.0), 0.0
    high = float(value)
    return high, float(value - mpf(high))


def row(operands, high, low, fmt):
    return [[shown(x) for x in operands], shown(high)] + ([low] if fmt["bits"] == 53 else [])


def around(x, fmt):
    x = fmt["round"](x)
    kind = numpy.float32 if fmt["bits"] == 24 else numpy.float64
    return [float(numpy.nextafter(kind(x), kind(-INF))), x, float(numpy.nextafter(kind(x), kind(INF)))]


def operands(fmt, rng):
    xs = [0.0, -0.0, INF, -INF, NAN]
    tiny, normal = 2.0 ** fmt["low"], 2.0 ** fmt["normal"]
    for x in (tiny, 3 * tiny, 2.0 ** (fmt["normal"] - 5), normal, 2 * normal, 2.0**-60, 2.0**-30, 2.0**-12):
        xs += [x, -x]
    marks = [0.5, 1, 2, 3, 5.9, 6, 10, 20, 40, 0.6, 0.34657359, 0.69314718, 1.0397207, 1.2279, 3.8, 3.95, 0.41421356, 0.29289322]
    marks += [0.70710678, 1.41421356, 16.6, 18.7, 36.7, 87.3365, 88.0296, 88.7228, 103.2789, 103.9721, 708.3964, 709.4361, 709.7827, 744.4401, 745.1332]
    for m in marks:
        xs += around(m, fmt) + around(-m, fmt)
    largest = float(numpy.finfo(numpy.float32 if fmt["bits"] == 24 else numpy.float64).max)
    xs += [largest, -largest, 2.0 ** (fmt["high"] - 1), 1e10, -1e10, 1e30, -1e30]
    for _ in range(40):
        xs.append(fmt["round"](rng.choice((-1, 1)) * 2.0 ** rng.uniform(-30, 10)))
        xs.append(fmt["round"](rng.choice((-1, 1)) * 2.0 ** rng.uniform(fmt["low"], fmt["high"])))
    return xs


def main():
    table = {}
    for precision, fmt in FORMATS.items():
        rng = random.Random(1948)
        xs = operands(fmt, rng)
        for name, (function, special) in FUNCTIONS.items():
            rows = []
            for x in xs:
                if x != x:
                    value = NAN
                elif x in special:
                    value = x if special[x] == "same" else special[x]
                else:
                    value = function(mpf(x))
                high, low = pieces(value, fmt)
                rows.append(row([x], high, low, fmt))
            table.setdefault(name, {})[precision] = rows
        some = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 2.0, -2.0, 3.0, -3.0, 0.5, -0.5, 2.0 ** fmt["low"], -(2.0 ** fmt["low"])]
        some += [2.0 ** fmt["high"], -(2.0 ** fmt["high"]), 2.0 ** (fmt["bits"] + 1), 2.0 ** fmt["bits"] - 1, 1 - 2.0 ** -fmt["bits"]]
        pairs = [(x, y) for x in some for y in some]
        for _ in range(150):
            x = fmt["round"](rng.choice((-1, 1, 1)) * 2.0 ** rng.uniform(-4, 4))
            y = fmt["round"](rng.choice((-1, 1)) * 2.0 ** rng.uniform(-4, 7))
            pairs.append((x, float(round(y)) if x < 0 and rng.random() < 0.8 else y))
        for name, function in BINARY.items():
            rows = []
            for x, y in pairs:
                high, low = pieces(function(x, y), fmt)
                rows.append(row([x, y], high, low, fmt))
            table.setdefault(name, {})[precision] = rows
    with open(sys.argv[1], "wb") as out, gzip.GzipFile(fileobj=out, mode="wb", filename="", mtime=0) as packed:
        packed.write(json.dumps(table, separators=(",", ":")).encode())


main()
