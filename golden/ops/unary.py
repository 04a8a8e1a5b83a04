"""Golden cases of element-wise functions of one operand and of `cast`, by numpy in float64.

    python golden/ops/unary.py > golden/ops/unary.json
"""

import math

import numpy as np
from case import Cases, integers, reals

cases = Cases()
mil, layer = cases.mil, cases.layer

erf = np.vectorize(math.erf, otypes=[float])
INF, NAN = np.inf, np.nan

WIDE = np.concatenate([reals('wide', 14, scale=4), [0.0, 0.5, -0.5, 1.5, -1.5, 2.5, 1e-4, -7.25, 30.0, -30.0]])
UNIT = np.linspace(-0.96875, 0.96875, 21)
ABOVE_ONE = np.linspace(1, 12, 23)
POSITIVE = np.concatenate([np.linspace(0.03125, 6, 20), [1e-6, 1e6]])
SMALL = reals('small', 3, 5)
SPECIAL = np.array([NAN, INF, -INF, 0.0])

# name, function, numbers, results for NaN, infinity, -infinity and 0
BOTH = [
    ('acos', np.arccos, UNIT, (NAN, NAN, NAN, np.pi / 2)),
    ('asin', np.arcsin, UNIT, (NAN, NAN, NAN, 0)),
    ('atan', np.arctan, WIDE, (NAN, np.pi / 2, -np.pi / 2, 0)),
    ('atanh', np.arctanh, UNIT, (NAN, NAN, NAN, 0)),
    ('ceil', np.ceil, WIDE, (NAN, INF, -INF, 0)),
    ('cos', np.cos, WIDE, (NAN, NAN, NAN, 1)),
    ('cosh', np.cosh, WIDE, (NAN, INF, INF, 1)),
    ('erf', erf, WIDE / 4, (NAN, 1, -1, 0)),
    ('exp2', np.exp2, WIDE, (NAN, INF, 0, 1)),
    ('floor', np.floor, WIDE, (NAN, INF, -INF, 0)),
    ('round', np.round, WIDE, (NAN, INF, -INF, 0)),
    ('sign', np.sign, WIDE, (NAN, 1, -1, 0)),
    ('sin', np.sin, WIDE, (NAN, NAN, NAN, 0)),
    ('sinh', np.sinh, WIDE, (NAN, INF, -INF, 0)),
    ('tan', np.tan, UNIT, (NAN, NAN, NAN, 0)),
    ('tanh', np.tanh, WIDE, (NAN, 1, -1, 0)),
]
MIL_ONLY = [
    ('abs', np.abs, WIDE, (NAN, INF, INF, 0)),
    ('exp', np.exp, WIDE, (NAN, INF, 0, 1)),
    ('sqrt', np.sqrt, POSITIVE, (NAN, INF, NAN, 0)),
    ('square', np.square, WIDE, (NAN, INF, INF, 0)),
]
NN_ONLY = [
    ('acosh', np.arccosh, ABOVE_ONE, (NAN, INF, NAN, NAN)),
    ('asinh', np.arcsinh, WIDE, (NAN, INF, -INF, 0)),
]


def plain():
    for name, function, x, special in BOTH + MIL_ONLY:
        mil(name, {'x': x}, function(x))
        mil(name, {'x': SPECIAL}, np.array(special), note='special')
        mil(name, {'x': np.zeros((2, 0, 3))}, np.zeros((2, 0, 3)), note='empty')
    for name, function, x, special in BOTH + NN_ONLY:
        layer(name, [x], function(x))
        layer(name, [SPECIAL], np.array(special), note='special')
    halves = np.float16(WIDE / 8)
    mil('exp', {'x': halves}, np.exp(halves.astype(np.float64)).astype(np.float16), note='half', tolerance=2**-11)
    n = integers('whole', -40000, 40000, 2, 3)
    mil('abs', {'x': n}, np.abs(n), note='integers')
    mil('sign', {'x': n}, np.sign(n), note='integers')
    mil('square', {'x': n}, np.square(n.astype(np.int32)).astype(np.int64), note='integers')
    mil('square', {'x': np.array([70001, -123457])}, np.square(np.array([70001, -123457], np.int32)).astype(np.int64), note='wraps')
    mil('exp2', {'x': np.array([0, 3, 10, -1])}, np.array([1, 8, 1024, 0]), note='integers')
    mil('threshold', {'x': n}, np.maximum(n, 100), note='integers', alpha=100)


def with_constants():
    one = np.float64(np.float32(1e-4))
    for version in ['CoreML5', 'CoreML7']:
        mil('inverse', {'x': SMALL + 0.01}, 1 / (SMALL + 0.01 + one), note=f'default {version}', version=version)
        mil('inverse', {'x': SMALL}, 1 / (SMALL + 0.3125), note=f'epsilon {version}', version=version, epsilon=0.3125)
        mil('log', {'x': POSITIVE}, np.log(POSITIVE), note=f'default {version}', version=version)
        mil('log', {'x': POSITIVE}, np.log(POSITIVE + 0.5), note=f'epsilon {version}', version=version, epsilon=0.5)
        mil('rsqrt', {'x': POSITIVE}, 1 / np.sqrt(POSITIVE), note=f'default {version}', version=version, tolerance=2e-6)
        mil('rsqrt', {'x': POSITIVE}, 1 / np.sqrt(POSITIVE + 0.25), note=f'epsilon {version}', version=version, epsilon=0.25)
        mil('clip', {'x': SMALL}, np.clip(SMALL, -0.75, 1.125), note=version, version=version, alpha=-0.75, beta=1.125)
    mil('log', {'x': np.array([0.0])}, np.array([math.log(2**-149)]), note='of zero')
    mil('log', {'x': np.float16([0.0])}, np.float16([-INF]), note='of zero in float16')
    mil('clip', {'x': SPECIAL}, np.array([NAN, 3, -2, 0]), note='special', alpha=-2, beta=3)
    mil('threshold', {'x': SMALL}, np.maximum(SMALL, 0.25), alpha=0.25)
    mil('logical_not', {'x': np.array([True, False, True])}, np.array([False, True, False]))


def functions():
    eps = np.float64(np.float32(1e-6))
    settings = [
        ('SQRT', POSITIVE, {}, np.sqrt(POSITIVE)),
        ('SQRT', POSITIVE, {'shift': 0.5, 'scale': 2}, np.sqrt(2 * POSITIVE + 0.5)),
        ('RSQRT', POSITIVE, {}, 1 / np.sqrt(POSITIVE + eps)),
        ('RSQRT', POSITIVE, {'epsilon': 0.25, 'scale': 3}, 1 / np.sqrt(3 * POSITIVE + 0.25)),
        ('INVERSE', SMALL + 0.015625, {}, 1 / (SMALL + 0.015625 + eps)),
        ('INVERSE', SMALL, {'epsilon': 0.3125, 'shift': 0.125}, 1 / (SMALL + 0.4375)),
        ('POWER', POSITIVE[:20], {'alpha': 1.5}, POSITIVE[:20] ** 1.5),
        ('POWER', SMALL, {'alpha': 3, 'shift': 1}, (SMALL + 1) ** 3),
        ('EXP', SMALL, {}, np.exp(SMALL)),
        ('EXP', SMALL, {'scale': -2, 'shift': 1}, np.exp(1 - 2 * SMALL)),
        ('LOG', POSITIVE, {}, np.log(POSITIVE)),
        ('LOG', POSITIVE, {'epsilon': 0.125}, np.log(POSITIVE + 0.125)),
        ('ABS', SMALL, {}, np.abs(SMALL)),
        ('ABS', SMALL, {'shift': -1}, np.abs(SMALL - 1)),
        ('THRESHOLD', SMALL, {'alpha': 0.25}, np.maximum(SMALL, 0.25)),
        ('THRESHOLD', SMALL, {'alpha': -1, 'scale': 4}, np.maximum(4 * SMALL, -1)),
    ]
    for kind, x, fields, expected in settings:
        unset = {'alpha': 0, 'epsilon': 0, 'shift': 0, 'scale': 0}
        layer('unary', [x], expected, note=' '.join([kind, *fields]), tolerance=2e-6, type=kind, **(unset | fields))
    layer('clip', [SMALL], np.clip(SMALL, -0.5, 1), minVal=-0.5, maxVal=1)
    layer('logicalNot', [np.array([0.0, 1.0, -3.0])], np.array([1.0, 0.0, 0.0]))


def casts():
    x = np.array([2.75, -2.75, 0.0, 1.0, -0.25, 100.5])
    for version in ['CoreML5', 'CoreML7']:
        mil('cast', {'x': x}, np.trunc(x).astype(np.int64), note=f'truncates {version}', version=version, dtype='int32')
        mil('cast', {'x': x}, x.astype(bool), note=f'to bool {version}', version=version, dtype='bool')
        mil('cast', {'x': np.array([True, False])}, np.array([1.0, 0.0]), note=f'bool to float {version}', version=version, dtype='fp32')
        mil('cast', {'x': np.array([0.1, 70000.0, 1e-8])}, np.array([0.1, INF, 0]).astype(np.float16), note=f'to half {version}', version=version, dtype='fp16')
        mil('cast', {'x': np.array([16777217, -3])}, np.array([16777216.0, -3]), note=f'integer to float {version}', version=version, dtype='fp32')
    wide = np.array([300, -1, 127, -129, 65536, 40000])
    for dtype in ['int8', 'uint8', 'int16', 'uint16']:
        mil('cast', {'x': wide}, wide.astype(dtype), note=f'integer to {dtype}', version='CoreML7', dtype=dtype)
        mil('cast', {'x': np.array([1.5, 100.75])}, np.array([1, 100], dtype), note=f'float to {dtype}', version='CoreML7', dtype=dtype)
    mil('cast', {'x': np.array([3e9, -3e9, NAN, INF])}, np.array([2**31 - 1, -(2**31), 0, 2**31 - 1]), note='saturates', dtype='int32')


if __name__ == '__main__':
    with np.errstate(all='ignore'):
        plain()
        with_constants()
        functions()
        casts()
    cases.print()
