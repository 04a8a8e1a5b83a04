"""Golden cases of reductions, sorting and running sums, by numpy in float64.

    python golden/ops/reduction.py > golden/ops/reduction.json
"""

import numpy as np
from case import Cases, integers, reals

cases = Cases()
mil, layer = cases.mil, cases.layer

INF, NAN = np.inf, np.nan


def log_sum_exp(x, **options):
    top = np.max(x, keepdims=True, **{'axis': options['axis']})
    total = np.log(np.sum(np.exp(x - top), **options))
    return total + (top if options['keepdims'] else np.max(x, axis=options['axis']))


# MIL name, layer, ReduceLayerParams mode, function, positive operands only
REDUCTIONS = [
    ('reduce_sum', 'reduceSum', 'SUM', np.sum, False),
    ('reduce_mean', 'reduceMean', 'AVG', np.mean, False),
    ('reduce_prod', 'reduceProd', 'PROD', np.prod, False),
    ('reduce_max', 'reduceMax', 'MAX', np.max, False),
    ('reduce_min', 'reduceMin', 'MIN', np.min, False),
    ('reduce_l1_norm', 'reduceL1', 'L1', lambda x, **o: np.sum(np.abs(x), **o), False),
    ('reduce_l2_norm', 'reduceL2', 'L2', lambda x, **o: np.sqrt(np.sum(x * x, **o)), False),
    ('reduce_sum_square', 'reduceSumSquare', 'SUMSQUARE', lambda x, **o: np.sum(x * x, **o), False),
    ('reduce_log_sum', 'reduceLogSum', None, lambda x, **o: np.log(np.sum(x, **o)), True),
    ('reduce_log_sum_exp', 'reduceLogSumExp', None, log_sum_exp, False),
]
SETTINGS = [((2, 3, 4), [1], False), ((2, 3, 4), [-1, 0], True), ((2, 3, 4), None, False), ((2, 3, 4), None, True), ((3, 2, 2, 3), [0, 2], False), ((3, 2, 2, 3), [1, 3], False), ((2, 1, 5), [1, 2], True), ((2, 3, 4), [0], False), ((7,), [0], False)]
MODE_AXES = {'CHW': (-3, -2, -1), 'HW': (-2, -1), 'C': (-3,), 'H': (-2,), 'W': (-1,)}


def at_least_one(value):
    return np.atleast_1d(value)


def reductions():
    for op, kind, mode, function, positive in REDUCTIONS:
        for shape, axes, keep in SETTINGS:
            x = reals(f'{op} {shape}', *shape)
            x = np.abs(x) + 0.25 if positive else x
            expected = function(x, axis=None if axes is None else tuple(axes), keepdims=keep)
            attributes = {'keep_dims': keep} if keep else {}
            mil(op, {'x': x}, expected, note=f'{shape} {axes} {keep}', tolerance=2e-6, **attributes if axes is None else {'axes': axes, **attributes})
            fields = {'axes': axes or [1], 'keepDims': keep, 'reduceAll': axes is None}
            layer(kind, [x], at_least_one(expected), note=f'{shape} {axes} {keep}', tolerance=2e-6, **fields)
        if mode:
            x = reals(mode, 2, 3, 2, 4)
            for axis, axes in MODE_AXES.items():
                layer('reduce', [x], function(x, axis=axes, keepdims=True), note=f'{mode} {axis}', tolerance=2e-6, mode=mode, epsilon=0, axis=axis)
        n = integers(op, 1 if positive else -9, 9, 3, 4)
        if op not in ('reduce_log_sum_exp',):
            mil(op, {'x': n}, np.trunc(function(n, axis=(1,), keepdims=False)).astype(np.int64), note='integers', axes=[1])
    big = np.array([[2000000000, 2000000000], [65537, 65537]], np.int32)
    mil('reduce_sum', {'x': big}, np.sum(big, 1, dtype=np.int32), note='wraps', axes=[1])
    mil('reduce_prod', {'x': big}, np.prod(big, 1, dtype=np.int32), note='wraps', axes=[1])
    x = np.abs(reals('log sum', 2, 3, 4)) + 0.25
    for axis, axes in MODE_AXES.items():
        layer('reduce', [x], np.sum(np.log(x + np.float32(1e-6)), axis=axes, keepdims=True), note=f'LOGSUM {axis}', tolerance=2e-6, mode='LOGSUM', epsilon=0, axis=axis)
    layer('reduce', [x], np.sum(np.log(x + 0.5), axis=-1, keepdims=True), note='LOGSUM epsilon', tolerance=2e-6, mode='LOGSUM', epsilon=0.5, axis='W')
    for axis in 'CHW':
        expected = np.expand_dims(np.argmax(x, MODE_AXES[axis][0]), MODE_AXES[axis][0])
        layer('reduce', [x], expected.astype(float), note=f'ARGMAX {axis}', mode='ARGMAX', epsilon=0, axis=axis)
    special = np.array([[NAN, 1.0], [INF, 1.0], [-INF, -INF], [1000.0, 1000.0]])
    mil('reduce_log_sum_exp', {'x': special}, np.array([NAN, INF, -INF, 1000 + np.log(2)]), note='special', axes=[1])
    mil('reduce_max', {'x': special}, np.array([NAN, INF, -INF, 1000]), note='special', axes=[1])
    long = np.tile(np.array([0.1, 0.2, 0.3]), 4000).astype(np.float32).astype(float)
    mil('reduce_sum', {'x': np.zeros((2, 0))}, np.zeros(2), note='nothing', axes=[1])
    mil('reduce_prod', {'x': np.zeros((2, 0))}, np.ones(2), note='nothing', axes=[1])
    mil('reduce_mean', {'x': long[:3000].reshape(3, 1000)}, long[:3000].reshape(3, 1000).mean(), note='long')


def arguments():
    for (op, kind, function) in [('reduce_argmax', 'argMax', np.argmax), ('reduce_argmin', 'argMin', np.argmin)]:
        x = np.round(2 * reals(op, 3, 4, 5))
        mil(op, {'x': x}, function(x, -1), note='default')
        for version, more in [('CoreML5', {}), ('CoreML7', {'output_dtype': 'uint16'})]:
            expected = np.expand_dims(function(x, 1), 1)
            mil(op, {'x': x}, expected.astype(np.uint16) if more else expected, note=f'keep {version}', version=version, axis=1, keep_dims=True, **more)
        mil(op, {'x': integers(op, -9, 9, 3, 4)}, function(integers(op, -9, 9, 3, 4), 0), note='integers', axis=0)
        mil(op, {'x': integers(op, -9, 9, 3, 4).astype(np.int16)}, function(integers(op, -9, 9, 3, 4), -1), note='int16 of iOS17', version='CoreML7', output_dtype='int32')
        mil(op, {'x': np.array([1.0, NAN, 9.0, -9.0, NAN])}, np.array(1), note='NaN')
        for axis in [0, 1, -1]:
            expected = function(x, axis).astype(float)
            layer(kind, [x], expected, note=f'remove {axis}', axis=axis, removeDim=True)
            layer(kind, [x], np.expand_dims(expected, axis), note=f'keep {axis}', axis=axis, removeDim=False)
        layer(kind, [x[0, 0]], at_least_one(function(x[0, 0]).astype(float)), note='rank 1', axis=0, removeDim=True)


def order(x, axis, ascending):
    return np.argsort(x if ascending else -x, axis, kind='stable')


def sorting():
    x = reals('sort', 3, 5, 2)
    ties = np.array([[2.0, 1.0, 2.0, 1.0, NAN, 3.0]])
    for axis, ascending in [(-1, False), (1, False), (1, True), (0, True)]:
        attributes = {k: v for k, v in {'axis': axis, 'ascending': ascending}.items() if (k, v) not in [('axis', -1), ('ascending', False)]}
        mil('argsort', {'x': x}, order(x, axis, ascending), note=f'{axis} {ascending}', **attributes)
        layer('argSort', [x], order(x, axis, ascending).astype(float), note=f'{axis} {ascending}', axis=axis % 3, descending=not ascending)
        for k in [1, 2]:
            indices = np.take(order(x, axis, ascending), range(k), axis)
            values = np.take_along_axis(x, indices, axis)
            count = {} if k == 1 else {'k': k}
            for version in ['CoreML5', 'CoreML6', 'CoreML7']:
                mil('topk', {'x': x}, [values, indices], note=f'{axis} {ascending} {k} {version}', version=version, **attributes, **count)
            mil('topk', {'x': x}, [values], note=f'values {axis} {ascending} {k}', version='CoreML6', **attributes, **count, return_indices=False, sort=False)
            mil('topk', {'x': x}, [values, indices.astype(np.uint16)], note=f'uint16 {axis} {ascending} {k}', version='CoreML7', **attributes, **count, output_indices_dtype='uint16')
            layer('topK', [x], [values, indices.astype(float)], note=f'{axis} {ascending} {k}', axis=axis, K=k, useBottomK=ascending)
            layer('topK', [x, [float(k)]], [values, indices.astype(float)], note=f'input {axis} {ascending} {k}', axis=axis, K=0, useBottomK=ascending)
    indices = order(x, 1, True)
    mil('topk', {'x': x}, [np.take_along_axis(x, indices, 1)], note='values of iOS17', version='CoreML7', k=5, axis=-2, ascending=True, return_indices=False, sort=True)
    lowest = np.take(order(x, 1, True), [0], 1)
    mil('topk', {'x': x}, [np.take_along_axis(x, lowest, 1), lowest], note='unsorted, of one', version='CoreML7', axis=1, ascending=True, sort=False, output_indices_dtype='int32')
    n = integers('sort', 0, 200, 2, 6).astype(np.uint8)
    indices = order(n.astype(int), -1, False)
    mil('topk', {'x': n}, [np.take_along_axis(n, indices, -1), indices], note='all of uint8', version='CoreML7', k=-1)
    mil('argsort', {'x': ties}, np.array([[1, 3, 0, 2, 5, 4]]), note='ties and NaN', ascending=True)
    mil('argsort', {'x': ties}, np.array([[5, 0, 2, 1, 3, 4]]), note='ties and NaN, descending')


def sums():
    x, n = reals('cumsum', 3, 4, 2), integers('cumsum', -9, 9, 3, 4)

    def cumsum(x, axis, exclusive, reverse):
        x = np.flip(x, axis) if reverse else x
        total = np.cumsum(x, axis) - (x if exclusive else 0)
        return np.flip(total, axis) if reverse else total

    mil('cumsum', {'x': x}, cumsum(x, 0, False, False), note='default')
    mil('cumsum', {'x': n}, cumsum(n, 1, True, True), note='integers', axis=1, exclusive=True, reverse=True)
    for axis in [0, 1, -1]:
        for exclusive in [False, True]:
            for reverse in [False, True]:
                expected = cumsum(x, axis, exclusive, reverse)
                mil('cumsum', {'x': x}, expected, note=f'{axis} {exclusive} {reverse}', axis=axis, exclusive=exclusive, reverse=reverse)
                layer('cumSum', [x], expected, note=f'{axis} {exclusive} {reverse}', axis=axis, excludeFinalSum=exclusive, reverse=reverse)
    layer('cumSum', [x, [1.0]], cumsum(x, 1, False, False), note='axis as input', axis=0, excludeFinalSum=False, reverse=False)


if __name__ == '__main__':
    with np.errstate(all='ignore'):
        reductions()
        arguments()
        sorting()
        sums()
    cases.print()
