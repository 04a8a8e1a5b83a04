"""Golden cases of resizing and resampling: each output pixel from the published formulas of its position, in float64.

    python golden/ops/resizing.py > golden/ops/resizing.json
"""

import math

import numpy as np
from case import Cases, numbers

cases = Cases()
mil, layer = cases.mil, cases.layer

GRIDS = {
    'STRICT_ALIGN_CORNERS': lambda i, x, n: i * (x - 1) / (n - 1) if n > 1 else 0,
    'ALIGN_CORNERS': lambda i, x, n: i * (x - 1) / (n - 1) if n > 1 else (x - 1) / 2,
    'DEFAULT': lambda i, x, n: i * (x - x / n) / (n - 1) if n > 1 else 0,
    'OFFSET_CORNERS': lambda i, x, n: max(1, x - 1) / n * (i + 0.5),
    'UNALIGN_CORNERS': lambda i, x, n: x / n * (i + 0.5) - 0.5,
}
METHODS = {
    'STRICT_ALIGN_ENDPOINTS_MODE': 'STRICT_ALIGN_CORNERS',
    'ALIGN_ENDPOINTS_MODE': 'ALIGN_CORNERS',
    'UPSAMPLE_MODE': 'DEFAULT',
    'ROI_ALIGN_MODE': 'OFFSET_CORNERS',
}


def bilinear(plane, y, x, pixel):
    top, left = math.floor(y), math.floor(x)
    total = 0
    for row, wy in ((top, 1 - (y - top)), (top + 1, y - top)):
        for column, wx in ((left, 1 - (x - left)), (left + 1, x - left)):
            if wy * wx:
                total += wy * wx * pixel(plane, row, column)
    return total


def inside(plane, row, column):
    return plane[row, column]


def clamp(value, size):
    return min(size - 1, max(0, value))


def on_planes(image, height, width, sample):
    planes = image.astype(np.float64).reshape(-1, *image.shape[-2:])
    out = np.array([[[sample(plane, row, column) for column in range(width)] for row in range(height)] for plane in planes])
    return out.reshape(*image.shape[:-2], height, width).astype(np.float32)


def resize(image, height, width, mode):
    grid = GRIDS[mode]
    h, w = image.shape[-2:]
    return on_planes(image, height, width, lambda plane, i, j: bilinear(plane, clamp(grid(i, h, height), h), clamp(grid(j, w, width), w), inside))


def nearest(image, height, width, offset):
    h, w = image.shape[-2:]
    return on_planes(image, height, width, lambda plane, i, j: plane[math.floor((i + offset) * h / height), math.floor((j + offset) * w / width)])


def crop(image, box, height, width, mode, outside=None):
    """`box`: top, left, bottom, right in pixels; the grid of an interval X = end - start + 1, moved to start."""
    top, left, bottom, right = box
    h, w = image.shape[-2:]

    def sample(plane, i, j):
        y = top + min(bottom - top, max(0, GRIDS[mode](i, bottom - top + 1, height)))
        x = left + min(right - left, max(0, GRIDS[mode](j, right - left + 1, width)))
        if outside is not None and not (0 <= y <= h - 1 and 0 <= x <= w - 1):
            return outside
        return bilinear(plane, clamp(y, h), clamp(x, w), inside)

    return on_planes(image, height, width, sample)


x = numbers('x', 2, 3, 4, 5)
line = np.array([0, 1], np.float32).reshape(1, 1, 2)

# grids that the document of resize_bilinear spells out
for mode, wanted in {
    'UNALIGN_CORNERS': [0, 0.1, 0.5, 0.9, 1],
    'STRICT_ALIGN_CORNERS': [0, 0.25, 0.5, 0.75, 1],
    'ALIGN_CORNERS': [0, 0.25, 0.5, 0.75, 1],
    'DEFAULT': [0, 0.4, 0.8, 1, 1],
    'OFFSET_CORNERS': [0.1, 0.3, 0.5, 0.7, 0.9],
}.items():
    mil('resize_bilinear', {'x': line}, np.array(wanted).reshape(1, 1, 5), note=f'{mode} of two points', target_size_height=1, target_size_width=5, sampling_mode=mode)
    for height, width in ((7, 3), (1, 1)):
        mil('resize_bilinear', {'x': x}, resize(x, height, width, mode), note=f'{mode} to {height} x {width}', target_size_height=height, target_size_width=width, sampling_mode=mode)
    mil('resize', {'x': x, 'shape': np.array([9, 0, 8])}, resize(x, 4, 8, mode), note=mode, version='CoreML7', resized_dims=2, sampling_mode=mode)
mil('resize_bilinear', {'x': x}, resize(x, 1, 1, 'DEFAULT'), note='by default')
mil('resize', {'x': x, 'shape': np.array([1, 1, 3, 8])}, nearest(x, 3, 8, 0.5), note='nearest', version='CoreML7', resized_dims=2, interpolation_mode='NEAREST_NEIGHBOR')
whole = np.arange(6, dtype=np.int32).reshape(2, 3)
mil('resize', {'x': whole, 'shape': np.array([4])}, np.repeat(whole, [1, 2, 1], 1), note='of integers', version='CoreML7', resized_dims=1, interpolation_mode='NEAREST_NEIGHBOR')
mil('resize_nearest_neighbor', {'x': x}, nearest(x, 7, 3, 0.5), target_size_height=7, target_size_width=3)
mil('upsample_nearest_neighbor', {'x': x}, nearest(x, 8, 15, 0), scale_factor_height=2, scale_factor_width=3)
mil('upsample_nearest_neighbor', {'x': x}, nearest(x, 5, 12, 0), note='by fractions', scale_factor_height=1.25, scale_factor_width=2.5)
mil('upsample_bilinear', {'x': x}, resize(x, 8, 5, 'STRICT_ALIGN_CORNERS'), note='by default', scale_factor_height=2)
mil('upsample_bilinear', {'x': x}, resize(x, 6, 15, 'UNALIGN_CORNERS'), scale_factor_height=1.5, scale_factor_width=3, align_corners=False)
mil('upsample_bilinear', {'x': x}, resize(x, 8, 10, 'DEFAULT'), note='without half pixels', version='CoreML6', scale_factor_height=2, scale_factor_width=2, align_corners=False, half_pixel_centers=False)
mil('upsample_bilinear', {'x': x}, resize(x, 8, 10, 'UNALIGN_CORNERS'), note='with half pixels', version='CoreML6', scale_factor_height=2, scale_factor_width=2, align_corners=False, half_pixel_centers=True)
infinite = np.array([1, np.inf, 2], np.float32).reshape(1, 1, 3)
mil('resize_bilinear', {'x': infinite}, np.array([1, np.inf, np.inf, np.inf, 2]).reshape(1, 1, 5), note='keeps what it does not touch', target_size_width=5, sampling_mode='STRICT_ALIGN_CORNERS')

# crop_resize
boxes = np.array([[0.5, 1, 2.5, 3], [1, 0.25, 3, 4]], np.float32)
centred = np.array([[1.5, 2, 2, 2], [2, 2.125, 2, 3.75]], np.float32)
regions = lambda rows: rows.reshape(len(rows), 1, rows.shape[1], 1, 1)
for mode in GRIDS:
    wanted = np.stack([crop(x, box, 3, 2, mode) for box in boxes])
    mil('crop_resize', {'x': x, 'roi': regions(boxes)}, wanted, note=mode, target_height=3, target_width=2, sampling_mode=mode)
wanted = np.stack([crop(x, box, 3, 2, 'ALIGN_CORNERS') for box in boxes])
for name, rows in {
    'CORNERS_WIDTH_FIRST': boxes[:, [1, 0, 3, 2]],
    'CENTER_SIZE_HEIGHT_FIRST': centred,
    'CENTER_SIZE_WIDTH_FIRST': centred[:, [1, 0, 3, 2]],
}.items():
    mil('crop_resize', {'x': x, 'roi': regions(rows)}, wanted, note=name, target_height=3, target_width=2, sampling_mode='ALIGN_CORNERS', box_coordinate_mode=name)
    layer('cropResize', [x[None], regions(rows)], wanted, note=name, targetSize=[3, 2], normalizedCoordinates=False, mode={'samplingMethod': 'ALIGN_ENDPOINTS_MODE'}, boxIndicesMode={'boxMode': name}, spatialScale=1)
named = np.concatenate([[[1], [0]], boxes * 2], 1).astype(np.float32)
picked = np.stack([crop(x[1:], boxes[0], 2, 2, 'STRICT_ALIGN_CORNERS'), crop(x[:1], boxes[1], 2, 2, 'STRICT_ALIGN_CORNERS')])
mil('crop_resize', {'x': x, 'roi': regions(named)}, picked, note='of named images, scaled', target_height=2, target_width=2, spatial_scale=0.5, sampling_mode='STRICT_ALIGN_CORNERS')
layer('cropResize', [x[None], regions(named)], picked, note='of named images, scaled', targetSize=[2, 2], normalizedCoordinates=False, spatialScale=0.5)
beyond = np.array([[-1, 1, 5, 3]], np.float32)
mil('crop_resize', {'x': x, 'roi': regions(beyond)}, crop(x, beyond[0], 4, 2, 'ALIGN_CORNERS')[None], note='clamps in iOS15', target_height=4, target_width=2, sampling_mode='ALIGN_CORNERS')
mil('crop_resize', {'x': x, 'roi': regions(beyond)}, crop(x, beyond[0], 4, 2, 'ALIGN_CORNERS', -2)[None], note='pads in iOS16', version='CoreML6', target_height=4, target_width=2, sampling_mode='ALIGN_CORNERS', pad_value=-2)
part = np.array([[0, 0.25, 1, 0.75]], np.float32)
mil('crop_resize', {'x': x, 'boxes': part}, crop(x[:1], [0, 1, 3, 3], 3, 3, 'DEFAULT', 0), note='of iOS17, normalized', version='CoreML7', target_height=3, target_width=3, normalized_coordinates=True)
mil('crop_resize', {'x': x, 'boxes': np.array([[1, 2, 2, 4]], np.uint16), 'box_indices': np.array([1])}, crop(x[1:], [1, 2, 2, 4], 2, 3, 'ALIGN_CORNERS', 0), note='of iOS17, with box_indices', version='CoreML7', target_height=2, target_width=3, sampling_mode='ALIGN_CORNERS')

for version, extra in (('CoreML6', {}), ('CoreML7', {'box_indices': np.array([1, 0])})):
    # what lies outside is padded, the boxes are the same in every form, a box of iOS17 has its image beside it
    held = lambda rows: {'boxes': rows, **extra} if extra else {'roi': regions(np.concatenate([[[1], [0]], rows], 1).astype(np.float32))}
    join = np.concatenate if extra else np.stack
    of = lambda mode, boxes, outside: join([crop(x[1:], boxes[0], 3, 2, mode, outside), crop(x[:1], boxes[1], 3, 2, mode, outside)])
    for mode in GRIDS:
        mil('crop_resize', {'x': x, **held(boxes)}, of(mode, boxes, 0), note=f'{mode} of {version}', version=version, target_height=3, target_width=2, sampling_mode=mode)
    outer = boxes + np.array([-1, 0, 0, 2], np.float32)
    centre = np.stack([(outer[:, 0] + outer[:, 2]) / 2, (outer[:, 1] + outer[:, 3]) / 2, outer[:, 2] - outer[:, 0], outer[:, 3] - outer[:, 1]], 1)
    for name, rows in {'CORNERS_HEIGHT_FIRST': outer, 'CORNERS_WIDTH_FIRST': outer[:, [1, 0, 3, 2]], 'CENTER_SIZE_HEIGHT_FIRST': centre, 'CENTER_SIZE_WIDTH_FIRST': centre[:, [1, 0, 3, 2]]}.items():
        mil('crop_resize', {'x': x, **held(rows * 4)}, of('ALIGN_CORNERS', outer, 1.5), note=f'{name} of {version}, scaled', version=version, target_height=3, target_width=2, sampling_mode='ALIGN_CORNERS', box_coordinate_mode=name, spatial_scale=0.25, pad_value=1.5)
    mil('crop_resize', {'x': x, **held(np.array([[0, 0.25, 1, 0.75], [1 / 3, 0, 2 / 3, 0.5]], np.float32))}, of('STRICT_ALIGN_CORNERS', [[0, 1, 3, 3], [1, 0, 2, 2]], 0), note=f'normalized, of {version}', tolerance=2e-6, version=version, target_height=3, target_width=2, sampling_mode='STRICT_ALIGN_CORNERS', normalized_coordinates=True)
mil('crop_resize', {'x': x, 'roi': regions(np.array([[0, 0.25, 1, 0.75]], np.float32))}, crop(x, [0, 1, 3, 3], 3, 3, 'STRICT_ALIGN_CORNERS')[None], note='normalized', target_height=3, target_width=3, sampling_mode='STRICT_ALIGN_CORNERS', normalized_coordinates=True)


# resample and affine
def beyond_constant(value):
    return lambda plane, row, column: plane[row, column] if 0 <= row < plane.shape[0] and 0 <= column < plane.shape[1] else value


def mirrored(kind):
    def at(index, size):
        line = np.pad(np.arange(size), 8 * size, kind)
        return line[index + 8 * size]

    return lambda plane, row, column: plane[at(row, plane.shape[0]), at(column, plane.shape[1])]


SURROUNDS = {'constant': beyond_constant(2.5), 'border': mirrored('edge'), 'reflection': mirrored('reflect'), 'symmetric': mirrored('symmetric')}


def position(coordinate, size, mode, align):
    if mode == 'unnormalized':
        return coordinate
    part = (coordinate + 1) / 2 if mode == 'normalized_minus_one_to_one' else coordinate
    return part * (size - 1) if align else part * size - 0.5


def resample(image, points, mode, align, sampling, pixel):
    out = np.zeros((*image.shape[:2], *points.shape[1:3]))
    for b, c, i, j in np.ndindex(out.shape):
        plane = image[b, c].astype(np.float64)
        px, py = (position(float(points[b, i, j, k]), plane.shape[1 - k], mode, align) for k in (0, 1))
        out[b, c, i, j] = bilinear(plane, py, px, pixel) if sampling == 'bilinear' else pixel(plane, round(py), round(px))
    return out.astype(np.float32)


pixels = numbers('points', 2, 2, 3, 2, low=-24, high=56)
for surround, pixel in SURROUNDS.items():
    for sampling in ('bilinear', 'nearest'):
        mil('resample', {'x': x, 'coordinates': pixels}, resample(x, pixels, 'unnormalized', True, sampling, pixel), note=f'{sampling}, {surround}', sampling_mode=sampling, padding_mode=surround, padding_value=2.5, coordinates_mode='unnormalized', align_corners=True)
for mode in ('normalized_minus_one_to_one', 'normalized_zero_to_one'):
    for align in (True, False):
        points = numbers(mode, 2, 2, 3, 2, low=-9, high=9)
        mil('resample', {'x': x, 'coordinates': points}, resample(x, points, mode, align, 'bilinear', beyond_constant(0)), note=f'{mode}, align_corners {align}', version='CoreML6', sampling_mode='bilinear', padding_mode='constant', padding_value=0, coordinates_mode=mode, align_corners=align)
mil('resample', {'x': x, 'coordinates': np.array([[[[1, 2]]], [[[-1, 0]]]], np.int32)}, np.stack([x[0, :, 2, 1], np.zeros(3)]).reshape(2, 3, 1, 1).astype(np.float32), note='of integers', sampling_mode='bilinear', padding_mode='constant', padding_value=0, coordinates_mode='unnormalized', align_corners=False)

matrices = np.array([[0.5, 0.25, 0.125, -0.25, 0.75, 0], [1, 0, 0, 0, -1, 0.5]], np.float32)
rows, columns = np.meshgrid(np.linspace(-1, 1, 3), np.linspace(-1, 1, 4), indexing='ij')
for count in (1, 2):
    points = np.stack([np.stack([m[0] * columns + m[1] * rows + m[2], m[3] * columns + m[4] * rows + m[5]], -1) for m in matrices[[0, count - 1]]])
    mil('affine', {'x': x, 'transform_matrix': matrices[:count]}, resample(x, points, 'normalized_minus_one_to_one', True, 'bilinear', beyond_constant(0)), note=f'by {count} matrices', output_height=3, output_width=4, sampling_mode='bilinear', padding_mode='constant', padding_value=0, coordinates_mode='normalized_minus_one_to_one', align_corners=True)

# neuralnetwork
for method, mode in METHODS.items():
    layer('resizeBilinear', [x], resize(x, 3, 7, mode), note=method, targetSize=[3, 7], mode={'samplingMethod': method})
    layer('cropResize', [x[None], regions(boxes)], np.stack([crop(x, box, 2, 3, mode) for box in boxes]), note=method, targetSize=[2, 3], normalizedCoordinates=False, mode={'samplingMethod': method}, boxIndicesMode={'boxMode': 'CORNERS_HEIGHT_FIRST'}, spatialScale=1)
layer('resizeBilinear', [x], resize(x, 1, 1, 'STRICT_ALIGN_CORNERS'), note='unset', targetSize=[])
layer('cropResize', [x[None], regions(part)], crop(x, [0, 1, 3, 3], 1, 1, 'STRICT_ALIGN_CORNERS')[None], note='normalized, unset', targetSize=[], normalizedCoordinates=True, spatialScale=0)
for name, mode in {'DEFAULT': 'DEFAULT', 'ALIGN_CORNERS_TRUE': 'STRICT_ALIGN_CORNERS', 'ALIGN_CORNERS_FALSE': 'UNALIGN_CORNERS'}.items():
    layer('upsample', [x], resize(x, 8, 15, mode), note=f'bilinear {name}', scalingFactor=[2, 3], fractionalScalingFactor=[], mode='BILINEAR', linearUpsampleMode=name)
    layer('upsample', [x], resize(x, 6, 12, mode), note=f'bilinear by fractions {name}', scalingFactor=[], fractionalScalingFactor=[1.5, 2.5], mode='BILINEAR', linearUpsampleMode=name)
layer('upsample', [x], nearest(x, 8, 15, 0), note='nearest', scalingFactor=[2, 3], fractionalScalingFactor=[], mode='NN', linearUpsampleMode='DEFAULT')
layer('upsample', [x], nearest(x, 6, 5, 0), note='nearest by fractions', scalingFactor=[], fractionalScalingFactor=[1.5, 1], mode='NN', linearUpsampleMode='DEFAULT')
# coremltools issue 644
small = np.array([[1, 9, 3], [3, 0, 2], [2, 7, 5]], np.float32)[None]
for method in ('STRICT_ALIGN_ENDPOINTS_MODE', 'ALIGN_ENDPOINTS_MODE'):
    wanted = [[1, 5, 9, 6, 3], [2, 3.25, 4.5, 3.5, 2.5], [3, 1.5, 0, 1, 2], [2.5, 3, 3.5, 3.5, 3.5], [2, 4.5, 7, 6, 5]]
    layer('resizeBilinear', [small], np.array(wanted)[None], note=f'3 x 3 to 5 x 5, {method}', targetSize=[5, 5], mode={'samplingMethod': method})

cases.print()
