/** Copies what the program reads at run time and the compiler does not emit from the source folders to dist/. */
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = ['src', 'kernels', 'proto', 'reports']
const ASSET = /\.(wasm|json|html|css)$/

for (const folder of FOLDERS.filter(existsSync)) {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (ASSET.test(file)) cpSync(join(folder, file), join('dist', folder, file))
  }
}
