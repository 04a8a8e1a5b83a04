"""Golden cases of the ops that make tensors, from numpy.

    python golden/ops/filling.py > golden/ops/filling.json
"""

import numpy as np
from case import Cases

cases = Cases()
mil, layer = cases.mil, cases.layer

indices = np.array([[2, 0], [-1, 3], [4, 1]])


def one_hot(depth, axis, on, off, dtype):
    hits = indices[..., None] == np.arange(depth)
    return np.moveaxis(np.where(hits, on, off).astype(dtype), -1, axis)


mil('fill', {'shape': np.array([2, 3]), 'value': np.float32(1.5)}, np.full((2, 3), 1.5))
mil('fill', {'shape': np.array([2]), 'value': np.array(True)}, np.full(2, True), note='with bools')
mil('fill', {'shape': np.array([2, 0])}, np.zeros((2, 0), np.float32), note='with nothing')
mil('fill_like', {'ref_tensor': np.zeros((2, 2), np.float32), 'value': np.int32(-7)}, np.full((2, 2), -7), version='CoreML6')
mil('range_1d', {'start': np.int32(5), 'end': np.int32(-4), 'step': np.int32(-3)}, np.arange(5, -4, -3))
mil('range_1d', {'start': np.float32(0.5), 'end': np.float32(2), 'step': np.float32(0.25)}, np.arange(0.5, 2, 0.25), note='of floats')
mil('range_1d', {'start': np.int32(3), 'end': np.int32(3), 'step': np.int32(1)}, np.zeros(0, np.int32), note='of nothing')
mil('one_hot', {'indices': indices, 'one_hot_vector_size': np.int32(4)}, one_hot(4, -1, 1, 0, np.int32))
mil('one_hot', {'indices': indices, 'one_hot_vector_size': np.int32(3), 'on_value': np.float32(5), 'off_value': np.float32(-1)}, one_hot(3, 1, 5, -1, np.float32), note='with values and axis', axis=1)

layer('getShape', [np.zeros((2, 3, 4))], np.array([2.0, 3, 4]))
layer('fillLike', [np.zeros((2, 3))], np.full((2, 3), 0.5), value=0.5)
layer('fillStatic', [], np.full((3, 1), -2.0), value=-2, targetShape=[3, 1])
layer('fillDynamic', [[2, 2]], np.full((2, 2), 4.0), value=4)
layer('rangeStatic', [], np.arange(1, 2.75, 0.5), endValue=2.75, startValue=1, stepSizeValue=0.5)
layer('rangeDynamic', [[7]], np.arange(1.0, 7, 2), startValue=1, stepSizeValue=2)
layer('rangeDynamic', [[-4], [2], [-3]], np.arange(2.0, -4, -3), note='with every operand', startValue=0, stepSizeValue=1)
layer('oneHot', [indices], one_hot(4, -1, 5, -1, np.float32), oneHotVectorSize=4, axis=-1, onValue=5, offValue=-1)
layer('oneHot', [indices, [5]], one_hot(5, 0, 1, 0, np.float32), note='by its operand', oneHotVectorSize=2, axis=0, onValue=1, offValue=0)

cases.print()
