"""The ops that Core ML has, as published: every op of every opset and every neural network layer, into golden/published.json.

    python golden/published.py PATH_OF_A_COREMLTOOLS_CHECKOUT REVISION
"""

import ast
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
OPSETS = ['iOS15', 'iOS16', 'iOS17', 'iOS18']
DEFINITIONS = 'coremltools/converters/mil/mil/ops/defs'


def registered(path):
    """Names of the classes in a file that @register_op declares."""
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(call, 'id', '') == 'register_op' and not node.name.startswith('_'):
                yield node.name


def program_ops(checkout):
    ops = {}
    for opset in OPSETS:
        for path in sorted((checkout / DEFINITIONS / opset).glob('*.py')):
            for name in registered(path):
                op = ops.setdefault(name, {'type': name, 'family': path.stem, 'opsets': []})
                op['opsets'].append(opset)
    return sorted(ops.values(), key=lambda op: (op['family'], op['type']))


def layers(checkout):
    text = (checkout / 'mlmodel/format/NeuralNetwork.proto').read_text()
    body = re.search(r'oneof layer \{(.*?)\n    \}', text, re.S).group(1)
    return re.findall(r'^\s*\w+LayerParams (\w+) = \d+;|^\s*ActivationParams (\w+) = \d+;', body, re.M)


def main():
    checkout, revision = Path(sys.argv[1]), sys.argv[2]
    published = {
        'source': f'apple/coremltools {revision}',
        'ops': program_ops(checkout),
        'layers': [first or second for first, second in layers(checkout)],
    }
    lines = [json.dumps(op) for op in published['ops']]
    (HERE / 'published.json').write_text(
        '{\n "source": ' + json.dumps(published['source']) + ',\n "ops": [\n  ' + ',\n  '.join(lines) + '\n ],\n "layers": '
        + json.dumps(published['layers']) + '\n}\n'
    )
    print(len(published['ops']), 'ops,', len(published['layers']), 'layers')


if __name__ == '__main__':
    main()
