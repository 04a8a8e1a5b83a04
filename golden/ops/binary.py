"""Golden cases of element-wise functions of two operands and of `select`, by numpy in float64.

    python golden/ops/binary.py > golden/ops/binary.json
"""

import numpy as np
from case import Cases, integers, reals

cases = Cases()
mil, layer = cases.mil, cases.layer

INF, NAN = np.inf, np.nan

ARITHMETIC = [
    ('add', 'addBroadcastable', np.add),
    ('sub', 'subtractBroadcastable', np.subtract),
    ('mul', 'multiplyBroadcastable', np.multiply),
    ('real_div', 'divideBroadcastable', np.divide),
    ('floor_div', 'floorDivBroadcastable', np.floor_divide),
    ('mod', 'modBroadcastable', np.mod),
    ('maximum', 'maxBroadcastable', np.maximum),
    ('minimum', 'minBroadcastable', np.minimum),
]
COMPARISONS = [
    ('equal', 'equal', np.equal),
    ('not_equal', 'notEqual', np.not_equal),
    ('less', 'lessThan', np.less),
    ('less_equal', 'lessEqual', np.less_equal),
    ('greater', 'greaterThan', np.greater),
    ('greater_equal', 'greaterEqual', np.greater_equal),
]
LOGIC = [('logical_and', 'logicalAnd', np.logical_and), ('logical_or', 'logicalOr', np.logical_or), ('logical_xor', 'logicalXor', np.logical_xor)]

SHAPES = [((2, 3, 4), (2, 3, 4)), ((2, 3, 4), ()), ((3, 1), (2, 1, 4)), ((1, 4, 2, 2), (4, 1, 1)), ((5,), (2, 1, 5)), ((2, 0, 3), (3,))]
SPECIAL = (np.array([NAN, INF, -INF, INF, 1, 0, -1]), np.array([1.0, 1, 2, INF, NAN, 0, -INF]))


def pairs(name):
    for x, y in SHAPES:
        x, y = reals(f'{name} x {x}', *x), reals(f'{name} y {y}', *y)
        yield x, np.where(y == 0, 0.75, y)


def arithmetic():
    for op, kind, function in ARITHMETIC:
        for x, y in pairs(op):
            mil(op, {'x': x, 'y': y}, function(x, y), note=f'{x.shape} {y.shape}')
        x, y = next(pairs(kind))
        layer(kind, [x, y[:1, :, :1]], function(x, y[:1, :, :1]))
        a, b = integers(f'{op} a', -20, 20, 3, 4), integers(f'{op} b', 1, 7, 4) * np.array([1, -1, 1, -1])
        if op != 'real_div':
            mil(op, {'x': a, 'y': b}, function(a, b), note='integers')
        mil(op, {'x': np.float16(x), 'y': np.float16(y)}, function(np.float16(x), np.float16(y)), note='half', tolerance=2**-11)
    for op, function in [('add', np.add), ('sub', np.subtract), ('mul', np.multiply)]:
        a, b = np.array([2147483647, -2147483648, 123456789], np.int32), np.array([2, -3, 987654321], np.int32)
        mil(op, {'x': a, 'y': b}, function(a, b), note='wraps')
    mil('floor_div', {'x': np.array([7, -7]), 'y': np.array([0, 2])}, np.array([0, -4]), note='by zero')
    mil('maximum', {'x': SPECIAL[0], 'y': SPECIAL[1]}, np.maximum(*SPECIAL), note='special')
    mil('minimum', {'x': SPECIAL[0], 'y': SPECIAL[1]}, np.minimum(*SPECIAL), note='special')
    mil('add', {'x': SPECIAL[0], 'y': SPECIAL[1]}, np.add(*SPECIAL), note='special')
    mil('mod', {'x': np.array([-1.0, 1, 5]), 'y': np.array([INF, -INF, 0])}, np.array([INF, -INF, NAN]), note='special')


def powers():
    x, y = np.abs(reals('base', 3, 4)) + 0.125, reals('exponent', 4)
    mil('pow', {'x': x, 'y': y}, x**y)
    layer('powBroadcastable', [x, y], x**y)
    mil('pow', {'x': np.array([-2.0, -8, 1, -1, 0]), 'y': np.array([3.0, 1 / 3, NAN, INF, 0])}, np.array([-8, NAN, 1, 1, 1]), note='special')
    mil('pow', {'x': np.array([3, -2, 7, 2, 2]), 'y': np.array([4, 5, 0, -1, 33])}, np.array([81, -32, 1, 0, 0]), note='integers')


def truth():
    for op, kind, function in COMPARISONS:
        for x, y in [*pairs(op), SPECIAL]:
            x, y = np.round(2 * x) / 2, np.round(2 * y) / 2
            mil(op, {'x': x, 'y': y}, function(x, y), note=f'{x.shape} {y.shape}')
            layer(kind, [x, y] if y.shape else [x, y.reshape(1)], function(x, y).astype(float), note=f'{x.shape} {y.shape}', alpha=0)
        x = np.round(2 * reals(kind, 3, 4)) / 2
        layer(kind, [x], function(x, 0.5).astype(float), note='alpha', alpha=0.5)
        a, b = integers(f'{op} a', 0, 4, 3, 4), integers(f'{op} b', 0, 4, 4)
        mil(op, {'x': a, 'y': b}, function(a, b), note='integers')
    for op, kind, function in LOGIC:
        a, b = np.array([[True], [False]]), np.array([True, False, True])
        mil(op, {'x': a, 'y': b}, function(a, b))
        layer(kind, [a * 3.0, b * 0.5], function(a, b).astype(float))


def folds():
    x, y, z = reals('fold x', 2, 3, 2, 2), reals('fold y', 2, 3, 1, 1), reals('fold z', 2, 1, 2, 2)
    layer('add', [x, y, z], x + y + z, note='three', alpha=0.5)
    layer('add', [x], x + 0.5, note='alpha', alpha=0.5)
    layer('multiply', [x, y, z], x * y * z, note='three', alpha=0.5)
    layer('multiply', [x], x * -1.5, note='alpha', alpha=-1.5)
    layer('average', [x, y, z], (x + y + z) / 3)
    layer('max', [x, y, z], np.maximum(np.maximum(x, y), z))
    layer('min', [x, y, z], np.minimum(np.minimum(x, y), z))


def choices():
    for c, a, b in [((2, 3), (2, 3), (2, 3)), ((3, 1), (2, 1, 4), ()), ((), (2, 2), (2,))]:
        cond = integers(f'cond {c}', 0, 2, *c).astype(bool)
        x, y = reals(f'a {a}', *a), reals(f'b {b}', *b)
        mil('select', {'cond': cond, 'a': x, 'b': y}, np.where(cond, x, y), note=f'{c} {a} {b}')
        layer('whereBroadcastable', [cond.astype(float), x, y], np.where(cond, x, y), note=f'{c} {a} {b}')
    cond = np.array([True, False])
    mil('select', {'cond': cond, 'a': np.array([1.0, NAN]), 'b': np.array([NAN, 2.0])}, np.array([1.0, 2.0]), note='keeps out NaN')
    mil('select', {'cond': cond, 'a': np.array([5, 6]), 'b': np.array([7, 8])}, np.array([5, 8]), note='integers')
    mil('select', {'cond': cond, 'a': cond, 'b': ~cond}, np.array([True, True]), note='bool')
    x = integers('sparse', 0, 2, 2, 3, 4) * reals('values', 2, 3, 4)
    mil('non_zero', {'x': x}, np.argwhere(x))
    layer('whereNonZero', [x], np.argwhere(x).astype(float))
    mil('non_zero', {'x': np.array([0, 2, 0, -1])}, np.array([[1], [3]]), note='integers')
    mil('non_zero', {'x': np.zeros((2, 2))}, np.zeros((0, 2), np.int64), note='none')


if __name__ == '__main__':
    with np.errstate(all='ignore'):
        arithmetic()
        powers()
        truth()
        folds()
        choices()
    cases.print()
