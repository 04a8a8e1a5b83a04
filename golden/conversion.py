"""What the scripts that make example models share: both conversions of a Keras model, and what TFLite's own interpreter prints."""

import shutil
from pathlib import Path

import coremltools as ct
import numpy as np
import tensorflow as tf


def save_tflite(model: tf.keras.Model, path: Path) -> bytes:
    """Converts without quantization and writes the file; returns its bytes."""
    data = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    path.write_bytes(data)
    return data


def save_coreml(model: tf.keras.Model, path: Path, inputs=None, labels: list[str] | None = None, half: bool = False) -> None:
    """Writes a neural network (`.mlmodel`) or an ML Program (`.mlpackage`, float16 where `half`); `inputs` as coremltools takes them."""
    inputs = inputs or [ct.TensorType(name=x.name.split(":")[0], shape=[1, *x.shape[1:]], dtype=x.dtype.as_numpy_dtype) for x in model.inputs]
    options = {"source": "tensorflow", "inputs": inputs}
    if labels:
        options["classifier_config"] = ct.ClassifierConfig(labels)
    if path.suffix == ".mlmodel":
        options["convert_to"] = "neuralnetwork"
    else:
        options.update(
            convert_to="mlprogram",
            minimum_deployment_target=ct.target.iOS15,
            compute_precision=ct.precision.FLOAT16 if half else ct.precision.FLOAT32,
        )
        shutil.rmtree(path, ignore_errors=True)
    ct.convert(model, **options).save(str(path))


def save_samples(path: Path, interpreter_bytes: bytes, samples: list[dict[str, np.ndarray]]) -> None:
    """One member an input, under the TFLite file's name for it, the samples stacked along the batch."""
    names = input_names(interpreter_bytes)
    np.savez_compressed(path, **{names[key]: np.concatenate([sample[key] for sample in samples]) for key in samples[0]})


def input_names(data: bytes) -> dict[str, str]:
    """Keras name of each input → its name in the TFLite file."""
    signature = tf.lite.Interpreter(model_content=data).get_signature_runner()
    details = signature.get_input_details()
    return {key: details[key]["name"] for key in details}


def save_expected(path: Path, data: bytes, samples: list[dict[str, np.ndarray]], activations: Path | None = None) -> None:
    """What the interpreter's reference kernels print: members `<sample>/<output name>`; `activations`: results of ops on sample 0 by tensor name."""
    interpreter = tf.lite.Interpreter(
        model_content=data,
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=activations is not None,
    )
    interpreter.allocate_tensors()
    names = input_names(data)
    index = {detail["name"]: detail["index"] for detail in interpreter.get_input_details()}
    expected = {}
    for number, sample in enumerate(samples):
        for key, value in sample.items():
            interpreter.set_tensor(index[names[key]], value)
        interpreter.invoke()
        for detail in interpreter.get_output_details():
            expected[f"{number}/{detail['name']}"] = interpreter.get_tensor(detail["index"])
        if number == 0 and activations is not None:
            made = {output for op in interpreter._get_ops_details() for output in op["outputs"]}
            details = [detail for detail in interpreter.get_tensor_details() if detail["index"] in made]
            np.savez_compressed(activations, **{detail["name"]: interpreter.get_tensor(detail["index"]) for detail in details})
    np.savez_compressed(path, **expected)
