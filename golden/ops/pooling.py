"""Golden cases of pooling, window by window in float64.

    python golden/ops/pooling.py > golden/ops/pooling.json
"""

import itertools
import math

import numpy as np
from case import Cases, reals

cases = Cases()


def pool(x, kind, kernel, strides, pad, out, count_padding=True):
    """Windows over the last len(kernel) dimensions of x; pad [(before, after), ...]."""
    spatial = len(kernel)
    y = np.zeros((*x.shape[:-spatial], *out))
    for at in itertools.product(*map(range, out)):
        window = tuple(slice(max(0, a * s - p), max(0, a * s - p + k)) for a, s, (p, _), k in zip(at, strides, pad, kernel))
        inside = x[(..., *window)]
        axes = tuple(range(-spatial, 0))
        count = math.prod(kernel) if count_padding else math.prod(inside.shape[-spatial:])
        y[(..., *at)] = {'max': lambda: inside.max(axes), 'avg': lambda: inside.sum(axes) / count, 'l2': lambda: np.sqrt((inside**2).sum(axes))}[kind]()
    return y


def sizes(shape, kernel, strides, pad, ceil=False):
    out = []
    for size, k, s, (before, after) in zip(shape, kernel, strides, pad):
        room = size + before + after - k
        count = (math.ceil(room / s) if ceil else room // s) + 1
        if ceil and before + after > 0 and (count - 1) * s >= size + before:
            count -= 1
        out.append(count)
    return out


def same(shape, kernel, strides, lower=False):
    pads = []
    for size, k, s in zip(shape, kernel, strides):
        total = max(0, (math.ceil(size / s) - 1) * s + k - size)
        few, many = total // 2, total - total // 2
        pads.append((many, few) if lower else (few, many))
    return pads


def pairs(pad):
    return list(zip(pad[::2], pad[1::2]))


def mil_pools():
    settings = [
        # name, x, kernel, strides, pad_type, pad, ceil_mode
        ('defaults', (1, 2, 6), [3], None, 'valid', None, None),
        ('1-D', (2, 2, 7), [3], [2], 'custom', [1, 2], None),
        ('same', (1, 2, 5, 4), [2, 3], [2, 1], 'same', None, None),
        ('same lower', (1, 2, 5, 4), [2, 3], [2, 1], 'same_lower', None, None),
        ('custom', (1, 1, 4, 5), [3, 2], [1, 2], 'custom', [1, 0, 1, 1], None),
        ('ceil', (1, 1, 7, 6), [3, 3], [2, 2], 'custom', [1, 1, 1, 1], True),
        ('ceil without padding', (1, 2, 7), [2], [3], 'valid', None, True),
        ('ceil, last window dropped', (1, 1, 5, 5), [2, 2], [3, 3], 'custom', [1, 1, 1, 1], True),
        ('3-D', (1, 2, 3, 4, 3), [2, 2, 3], [1, 2, 1], 'custom', [1, 0, 0, 1, 1, 1], None),
    ]
    for name, shape, kernel, strides, pad_type, pad, ceil in settings:
        spatial = len(kernel)
        x = reals('pool ' + name, *shape) - (2 if name == 'custom' else 0)
        s = strides or [1] * spatial
        amounts = same(shape[2:], kernel, s, pad_type == 'same_lower') if pad_type.startswith('same') else pairs(pad or [0] * 2 * spatial)
        out = sizes(shape[2:], kernel, s, amounts, bool(ceil))
        attributes = {k: v for k, v in {'kernel_sizes': kernel, 'strides': strides, 'pad_type': pad_type, 'pad': pad, 'ceil_mode': ceil}.items() if v is not None}
        for op, kind in [('max_pool', 'max'), ('avg_pool', 'avg'), ('l2_pool', 'l2')]:
            if op == 'l2_pool' and spatial == 3:
                continue
            cases.mil(op, {'x': x}, pool(x, kind, kernel, s, amounts, out), note=name, version='CoreML6', **attributes)
        excluded = pool(x, 'avg', kernel, s, amounts, out, False)
        cases.mil('avg_pool', {'x': x}, excluded, note=name + ', padding excluded', version='CoreML6', exclude_padding_from_average=True, **attributes)
    x = np.array([[[1.0, np.nan, -2.0, -np.inf, -np.inf, 3.0]]])
    cases.mil('max_pool', {'x': x}, np.array([[[np.nan, -2.0, 3.0]]]), note='not a number', kernel_sizes=[2], strides=[2], pad_type='valid')


def borders(top, bottom, left, right):
    return {'valid': {'paddingAmounts': {'borderAmounts': [{'startEdgeSize': top, 'endEdgeSize': bottom}, {'startEdgeSize': left, 'endEdgeSize': right}]}}}


KINDS = [('MAX', 'max'), ('AVERAGE', 'avg'), ('L2', 'l2')]


def layers():
    settings = [
        # name, x, kernelSize, stride, padding, pad, ceil
        ('defaults', (1, 2, 5, 4), [], [], {'valid': {}}, [(0, 0), (0, 0)], False),
        ('borders', (2, 1, 1, 4, 5), [2, 3], [2, 1], borders(0, 1, 1, 2), [(0, 1), (1, 2)], False),
        ('same', (1, 2, 5, 4), [2, 3], [2, 1], {'same': {'asymmetryMode': 'BOTTOM_RIGHT_HEAVY'}}, same((5, 4), [2, 3], [2, 1]), False),
        ('same, top left', (1, 2, 5, 4), [2, 3], [2, 1], {'same': {'asymmetryMode': 'TOP_LEFT_HEAVY'}}, same((5, 4), [2, 3], [2, 1], True), False),
        ('last pixel', (1, 2, 6, 7), [3, 2], [2, 3], {'includeLastPixel': {'paddingAmounts': [1, 0]}}, [(1, 1), (0, 0)], True),
        ('last pixel, no amounts', (2, 6, 4), [3, 3], [2, 2], {'includeLastPixel': {'paddingAmounts': []}}, [(0, 0), (0, 0)], True),
    ]
    for name, shape, kernel_size, stride, padding, pad, ceil in settings:
        x = reals('layer ' + name, *shape)
        kernel, s = kernel_size or [3, 3], stride or [1, 1]
        out = sizes(shape[-2:], kernel, s, pad, ceil)
        attributes = {'kernelSize': kernel_size, 'stride': stride, **padding}
        for kind, function in KINDS:
            cases.layer('pooling', [x], pool(x, function, kernel, s, pad, out), note=f'{kind} {name}', type=kind, **attributes)
        excluded = pool(x, 'avg', kernel, s, pad, out, False)
        cases.layer('pooling', [x], excluded, note=f'AVERAGE {name}, padding excluded', type='AVERAGE', avgPoolExcludePadding=True, **attributes)
    x = reals('global', 2, 3, 4, 5)
    for kind, function in KINDS:
        whole = pool(x, function, [4, 5], [1, 1], [(0, 0)] * 2, [1, 1])
        cases.layer('pooling', [x], whole, note=f'{kind} global', type=kind, globalPooling=True, kernelSize=[2, 2], valid={})


AXES = ['Depth', 'Height', 'Width']
SIDES = ['Front', 'Back', 'Top', 'Bottom', 'Left', 'Right']


def volumes():
    shape, kernel, stride, custom = (1, 2, 3, 5, 4), [2, 3, 2], [1, 2, 3], [1, 1, 1, 2, 1, 1]
    for padding, pad in [('CUSTOM', pairs(custom)), ('VALID', [(0, 0)] * 3), ('SAME', same(shape[2:], kernel, stride))]:
        x = reals('volume ' + padding, *shape)
        out = sizes(shape[2:], kernel, stride, pad)
        attributes = {'paddingType': padding, **{'customPadding' + side: amount for side, amount in zip(SIDES, custom)}}
        for axis, k, s in zip(AXES, kernel, stride):
            attributes |= {'kernel' + axis: k, 'stride' + axis: s}
        for kind, function in KINDS[:2]:
            cases.layer('pooling3d', [x], pool(x, function, kernel, stride, pad, out), note=f'{kind} {padding}', type=kind, **attributes)
        excluded = pool(x, 'avg', kernel, stride, pad, out, False)
        cases.layer('pooling3d', [x], excluded, note=f'AVERAGE {padding}, padding excluded', type='AVERAGE', countExcludePadding=True, **attributes)
    x = reals('global volume', 2, 2, 3, 2, 4)
    for kind, function in KINDS[:2]:
        cases.layer('globalPooling3d', [x], pool(x, function, [3, 2, 4], [1, 1, 1], [(0, 0)] * 3, [1, 1, 1]), note=kind, type=kind)


if __name__ == '__main__':
    for make in (mil_pools, layers, volumes):
        make()
    cases.print()
