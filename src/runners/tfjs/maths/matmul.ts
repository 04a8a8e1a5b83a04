/** Products of float matrices, on TensorFlow.js. */
import { transpose } from '../../../../kernels/movement.js'
import { sizeOf, type Tensor, tensor } from '../../../../kernels/tensor.js'
import type { Device } from '../backend.js'
import { type BatchProduct, type Connection, oriented } from '../geometry/products.js'

type Float = Tensor<'float32'>

/** Input of `batch` rows of `depth` elements, filter [units, depth]. */
export function connect(device: Device, x: Float, filter: Float, { shape, batch, depth, units }: Connection): Float {
  if (batch * units === 0) return tensor('float32', shape, new Float32Array(0))
  const out = device.compute((tf) => {
    const weights = device.weight(filter, 'transposed', () => tf.tensor2d(transpose(filter, [1, 0]).data, [depth, units]))
    return tf.matMul(tf.tensor2d(x.data, [batch, depth]), weights)
  })
  return tensor('float32', shape, out)
}

export function multiplyBatches(device: Device, x: Float, y: Float, { shape, m, k, n, pairs, adjoint }: BatchProduct): Float {
  const [left, right] = [oriented(x, adjoint.x).data, oriented(y, adjoint.y).data]
  const out = new Float32Array(sizeOf(shape))
  if (k > 0 && m * n > 0) {
    pairs.forEach(([i, j], at) => {
      const product = device.compute((tf) =>
        tf.matMul(
          tf.tensor2d(left.subarray(i * m * k, (i + 1) * m * k), [m, k]),
          tf.tensor2d(right.subarray(j * k * n, (j + 1) * k * n), [k, n]),
        ),
      )
      out.set(product, at * m * n)
    })
  }
  return tensor('float32', shape, out)
}
