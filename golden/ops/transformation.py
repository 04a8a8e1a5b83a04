"""Golden cases of the ops that rearrange tensors, from numpy and, where numpy has no like, from the formulas of MIL's op documents and NeuralNetwork.proto.

    python golden/ops/transformation.py > golden/ops/transformation.json
"""

import numpy as np
from case import Cases, numbers

cases = Cases()
mil, layer = cases.mil, cases.layer

x = numbers('x', 2, 3, 4, 5)
small = numbers('small', 3, 4)
whole = np.arange(24, dtype=np.int32).reshape(2, 3, 4)
flags = np.array([[True, False, True], [False, True, True]])


def depth_to_space(value, block, channel_first):
    *lead, channels, height, width = value.shape
    flat = value.reshape(-1, channels, height, width)
    depth = channels // block**2
    out = np.zeros((len(flat), depth, height * block, width * block), value.dtype)
    for n, c, row, column in np.ndindex(out.shape):
        inside = row % block * block + column % block
        source = c * block**2 + inside if channel_first else inside * depth + c
        out[n, c, row, column] = flat[n, source, row // block, column // block]
    return out.reshape(*lead, *out.shape[1:])


def space_to_depth(value, block, channel_first):
    *lead, channels, height, width = value.shape
    flat = value.reshape(-1, channels, height, width)
    out = np.zeros((len(flat), channels * block**2, height // block, width // block), value.dtype)
    for n, c, row, column in np.ndindex(flat.shape):
        inside = row % block * block + column % block
        target = c * block**2 + inside if channel_first else inside * channels + c
        out[n, target, row // block, column // block] = flat[n, c, row, column]
    return out.reshape(*lead, *out.shape[1:])


def space_to_batch(value, block, paddings):
    value = np.pad(value, [(0, 0), (0, 0), *paddings])
    n, c, height, width = value.shape
    out = np.zeros((n * block[0] * block[1], c, height // block[0], width // block[1]), value.dtype)
    for b, d, row, column in np.ndindex(value.shape):
        out[(row % block[0] * block[1] + column % block[1]) * n + b, d, row // block[0], column // block[1]] = value[b, d, row, column]
    return out


def windows(value, axis, size, step):
    count = (value.shape[axis] - size) // step + 1
    return np.stack([np.take(value, range(i * step, i * step + size), axis) for i in range(count)], axis)


def reverse_sequence(value, lengths, sequence, batch):
    out = value.copy()
    for b, length in enumerate(lengths):
        for t in range(length):
            at, source = [slice(None)] * value.ndim, [slice(None)] * value.ndim
            at[batch], at[sequence] = b, t
            source[batch], source[sequence] = b, length - 1 - t
            out[tuple(at)] = value[tuple(source)]
    return out


def band(value, keep):
    m, n = np.indices(value.shape[-2:])
    return np.where(keep(m, n), value, np.zeros((), value.dtype))


# shapes
mil('identity', {'x': flags}, flags)
mil('reshape', {'x': x, 'shape': np.array([0, -1, 4, 5])}, x, note='with 0 and -1')
mil('reshape', {'x': whole, 'shape': np.array([4, -1])}, whole.reshape(4, 6), note='to another rank')
mil('reshape', {'x': numbers('r', 2, 50), 'shape': np.array([1, 0, -1, 0])}, numbers('r', 2, 50).reshape(1, 1, 2, 50), note='of iOS17, zeros from the right', version='CoreML7')
mil('reshape', {'x': np.zeros((0, 4), np.float32), 'shape': np.array([2, -1])}, np.zeros((2, 0), np.float32), note='of nothing')
mil('reshape_like', [('x', numbers('like', 60)), ('ref_tensors', np.zeros((2, 3, 4))), ('ref_tensors', np.zeros((9, 5, 2))), ('begins', np.array(0)), ('begins', np.array(1)), ('ends', np.array(2)), ('ends', np.array(0)), ('end_masks', np.array(False)), ('end_masks', np.array(True))], numbers('like', 60).reshape(2, 3, 5, 2), version='CoreML6')
mil('expand_dims', {'x': small, 'axes': np.array([-1, 0, 2])}, small.reshape(1, 3, 1, 4, 1))
mil('squeeze', {'x': x[:1, :, :1, :1]}, x[0, :, 0, 0], note='of all')
mil('squeeze', {'x': x[:1, :, :1, :1], 'axes': np.array([0, 1, -1])}, x[0, :, :1, 0], note='ignores axes that are not 1')
mil('squeeze', {'x': x[:1, :1, :1, :1]}, x[0, 0, 0, 0], note='to a scalar')
mil('flatten2d', {'x': x}, x.reshape(2, 60))
mil('flatten2d', {'x': x, 'axis': np.array(-1)}, x.reshape(24, 5), note='at the last axis')
mil('flatten2d', {'x': x, 'axis': np.array(0)}, x.reshape(1, 120), note='at axis 0')
mil('shape', {'x': x}, np.array(x.shape))
mil('transpose', {'x': x, 'perm': np.array([0, 2, 3, 1])}, x.transpose(0, 2, 3, 1), note='to channels last')
mil('transpose', {'x': whole, 'perm': np.array([-1, 0, 1])}, whole.transpose(2, 0, 1), note='with a negative axis')
mil('transpose', {'x': numbers('long', 1, 70, 65), 'perm': np.array([2, 0, 1])}, numbers('long', 1, 70, 65).transpose(2, 0, 1), note='larger than a tile')

# order
mil('reverse', {'x': whole}, whole[::-1, ::-1, ::-1], note='of all axes')
mil('reverse', {'x': x, 'axes': np.array([1, -1])}, x[:, ::-1, :, ::-1])
mil('reverse_sequence', {'x': x, 'lengths': np.array([2, 0, 3]), 'seq_axis': np.array(2), 'batch_axis': np.array(1)}, reverse_sequence(x, [2, 0, 3], 2, 1))
mil('reverse_sequence', {'x': x, 'lengths': np.array([1, 2, 2]), 'batch_axis': np.array(1)}, reverse_sequence(x, [1, 2, 2], 0, 1), note='along axis 0')

# slices
mil('slice_by_index', {'x': x, 'begin': np.array([0, 2, -1, 1]), 'end': np.array([2, 0, -4, 99]), 'stride': np.array([1, -1, -2, 3])}, x[0:2, 2:0:-1, -1:-4:-2, 1:99:3], note='with negative strides')
mil('slice_by_index', {'x': x, 'begin': np.array([9, 1, 2, 3]), 'end': np.array([1, 9, 3, 0]), 'stride': np.array([1, 1, 1, -1]), 'begin_mask': np.array([True, False, False, True]), 'end_mask': np.array([False, True, False, True]), 'squeeze_mask': np.array([False, False, True, False])}, x[:1, 1:, 2, ::-1], note='with masks')
mil('slice_by_index', {'x': whole, 'begin': np.array([-1, 0, 1]), 'end': np.array([0, 0, 0]), 'squeeze_mask': np.array([True, True, True])}, whole[-1, 0, 1], note='to a scalar')
mil('slice_by_index', {'x': whole, 'begin': np.array([0, 3, 0]), 'end': np.array([2, 3, 4])}, whole[:, 3:3], note='to nothing')
mil('slice_by_size', {'x': x, 'begin': np.array([1, 0, -2, 2]), 'size': np.array([1, -1, 2, -1])}, x[1:2, :, -2:, 2:])
updated = x.copy()
updated[:, 2:0:-1, ::2, 3] = numbers('update', 2, 2, 2)
mil('slice_update', {'x': x, 'update': numbers('update', 2, 2, 2), 'begin': np.array([0, 2, 1, 3]), 'end': np.array([1, 0, 4, 0]), 'stride': np.array([1, -1, 2, 1]), 'begin_mask': np.array([False, False, True, False]), 'end_mask': np.array([True, False, False, False]), 'squeeze_mask': np.array([False, False, False, True])}, updated, version='CoreML8')
mil('crop', {'x': x, 'crop_height': np.array([1, 2]), 'crop_width': np.array([0, 3])}, x[:, :, 1:2, :2])
mil('sliding_windows', {'x': x, 'axis': np.array(-2), 'size': np.array(3)}, windows(x, 2, 3, 1))
mil('sliding_windows', {'x': whole, 'axis': np.array(2), 'size': np.array(2), 'stride': np.array(2)}, windows(whole, 2, 2, 2), note='with stride')

# joining, splitting, repeating
mil('concat', [('values', x), ('values', x[:, :1]), ('axis', np.array(1))], np.concatenate([x, x[:, :1]], 1))
mil('concat', [('values', whole), ('values', -whole), ('axis', np.array(-1)), ('interleave', np.array(True))], np.stack([whole, -whole], -1).reshape(2, 3, 8), note='interleaved')
mil('concat', [('values', np.array(3)), ('values', np.array(4)), ('axis', np.array(0))], np.array([3, 4]), note='of scalars')
mil('stack', [('values', small), ('values', -small), ('values', 2 * small), ('axis', np.array(-2))], np.stack([small, -small, 2 * small], 1))
mil('split', {'x': x, 'num_splits': np.array(2), 'axis': np.array(-2)}, np.split(x, 2, 2))
mil('split', {'x': whole, 'split_sizes': np.array([1, 3]), 'axis': np.array(2)}, np.split(whole, [1], 2), note='by sizes')
mil('tile', {'x': whole, 'reps': np.array([2, 1, 3])}, np.tile(whole, (2, 1, 3)))
mil('pad', {'x': x, 'pad': np.array([1, 0, 2, 3]), 'constant_val': np.array(-1.5, np.float32)}, np.pad(x, [(0, 0), (0, 0), (1, 0), (2, 3)], constant_values=-1.5), note='with a constant')
edges = np.array([1, 1, 2, 0, 3, 2, 4, 1])
mil('pad', {'x': x, 'pad': edges}, np.pad(x, edges.reshape(4, 2), 'reflect'), note='by reflection', mode='reflect')
mil('pad', {'x': x, 'pad': edges + 2}, np.pad(x, edges.reshape(4, 2) + 2, 'edge'), note='by replication', mode='replicate')

# blocks
deep = numbers('deep', 2, 8, 2, 3)
wide = numbers('wide', 2, 3, 4, 6)
mil('depth_to_space', {'x': deep}, depth_to_space(deep, 2, False), block_size=2)
mil('space_to_depth', {'x': wide}, space_to_depth(wide, 2, False), block_size=2)
mil('pixel_shuffle', {'x': deep}, depth_to_space(deep, 2, True), upscale_factor=2)
mil('pixel_unshuffle', {'x': wide}, space_to_depth(wide, 2, True), version='CoreML6', downscale_factor=2)
paddings = [[1, 1], [0, 3]]
blocks = space_to_batch(wide, [2, 3], paddings)
mil('space_to_batch', {'x': wide, 'block_shape': np.array([2, 3]), 'paddings': np.array(paddings)}, blocks)
mil('batch_to_space', {'x': blocks, 'block_shape': np.array([2, 3]), 'crops': np.array(paddings)}, wide)

# diagonals
mil('band_part', {'x': x}, x, note='whole')
mil('band_part', {'x': x}, band(x, lambda m, n: (m - n <= 1) & (n - m <= 2)), lower=1, upper=2)
mil('band_part', {'x': whole}, np.triu(whole), note='above', lower=0)

# neuralnetwork: shapes
blob = numbers('blob', 3, 1, 2, 4, 5)
layer('copy', [small], small)
layer('loadConstant', [], numbers('c', 1, 1, 2, 3, 4), weights=[('data', numbers('c', 1, 1, 2, 3, 4).ravel())], shape=[2, 3, 4])
layer('loadConstantND', [], small, weights=[('data', small.ravel())], shape=[3, 4])
layer('flatten', [blob], blob.reshape(3, 1, 40, 1, 1), mode='CHANNEL_FIRST')
layer('flatten', [blob], blob.transpose(0, 1, 3, 4, 2).reshape(3, 1, 40, 1, 1), note='channels last', mode='CHANNEL_LAST')
layer('reshape', [blob], blob.reshape(3, 1, 8, 5, 1), targetShape=[8, 5, 1], mode='CHANNEL_FIRST')
layer('reshape', [blob], blob.transpose(0, 1, 3, 4, 2).reshape(3, 1, 2, 5, 4).transpose(0, 1, 4, 2, 3), note='channels last', targetShape=[4, 2, 5], mode='CHANNEL_LAST')
layer('reshape', [blob], blob.reshape(5, 1, 2, 3, 4), note='with the sequence', targetShape=[5, 2, 3, 4], mode='CHANNEL_FIRST')
layer('permute', [blob], blob.transpose(0, 1, 4, 2, 3), axis=[0, 3, 1, 2])
layer('permute', [blob], blob.transpose(4, 1, 3, 2, 0), note='of the sequence', axis=[3, 2, 1, 0])
layer('permute', [blob[0, 0]], blob[0, 0].transpose(1, 2, 0), note='of rank 3', axis=[0, 2, 3, 1])
layer('permute', [blob], blob, note='without axes', axis=[])
layer('transpose', [x], x.transpose(3, 1, 2, 0), axes=[3, 1, 2, 0])
layer('reshapeStatic', [x], x.reshape(6, 20), targetShape=[6, -1])
layer('reshapeDynamic', [x, [4, 30]], x.reshape(4, 30))
layer('reshapeLike', [x, np.zeros((5, 24))], x.reshape(5, 24))
layer('rankPreservingReshape', [numbers('rank', 10, 3, 5)], numbers('rank', 10, 3, 5).reshape(25, 3, 2), targetShape=[25, 0, -1])
layer('flattenTo2D', [x], x.reshape(6, 20), axis=2)
layer('expandDims', [small], small.reshape(1, 3, 1, 4), axes=[0, -2])
layer('squeeze', [x[:1, :1, :, :1]], x[0, :1, :, 0], axes=[0, -1], squeezeAll=False)
layer('squeeze', [x[:1, :1, :1, :1]], x[0, 0, 0, :1], note='of all, to rank 1', axes=[], squeezeAll=True)

# neuralnetwork: joining, splitting, repeating
layer('concat', [blob, -blob], np.concatenate([blob, -blob], 2), sequenceConcat=False)
layer('concat', [blob, -blob], np.concatenate([blob, -blob], 0), note='of sequences', sequenceConcat=True)
layer('concatND', [x, -x], np.concatenate([x, -x], 3), axis=-1, interleave=False)
layer('concatND', [small, -small], np.stack([small, -small], 1).reshape(6, 4), note='interleaved', axis=0, interleave=True)
layer('stack', [small, -small], np.stack([small, -small], 2), axis=-1)
layer('split', [blob], np.split(blob, 2, 2), nOutputs=2)
layer('splitND', [x], np.array_split(x, 2, 3), note='unevenly', axis=-1, numSplits=2, splitSizes=[])
layer('splitND', [x], np.split(x, [1], 1), note='by sizes', axis=1, numSplits=9, splitSizes=[1, 2])
layer('sequenceRepeat', [blob], np.tile(blob, (2, 1, 1, 1, 1)), nRepetitions=2)
layer('sequenceRepeat', [blob], blob, note='unset', nRepetitions=0)
layer('tile', [x], np.tile(x, (1, 1, 2, 3)), note='with fewer reps', reps=[2, 3])
layer('tile', [small, [2, 1]], np.tile(small, (2, 1)), note='by its operand', reps=[])
layer('broadcastToStatic', [small[:, :1]], np.broadcast_to(small[:, :1], (2, 3, 4)), targetShape=[2, 3, 4])
layer('broadcastToDynamic', [small, [2, 3, 4]], np.broadcast_to(small, (2, 3, 4)))
layer('broadcastToLike', [small[:1], np.zeros((5, 4))], np.broadcast_to(small[:1], (5, 4)))

# neuralnetwork: slices and order
layer('slice', [x], x[:, 0:2], startIndex=0, endIndex=-1, stride=1, axis='CHANNEL_AXIS')
layer('slice', [x], x[:, :, 1:4:2], note='of the height', startIndex=1, endIndex=4, stride=2, axis='HEIGHT_AXIS')
layer('slice', [x], x[:, :, :, -3:-1], note='of the width', startIndex=-3, endIndex=-1, stride=1, axis='WIDTH_AXIS')
layer('sliceStatic', [numbers('5', 5, 5, 5)], numbers('5', 5, 5, 5)[:3:2, 2, ::2], beginIds=[1, 2, 3], beginMasks=[True, False, True], endIds=[3, -3, 2], endMasks=[False, True, True], strides=[2, 2, 2], squeezeMasks=[False, True, False])
layer('sliceDynamic', [x, [1, 0, 0, 4], [2, 3, -1, 0]], x[1:2, ::2, :-1, 4:0:-1], beginMasks=[False] * 4, endIds=[], endMasks=[False] * 4, strides=[1, 2, 1, -1], squeezeMasks=[])
layer('sliceDynamic', [small, [1, 2], [9, 9], [1, 2], [1, 0], [0, 1], [0, 1]], small[:, 2], note='with every operand', beginMasks=[], endIds=[], endMasks=[], strides=[], squeezeMasks=[])
layer('sliceDynamic', [x, [1, 2, 1, 3]], x[1:, :1, 1, 3:], note='by its own lists', beginMasks=[False, True, False, False], endIds=[2, 1, 9, -9], endMasks=[True, False, False, True], strides=[1, 1, 1, 1], squeezeMasks=[False, False, True, False])
layer('sliceBySize', [x, [1]], x[:, :, 1:3], size=2, axis=2)
layer('reverse', [x], x[:, ::-1, :, ::-1], reverseDim=[False, True, False, True])
layer('reverseSeq', [x, [3, 4]], reverse_sequence(x, [3, 4], 2, 0), batchAxis=0, sequenceAxis=2)
layer('reverseSeq', [x, [2, 1, 3, 0]], reverse_sequence(x, [2, 1, 3, 0], 1, 2), note='along another axis', batchAxis=2, sequenceAxis=-3)
layer('slidingWindows', [x], windows(x, 1, 2, 1), axis=1, windowSize=2, step=1)
layer('slidingWindows', [x], windows(x, 3, 2, 3), note='with step', axis=-1, windowSize=2, step=3)

# neuralnetwork: borders
borders = lambda top, bottom, left, right: {'borderAmounts': [{'startEdgeSize': top, 'endEdgeSize': bottom}, {'startEdgeSize': left, 'endEdgeSize': right}]}
layer('padding', [x], np.pad(x, [(0, 0), (0, 0), (1, 2), (3, 0)], constant_values=2.5), constant={'value': 2.5}, paddingAmounts=borders(1, 2, 3, 0))
layer('padding', [x], np.pad(x, [(0, 0), (0, 0), (2, 1), (4, 3)], 'reflect'), note='by reflection', reflection={}, paddingAmounts=borders(2, 1, 4, 3))
layer('padding', [x], np.pad(x, [(0, 0), (0, 0), (2, 1), (0, 7)], 'edge'), note='by replication', replication={}, paddingAmounts=borders(2, 1, 0, 7))
layer('constantPad', [small], np.pad(small, [(0, 1), (4, 0)], constant_values=-1), value=-1, padAmounts=[0, 1, 4, 0], padToGivenOutputSizeMode=False)
layer('constantPad', [small], np.pad(small, [(0, 2), (6, 0)], constant_values=3), note='to a size', value=3, padAmounts=[0, 5, 10, 0], padToGivenOutputSizeMode=True)
layer('constantPad', [small, [1, 0, 0, 1]], np.pad(small, [(1, 0), (0, 1)]), note='by its operand', value=0, padAmounts=[], padToGivenOutputSizeMode=False)
layer('crop', [x], x[:, :, 1:3, 2:], cropAmounts=borders(1, 1, 2, 0), offset=[])
layer('crop', [x, np.zeros((2, 3, 2, 2))], x[:, :, 1:3, 3:], note='by a reference', offset=[1, 3])
layer('reorganizeData', [wide], space_to_depth(wide, 2, False), note='space to depth', mode='SPACE_TO_DEPTH', blockSize=2)
layer('reorganizeData', [deep], depth_to_space(deep, 2, False), note='depth to space', mode='DEPTH_TO_SPACE', blockSize=2)
layer('reorganizeData', [deep], depth_to_space(deep, 2, True), note='pixel shuffle', mode='PIXEL_SHUFFLE', blockSize=2)
layer('matrixBandPart', [x], band(x, lambda m, n: (m - n <= 0) & (n - m <= 1)), numLower=0, numUpper=1)
layer('matrixBandPart', [x], band(x, lambda m, n: n - m <= 1), note='open below', numLower=-1, numUpper=1)
layer('lowerTriangular', [x], np.tril(x, 1), k=1)
layer('upperTriangular', [x], np.triu(x, -1), k=-1)

cases.print()
