"""Golden cases of gathering and scattering, from numpy's indexing.

    python golden/ops/indexing.py > golden/ops/indexing.json
"""

import numpy as np
from case import Cases, numbers

cases = Cases()
mil, layer = cases.mil, cases.layer

COMBINE = {
    'update': lambda old, new: new,
    'add': np.add,
    'sub': np.subtract,
    'mul': np.multiply,
    'div': np.divide,
    'max': np.maximum,
    'min': np.minimum,
}
x = numbers('x', 3, 4, 5)
whole = np.arange(1, 25, dtype=np.int32).reshape(4, 6)


def scatter(data, places, updates, mode):
    """`places`: pairs of an index into the data and one into the updates, in order."""
    out = data.copy()
    for to, source in places:
        out[to] = COMBINE[mode](out[to], updates[source]).astype(data.dtype)
    return out


def along(shape, axis):
    """Where the elements of indices with `shape` take their other coordinates from."""
    return lambda indices: [(at[:axis] + (indices[at],) + at[axis + 1 :], at) for at in np.ndindex(shape)]


# gather
mil('gather', {'x': x, 'indices': np.array([[2, 0], [-1, 1]])}, x[[[2, 0], [-1, 1]]])
mil('gather', {'x': x, 'indices': np.array([3, -4, 0])}, x[:, [3, -4, 0]], note='along an axis', axis=-2)
mil('gather', {'x': whole, 'indices': np.array(2)}, whole[:, 2], note='by a scalar', axis=1)
mil('gather', {'x': np.array([7, 8, 9]), 'indices': np.array(1)}, np.array(8), note='of a scalar')
batch = np.array([[0, 3], [1, 1], [2, -1]])
mil('gather', {'x': x, 'indices': batch.astype(np.int16)}, np.stack([x[b][batch[b]] for b in range(3)]), note='in batches', version='CoreML6', axis=1, batch_dims=1)
mil('gather', {'x': x, 'indices': batch}, np.stack([x[b][:, batch[b]] for b in range(3)]), note='in batches behind another axis', version='CoreML6', axis=2, batch_dims=1)
mil('gather', {'x': whole.astype(np.int8), 'indices': np.array([3, 0], np.uint8)}, whole[[3, 0]].astype(np.int8), note='of iOS17', version='CoreML7', validate_indices=True)
mil('gather', {'x': x, 'indices': batch % 4}, np.stack([x[b][:, batch[b] % 4] for b in range(3)]), note='in batches, of iOS17', version='CoreML7', axis=2, batch_dims=1)
mil('gather', {'x': numbers('rows', 4, 64), 'indices': np.array([3, 1, 1])}, numbers('rows', 4, 64)[[3, 1, 1]], note='of long rows')
picks = np.array([[[3, 0, 1, 2, -1]], [[0, 0, 0, 1, 1]], [[2, 2, 2, 2, 2]]])
mil('gather_along_axis', {'x': x, 'indices': picks}, np.take_along_axis(x, picks, 1), axis=1)
mil('gather_along_axis', {'x': whole, 'indices': whole % 4}, np.take_along_axis(whole, whole % 4, 0), note='of iOS17', version='CoreML7', axis=-2, validate_indices=True)
tuples = np.array([[[2, 1], [0, -1]], [[1, 0], [2, 3]]])
mil('gather_nd', {'x': x, 'indices': tuples}, x[tuples[..., 0], tuples[..., 1]])
mil('gather_nd', {'x': x, 'indices': np.array([2, 1, 4])}, x[2, 1, 4], note='of one element')
deep = np.array([[[3, 4], [0, 0]], [[1, 2], [2, 1]], [[0, 1], [3, 3]]])
mil('gather_nd', {'x': x, 'indices': deep}, np.stack([x[b][deep[b, :, 0], deep[b, :, 1]] for b in range(3)]), note='in batches', version='CoreML6', batch_dims=1)
mil('gather_nd', {'x': whole, 'indices': np.array([[3], [0]])}, whole[[3, 0]], note='of iOS17', version='CoreML7', batch_dims=0, validate_indices=True)
mil('gather_nd', {'x': x, 'indices': deep.astype(np.uint8)}, np.stack([x[b][deep[b, :, 0], deep[b, :, 1]] for b in range(3)]), note='in batches, of iOS17', version='CoreML7', batch_dims=1)

layer('gather', [x, [[2, 0], [-1, 1]]], x[:, :, [[2, 0], [-1, 1]]], axis=-1)
layer('gatherND', [x, tuples], x[tuples[..., 0], tuples[..., 1]])
layer('gatherND', [x, [2, 1, 4]], x[2, 1, 4:], note='of one element')
layer('gatherAlongAxis', [x, picks], np.take_along_axis(x, picks, 1), axis=-2)

# scatter: equal indices all count
for mode in COMBINE:
    upper = f'SCATTER_{mode.upper()}'
    rows = np.array([1, -1, 1])
    updates = numbers('updates' + mode, 3, 3, 5, low=1)
    places = [((slice(None), row), (slice(None), i)) for i, row in enumerate(rows)]
    mil('scatter', {'data': x, 'indices': rows, 'updates': updates}, scatter(x, places, updates, mode), note=mode, axis=1, mode=mode)
    layer('scatter', [x, rows, updates], scatter(x, places, updates, mode), note=mode, axis=-2, mode=upper)

    single = numbers('single' + mode, 3, 1, 5, low=1)
    places = along(picks.shape, 1)(picks)
    mil('scatter_along_axis', {'data': x, 'indices': picks, 'updates': single}, scatter(x, places, single, mode), note=mode, axis=-2, mode=mode)
    layer('scatterAlongAxis', [x, picks, single], scatter(x, places, single, mode), note=mode, axis=1, mode=upper)

    pairs = np.array([[2, 1], [0, -1], [2, 1]])
    runs = numbers('runs' + mode, 3, 5, low=1)
    places = [(tuple(pair), (i,)) for i, pair in enumerate(pairs)]
    mil('scatter_nd', {'data': x, 'indices': pairs, 'updates': runs}, scatter(x, places, runs, mode), note=mode, mode=mode)
    layer('scatterND', [x, pairs, runs], scatter(x, places, runs, mode), note=mode, mode=upper)

    # iOS17 has the same modes, and indices from 0 on
    mil('scatter', {'data': x, 'indices': rows % 4, 'updates': updates}, scatter(x, [((slice(None), row), (slice(None), i)) for i, row in enumerate(rows % 4)], updates, mode), note=f'{mode} of iOS17', version='CoreML7', axis=-2, mode=mode, validate_indices=True)
    mil('scatter_along_axis', {'data': x, 'indices': picks % 4, 'updates': single}, scatter(x, along(picks.shape, 1)(picks % 4), single, mode), note=f'{mode} of iOS17', version='CoreML7', axis=1, mode=mode)
    mil('scatter_nd', {'data': x, 'indices': pairs % 4, 'updates': runs}, scatter(x, [(tuple(pair), (i,)) for i, pair in enumerate(pairs % 4)], runs, mode), note=f'{mode} of iOS17', version='CoreML7', mode=mode, validate_indices=True)

added = scatter(whole, [((1,), (0,)), ((3,), (1,))], whole[:2] * 10, 'add')
mil('scatter', {'data': whole, 'indices': np.array([1, 3]), 'updates': whole[:2] * 10}, added, note='adds by default')
mil('scatter', {'data': whole, 'indices': np.array([1, 3]), 'updates': whole[:2] * 10}, added, note='of iOS17', version='CoreML7', axis=0, mode='add', validate_indices=True)
mil('scatter_nd', {'data': whole, 'indices': np.array([[1], [3]]), 'updates': whole[:2] * 10}, added, note='of iOS17', version='CoreML7', mode='add', validate_indices=True)
big = np.array([2**20, -7], np.int32)
mil('scatter', {'data': big, 'indices': np.array([0]), 'updates': np.array([2**12 + 1], np.int32)}, np.array([2**20, -7], np.int32), note='wraps integer products', mode='mul')
mil('scatter', {'data': big, 'indices': np.array([1]), 'updates': np.array([2], np.int32)}, np.array([2**20, -3], np.int32), note='truncates integer quotients', mode='div')
mil('scatter_along_axis', {'data': whole, 'indices': whole[:1] % 4, 'updates': whole[:1]}, scatter(whole, along((1, 6), 0)(whole[:1] % 4), whole[:1], 'update'), note='of iOS17', version='CoreML7', axis=0, mode='update', validate_indices=True)

cases.print()
