"""Golden cases of non-maximum suppression, from the descriptions in NeuralNetwork.proto and NonMaximumSuppression.proto.

    python golden/ops/suppression.py > golden/ops/suppression.json
"""

import numpy as np
from case import Cases, numbers

cases = Cases()


def overlap(a, b):
    width = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    height = min(a[1] + a[3] / 2, b[1] + b[3] / 2) - max(a[1] - a[3] / 2, b[1] - b[3] / 2)
    if width <= 0 or height <= 0:
        return 0
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


def suppress(boxes, scores, iou, threshold, most, per_class):
    batch, _, classes = scores.shape
    kept_boxes, kept_scores = np.zeros((batch, most, 4), np.float32), np.zeros((batch, most, classes), np.float32)
    indices, counts = np.full((batch, most), -1), np.zeros(batch, int)
    for b in range(batch):
        best, winner = scores[b].max(1), scores[b].argmax(1)
        kept = []
        for i in sorted(range(len(best)), key=lambda i: (-best[i], i)):
            rivals = [j for j in kept if not per_class or winner[i] == winner[j]]
            if best[i] >= threshold and all(overlap(boxes[b, i], boxes[b, j]) <= iou for j in rivals):
                kept.append(i)
        kept = (kept or [int(best.argmax())])[:most]
        counts[b] = len(kept)
        indices[b, : len(kept)] = kept
        kept_boxes[b, : len(kept)] = boxes[b, kept]
        kept_scores[b, : len(kept)] = scores[b, kept]
    return kept_boxes, kept_scores, indices, counts


boxes = np.concatenate([numbers('centres', 2, 12, 2, low=0, high=24), numbers('sizes', 2, 12, 2, low=4, high=24)], 2)
scores = numbers('scores', 2, 12, 3, low=0, high=4096, unit=4096)

for note, iou, threshold, most, per_class in (
    ('plain', 0.3, 0.25, 6, False),
    ('per class', 0.3, 0.25, 12, True),
    ('without any survivor', 0.3, 2, 3, False),
    ('with fewer boxes than survive', 0.9, 0, 2, False),
):
    kept_boxes, kept_scores, indices, counts = suppress(boxes, scores, iou, threshold, most, per_class)
    operands = {'boxes': boxes, 'scores': scores}
    cases.mil('non_maximum_suppression', operands, [kept_boxes, kept_scores, indices, counts], note=note, iou_threshold=iou, score_threshold=threshold, max_boxes=most, per_class_suppression=per_class)
    floats = [kept_boxes, kept_scores, indices.astype(np.float32), counts.astype(np.float32)]
    cases.layer('NonMaximumSuppression', [boxes, scores], floats, note=note, iouThreshold=iou, scoreThreshold=threshold, maxBoxes=most, perClassSuppression=per_class)
    cases.layer('NonMaximumSuppression', [boxes, scores, [iou], [threshold], [most]], floats, note=f'{note}, by operands', iouThreshold=0, scoreThreshold=9, maxBoxes=1, perClassSuppression=per_class)
    kept_boxes, kept_scores, indices, _ = suppress(boxes, scores, iou, -np.inf, most, per_class)
    swapped = {name: value.transpose(0, 2, 1) for name, value in operands.items()}
    cases.mil('non_maximum_suppression', swapped, [kept_boxes.transpose(0, 2, 1), kept_scores.transpose(0, 2, 1), indices], note=f'{note}, of iOS17', version='CoreML7', iou_threshold=iou, max_boxes=most, per_class_suppression=per_class)

# half of each box lies in the other: the ratio is 1/3, which suppresses only where it is greater than the threshold
pair = np.array([[[1, 1, 2, 2], [2, 1, 2, 2]]], np.float32)
marks = np.array([[[0.75], [0.75]]], np.float32)
for iou, count in ((1 / 3 + 1e-3, 2), (1 / 3 - 1e-3, 1)):
    wanted = suppress(pair, marks, iou, 0.75, 2, False)
    assert wanted[3][0] == count
    cases.mil('non_maximum_suppression', {'boxes': pair, 'scores': marks}, list(wanted), note=f'of equal scores at the threshold, {count} kept', iou_threshold=iou, score_threshold=0.75, max_boxes=2)


def keep(boxes, scores, iou, threshold, least, most, per_class):
    """The model: rows as they are, none where no box reaches the threshold, zeros where the outputs have a least size."""
    count = len(boxes)
    kept_boxes, kept_scores, _, counts = suppress(boxes[None], scores[None], iou, threshold, count, per_class)
    rows = min(counts[0] if scores.max() >= threshold else 0, most)
    padding = ((0, max(0, least - rows)), (0, 0))
    return [np.pad(kept[0, :rows], padding) for kept in (kept_boxes, kept_scores)]


one = {'coordinates': boxes[0], 'confidence': scores[0]}
for note, iou, threshold, least, most, per_class in (
    ('of a model', 0.3, 0.25, 0, 99, False),
    ('of a model, per class', 0.3, 0.25, 0, 99, True),
    ('of a model, none kept', 0.3, 2, 0, 99, False),
    ('of a model, none kept and padded', 0.3, 2, 3, 3, False),
    ('of a model, padded', 0.3, 0.25, 20, 20, False),
    ('of a model, with fewer boxes than survive', 0.9, 0, 0, 2, False),
):
    expected = keep(boxes[0], scores[0], iou, threshold, least, most, per_class)
    room = {'minBoxes': least, 'maxBoxes': most}
    cases.model('nonMaximumSuppression', one, expected, note=note, iouThreshold=iou, confidenceThreshold=threshold, perClass=per_class, **room)
    given = {**one, 'iouThreshold': np.float32(iou), 'confidenceThreshold': np.float32(threshold)}
    cases.model('nonMaximumSuppression', given, expected, note=f'{note}, by operands', iouThreshold=1, confidenceThreshold=9, perClass=per_class, **room)

cases.print()
