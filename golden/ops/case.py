"""One golden case of an op, in the form that test/runners/coreml/golden.ts reads."""

import json
import zlib
from dataclasses import dataclass

import numpy as np


DTYPES = {np.dtype(name): name for name in ('float32', 'float16', 'int32', 'int16', 'int8', 'uint8', 'uint16', 'bool')}


def numbers(name, *shape, low=-32, high=32, unit=8):
    """Multiples of 1/unit, from a name, so that a case does not depend on the others."""
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    return (generator.integers(low, high + 1, shape) / unit).astype(np.float32)


def reals(name, *shape, scale=1):
    """Multiples of scale / 32 within +-2 scale, in float64 so that what is computed from them is exact enough."""
    return numbers(name, *shape, low=-64, high=64, unit=32).astype(np.float64) * scale


def integers(name, low, high, *shape):
    """Whole numbers from low up to, not including, high."""
    return np.random.default_rng(zlib.crc32(name.encode())).integers(low, high, shape)


@dataclass
class Typed:
    """An array with the name of a dtype that numpy lacks, or that its own does not say."""

    array: np.ndarray
    dtype: str


def tensor(array):
    array, dtype = (array.array, array.dtype) if isinstance(array, Typed) else (array, None)
    array = np.asarray(array)
    if array.dtype.kind == 'U':
        return {'dtype': 'string', 'shape': list(array.shape), 'data': array.ravel().tolist()}
    if array.dtype.kind == 'c':
        pairs = np.stack([array.real, array.imag], -1).astype(np.float32)
        return {'dtype': 'complex64', 'shape': list(array.shape), 'data': pairs.astype(np.float64).ravel().tolist()}
    if array.dtype == np.float64:
        array = array.astype(np.float32)
    if array.dtype == np.int64:
        array = array.astype(np.int32)
    data = array.astype(np.float64 if array.dtype.kind == 'f' else np.int64).ravel().tolist()
    return {'dtype': dtype or DTYPES[array.dtype], 'shape': list(array.shape), 'data': [x if x == x and abs(x) != np.inf else str(x).replace('inf', 'Infinity').replace('nan', 'NaN') for x in data]}


class Cases:
    """Collects cases; operands are (parameter, array) pairs, expected results arrays."""

    def __init__(self):
        self.cases = []

    def add(self, dialect, op, operands, attributes, expected, *, version=None, note='', tolerance=None):
        expected = expected if isinstance(expected, (list, tuple)) else [expected]
        self.cases.append({
            'name': f'{op} {note}'.strip(),
            'op': op,
            'dialect': dialect,
            'version': version or {'mil': 'CoreML5', 'neuralnetwork': '5', 'coreml': '4'}[dialect],
            'inputs': [{'parameter': parameter, **tensor(array)} for parameter, array in operands],
            'attributes': attributes,
            'expected': [tensor(array) for array in expected],
            **({'tolerance': tolerance} if tolerance else {}),
        })

    def mil(self, op, operands, expected, *, note='', version='CoreML5', tolerance=None, **attributes):
        self.add('mil', op, list(operands.items()) if isinstance(operands, dict) else operands, attributes, expected, version=version, note=note, tolerance=tolerance)

    def layer(self, op, inputs, expected, *, note='', tolerance=None, weights=(), **attributes):
        self.add('neuralnetwork', op, [('input', np.asarray(x, np.float32)) for x in inputs] + list(weights), attributes, expected, note=note, tolerance=tolerance)

    def model(self, op, operands, expected, *, note='', **attributes):
        self.add('coreml', op, list(operands.items()), attributes, expected, note=note)

    def print(self):
        print('[\n' + ',\n'.join(json.dumps(case, separators=(',', ':')) for case in self.cases) + '\n]')
