"""Golden cases of convolutions, from the sums in MIL's op documents and NeuralNetwork.proto, element by element in float64.

    python golden/ops/convolution.py > golden/ops/convolution.json
"""

import itertools

import numpy as np
from case import Cases, integers, reals

cases = Cases()


def places(sizes):
    return itertools.product(*map(range, sizes))


def convolve(x, w, b=None, *, strides, dilations, pad, groups=1):
    """x [N, C, ...], w [O, C / groups, ...]; pad [(before, after), ...]."""
    x = np.pad(x, [(0, 0), (0, 0), *pad])
    kernel = w.shape[2:]
    out = [(size - (k - 1) * d - 1) // s + 1 for size, k, s, d in zip(x.shape[2:], kernel, strides, dilations)]
    y = np.zeros((x.shape[0], w.shape[0], *out))
    per_group, channels = w.shape[0] // groups, w.shape[1]
    for n, o, at in itertools.product(range(x.shape[0]), range(w.shape[0]), places(out)):
        first = (o // per_group) * channels
        for tap in places(kernel):
            where = tuple(a * s + t * d for a, s, t, d in zip(at, strides, tap, dilations))
            y[(n, o, *at)] += sum(x[(n, first + c, *where)] * w[(o, c, *tap)] for c in range(channels))
    return y if b is None else y + b.reshape(-1, *[1] * len(kernel))


def transpose(x, w, b=None, *, strides, dilations, before, out, groups=1):
    """x [N, C, ...], w [C, O / groups, ...]: every input adds its kernel to the result, of which [before, before + out) stays."""
    kernel = w.shape[2:]
    full = [(size - 1) * s + (k - 1) * d + 1 for size, k, s, d in zip(x.shape[2:], kernel, strides, dilations)]
    room = [max(f, p + o) for f, p, o in zip(full, before, out)]
    channels, per_group = x.shape[1] // groups, w.shape[1]
    y = np.zeros((x.shape[0], per_group * groups, *room))
    for n, c, at in itertools.product(range(x.shape[0]), range(x.shape[1]), places(x.shape[2:])):
        first = (c // channels) * per_group
        for o, tap in itertools.product(range(per_group), places(kernel)):
            where = tuple(a * s + t * d for a, s, t, d in zip(at, strides, tap, dilations))
            y[(n, first + o, *where)] += x[(n, c, *at)] * w[(c, o, *tap)]
    y = y[(slice(None), slice(None), *(slice(p, p + o) for p, o in zip(before, out)))]
    return y if b is None else y + b.reshape(-1, *[1] * len(kernel))


def same(sizes, kernel, strides, dilations, lower=False):
    pads = []
    for size, k, s, d in zip(sizes, kernel, strides, dilations):
        total = max(0, (-(-size // s) - 1) * s + (k - 1) * d + 1 - size)
        few, many = total // 2, total - total // 2
        pads.append((many, few) if lower else (few, many))
    return pads


def pairs(pad):
    return list(zip(pad[::2], pad[1::2]))


def given(attributes):
    return {name: value for name, value in attributes.items() if value is not None}


def mil_conv():
    settings = [
        # name, x, w, pad_type, pad, strides, dilations, groups, bias
        ('defaults', (1, 3, 5), (4, 3, 2), None, None, None, None, None, False),
        ('1-D', (2, 3, 9), (4, 3, 3), 'custom', [2, 1], [2], [2], None, True),
        ('2-D', (1, 4, 6, 7), (6, 2, 3, 2), 'custom', [1, 0, 2, 3], [2, 3], [1, 2], 2, True),
        ('depthwise', (2, 5, 6, 5), (5, 1, 3, 3), 'same', None, [1, 2], [2, 1], 5, True),
        ('channel multiplier', (1, 2, 4, 3), (6, 1, 2, 2), 'same_lower', None, [1, 1], None, 2, False),
        ('pointwise', (2, 3, 4, 3), (7, 3, 1, 1), 'valid', None, None, None, None, True),
        ('one place', (1, 9, 1, 1), (6, 9, 1, 1), 'valid', None, None, None, None, True),
        ('kernel beyond the input', (1, 2, 2, 3), (3, 2, 5, 4), 'same', None, [2, 1], None, None, False),
        ('stride without padding', (1, 2, 7, 8), (3, 2, 1, 1), 'same', None, [3, 2], None, None, False),
        ('3-D', (1, 4, 3, 4, 5), (4, 2, 2, 3, 2), 'custom', [1, 1, 0, 2, 1, 0], [1, 2, 2], [1, 1, 3], 2, True),
        ('3-D same lower', (1, 2, 4, 3, 4), (2, 2, 2, 2, 3), 'same_lower', None, [2, 1, 3], None, None, False),
    ]
    for name, shape, weight, pad_type, pad, strides, dilations, groups, bias in settings:
        spatial = len(shape) - 2
        x, w, b = reals('x' + name, *shape), reals('w' + name, *weight), reals('b' + name, weight[0])
        s, d = strides or [1] * spatial, dilations or [1] * spatial
        amounts = same(shape[2:], weight[2:], s, d, pad_type == 'same_lower') if (pad_type or '').startswith('same') else pairs(pad or [0] * 2 * spatial)
        attributes = {'pad_type': pad_type, 'pad': pad, 'strides': strides, 'dilations': dilations, 'groups': groups}
        expected = convolve(x, w, b if bias else None, strides=s, dilations=d, pad=amounts, groups=groups or 1)
        cases.mil('conv', {'x': x, 'weight': w, **({'bias': b} if bias else {})}, expected, note=name, version='CoreML6', **given(attributes))
    x, w, b = reals('mixed x', 1, 2, 5), reals('mixed w', 3, 2, 2), reals('mixed b', 3)
    expected = convolve(x, w, b, strides=[1], dilations=[1], pad=[(0, 0)])
    cases.mil('conv', {'x': x.astype(np.float16), 'weight': w, 'bias': b}, expected.astype(np.float16), note='float32 weights', version='CoreML7')


def mil_conv_quantized():
    settings = [
        # name, x, w, nbits, scale, bias of the quantization, pad_type, pad, strides, dilations, groups, bias
        ('whole tensor', (1, 3, 5), (4, 3, 2), None, [0.0625], [-8], None, None, None, None, None, False),
        ('each channel, 4 bits', (2, 4, 5, 6), (6, 2, 3, 2), 4, [0.5, 0.25, 1, 0.125, 2, 0.75], [-4, 0, 2, -1, 1, -2], 'custom', [1, 0, 2, 1], [2, 1], [1, 2], 2, True),
    ]
    for name, shape, weight, nbits, scale, shift, pad_type, pad, strides, dilations, groups, bias in settings:
        spatial = len(shape) - 2
        x = reals('quantized x' + name, *shape)
        quantized = integers('quantized w' + name, 0, 2 ** (nbits or 8), *weight)
        b = integers('quantized b' + name, 0, 256, weight[0])
        per_channel = [-1, *[1] * (len(weight) - 1)]
        w = quantized * np.reshape(np.asarray(scale, np.float64), per_channel) + np.reshape(np.asarray(shift, np.float64), per_channel)
        expected = convolve(x, w, b if bias else None, strides=strides or [1] * spatial, dilations=dilations or [1] * spatial, pad=pairs(pad or [0] * 2 * spatial), groups=groups or 1)
        operands = {'x': x, 'weight': quantized.astype(np.uint8), **({'bias': b.astype(np.uint8)} if bias else {}), 'quant_scale': np.asarray(scale, np.float32), 'quant_bias': np.asarray(shift, np.float32)}
        attributes = {'quantization_type': 'linear', 'nbits': nbits, 'pad_type': pad_type, 'pad': pad, 'strides': strides, 'dilations': dilations, 'groups': groups}
        cases.mil('conv_quantized', operands, expected, note=name, **given(attributes))
    for pad_type in ['same', 'same_lower', 'valid']:
        x, quantized = reals('quantized ' + pad_type, 1, 2, 6), integers('quantized w' + pad_type, 0, 256, 3, 2, 3)
        amounts = [(0, 0)] if pad_type == 'valid' else same([6], [3], [2], [1], pad_type == 'same_lower')
        expected = convolve(x, quantized * 0.125 - 16, strides=[2], dilations=[1], pad=amounts)
        operands = {'x': x, 'weight': quantized.astype(np.uint8), 'quant_scale': np.float32(0.125), 'quant_bias': np.float32(-16)}
        cases.mil('conv_quantized', operands, expected, note=pad_type, quantization_type='linear', pad_type=pad_type, strides=[2])


def mil_conv_transpose():
    settings = [
        # name, x, w, pad_type, pad, strides, dilations, groups, output_shape, bias
        ('defaults', (1, 3, 4), (3, 2, 3), None, None, None, None, None, None, False),
        ('1-D', (2, 4, 5), (4, 3, 4), 'custom', [1, 2], [3], [2], 2, None, True),
        ('2-D valid', (1, 3, 3, 4), (3, 2, 3, 2), 'valid', None, [2, 1], [1, 2], None, None, True),
        ('2-D same', (1, 4, 3, 3), (4, 2, 4, 3), 'same', None, [2, 2], None, 2, None, True),
        ('stride beyond the kernel', (1, 2, 3, 2), (2, 2, 1, 2), 'same', None, [3, 3], None, None, None, False),
        ('output shape, same', (1, 2, 3, 3), (2, 3, 3, 3), 'same', None, [2, 2], None, None, [1, 3, 5, 6], True),
        ('output shape, valid', (1, 2, 3, 3), (2, 3, 2, 3), 'valid', None, [3, 2], None, None, [1, 3, 10, 7], False),
        ('output shape, custom', (1, 2, 4, 3), (2, 2, 3, 4), 'custom', [2, 0, 1, 1], [2, 2], None, None, [1, 2, 7, 6], False),
        ('depthwise', (1, 3, 3, 2), (3, 1, 4, 4), 'custom', [1, 1, 1, 1], [2, 2], None, 3, None, False),
        ('3-D', (1, 4, 2, 3, 2), (4, 1, 2, 3, 2), 'custom', [0, 1, 1, 1, 0, 0], [2, 1, 3], [1, 2, 1], 2, None, True),
    ]
    for name, shape, weight, pad_type, pad, strides, dilations, groups, output_shape, bias in settings:
        spatial = len(shape) - 2
        outputs = weight[1] * (groups or 1)
        x, w, b = reals('tx' + name, *shape), reals('tw' + name, *weight), reals('tb' + name, outputs)
        s, d = strides or [1] * spatial, dilations or [1] * spatial
        full = [(size - 1) * st + (k - 1) * di + 1 for size, k, st, di in zip(shape[2:], weight[2:], s, d)]
        cut = pairs(pad or [0] * 2 * spatial)
        if pad_type == 'same':
            out = output_shape[2:] if output_shape else [size * st for size, st in zip(shape[2:], s)]
            before = [max(0, f - o) // 2 for f, o in zip(full, out)]
        else:
            out = output_shape[2:] if output_shape else [f - a - z for f, (a, z) in zip(full, cut)]
            before = [a for a, _ in cut]
        attributes = {'pad_type': pad_type, 'pad': pad, 'strides': strides, 'dilations': dilations, 'groups': groups, 'output_shape': output_shape}
        expected = transpose(x, w, b if bias else None, strides=s, dilations=d, before=before, out=out, groups=groups or 1)
        cases.mil('conv_transpose', {'x': x, 'weight': w, **({'bias': b} if bias else {})}, expected, note=name, **given(attributes))


def borders(top, bottom, left, right):
    return {'valid': {'paddingAmounts': {'borderAmounts': [{'startEdgeSize': top, 'endEdgeSize': bottom}, {'startEdgeSize': left, 'endEdgeSize': right}]}}}


def layers():
    settings = [
        # name, x, [outputs, kernel channels], kernel, stride, dilation, groups, padding, bias
        ('defaults', (1, 2, 5, 6), (3, 2), [], [], [], 0, {'valid': {}}, False),
        ('borders', (2, 1, 2, 4, 5), (4, 1), [2, 3], [2, 1], [1, 2], 2, borders(1, 2, 0, 3), True),
        ('same', (1, 3, 5, 4), (2, 3), [2, 4], [2, 1], [1, 1], 1, {'same': {'asymmetryMode': 'BOTTOM_RIGHT_HEAVY'}}, True),
        ('same, top left', (1, 3, 5, 4), (2, 3), [2, 4], [2, 1], [1, 1], 1, {'same': {'asymmetryMode': 'TOP_LEFT_HEAVY'}}, True),
        ('rank 3', (3, 4, 4), (2, 3), [2, 2], [1, 1], [1, 1], 1, {'valid': {}}, True),
    ]
    for name, shape, (outputs, channels), kernel, stride, dilation, groups, padding, bias in settings:
        k, s, d, g = kernel or [3, 3], stride or [1, 1], dilation or [1, 1], groups or 1
        x, w, b = reals('lx' + name, *shape), reals('lw' + name, outputs, channels, *k), reals('lb' + name, outputs)
        if 'same' in padding:
            pad = same(shape[-2:], k, s, d, padding['same']['asymmetryMode'] == 'TOP_LEFT_HEAVY')
        else:
            pad = [tuple(edge.values()) for edge in padding['valid'].get('paddingAmounts', {}).get('borderAmounts', [])] or [(0, 0), (0, 0)]
        y = convolve(x.reshape(-1, *shape[-3:]), w, b if bias else None, strides=s, dilations=d, pad=pad, groups=g)
        attributes = {'outputChannels': outputs, 'kernelChannels': channels, 'nGroups': groups, 'kernelSize': kernel, 'stride': stride, 'dilationFactor': dilation, 'hasBias': bias, **padding}
        weights = [('weights', w.flatten()), *([('bias', b)] if bias else [])]
        cases.layer('convolution', [x], y.reshape(*shape[:-3], *y.shape[1:]), note=name, weights=weights, **attributes)
    x, w = reals('runtime x', 1, 2, 4, 5), reals('runtime w', 3, 2, 3, 2)
    attributes = {'outputChannels': 3, 'kernelChannels': 2, 'kernelSize': [3, 2], 'valid': {}}
    cases.layer('convolution', [x, w], convolve(x, w, strides=[1, 1], dilations=[1, 1], pad=[(0, 0), (0, 0)]), note='weights at run time', **attributes)


def deconvolutions():
    settings = [
        # name, groups, kernel, stride, padding, outputShape, before, out
        ('valid', 1, [3, 2], [2, 3], {'valid': {}}, [], [0, 0], [7, 8]),
        ('borders', 2, [3, 4], [2, 2], borders(1, 1, 0, 2), [], [1, 0], [5, 6]),
        ('same', 1, [4, 3], [2, 2], {'same': {}}, [], [1, 0], [6, 6]),
        ('output shape', 1, [3, 3], [2, 2], borders(2, 2, 2, 2), [6, 5], [0, 1], [6, 5]),
    ]
    for name, groups, kernel, stride, padding, shape, before, out in settings:
        x, w, b = reals('dx' + name, 1, 4, 3, 3), reals('dw' + name, 4, 2, *kernel), reals('db' + name, 2 * groups)
        attributes = {'outputChannels': 2 * groups, 'kernelChannels': 4, 'nGroups': groups, 'kernelSize': kernel, 'stride': stride, 'isDeconvolution': True, 'hasBias': True, 'outputShape': shape, **padding}
        expected = transpose(x, w, b, strides=stride, dilations=[1, 1], before=before, out=out, groups=groups)
        cases.layer('convolution', [x], expected, note='deconvolution ' + name, weights=[('weights', w.flatten()), ('bias', b)], **attributes)


AXES = ['Depth', 'Height', 'Width']
SIDES = ['Front', 'Back', 'Top', 'Bottom', 'Left', 'Right']


def volumes():
    settings = [
        ('custom', 'CUSTOM', [1, 0, 0, 2, 1, 1], [2, 1, 2], [1, 2, 1], 2),
        ('valid', 'VALID', [1, 1, 1, 1, 1, 1], [1, 2, 1], [1, 1, 1], 1),
        ('same', 'SAME', [0] * 6, [2, 2, 1], [1, 1, 2], 1),
    ]
    kernel = [2, 2, 3]
    for name, kind, pad, stride, dilation, groups in settings:
        x, w, b = reals('vx' + name, 1, 2, 3, 5, 6), reals('vw' + name, 4, 2 // groups, *kernel), reals('vb' + name, 4)
        amounts = {'CUSTOM': pairs(pad), 'VALID': [(0, 0)] * 3, 'SAME': same(x.shape[2:], kernel, stride, dilation)}[kind]
        expected = convolve(x, w, b, strides=stride, dilations=dilation, pad=amounts, groups=groups)
        volume(name, x, w, b, 4, kind, pad, stride, dilation, groups, expected)
    x, w, b = reals('vdx', 1, 4, 2, 3, 2), reals('vdw', 4, 2, *kernel), reals('vdb', 4)
    expected = transpose(x, w, b, strides=[1, 2, 2], dilations=[1, 1, 1], before=[0, 1, 0], out=[3, 5, 4], groups=2)
    volume('deconvolution', x, w, b, 4, 'CUSTOM', [0, 0, 1, 0, 0, 1], [1, 2, 2], [1, 1, 1], 2, expected, isDeconvolution=True)
    expected = transpose(x, w, b, strides=[1, 2, 2], dilations=[1, 1, 1], before=[0, 0, 0], out=[3, 5, 5], groups=2)
    volume('deconvolution output shape', x, w, b, 4, 'VALID', [0] * 6, [1, 2, 2], [1, 1, 1], 2, expected, isDeconvolution=True, outputShape=[3, 5, 5])


def volume(name, x, w, b, outputs, kind, pad, stride, dilation, groups, expected, **more):
    attributes = {'inputChannels': x.shape[1], 'outputChannels': outputs, 'nGroups': groups, 'hasBias': True, 'paddingType': kind, **more}
    for axis, k, s, d in zip(AXES, w.shape[2:], stride, dilation):
        attributes |= {'kernel' + axis: k, 'stride' + axis: s, 'dilation' + axis: d}
    attributes |= {'customPadding' + side: amount for side, amount in zip(SIDES, pad)}
    cases.layer('convolution3d', [x], expected, note=name, weights=[('weights', w.flatten()), ('bias', b)], **attributes)


if __name__ == '__main__':
    for make in (mil_conv, mil_conv_quantized, mil_conv_transpose, layers, deconvolutions, volumes):
        make()
    cases.print()
