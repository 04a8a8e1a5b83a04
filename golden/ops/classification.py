"""Golden cases of the op that names a class.

    python golden/ops/classification.py > golden/ops/classification.json
"""

import numpy as np
from case import Cases, Typed

cases = Cases()
text = lambda *words: Typed(np.array(words), 'string')
numbers = lambda *values: Typed(np.array(values), 'int64')

shares = np.array([[0.25, 0.5, 0.25]], np.float32)
cases.mil('classify', {'probabilities': shares, 'classes': text('ant', 'bee', 'cat')}, [text('bee'), shares[0]])
cases.mil('classify', {'probabilities': shares[0].astype(np.float16), 'classes': numbers(7, -8, 9)}, [numbers(-8), shares[0].astype(np.float16)], note='by number')
cases.mil('classify', {'probabilities': shares[0, ::-2], 'classes': numbers(4, 3)}, [numbers(4), shares[0, ::-2]], note='takes the first of equal ones')

cases.print()
