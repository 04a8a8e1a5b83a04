"""The ops of every opset with their parameters, as coremltools declares them: true where a parameter is optional. An op stands in
the first opset that has it and in those that change its parameters.

    python golden/opsets.py > golden/opsets.json
"""

import json

import coremltools.converters.mil.mil.ops.defs  # registers the ops
from coremltools.converters.mil._deployment_compatibility import AvailableTarget
from coremltools.converters.mil.mil.ops.registry import SSAOpRegistry

opsets, before = {}, {}
for name in ('iOS15', 'iOS16', 'iOS17', 'iOS18'):
    opsets[name] = {}
    for op, versions in sorted(SSAOpRegistry.core_ops.items()):
        known = [target for target in versions if target <= AvailableTarget[name]]
        if not known or op.startswith('_') or not hasattr(versions[max(known)], 'input_spec'):
            continue
        inputs = versions[max(known)].input_spec.input_types
        parameters = {parameter: bool(kind.optional) for parameter, kind in inputs.items() if not parameter.startswith('_')}
        if before.get(op) != parameters:
            opsets[name][op] = before[op] = parameters

lines = [f'"{name}":{{\n' + ',\n'.join(f'{json.dumps(op)}:{json.dumps(parameters)}' for op, parameters in ops.items()) + '\n}' for name, ops in opsets.items()]
print('{\n' + ',\n'.join(lines) + '\n}')
