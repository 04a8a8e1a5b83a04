"""Golden cases of matrix products and their kin, by numpy in float64.

    python golden/ops/linear.py > golden/ops/linear.json
"""

import numpy as np
from case import Cases, integers, reals

cases = Cases()


def linear():
    for shape in [(4,), (3, 4), (2, 3, 4)]:
        x, w, b = reals(f'linear {shape}', *shape), reals('linear w', 5, 4), reals('linear b', 5)
        cases.mil('linear', {'x': x, 'weight': w, 'bias': b}, x @ w.T + b, note=f'{shape}')
        cases.mil('linear', {'x': x, 'weight': w}, x @ w.T, note=f'{shape}, no bias')
    x, w, b = integers('n', -9, 9, 2, 3), integers('m', -9, 9, 4, 3), integers('b', -9, 9, 4)
    cases.mil('linear', {'x': x, 'weight': w, 'bias': b}, x @ w.T + b, note='integers')
    large = np.full((1, 2), 2**30)
    cases.mil('linear', {'x': large, 'weight': np.array([[2, 1], [1, 1]])}, np.array([[2**30 * 3, 2**31]]).astype(np.int32), note='wraps')
    x, w = reals('half x', 2, 3), reals('half w', 4, 3)
    cases.mil('linear', {'x': x.astype(np.float16), 'weight': w}, (x @ w.T).astype(np.float16), note='float32 weight', version='CoreML7')


def matmul():
    shapes = [
        # x, y, transpose_x, transpose_y
        ((4,), (4,), False, False),
        ((4,), (4, 3), False, False),
        ((2, 4), (4,), False, False),
        ((4,), (3, 4, 2), False, False),
        ((2, 3, 4), (4,), False, False),
        ((3, 4), (4, 5), False, False),
        ((1, 6), (6, 1), False, False),
        ((2, 3, 4), (4, 5), False, False),
        ((10, 4, 3), (5, 1, 3, 2), False, False),
        ((2, 1, 3, 4), (3, 5, 4), False, True),
        ((4, 3), (4, 5), True, False),
        ((2, 4, 3), (1, 5, 4), True, True),
        ((0, 3), (3, 2), False, False),
        ((2, 0), (0, 3), False, False),
    ]
    for first, second, tx, ty in shapes:
        name = f'{first} {second}'
        x, y = reals('x' + name, *first), reals('y' + name, *second)
        expected = np.matmul(np.swapaxes(x, -1, -2) if tx else x, np.swapaxes(y, -1, -2) if ty else y)
        attributes = {**({'transpose_x': True} if tx else {}), **({'transpose_y': True} if ty else {})}
        cases.mil('matmul', {'x': x, 'y': y}, expected, note=name, **attributes)
        a, b = integers('a' + name, -9, 9, *first), integers('b' + name, -9, 9, *second)
        expected = np.matmul(np.swapaxes(a, -1, -2) if tx else a, np.swapaxes(b, -1, -2) if ty else b)
        cases.mil('matmul', {'x': a, 'y': b}, expected, note=f'{name}, integers', **attributes)
        x, y = reals('x' + name, *first), reals('y' + name, *second)
        a = x[None, :] if x.ndim == 1 else np.swapaxes(x, -1, -2) if tx else x
        b = y[:, None] if y.ndim == 1 else np.swapaxes(y, -1, -2) if ty else y
        cases.layer('batchedMatmul', [x, y], np.matmul(a, b), note=name, transposeA=tx, transposeB=ty)
    x, y = reals('wide', 2, 3), reals('narrow', 3, 2)
    cases.mil('matmul', {'x': x, 'y': y.astype(np.float16)}, x @ y, note='float32 by float16', version='CoreML7')


def einsum():
    for equation, first, second in [('nchw,nwhu->nchu', (2, 3, 4, 5), (2, 5, 4, 3)), ('nchw,nwhu->nchu', (1, 3, 4, 2), (2, 2, 1, 3)), ('chw,whr->chr', (3, 2, 4), (4, 2, 5)), ('abc,cbd->abd', (3, 1, 4), (4, 2, 2)), ('ij,kj->ki', (2, 3), (4, 3)), ('bhqd,bhkd->bhqk', (1, 2, 3, 4), (1, 2, 5, 4))]:
        name = f'{equation} {first}'
        a, b = reals('a' + name, *first), reals('b' + name, *second)
        words = equation.split('->')[0].split(',')
        sizes = {}
        for word, shape in zip(words, (first, second)):
            for label, size in zip(word, shape):
                sizes[label] = max(size, sizes.get(label, 1))
        whole = [np.broadcast_to(value, [sizes[label] for label in word]) for word, value in zip(words, (a, b))]
        cases.mil('einsum', [('values', a), ('values', b)], np.einsum(equation, *whole), note=name, equation=equation)


def softmax(x):
    with np.errstate(invalid='ignore'):
        e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attention():
    settings = [
        ('plain', (2, 3, 4), (2, 5, 4), (2, 5, 3), None),
        ('float mask', (1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 2), reals('mask', 3, 5)),
        ('bool mask', (2, 2, 3, 2), (2, 2, 4, 2), (2, 2, 4, 3), integers('bool mask', 0, 4, 2, 1, 3, 4) > 0),
        ('row mask', (1, 2, 3), (1, 4, 3), (1, 4, 2), np.array([True, True, False, True])),
    ]
    for name, q, k, v, mask in settings:
        query, key, value = (reals(part + name, *shape) for part, shape in zip('qkv', (q, k, v)))
        added = 0 if mask is None else np.where(mask, 0, -np.inf) if mask.dtype == bool else mask
        weights = softmax(query @ np.swapaxes(key, -1, -2) / np.sqrt(q[-1]) + added)
        operands = {'query': query, 'key': key, 'value': value, **({} if mask is None else {'attn_mask': mask})}
        cases.mil('scaled_dot_product_attention', operands, weights @ value, note=name, version='CoreML8', tolerance=2e-6)


def quantized(x):
    step = np.abs(x).max() / 127
    return np.sign(x) * np.floor(np.abs(x) / step + 0.5) * step


def layers():
    for shape in [(12,), (3, 12), (2, 3, 12), (2, 3, 2, 2), (2, 3, 3, 2, 2)]:
        x, w, b = reals(f'inner {shape}', *shape), reals('inner w', 5, 12), reals('inner b', 5)
        lead, tail = (shape[:-1], ()) if len(shape) < 4 else (shape[:-3], (1, 1))
        flat = x.reshape(*lead, 12)
        fields = {'inputChannels': 12, 'outputChannels': 5}
        cases.layer('innerProduct', [x], (flat @ w.T + b).reshape(*lead, 5, *tail), note=f'{shape}', weights=[('weights', w.flatten()), ('bias', b)], hasBias=True, **fields)
        cases.layer('innerProduct', [x], (flat @ w.T).reshape(*lead, 5, *tail), note=f'{shape}, no bias', weights=[('weights', w.flatten())], **fields)
        dynamic = (quantized(flat) @ w.T).reshape(*lead, 5, *tail)
        cases.layer('innerProduct', [x], dynamic, note=f'{shape}, int8', tolerance=1e-5, weights=[('weights', w.flatten())], int8DynamicQuantize=True, **fields)
    for shape in [(4,), (3, 4), (2, 3, 4)]:
        x, w, b = reals(f'batched {shape}', *shape), reals('batched w', 4, 3), reals('batched b', 3)
        fields = {'weightMatrixFirstDimension': 4, 'weightMatrixSecondDimension': 3, 'transposeA': True, 'transposeB': True}
        weights = [('weights', w.T.flatten())]
        cases.layer('batchedMatmul', [x], x @ w + b, note=f'{shape}, weights', weights=[*weights, ('bias', b)], hasBias=True, **fields)
        cases.layer('batchedMatmul', [x], x @ w, note=f'{shape}, weights, no bias', weights=weights, **fields)
        cases.layer('batchedMatmul', [x], quantized(x) @ w, note=f'{shape}, int8', tolerance=1e-5, weights=weights, int8DynamicQuantize=True, **fields)
    table, b = reals('table', 3, 7), reals('table b', 3)
    weights = [('weights', table.flatten()), ('bias', b)]
    for shape in [(4, 1), (2, 3, 1), (2, 1, 2, 1)]:
        i = integers(f'index {shape}', 0, 7, *shape)
        expected = table.T[i[..., 0]] + b
        cases.layer('embeddingND', [i], expected, note=f'{shape}', weights=weights, vocabSize=7, embeddingSize=3, hasBias=True)
        cases.layer('embeddingND', [i], expected - b, note=f'{shape}, no bias', weights=weights[:1], vocabSize=7, embeddingSize=3)
    for shape in [(4, 1, 1, 1), (2, 3, 1, 1, 1)]:
        i = integers(f'index {shape}', 0, 7, *shape)
        expected = (table.T[i[..., 0, 0, 0]] + b)[..., None, None]
        cases.layer('embedding', [i], expected, note=f'{shape}', weights=weights, inputDim=7, outputChannels=3, hasBias=True)
        cases.layer('embedding', [i], expected - b[:, None, None], note=f'{shape}, no bias', weights=weights[:1], inputDim=7, outputChannels=3)
    for shape in [(3, 2, 4), (2, 3, 2, 4), (1, 2, 3, 2, 4)]:
        x = reals(f'scale {shape}', *shape)
        for form in [(1,), (3,), (1, 2, 4), (3, 2, 4)]:
            name = f'{shape} {form}'
            scale, bias = reals('s' + name, *form), reals('b' + name, *form)
            wide = form if len(form) == 3 else (*form, 1, 1)
            s, b = scale.reshape(wide), bias.reshape(wide)
            cases.layer('bias', [x], x + b, note=name, weights=[('bias', bias.flatten())], shape=list(form))
            cases.layer('scale', [x], x * s, note=name, weights=[('scale', scale.flatten())], shapeScale=list(form))
            cases.layer('scale', [x], x * s + b, note=f'{name}, bias', weights=[('scale', scale.flatten()), ('bias', bias.flatten())], shapeScale=list(form), shapeBias=list(form), hasBias=True)
    for shape in [(5, 1, 1), (2, 5, 1, 1), (2, 3, 5, 1, 1)]:
        x, y = reals(f'dot x {shape}', *shape), reals(f'dot y {shape}', *shape)
        total = lambda a, b: (a * b).sum(-3, keepdims=True)
        cases.layer('dot', [x, y], total(x, y), note=f'{shape}', cosineSimilarity=False)
        cases.layer('dot', [x, y], total(x, y) / np.sqrt(total(x, x) * total(y, y)), note=f'{shape}, cosine', tolerance=2e-6, cosineSimilarity=True)


if __name__ == '__main__':
    for make in (linear, matmul, einsum, attention, layers):
        make()
    cases.print()
