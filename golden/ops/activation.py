"""Golden cases of activations, from the formulas of MIL's op documents and NeuralNetwork.proto in float64.

    python golden/ops/activation.py > golden/ops/activation.json
"""

import math

import numpy as np
from case import Cases, reals

cases = Cases()
mil, layer = cases.mil, cases.layer

INF, NAN = np.inf, np.nan
erf = np.vectorize(math.erf, otypes=[float])
sigmoid = lambda x: 1 / (1 + np.exp(-x))
softplus = lambda x: np.logaddexp(0, x)

X = np.concatenate([reals('activation', 2, 3, 2, 2).flatten(), [0.0, -0.0, 20.0, -20.0, 90.0, -90.0, 3.0, -3.0, 0.5, -0.5, 7.0, -7.0]]).reshape(3, 3, 2, 2)

# MIL name, ActivationParams field, function
PLAIN = [
    ('relu', 'ReLU', lambda x: np.maximum(x, 0)),
    ('sigmoid', 'sigmoid', sigmoid),
    ('softsign', 'softsign', lambda x: x / (1 + np.abs(x))),
    ('softplus', 'softplus', softplus),
    ('relu6', None, lambda x: np.clip(x, 0, 6)),
    ('silu', None, lambda x: x * sigmoid(x)),
    ('tanh', 'tanh', np.tanh),
]
SCALED = [
    ('elu', 'ELU', lambda x, a: np.where(x >= 0, x, a * np.expm1(np.minimum(x, 0))), {'alpha': 1.5}),
    ('leaky_relu', 'leakyReLU', lambda x, a: np.where(x >= 0, x, a * x), {'alpha': 0.25}),
    ('thresholded_relu', 'thresholdedReLU', lambda x, a: np.where(x >= a, x, 0), {'alpha': 0.5}),
    ('linear_activation', 'linear', lambda x, a, b: a * x + b, {'alpha': -1.5, 'beta': 0.75}),
    ('scaled_tanh', 'scaledTanh', lambda x, a, b: a * np.tanh(b * x), {'alpha': 1.75, 'beta': 0.625}),
    ('sigmoid_hard', 'sigmoidHard', lambda x, a, b: np.clip(a * x + b, 0, 1), {'alpha': 0.25, 'beta': 0.375}),
    ('clamped_relu', None, lambda x, a, b: np.minimum(b, np.where(x >= 0, x, a * x)), {'alpha': -0.5, 'beta': 1.25}),
]
GELU = {
    'EXACT': lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2))),
    'TANH_APPROXIMATION': lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    'SIGMOID_APPROXIMATION': lambda x: x * sigmoid(1.702 * x),
}
# NaN, infinity, -infinity
SPECIAL = np.array([NAN, INF, -INF])
LIMITS = {'relu': (INF, 0), 'sigmoid': (1, 0), 'softsign': (NAN, NAN), 'softplus': (INF, 0), 'relu6': (6, 0), 'silu': (INF, 0), 'tanh': (1, -1)}


def softmax(x, axis):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def plain():
    for op, field, function in PLAIN:
        mil(op, {'x': X}, function(X))
        mil(op, {'x': SPECIAL}, np.array([NAN, *LIMITS[op]]), note='special')
        if field:
            layer('activation', [X], function(X), note=field, **{field: {}})
    for op, field, function, constants in SCALED:
        for version in ['CoreML5', 'CoreML7']:
            mil(op, {'x': X}, function(X, *constants.values()), note=version, version=version, **constants)
        if field:
            layer('activation', [X], function(X, *constants.values()), note=field, **{field: constants})
    op, _, function, constants = SCALED[-1]
    layer('clampedReLU', [X], function(X, *constants.values()), **constants)
    for mode, function in GELU.items():
        mil('gelu', {'x': X}, function(X), note=mode, mode=mode)
        layer('gelu', [X], function(X), note=mode, mode=mode)
        mil('gelu', {'x': SPECIAL}, np.array([NAN, INF, 0]), note=f'{mode} special', mode=mode)
    mil('gelu', {'x': X}, GELU['EXACT'](X), note='default')


def channels():
    alpha, beta = np.array([0.25, -1.5, 2.0]), np.array([1.0, 0.5, -0.75])
    column = lambda v: v.reshape(-1, 1, 1)
    prelu = lambda x, a: np.where(x >= 0, x, a * x)
    for version in ['CoreML5', 'CoreML7']:
        mil('prelu', {'x': X, 'alpha': alpha}, prelu(X, column(alpha)), note=version, version=version)
        mil('softplus_parametric', {'x': X, 'alpha': alpha, 'beta': beta}, column(alpha) * softplus(column(beta) * X), note=version, version=version)
    mil('prelu', {'x': X[..., 0], 'alpha': np.full(3, 0.5)}, prelu(X[..., 0], 0.5), note='rank 3')
    mil('prelu', {'x': X[..., None], 'alpha': np.full(3, 0.5)}, prelu(X[..., None], 0.5), note='rank 5')
    for x in [X[0], X, X[None]]:
        layer('activation', [x], prelu(x, column(alpha)), note=f'PReLU rank {x.ndim}', weights=[('PReLU.alpha', alpha)], PReLU={})
    layer('activation', [X], prelu(X, 0.25), note='PReLU one slope', weights=[('PReLU.alpha', [0.25])], PReLU={})
    layer('activation', [X], column(alpha) * softplus(column(beta) * X), note='parametricSoftplus', weights=[('parametricSoftplus.alpha', alpha), ('parametricSoftplus.beta', beta)], parametricSoftplus={})
    layer('activation', [X], 0.5 * softplus(2 * X), note='parametricSoftplus one', weights=[('parametricSoftplus.alpha', [0.5]), ('parametricSoftplus.beta', [2.0])], parametricSoftplus={})


def normalized():
    mil('softmax', {'x': X}, softmax(X, -1), note='default')
    for axis in [0, 1, 2, 3, -2]:
        mil('softmax', {'x': X}, softmax(X, axis), note=f'axis {axis}', axis=axis)
        layer('softmaxND', [X], softmax(X, axis), note=f'axis {axis}', axis=axis)
    for x in [X[0], X, X[None]]:
        layer('softmax', [x], softmax(x, -3), note=f'rank {x.ndim}')
    large = np.array([[1000.0, 1001.0], [-1000.0, -1001.0], [0.0, -INF]])
    mil('softmax', {'x': large}, softmax(large, -1), note='large')
    mil('softmax', {'x': np.array([[NAN, 1.0], [INF, 1.0], [-INF, -INF]])}, np.full((3, 2), NAN), note='special')
    halves = np.float16(X)
    mil('softmax', {'x': halves}, softmax(halves.astype(float), -1).astype(np.float16), note='half', tolerance=2**-11)


if __name__ == '__main__':
    with np.errstate(all='ignore'):
        plain()
        channels()
        normalized()
    cases.print()
