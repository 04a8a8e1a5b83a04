"""What stands behind each op, into golden/evidence.json: recorded cases, of coremltools' own tests and of TensorFlow Lite's reference
kernels, with how many of them hold, and numbers that somebody printed of a run in public.

    python golden/evidence.py CASES RESULTS.json...

CASES is a folder with a folder for each set of recorded cases, <set>/<case>/case.json with `ops` and `kind`; RESULTS are the engine's
results on these sets, { <set>.zip: { rows: [{ id, ok, excused }] } }.
"""

import collections
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
DIALECTS = {'mlprogram': 'mil', 'neuralnetwork': 'neuralnetwork', 'tflite': 'tflite'}

CT = 'https://github.com/apple/coremltools/issues/'
FORGE = 'https://github.com/sbryngelson/ANEForge/'

# Numbers of a device, or of Core ML on one, that the engine or one of its profiles reproduces in test/runners/coreml/devices.test.ts.
PRINTED = {
    'mil': {
        'softplus': [f'{CT}2687'],
        'reduce_log_sum_exp': [f'{CT}2690'],
        'softmax': [f'{CT}2728'],
        'log': [f'{CT}2728'],
        'cumsum': [f'{CT}2729'],
        'avg_pool': [f'{CT}2772'],
        'matmul': [f'{FORGE}issues/115'],
        'sqrt': [f'{FORGE}pull/263'],
    },
    'neuralnetwork': {
        'resizeBilinear': [f'{CT}644'],
        'upsample': [f'{CT}673'],
    },
}


def layer_type(name):
    """Recorded cases name activations and unary functions with their kind: activation_ReLU."""
    return name.split('_')[0] if name.startswith(('activation_', 'unary_')) else name


def main():
    folder, results = Path(sys.argv[1]), [json.loads(Path(path).read_text()) for path in sys.argv[2:]]
    counts = {dialect: collections.defaultdict(lambda: [0, 0]) for dialect in DIALECTS.values()}
    totals = {}
    for name, result in sorted((name, result) for file in results for name, result in file.items()):
        cases = folder / name.removesuffix('.zip')
        counted = [row for row in result['rows'] if not row['excused']]
        totals[cases.name] = {'cases': len(counted), 'hold': sum(row['ok'] for row in counted)}
        for row in counted:
            case = json.loads((cases / row['id'] / 'case.json').read_text())
            dialect = DIALECTS[case['kind']]
            for op in {layer_type(op) if dialect == 'neuralnetwork' else op for op in case['ops']}:
                counts[dialect][op][0] += 1
                counts[dialect][op][1] += row['ok']
    lines = [
        f'  "{dialect}": {{\n'
        + ',\n'.join(
            f'   "{op}": ' + json.dumps({'cases': of[op][0], 'hold': of[op][1]})
            for op in sorted(of)
        )
        + '\n  }'
        for dialect, of in counts.items()
    ]
    (HERE / 'evidence.json').write_text(
        '{\n "sets": ' + json.dumps(totals) + ',\n "recorded": {\n' + ',\n'.join(lines) + '\n },\n "printed": ' + json.dumps(PRINTED, indent=1).replace('\n', '\n ') + '\n}\n'
    )
    print(totals)


if __name__ == '__main__':
    main()
