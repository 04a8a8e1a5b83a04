"""Golden cases of the recurrent ops, from the equations of MIL's op documents and NeuralNetwork.proto in float64.

    python golden/ops/recurrent.py > golden/ops/recurrent.json
"""

import itertools
import json
import zlib

import numpy as np

ACTIVATIONS = {
    'linear': lambda x: x,
    'relu': lambda x: np.maximum(x, 0),
    'sigmoid': lambda x: 1 / (1 + np.exp(-x)),
    'tanh': np.tanh,
    'scaled_tanh': np.tanh,
    'hard_sigmoid': lambda x: np.clip(0.2 * x + 0.5, 0, 1),
}
FIELDS = {'linear': 'linear', 'relu': 'ReLU', 'sigmoid': 'sigmoid', 'tanh': 'tanh', 'scaled_tanh': 'scaledTanh', 'hard_sigmoid': 'sigmoidHard'}


def scaled_tanh(alpha, beta):
    return lambda x: alpha * np.tanh(beta * x)


class Numbers:
    """Multiples of 1/32 within +-1.5, from a name, so that a case does not depend on the others."""

    def __init__(self, name):
        self.generator = np.random.default_rng(zlib.crc32(name.encode()))

    def __call__(self, *shape):
        return self.generator.integers(-48, 49, shape) / 32


def lstm(x, h, c, w, r, b=None, p=None, *, f, g, o, reverse=False, limit=np.inf, cell_limit=np.inf, coupled=False, forget_bias=0):
    """Gates stand as input, forget, output, cell. Returns the sequence in order of processing, h and c."""
    size = h.shape[-1]
    b = np.zeros(4 * size) if b is None else b
    pi, pf, po = np.zeros((3, size)) if p is None else p.reshape(3, size)
    clip = lambda v: np.clip(v, -limit, limit)
    out = []
    for step in x[::-1] if reverse else x:
        i, fo, ou, z = np.split(step @ w.T + h @ r.T + b, 4, axis=-1)
        i = f(clip(i + pi * c))
        fo = 1 - i if coupled else f(clip(fo + forget_bias + pf * c))
        c = np.clip(fo * c + i * g(clip(z)), -cell_limit, cell_limit)
        h = f(clip(ou + po * c)) * o(c)
        out.append(h)
    return np.array(out), h, c


def gru(x, h, w, r, b, input_bias=None, *, f, g, reverse=False, limit=np.inf, reset_after=False):
    """Gates stand as reset, output, update."""
    size = h.shape[-1]
    wr, wo, wz = np.split(w, 3)
    rr, ro, rz = np.split(r, 3)
    br, bo, bz = np.split(np.zeros(3 * size) if b is None else b, 3)
    ir, io, iz = np.split(np.zeros(3 * size) if input_bias is None else input_bias, 3)
    clip = lambda v: np.clip(v, -limit, limit)
    out = []
    for step in x[::-1] if reverse else x:
        z = f(clip(step @ wz.T + iz + h @ rz.T + bz))
        t = f(clip(step @ wr.T + ir + h @ rr.T + br))
        if reset_after:
            o = g(clip(step @ wo.T + io + t * (h @ ro.T + bo)))
        else:
            o = g(clip(step @ wo.T + io + (t * h) @ ro.T + bo))
        h = (1 - z) * o + z * h
        out.append(h)
    return np.array(out), h


def rnn(x, h, w, r, b, *, f, reverse=False, limit=np.inf):
    out = []
    for step in x[::-1] if reverse else x:
        h = f(np.clip(step @ w.T + h @ r.T + (0 if b is None else b), -limit, limit))
        out.append(h)
    return np.array(out), h


def tensor(value, dtype='float32'):
    value = np.asarray(value)
    return {'dtype': dtype, 'shape': list(value.shape), 'data': [float(f'{v:.9g}') for v in value.flatten()]}


def given(values, dtype='float32'):
    return [{'parameter': name, **tensor(value, dtype)} for name, value in values.items() if value is not None]


def mil_case(name, op, opset, values, attributes, expected, dtype='float32'):
    return {'name': name, 'op': op, 'dialect': 'mil', 'version': opset, 'inputs': given(values, dtype), 'attributes': attributes, 'expected': [tensor(v, dtype) for v in expected]}


def ends(sequence, whole):
    return sequence if whole else sequence[-1:]


def around(names):
    names = list(names)
    return zip(names[-1:] + names[:-1], names, names[1:] + names[:1])


def mil_lstm():
    settings = [
        # name, direction, whole, bias, peephole, gates, cell, output, clip, steps
        ('plain', 'forward', False, False, False, None, None, None, None, 3),
        ('sequence', 'forward', True, True, True, 'hard_sigmoid', 'relu', 'scaled_tanh', 0.5, 3),
        ('reverse', 'reverse', True, True, False, 'sigmoid', 'linear', 'linear', None, 4),
        ('reverse last', 'reverse', False, True, True, 'sigmoid', 'tanh', 'relu', 0.25, 2),
        ('bidirectional', 'bidirectional', True, True, True, 'tanh', 'scaled_tanh', 'hard_sigmoid', 0.75, 3),
        ('bidirectional last', 'bidirectional', False, False, False, None, None, None, None, 3),
        ('one step', 'forward', True, True, False, None, None, None, None, 1),
        *[(f'of {name}', 'forward', True, True, True, name, after, before, 0.5, 2) for before, name, after in around(ACTIVATIONS)],
    ]
    for name, direction, whole, bias, peephole, gates, cell, output, clip, steps in settings:
        n = Numbers('lstm ' + name)
        batch, inputs, size = 2, 3, 5
        both = direction == 'bidirectional'
        x = n(steps, batch, inputs)
        h, c = n(batch, size * (2 if both else 1)), n(batch, size * (2 if both else 1))
        weights = lambda: (n(4 * size, inputs), n(4 * size, size), n(4 * size) if bias else None, n(3 * size) if peephole else None)
        options = {'f': ACTIVATIONS[gates or 'sigmoid'], 'g': ACTIVATIONS[cell or 'tanh'], 'o': ACTIVATIONS[output or 'tanh'], 'cell_limit': clip or np.inf}
        w, r, b, p = weights()
        values = {'x': x, 'initial_h': h, 'initial_c': c, 'weight_ih': w, 'weight_hh': r, 'bias': b, 'peephole': p}
        if both:
            w2, r2, b2, p2 = weights()
            values |= {'weight_ih_back': w2, 'weight_hh_back': r2, 'bias_back': b2, 'peephole_back': p2}
            forward = lstm(x, h[:, :size], c[:, :size], w, r, b, p, **options)
            backward = lstm(x, h[:, size:], c[:, size:], w2, r2, b2, p2, reverse=True, **options)
            last = [np.concatenate([a, b], -1) for a, b in zip(forward[1:], backward[1:])]
            sequence = np.concatenate([forward[0], backward[0][::-1]], -1) if whole else last[0][None]
        else:
            full, *last = lstm(x, h, c, w, r, b, p, reverse=direction == 'reverse', **options)
            sequence = ends(full, whole)
        attributes = {'direction': direction, 'output_sequence': whole, 'recurrent_activation': gates, 'cell_activation': cell, 'activation': output, 'clip': clip}
        attributes = {k: v for k, v in attributes.items() if v is not None and (k, v) != ('direction', 'forward') and (k, v) != ('output_sequence', False)}
        yield mil_case('lstm ' + name, 'lstm', 'CoreML7', values, attributes, [sequence, *last])


def mil_gru():
    settings = [
        ('plain', 'CoreML5', 'forward', False, False, None, None, False, False),
        ('reverse', 'CoreML7', 'reverse', True, True, 'tanh', 'sigmoid', False, False),
        ('forward', 'CoreML7', 'forward', True, True, 'hard_sigmoid', 'relu', False, False),
        ('reset after', 'CoreML8', 'forward', True, True, None, None, True, True),
        ('reset after, one bias', 'CoreML8', 'reverse', True, True, None, None, True, False),
        ('input bias', 'CoreML8', 'forward', False, True, None, None, False, True),
        *[(f'of {name}, {opset}', opset, 'reverse', True, True, name, after, opset == 'CoreML8', False) for opset in ('CoreML5', 'CoreML8') for _, name, after in around(ACTIVATIONS)],
    ]
    for name, opset, direction, whole, bias, gates, output, after, separate in settings:
        n = Numbers('gru ' + name)
        x, h, w, r = n(3, 2, 4), n(2, 3), n(9, 4), n(9, 3)
        b, i = n(9) if bias else None, n(9) if separate else None
        full, last = gru(x, h, w, r, b, i, f=ACTIVATIONS[gates or 'sigmoid'], g=ACTIVATIONS[output or 'tanh'], reverse=direction == 'reverse', reset_after=after)
        attributes = {'direction': direction, 'output_sequence': whole}
        if gates:
            attributes |= {'recurrent_activation': gates, 'activation': output}
        if after:
            attributes['reset_after'] = True
        values = {'x': x, 'initial_h': h, 'weight_ih': w, 'weight_hh': r, 'bias': b, 'input_bias': i}
        yield mil_case('gru ' + name, 'gru', opset, values, attributes, [ends(full, whole), last])


def mil_rnn():
    for (direction, whole), activation in itertools.product([('forward', True), ('reverse', False)], ACTIVATIONS):
        n = Numbers('rnn ' + direction + activation)
        x, h, w, r, b = n(3, 2, 3), n(2, 4), n(4, 3), n(4, 4), n(4) if whole else None
        full, last = rnn(x, h, w, r, b, f=ACTIVATIONS[activation], reverse=direction == 'reverse')
        attributes = {'direction': direction, 'output_sequence': whole, 'activation': activation}
        yield mil_case(f'rnn {direction} {activation}', 'rnn', 'CoreML7', {'x': x, 'initial_h': h, 'weight_ih': w, 'weight_hh': r, 'bias': b}, attributes, [ends(full, whole), last])


def nn_case(name, op, inputs, weights, attributes, expected):
    rank5 = lambda value: value.reshape(value.shape + (1, 1)) if value.ndim == 3 else value.reshape((1,) + value.shape + (1, 1))
    operands = [{'parameter': 'input', **tensor(rank5(value))} for value in inputs]
    operands += given({field: value.flatten() for field, value in weights.items() if value is not None})
    return {'name': name, 'op': op, 'dialect': 'neuralnetwork', 'version': '5', 'inputs': operands, 'attributes': attributes, 'expected': [tensor(rank5(v)) for v in expected]}


def activation(name, alpha=0, beta=0):
    return {FIELDS[name]: {'alpha': alpha, 'beta': beta} if name in ('linear', 'scaled_tanh', 'hard_sigmoid') else {}}


# Activations of layers, with scales of their own: the message, and the function that it stands for.
CHOSEN = [
    (activation('linear', 0.75, -0.25), lambda x: 0.75 * x - 0.25),
    (activation('scaled_tanh', 1.5, 0.5), scaled_tanh(1.5, 0.5)),
    (activation('hard_sigmoid', 0.3, 0.4), lambda x: np.clip(0.3 * x + 0.4, 0, 1)),
    *[(activation(name), ACTIVATIONS[name]) for name in ('relu', 'sigmoid', 'tanh')],
]


def nn_simple():
    settings = [
        ('plain', False, False, False, activation('tanh'), ACTIVATIONS['tanh'], True),
        ('sequence', True, True, True, activation('scaled_tanh', 1.5, 0.5), scaled_tanh(1.5, 0.5), True),
        ('clipped', True, True, False, activation('linear', 2, 0.25), lambda x: 2 * x + 0.25, False),
        *[(f'of {next(iter(message))}', True, True, False, message, f, True) for message, f in CHOSEN],
    ]
    for name, whole, bias, reverse, message, f, state in settings:
        n = Numbers('simple ' + name)
        x, h, w, r, b = n(3, 2, 3), n(2, 4), n(4, 3), n(4, 4), n(4)
        if name == 'clipped':
            x = x * 32
        full, last = rnn(x, h if state else 0 * h, w, r, b if bias else None, f=f, reverse=reverse, limit=50)
        attributes = {'inputVectorSize': 3, 'outputVectorSize': 4, 'sequenceOutput': whole, 'hasBiasVector': bias, 'reverseInput': reverse, 'activation': message}
        weights = {'weightMatrix': w, 'recursionMatrix': r, 'biasVector': b if bias else None}
        yield nn_case('simpleRecurrent ' + name, 'simpleRecurrent', [x, h] if state else [x], weights, attributes, [ends(full, whole), last])


def nn_gru():
    settings = [('plain', False, False, False, True, None), ('sequence', True, True, True, True, None), ('no state', True, True, False, False, None)]
    settings += [(f'of {next(iter(gates[0]))}', True, True, False, True, (gates, output)) for _, gates, output in around(CHOSEN)]
    for name, whole, bias, reverse, state, chosen in settings:
        n = Numbers('nn gru ' + name)
        x, h, w, r, b = n(3, 2, 3), n(2, 4), n(12, 3), n(12, 4), n(12)
        f, g = ('hard_sigmoid', 'relu') if name == 'sequence' else ('sigmoid', 'tanh')
        (gates, f), (output, g) = chosen or [(activation(name), ACTIVATIONS[name]) for name in (f, g)]
        full, last = gru(x, h if state else 0 * h, w, r, b if bias else None, f=f, g=g, reverse=reverse, limit=50)
        attributes = {'inputVectorSize': 3, 'outputVectorSize': 4, 'sequenceOutput': whole, 'hasBiasVectors': bias, 'reverseInput': reverse, 'activations': [gates, output]}
        weights = {}
        for gate, i in [('resetGate', 0), ('outputGate', 1), ('updateGate', 2)]:
            weights |= {gate + 'WeightMatrix': np.split(w, 3)[i], gate + 'RecursionMatrix': np.split(r, 3)[i]}
            if bias:
                weights[gate + 'BiasVector'] = np.split(b, 3)[i]
        yield nn_case('gru ' + name, 'gru', [x, h] if state else [x], weights, attributes, [ends(full, whole), last])


def lstm_weights(prefix, w, r, b, p):
    weights = {}
    for gate, i in [('inputGate', 0), ('forgetGate', 1), ('outputGate', 2), ('blockInput', 3)]:
        weights |= {f'{prefix}.{gate}WeightMatrix': np.split(w, 4)[i], f'{prefix}.{gate}RecursionMatrix': np.split(r, 4)[i]}
        if b is not None:
            weights[f'{prefix}.{gate}BiasVector'] = np.split(b, 4)[i]
        if p is not None and i < 3:
            weights[f'{prefix}.{gate}PeepholeVector'] = np.split(p, 3)[i]
    return weights


def nn_lstm():
    settings = [
        # name, both, whole, bias, peephole, forget bias, coupled, clip, activations, reverse, states
        ('plain', False, False, False, False, False, False, 0, ('sigmoid', 'tanh', 'tanh'), False, True),
        ('sequence', False, True, True, True, True, False, 0.5, ('hard_sigmoid', 'linear', 'relu'), True, True),
        ('coupled', False, True, True, False, False, True, 0, ('sigmoid', 'scaled_tanh', 'linear'), False, False),
        ('forget bias alone', False, True, False, False, True, False, 0, ('sigmoid', 'relu', 'linear'), False, True),
        ('bidirectional', True, True, True, True, True, False, 1.25, ('sigmoid', 'tanh', 'relu'), False, True),
        ('bidirectional last', True, False, False, False, False, True, 0, ('sigmoid', 'tanh', 'tanh'), False, False),
    ]
    for name, both, whole, bias, peephole, forget_bias, coupled, clip, acts, reverse, state in settings:
        n = Numbers('nn lstm ' + name)
        x = n(4, 2, 3) * (16 if name == 'forget bias alone' else 1)
        size = 4
        f, g, o = (ACTIVATIONS[a] for a in acts)
        options = {'f': f, 'g': g, 'o': o, 'limit': 50, 'cell_limit': clip or 50, 'coupled': coupled, 'forget_bias': int(forget_bias)}
        params = {'sequenceOutput': whole, 'hasBiasVectors': bias, 'forgetBias': forget_bias, 'hasPeepholeVectors': peephole, 'coupledInputAndForgetGate': coupled, 'cellClipThreshold': clip}
        messages = [activation(a) for a in acts]
        attributes = {'inputVectorSize': 3, 'outputVectorSize': size, 'params': params}
        passes, inputs, weights = [], [x], {}
        for i in range(2 if both else 1):
            h, c = (n(2, size), n(2, size)) if state else np.zeros((2, 2, size))
            w, r, b, p = n(4 * size, 3), n(4 * size, size), n(4 * size) if bias else None, n(3 * size) if peephole else None
            passes.append(lstm(x, h, c, w, r, b, p, reverse=reverse or i == 1, **options))
            inputs += [h, c] if state else []
            weights |= lstm_weights(f'weightParams.{i}' if both else 'weightParams', w, r, b, p)
        if both:
            attributes |= {'activationsForwardLSTM': messages, 'activationsBackwardLSTM': messages}
            (forward, hf, cf), (backward, hb, cb) = passes
            sequence = np.concatenate([forward, backward[::-1]], -1) if whole else np.concatenate([hf, hb], -1)[None]
            expected = [sequence, hf, cf, hb, cb]
        else:
            attributes |= {'activations': messages, 'reverseInput': reverse}
            full, h, c = passes[0]
            expected = [ends(full, whole), h, c]
        op = 'biDirectionalLSTM' if both else 'uniDirectionalLSTM'
        yield nn_case(f'{op} {name}', op, inputs, weights, attributes, expected)


def nn_lstm_activations():
    for output, gates, cell in around(CHOSEN):
        kind = next(iter(gates[0]))
        for both in (False, True):
            n = Numbers(f'nn lstm {kind} {both}')
            size = 3
            x = n(3, 2, 3)
            # the backward half has other functions than the forward one
            chosen = [[gates, cell, output], [*reversed([gates, cell, output])]]
            passes, inputs, weights = [], [x], {}
            for direction in range(2 if both else 1):
                h, c = n(2, size), n(2, size)
                w, r = n(4 * size, 3) / 2, n(4 * size, size) / 2
                f, g, o = (function for _, function in chosen[direction])
                passes.append(lstm(x, h, c, w, r, f=f, g=g, o=o, limit=50, cell_limit=50, reverse=direction == 1))
                inputs += [h, c]
                weights |= lstm_weights(f'weightParams.{direction}' if both else 'weightParams', w, r, None, None)
            attributes = {'inputVectorSize': 3, 'outputVectorSize': size, 'params': {'sequenceOutput': True}}
            messages = [[message for message, _ in half] for half in chosen]
            if both:
                attributes |= {'activationsForwardLSTM': messages[0], 'activationsBackwardLSTM': messages[1]}
                (forward, hf, cf), (backward, hb, cb) = passes
                expected = [np.concatenate([forward, backward[::-1]], -1), hf, cf, hb, cb]
            else:
                attributes['activations'] = messages[0]
                expected = passes[0]
            op = 'biDirectionalLSTM' if both else 'uniDirectionalLSTM'
            yield nn_case(f'{op} of {kind}', op, inputs, weights, attributes, expected)


if __name__ == '__main__':
    cases = [*mil_lstm(), *mil_gru(), *mil_rnn(), *nn_simple(), *nn_gru(), *nn_lstm(), *nn_lstm_activations()]
    print('[\n' + ',\n'.join(json.dumps(case, separators=(',', ':')) for case in cases) + '\n]')
