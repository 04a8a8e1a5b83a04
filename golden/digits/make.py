"""Makes the bundled example: a small network that reads handwritten digits, trained on scikit-learn's digits (8x8 scans of real
handwriting, UCI "Optical recognition of handwritten digits", CC BY 4.0), and its conversions.

    python -m venv venv && venv/bin/pip install -r golden/requirements.txt && venv/bin/python golden/digits/make.py
"""

import sys
from pathlib import Path

import coremltools as ct
import numpy as np
import tensorflow as tf
from PIL import Image
from sklearn.datasets import load_digits

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from conversion import save_coreml, save_expected, save_samples, save_tflite  # noqa: E402

SIZE = 16
LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
SAMPLES = 8

tf.keras.utils.set_random_seed(1)
layers = tf.keras.layers


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """uint8 [N, 16, 16], bright strokes on black, and the digits."""
    digits = load_digits()
    scans = np.round(digits.images * (255 / 16)).astype(np.uint8)
    return np.stack([np.asarray(Image.fromarray(scan).resize((SIZE, SIZE), Image.BILINEAR)) for scan in scans]), digits.target


def block(x, channels: int, stride: int):
    """Depthwise separable convolution, as in MobileNet."""
    x = layers.DepthwiseConv2D(3, stride, padding="same", use_bias=False)(x)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    x = layers.Conv2D(channels, 1, use_bias=False)(x)
    return layers.ReLU(6.0)(layers.BatchNormalization()(x))


def network() -> tf.keras.Model:
    image = tf.keras.Input((SIZE, SIZE, 1), name="image")
    x = layers.Conv2D(12, 3, padding="same", use_bias=False)(image)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    x = block(x, 24, 2)
    x = layers.MaxPooling2D(2)(x)
    shortcut = x = block(x, 32, 1)
    x = layers.Add()([block(x, 32, 1), shortcut])
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(24, activation="relu")(x)
    return tf.keras.Model(image, layers.Dense(10, activation="softmax", name="digit")(x))


def main() -> None:
    images, targets = pictures()
    inputs = images[..., None].astype(np.float32) / 255
    train = np.arange(len(images)) % 5 != 0
    model = network()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(inputs[train], targets[train], batch_size=32, epochs=40, verbose=0)
    print("accuracy on the digits left out: %.3f" % model.evaluate(inputs[~train], targets[~train], verbose=0)[1])

    held_out = np.flatnonzero(~train)
    chosen = [next(i for i in held_out if targets[i] == digit) for digit in range(SAMPLES)]
    (HERE / "samples").mkdir(exist_ok=True)
    for i in chosen:
        Image.fromarray(images[i]).save(HERE / "samples" / f"{targets[i]}.png")
    samples = [{"image": inputs[i : i + 1]} for i in chosen]

    data = save_tflite(model, HERE / "digits.tflite")
    save_samples(HERE / "samples.npz", data, samples)
    save_expected(HERE / "expected.npz", data, samples, activations=HERE / "activations.npz")
    save_coreml(model, HERE / "digits.mlmodel")
    save_coreml(model, HERE / "digits.mlpackage", half=True)
    gray = ct.ImageType(name="image", shape=(1, SIZE, SIZE, 1), scale=1 / 255, color_layout=ct.colorlayout.GRAYSCALE)
    save_coreml(model, HERE / "digits_image.mlmodel", inputs=[gray], labels=LABELS)
    (HERE / "labels.txt").write_text("\n".join(LABELS) + "\n")


main()
