"""Golden cases of normalizations, from their formulas in float64.

    python golden/ops/normalization.py > golden/ops/normalization.json
"""

import numpy as np
from case import Cases, reals

cases = Cases()
TOLERANCE = 2e-6


def normalize(x, axes, epsilon, mean=None, variance=None):
    mean = x.mean(axes, keepdims=True) if mean is None else mean
    variance = ((x - mean) ** 2).mean(axes, keepdims=True) if variance is None else variance
    return (x - mean) / np.sqrt(variance + epsilon)


def along(values, axis, rank):
    """A vector as one that broadcasts along `axis`."""
    return values.reshape([-1 if i == axis % rank else 1 for i in range(rank)])


def local_response(x, axis, size, alpha, beta, k):
    """floor(size / 2) channels before, the rest after."""
    squares = np.moveaxis(x * x, axis, 0)
    before = size // 2
    sums = np.stack([squares[max(0, c - before) : max(0, c - before + size)].sum(0) for c in range(len(squares))])
    return x / (k + alpha / size * np.moveaxis(sums, 0, axis)) ** beta


def given(**values):
    return {name: value for name, value in values.items() if value is not None}


def mil_ops():
    for shape, affine, epsilon in [((2, 3, 4), False, None), ((2, 3, 2, 3), True, 0.25), ((1, 2, 2, 2, 3), True, 1e-3)]:
        name, rank, channels = f'{shape}', len(shape), shape[1]
        x, mean, variance = reals('bn' + name, *shape), reals('mean' + name, channels), np.abs(reals('variance' + name, channels)) + 0.125
        gamma, beta = (reals('gamma' + name, channels), reals('beta' + name, channels)) if affine else (None, None)
        scale, shift = (along(v, 1, rank) if affine else d for v, d in ((gamma, 1), (beta, 0)))
        eps = 1e-5 if epsilon is None else epsilon
        operands = given(x=x, mean=mean, variance=variance, gamma=gamma, beta=beta)
        expected = normalize(x, None, eps, along(mean, 1, rank), along(variance, 1, rank)) * scale + shift
        cases.mil('batch_norm', operands, expected, note=name, tolerance=TOLERANCE, **given(epsilon=epsilon))
        if rank < 5:
            expected = normalize(x, tuple(range(2, rank)), eps) * scale + shift
            cases.mil('instance_norm', given(x=x, gamma=gamma, beta=beta), expected, note=name, tolerance=TOLERANCE, **given(epsilon=epsilon))
    x, gamma = reals('half', 1, 2, 6), reals('half gamma', 2)
    expected = normalize(x, (2,), 1e-3) * along(gamma, 1, 3)
    cases.mil('instance_norm', {'x': x.astype(np.float16), 'gamma': gamma}, expected.astype(np.float16), note='float32 gamma', version='CoreML7', tolerance=1e-3, epsilon=1e-3)
    for shape, axes, affine, epsilon in [((3, 4), None, False, None), ((2, 3, 4), [-1], True, 0.5), ((2, 3, 4), [1], True, 1e-3), ((2, 3, 2, 3), [2, 0], True, None), ((5,), [0], True, None)]:
        name = f'{shape} {axes}'
        x = reals('ln' + name, *shape)
        chosen = sorted(a % len(shape) for a in axes) if axes else list(range(len(shape)))
        sizes = [shape[a] for a in chosen]
        gamma, beta = (reals('g' + name, *sizes), reals('b' + name, *sizes)) if affine else (None, None)
        full = [shape[a] if a in chosen else 1 for a in range(len(shape))]
        expected = normalize(x, tuple(chosen), 1e-5 if epsilon is None else epsilon)
        if affine:
            expected = expected * gamma.reshape(full) + beta.reshape(full)
        cases.mil('layer_norm', given(x=x, gamma=gamma, beta=beta), expected, note=name, tolerance=TOLERANCE, **given(axes=axes, epsilon=epsilon))
    for shape, epsilon in [((2, 3, 2), None), ((2, 2, 3, 2), 0.75), ((2, 1, 2, 1, 3), 1e-3)]:
        x = reals(f'l2 {shape}', *shape)
        eps = 1e-6 if epsilon is None else epsilon
        cases.mil('l2_norm', {'x': x}, x / np.sqrt((x * x).sum((-3, -2, -1), keepdims=True) + eps), note=f'{shape}', tolerance=TOLERANCE, **given(epsilon=epsilon))
    for shape, size, more in [((2, 5, 2, 3), 3, {}), ((1, 6, 2, 2), 5, {'alpha': 0.5, 'beta': 1.5, 'k': 2.0}), ((1, 4, 1, 2), 9, {'alpha': 0.25}), ((4, 2, 3), 3, {'alpha': 1.0}), ((1, 5, 2, 2), 4, {'alpha': 1.0, 'k': 0.5})]:
        x = reals(f'lrn {shape} {size}', *shape)
        expected = local_response(x, -3, size, **{'alpha': 1e-4, 'beta': 0.75, 'k': 1.0, **more})
        cases.mil('local_response_norm', {'x': x}, expected, note=f'{shape} {size}', tolerance=TOLERANCE, size=size, **more)


def layers():
    for shape in [(3, 2, 4), (2, 3, 2, 2), (1, 2, 3, 2, 3)]:
        name, rank, channels = f'layer {shape}', len(shape), shape[-3]
        x = reals(name, *shape)
        gamma, beta, mean = (reals(field + name, channels) for field in ('gamma', 'beta', 'mean'))
        variance = np.abs(reals('variance' + name, channels)) + 0.25
        scale, shift, m, v = (along(value, rank - 3, rank) for value in (gamma, beta, mean, variance))
        weights = [('gamma', gamma), ('beta', beta)]
        instance = (-2, -1)
        batch = tuple(a for a in range(rank) if a != rank - 3)
        fields = {'channels': channels}
        cases.layer('batchnorm', [x], normalize(x, None, 1e-5, m, v) * scale + shift, note=name, tolerance=TOLERANCE, weights=[*weights, ('mean', mean), ('variance', variance)], epsilon=0, **fields)
        cases.layer('batchnorm', [x], normalize(x, None, 0.5, m, v) * scale + shift, note=f'{name}, epsilon', tolerance=TOLERANCE, weights=[*weights, ('mean', mean), ('variance', variance)], epsilon=0.5, instanceNormalization=True, **fields)
        cases.layer('batchnorm', [x], normalize(x, instance, 1e-3) * scale + shift, note=f'{name}, instance', tolerance=TOLERANCE, weights=weights, epsilon=1e-3, computeMeanVar=True, instanceNormalization=True, **fields)
        cases.layer('batchnorm', [x], normalize(x, batch, 1e-5) * scale + shift, note=f'{name}, batch', tolerance=TOLERANCE, weights=weights, computeMeanVar=True, **fields)
        for across in (False, True):
            axes = (-3, -2, -1) if across else instance
            cases.layer('mvn', [x], x - x.mean(axes, keepdims=True), note=f'{name} {across}, mean', tolerance=TOLERANCE, acrossChannels=across, normalizeVariance=False)
            cases.layer('mvn', [x], normalize(x, axes, 0.125), note=f'{name} {across}', tolerance=TOLERANCE, acrossChannels=across, normalizeVariance=True, epsilon=0.125)
        square = (x * x).sum((-3, -2, -1), keepdims=True)
        cases.layer('l2normalize', [x], x / np.sqrt(square + 1e-6), note=name, tolerance=TOLERANCE, epsilon=0)
        cases.layer('l2normalize', [x], x / np.sqrt(square + 2), note=f'{name}, epsilon', tolerance=TOLERANCE, epsilon=2)
        cases.layer('lrn', [x], local_response(x, -3, 3, 0.5, 0.75, 1), note=name, tolerance=TOLERANCE, localSize=3, alpha=0.5, beta=0.75, k=0)
        cases.layer('lrn', [x], local_response(x, -3, 5, 0.25, 1.25, 2), note=f'{name}, k', tolerance=TOLERANCE, localSize=5, alpha=0.25, beta=1.25, k=2)
    for shape, tail in [((3, 4), 1), ((2, 3, 4), 2), ((2, 3), 2)]:
        name = f'layer norm {shape} {tail}'
        x, sizes = reals(name, *shape), shape[-tail:]
        gamma, beta = reals('g' + name, *sizes), reals('b' + name, *sizes)
        expected = normalize(x, tuple(range(-tail, 0)), 1e-3) * gamma + beta
        cases.layer('layerNormalization', [x], expected, note=name, tolerance=TOLERANCE, weights=[('gamma', gamma.flatten()), ('beta', beta.flatten())], normalizedShape=list(sizes), eps=1e-3)


if __name__ == '__main__':
    mil_ops()
    layers()
    cases.print()
