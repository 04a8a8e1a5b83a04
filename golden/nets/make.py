"""Makes small networks with random weights, each with its conversions, for the tests of alignment, engine and diagnosis.

    python -m venv venv && venv/bin/pip install -r golden/requirements.txt && venv/bin/python golden/nets/make.py [NAME…]

A folder holds source.tflite, nn.mlmodel (neural network, float32), prog16.mlpackage or prog32.mlpackage (ML Program), samples.npz
(members named as the TFLite inputs, samples stacked) and expected.npz (members `<sample>/<TFLite output>`, by TFLite's reference
kernels). wrong_*.mlmodel are deliberately wrong conversions; `net.json` says what is wrong and where.
"""

import json
import shutil
import sys
from pathlib import Path

import coremltools as ct
import numpy as np
import tensorflow as tf

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from conversion import save_coreml, save_expected, save_samples, save_tflite  # noqa: E402

layers = tf.keras.layers
SAMPLES = 3
IMAGE_SCALE = 1 / 58
IMAGE_BIAS = [-1.79, -2.01, -2.13]  # blue, green, red


class InstanceNorm(layers.Layer):
    """Written out op by op, as ported style transfer networks do."""

    def __init__(self, epsilon=1e-3, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def build(self, shape):
        self.gamma = self.add_weight(name="gamma", shape=[shape[-1]], initializer=tf.random_uniform_initializer(0.5, 1.5))
        self.beta = self.add_weight(name="beta", shape=[shape[-1]], initializer=tf.random_uniform_initializer(-0.5, 0.5))

    def call(self, x):
        mean = tf.reduce_mean(x, [1, 2], keepdims=True)
        variance = tf.reduce_mean(tf.math.squared_difference(x, mean), [1, 2], keepdims=True)
        return (x - mean) * tf.math.rsqrt(variance + self.epsilon) * self.gamma + self.beta


class LayerNorm(layers.Layer):
    def build(self, shape):
        self.gamma = self.add_weight(name="gamma", shape=[shape[-1]], initializer=tf.random_uniform_initializer(0.5, 1.5))
        self.beta = self.add_weight(name="beta", shape=[shape[-1]], initializer=tf.random_uniform_initializer(-0.5, 0.5))

    def call(self, x):
        mean = tf.reduce_mean(x, -1, keepdims=True)
        variance = tf.reduce_mean(tf.square(x - mean), -1, keepdims=True)
        return (x - mean) / tf.sqrt(variance + 1e-5) * self.gamma + self.beta


class Attention(layers.Layer):
    def __init__(self, heads, **options):
        super().__init__(**options)
        self.heads = heads

    def build(self, shape):
        width = shape[-1]
        self.project = [self.add_weight(name=name, shape=[width, width]) for name in ("query", "key", "value", "out")]

    def call(self, x):
        _, length, width = x.shape
        size = width // self.heads
        q, k, v = (tf.transpose(tf.reshape(x @ w, [1, length, self.heads, size]), [0, 2, 1, 3]) for w in self.project[:3])
        scores = tf.matmul(q, k, transpose_b=True) / np.float32(np.sqrt(size))
        mixed = tf.transpose(tf.matmul(tf.nn.softmax(scores), v), [0, 2, 1, 3])
        return tf.reshape(mixed, [1, length, width]) @ self.project[3]


class UnrolledGru(layers.Layer):
    """Last state of a GRU whose reset gate acts after the recurrent product; gates in the order update, reset."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=[shape[-1], 3 * self.units])
        self.recurrent = self.add_weight(name="recurrent", shape=[self.units, 3 * self.units], initializer="orthogonal")
        self.offset = self.add_weight(name="offset", shape=[3 * self.units], initializer=tf.random_normal_initializer(0, 0.2))

    def call(self, sequence):
        state = tf.zeros([1, self.units])
        for x in tf.unstack(sequence, axis=1):
            xz, xr, xh = tf.split(x @ self.kernel + self.offset, 3, axis=-1)
            hz, hr, hh = tf.split(state @ self.recurrent, 3, axis=-1)
            update = tf.sigmoid(xz + hz)
            candidate = tf.tanh(xh + tf.sigmoid(xr + hr) * hh)
            state = update * state + (1 - update) * candidate
        return state


def mirror(x, by):
    return tf.pad(x, [[0, 0], [by, by], [by, by], [0, 0]], "REFLECT")


def style(epsilon=1e-3):
    """Style transfer: mirror padding, instance normalization by hand, a residual block, resizing before the last convolutions."""
    image = x = tf.keras.Input((24, 24, 3), 1, name="image")
    x = tf.nn.relu(InstanceNorm()(layers.Conv2D(8, 5)(mirror(x, 2))))
    x = tf.nn.relu(InstanceNorm(epsilon, name="half")(layers.Conv2D(16, 3, 2)(mirror(x, 1))))
    y = tf.nn.relu(InstanceNorm()(layers.Conv2D(16, 3)(mirror(x, 1))))
    x = x + InstanceNorm()(layers.Conv2D(16, 3)(mirror(y, 1)))
    x = layers.UpSampling2D(2)(x)
    x = tf.nn.relu(InstanceNorm()(layers.Conv2D(8, 3)(mirror(x, 1))))
    x = layers.Conv2D(3, 5)(mirror(x, 2))
    return tf.keras.Model(image, tf.tanh(x) * 127.5 + 127.5)


def residual():
    """Residual network with batch normalization, stem pooling and strided shortcuts."""

    def unit(x, channels, stride, name):
        y = layers.Conv2D(channels, 3, stride, "same", use_bias=False, name=name)(x)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.BatchNormalization()(layers.Conv2D(channels, 3, padding="same", use_bias=False)(y))
        if stride > 1:
            x = layers.BatchNormalization()(layers.Conv2D(channels, 1, stride, "same", use_bias=False)(x))
        return layers.ReLU()(layers.Add()([x, y]))

    image = tf.keras.Input((32, 32, 3), 1, name="image")
    x = layers.Conv2D(8, 5, 2, "same", use_bias=False)(image)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.MaxPooling2D(3, 2, "same")(x)
    x = unit(x, 8, 1, "first")
    x = unit(x, 16, 2, "second")
    x = layers.AveragePooling2D(2)(x)
    return tf.keras.Model(image, layers.Softmax()(layers.Dense(6)(layers.Flatten()(x))))


def transformer():
    """Token and position embedding, one pre-norm block with two heads and a GELU, logits for each position."""
    tokens = tf.keras.Input((12,), 1, name="tokens", dtype=tf.int32)
    x = layers.Embedding(50, 32)(tokens)
    x = x + tf.constant(np.random.default_rng(5).normal(0, 0.3, [1, 12, 32]).astype(np.float32))
    x = x + Attention(2)(LayerNorm()(x))
    y = layers.Dense(64)(LayerNorm()(x))
    y = 0.5 * y * (1 + tf.tanh(0.7978845608 * (y + 0.044715 * y * y * y)))
    x = LayerNorm()(x + layers.Dense(32)(y))
    return tf.keras.Model(tokens, layers.Dense(8, name="logits")(x))


def recurrent():
    """Two unrolled recurrent layers, LSTM then GRU, and two outputs."""
    sequence = tf.keras.Input((6, 10), 1, name="sequence")
    x = layers.LSTM(16, return_sequences=True, unroll=True)(sequence)
    last = UnrolledGru(12)(x)
    return tf.keras.Model(sequence, [layers.Dense(4, activation="sigmoid", name="gates")(x), layers.Dense(5, name="score")(last)])


def unet():
    """U-Net: two levels down, transposed convolutions up, concatenated skips, bilinear output."""

    def pair(x, channels):
        x = layers.Conv2D(channels, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
        return layers.LeakyReLU(0.1)(layers.Conv2D(channels, 3, padding="same", kernel_initializer="he_normal")(x))

    image = tf.keras.Input((24, 32, 1), 1, name="image")
    top = pair(image, 6)
    middle = pair(layers.MaxPooling2D(2)(top), 10)
    x = pair(layers.MaxPooling2D(2)(middle), 14)
    x = pair(layers.Concatenate()([layers.Conv2DTranspose(10, 2, 2)(x), middle]), 10)
    x = pair(layers.Concatenate()([layers.Conv2DTranspose(6, 3, 2, "same")(x), top]), 6)
    x = tf.image.resize(layers.Conv2D(2, 1)(x), [48, 64], "bilinear")
    return tf.keras.Model(image, tf.sigmoid(x))


def randomise(model, rng) -> None:
    """Statistics and offsets that a trained network would have, so that a lost one shows."""
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            n = layer.gamma.shape[0]
            layer.set_weights([rng.uniform(0.5, 1.5, n), rng.normal(0, 0.3, n), rng.normal(0, 0.5, n), rng.uniform(0.3, 2, n)])
        elif getattr(layer, "use_bias", False) and getattr(layer, "bias", None) is not None:
            layer.bias.assign(rng.normal(0, 0.2, layer.bias.shape))


def picture(rng, height, width, channels):
    """A smooth random picture, 0 to 255."""
    small = rng.uniform(0, 255, [1, 6, 8, channels]).astype(np.float32)
    return np.clip(tf.image.resize(small, [height, width], "bicubic").numpy() + rng.normal(0, 4, [1, height, width, channels]), 0, 255)


def make(name, model, program, samples, about):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    data = save_tflite(model, folder / "source.tflite")
    save_samples(folder / "samples.npz", data, samples)
    save_expected(folder / "expected.npz", data, samples)
    save_coreml(model, folder / "nn.mlmodel")
    save_coreml(model, folder / program, half="16" in program)
    targets = {"nn.mlmodel": {"kind": "neuralnetwork"}, program: {"kind": "mlprogram"}}
    return folder, {"name": name, "about": " ".join(about.split()), "targets": targets}


def make_style(rng):
    model = style()
    folder, net = make("style", model, "prog16.mlpackage", [{"image": picture(rng, 24, 24, 3).astype(np.float32) / 255} for _ in range(SAMPLES)], style.__doc__)
    other = style(epsilon=0.5)
    other.set_weights(model.get_weights())
    save_coreml(other, folder / "wrong_epsilon.mlmodel")
    net["targets"]["wrong_epsilon.mlmodel"] = {"kind": "neuralnetwork", "cause": "epsilon-changed", "at": "half"}
    return folder, net


def make_residual(rng):
    model = residual()
    randomise(model, rng)
    pixels = [np.round(picture(rng, 32, 32, 3)).astype(np.uint8) for _ in range(SAMPLES)]
    samples = [{"image": (p[..., ::-1] * np.float32(IMAGE_SCALE) + np.float32(IMAGE_BIAS)).astype(np.float32)} for p in pixels]
    folder, net = make("residual", model, "prog16.mlpackage", samples, residual.__doc__)
    np.savez_compressed(folder / "pixels.npz", image=np.concatenate(pixels))

    def image(**changed):
        options = {"scale": IMAGE_SCALE, "bias": IMAGE_BIAS, "color_layout": ct.colorlayout.BGR, **changed}
        return [ct.ImageType(name="image", shape=(1, 32, 32, 3), **options)]

    save_coreml(model, folder / "image.mlmodel", inputs=image())
    save_coreml(model, folder / "image.mlpackage", inputs=image(), half=True)
    save_coreml(model, folder / "wrong_order.mlmodel", inputs=image(color_layout=ct.colorlayout.RGB))
    kernel = model.get_layer("second").kernel
    kernel.assign(tf.transpose(kernel, [1, 0, 2, 3]))
    save_coreml(model, folder / "wrong_kernel.mlmodel")
    net["preprocessing"] = {"scale": IMAGE_SCALE, "bias": IMAGE_BIAS, "order": "BGR"}
    net["targets"] |= {
        "image.mlmodel": {"kind": "neuralnetwork", "input": "pixels.npz"},
        "image.mlpackage": {"kind": "mlprogram", "input": "pixels.npz"},
        "wrong_order.mlmodel": {"kind": "neuralnetwork", "input": "pixels.npz", "cause": "channel-order", "at": "image"},
        "wrong_kernel.mlmodel": {"kind": "neuralnetwork", "cause": "conv-kernel-hw-transposed", "at": "second"},
    }
    return folder, net


def make_transformer(rng):
    samples = [{"tokens": rng.integers(0, 50, [1, 12]).astype(np.int32)} for _ in range(SAMPLES)]
    return make("transformer", transformer(), "prog32.mlpackage", samples, transformer.__doc__)


def make_recurrent(rng):
    model = recurrent()
    randomise(model, rng)
    samples = [{"sequence": rng.normal(0, 1, [1, 6, 10]).astype(np.float32)} for _ in range(SAMPLES)]
    return make("recurrent", model, "prog32.mlpackage", samples, recurrent.__doc__)


def make_unet(rng):
    model = unet()
    randomise(model, rng)
    samples = [{"image": picture(rng, 24, 32, 1).astype(np.float32) / 127.5 - 1} for _ in range(SAMPLES)]
    return make("unet", model, "prog16.mlpackage", samples, unet.__doc__)


NETS = {"style": make_style, "residual": make_residual, "transformer": make_transformer, "recurrent": make_recurrent, "unet": make_unet}

for number, (name, maker) in enumerate(NETS.items()):
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        continue
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(100 + number)
    folder, net = maker(np.random.default_rng(100 + number))
    (folder / "net.json").write_text(json.dumps(net, indent=2) + "\n")
