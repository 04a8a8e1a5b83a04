"""Golden cases of the random ops whose result is certain: distributions so narrow that float32 holds one number of them.

    python golden/ops/distributions.py > golden/ops/distributions.json
"""

import numpy as np
from case import Cases

cases = Cases()
mil, layer = cases.mil, cases.layer

SHAPE = [2, 3]
shape = {'shape': np.array(SHAPE)}
constant = lambda value, dtype=np.float32: np.full(SHAPE, value, dtype)

mil('random_normal', shape, constant(-3), mean=-3, stddev=1e-30, seed=5)
mil('random_normal', shape, constant(0.5, np.float16), note='of float16', mean=0.5, stddev=0)
mil('random_uniform', shape, constant(2), low=2, high=2 + 1e-12, seed=5)
mil('random_bernoulli', shape, constant(1), note='always', prob=1, seed=5)
mil('random_bernoulli', shape, constant(0), note='never', prob=0)
certain = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], np.float32)
classes = np.repeat([[1.0], [2.0], [0.0]], 4, 1)
mil('random_categorical', {'x': certain}, classes, note='of probabilities', mode='probs', size=4, seed=5)
mil('random_categorical', {'x': 2000 * certain - 1000}, classes[:, :1], note='of logits')

SOURCES = {'Static': ([], {'outputShape': SHAPE}), 'Dynamic': ([SHAPE], {}), 'Like': ([constant(7)], {})}
for suffix, (inputs, fields) in SOURCES.items():
    layer(f'randomNormal{suffix}', inputs, constant(-3), mean=-3, stdDev=1e-30, seed=5, **fields)
    layer(f'randomUniform{suffix}', inputs, constant(2), minVal=2, maxVal=2 + 1e-12, seed=5, **fields)
    layer(f'randomBernoulli{suffix}', inputs, constant(1), note='always', prob=1, seed=5, **fields)
    layer(f'randomBernoulli{suffix}', inputs, constant(0), note='never', prob=0, seed=0, **fields)
layer('categoricalDistribution', [certain], classes, note='of probabilities', numSamples=4, isLogits=False, eps=1e-30, temperature=0.5, seed=5)
layer('categoricalDistribution', [20 * certain], classes, note='of cold logits', numSamples=4, isLogits=True, eps=0, temperature=0.01, seed=5)

cases.print()
