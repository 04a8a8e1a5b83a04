"""Golden cases of `quantize`, `dequantize` and the compressed constants, from MIL's op documents in numpy.

    python golden/ops/quantization.py > golden/ops/quantization.json
"""

import itertools

import numpy as np
from case import Cases, Typed, integers, reals

cases = Cases()
mil, layer = cases.mil, cases.layer

RANGES = {'int4': (-8, 8), 'uint4': (0, 16), 'int8': (-128, 128), 'uint8': (0, 256)}


def whole(name, dtype, *shape):
    return integers(name, *RANGES[dtype], *shape)


def along(vector, axis, rank):
    return vector.reshape([-1 if i == axis % rank else 1 for i in range(rank)])


def affine():
    shape = (2, 3, 4)
    x = reals('quantize', *shape, scale=4)
    ties = np.array([0.5, 1.5, 2.5, -0.5, -1.5, 1000.0, -1000.0, 0.75])
    for dtype, (low, high) in [('int8', RANGES['int8']), ('uint8', RANGES['uint8'])]:
        q = whole(f'q {dtype}', dtype, *shape)
        for axis in [None, 1, -1]:
            size = None if axis is None else shape[axis]
            scale = 0.0625 if axis is None else 0.03125 * np.arange(1, size + 1)
            zero = np.array(7) if axis is None else whole(f'zero {dtype}', dtype, size)
            wide = lambda v: v if axis is None else along(np.asarray(v), axis, 3)
            place = {} if axis is None else {'axis': axis}
            for offset in [None, zero]:
                base = 0 if offset is None else wide(offset)
                operands = {'scale': np.asarray(scale)} | ({} if offset is None else {'zero_point': Typed(offset, dtype)})
                expected = np.clip(np.round(x / wide(scale)) + base, low, high - 1).astype(int)
                name = f'{dtype} axis {axis} zero point {offset is not None}'
                mil('quantize', {'input': x, **operands}, Typed(expected, dtype), note=name, version='CoreML7', output_dtype=dtype, **place)
                mil('dequantize', {'input': Typed(q, dtype), **operands}, wide(scale) * (q - base), note=name, version='CoreML7', **place)
        mil('quantize', {'input': ties, 'scale': np.array(1.0)}, Typed(np.clip(np.round(ties), low, high - 1).astype(int), dtype), note=f'{dtype} ties', version='CoreML7', output_dtype=dtype)
        for axis, scales, zeros in [(0, 1, 1), (0, 2, 2), (2, 4, 1), (-2, 1, 3)]:
            scale = np.array(0.125) if scales == 1 else 0.0625 * np.arange(1, scales + 1)
            zero = np.array(3) if zeros == 1 else whole('zero', dtype, zeros)
            wide = lambda v: along(v, axis, 3) if v.ndim else v
            operands = {'quantized_data': Typed(q, dtype), 'scale': scale, 'zero_point': Typed(zero, dtype)}
            mil('constexpr_affine_dequantize', operands, wide(scale) * (q - wide(zero)), note=f'{dtype} {axis} {scales} {zeros}', version='CoreML6', axis=axis)
    q = whole('float zero', 'int8', 2, 3)
    mil('constexpr_affine_dequantize', {'quantized_data': Typed(q, 'int8'), 'scale': np.array(0.5), 'zero_point': np.array(1.25)}, 0.5 * (q - 1.25), note='float zero point', version='CoreML6', axis=0)


def pack(values, bits):
    """Lowest bits first, across bytes."""
    fields = (np.asarray(values).flatten()[:, None] >> np.arange(bits)) & 1
    return np.packbits(fields.flatten().astype(np.uint8), bitorder='little')


def repeat_to(blocks, shape):
    for axis, size in enumerate(shape):
        blocks = np.repeat(blocks, size // blocks.shape[axis], axis)
    return blocks


def lut_to_dense(indices, lut, axis):
    """Entry by entry, as the document's examples do."""
    groups, vector = lut.shape[: indices.ndim], lut.shape[-1]
    shape = list(indices.shape)
    shape[axis] *= vector
    out = np.zeros(shape)
    for at in np.ndindex(*indices.shape):
        group = tuple(i * g // n for i, g, n in zip(at, groups, indices.shape))
        for v in range(vector):
            to = list(at)
            to[axis] = at[axis] * vector + v
            out[tuple(to)] = lut[group][indices[at], v]
    return out


def ios16():
    for bits in [1, 2, 4, 6, 8]:
        for shape in [(3, 5), (2, 2, 4)]:
            lut = reals(f'lut {bits}', 2**bits)
            indices = integers(f'indices {bits}', 0, 2**bits, *shape)
            operands = {'indices': pack(indices, bits), 'lut': lut, 'shape': Typed(np.array(shape), 'uint32')}
            mil('constexpr_lut_to_dense', operands, lut[indices], note=f'{bits} bits {shape}', version='CoreML6')
    table = whole('bytes', 'int8', 4)
    indices = integers('bytes', 0, 4, 7)
    mil('constexpr_lut_to_dense', {'indices': pack(indices, 2), 'lut': Typed(table, 'int8'), 'shape': Typed(np.array([7]), 'uint32')}, Typed(table[indices], 'int8'), note='int8', version='CoreML7')
    mask = integers('mask', 0, 2, 3, 7)
    values = reals('nonzero', int(mask.sum())) + 3
    dense = np.zeros(mask.shape)
    dense[mask == 1] = values
    mil('constexpr_sparse_to_dense', {'nonzero_data': values, 'mask': pack(mask, 1), 'shape': Typed(np.array(mask.shape), 'uint32')}, dense, version='CoreML6')
    halves = np.float16(reals('halves', 2, 3))
    for version in ['CoreML6', 'CoreML8']:
        mil('constexpr_cast', {'source_val': halves}, halves.astype(float), note=version, version=version, output_dtype='fp32')


def ios18_tables():
    settings = [((6, 2), (2, 1), 1, None), ((4, 6), (2, 3), 1, None), ((2, 2, 2), (1, 1, 1), 3, 1), ((2, 2, 2), (1, 1, 1), 3, 2), ((4, 3, 2), (2, 1, 1), 2, 0), ((4, 6), (2, 3), 2, -1)]
    for bits, (shape, groups, vector, axis) in itertools.product([1, 2, 3, 4, 6, 8], settings):
        if bits > 3 and axis != 0:
            continue
        name = f'{bits} bits {shape} {groups} {vector} {axis}'
        indices = integers(f'indices {name}', 0, 2**bits, *shape)
        lut = reals(f'lut {name}', *groups, 2**bits, vector) + 3
        place = {} if axis is None else {'vector_axis': axis}
        dense = lut_to_dense(indices, lut, axis or 0)
        mil('constexpr_lut_to_dense', {'indices': Typed(indices, f'uint{bits}'), 'lut': lut}, dense, note=name, version='CoreML8', **place)
        mask = integers(f'mask {name}', 0, 2, *shape)
        wide = np.repeat(mask, vector, axis or 0)
        operands = {'indices_mask': Typed(mask, 'uint1'), 'indices_nonzero_data': Typed(indices[mask == 1], f'uint{bits}'), 'lut': lut}
        mil('constexpr_lut_to_sparse', operands, [Typed(wide, 'uint1'), dense[wide == 1]], note=name, version='CoreML8', **place)
    # the example of the op's document
    indices = np.array([2, 3, 3, 0, 1, 0, 3, 0, 2, 1, 0, 3]).reshape(6, 2)
    lut = np.array([1.0, 5, 9, 13, 2, 10, 18, 26]).reshape(2, 1, 4, 1)
    expected = np.array([[9.0, 13], [13, 1], [5, 1], [26, 2], [18, 10], [2, 26]])
    mil('constexpr_lut_to_dense', {'indices': Typed(indices, 'uint2'), 'lut': lut}, expected, note='documented', version='CoreML8')
    mask = np.array([[1, 0, 1], [0, 1, 0]])
    for dtype in ['int4', 'uint8']:
        values = whole(f'sparse {dtype}', dtype, 3)
        dense = np.zeros(mask.shape, int)
        dense[mask == 1] = values
        mil('constexpr_sparse_to_dense', {'nonzero_data': Typed(values, dtype), 'mask': Typed(mask, 'uint1')}, Typed(dense, dtype), note=dtype, version='CoreML8')


def ios18_blocks():
    for dtype, (shape, blocks) in itertools.product(RANGES, [((4, 6), (4, 1)), ((4, 6), (1, 1)), ((4, 6), (2, 3)), ((2, 4, 3), (1, 2, 3)), ((6,), (2,)), ((4, 6), (4, 6))]):
        for kind in [None, dtype, 'float32']:
            name = f'{dtype} {shape} {blocks} offset {kind}'
            q = whole(name, dtype, *shape)
            scale = reals(f'scale {name}', *blocks) + 2.125
            offset = None if kind is None else whole(f'offset {name}', dtype, *blocks) if kind == dtype else reals(f'offset {name}', *blocks)
            dense = repeat_to(scale, shape) * (q - (0 if offset is None else repeat_to(offset, shape)))
            constants = {'scale': scale} | ({} if offset is None else {'offset': Typed(offset, kind)})
            mil('constexpr_blockwise_shift_scale', {'data': Typed(q, dtype), **constants}, dense, note=name, version='CoreML8')
            mask = integers(f'mask {name}', 0, 2, *shape)
            operands = {'data_mask': Typed(mask, 'uint1'), 'nonzero_data': Typed(q[mask == 1], dtype), **constants}
            mil('constexpr_sparse_blockwise_shift_scale', operands, [Typed(mask, 'uint1'), dense[mask == 1]], note=name, version='CoreML8')
    q = whole('half scale', 'int8', 2, 4)
    scale = np.float16(reals('half scale', 2, 1) + 2.1)
    expected = (q * scale.astype(float)).astype(np.float16)
    mil('constexpr_blockwise_shift_scale', {'data': Typed(q, 'int8'), 'scale': scale}, expected, note='half scale', version='CoreML8')


if __name__ == '__main__':
    affine()
    ios16()
    ios18_tables()
    ios18_blocks()
    cases.print()
