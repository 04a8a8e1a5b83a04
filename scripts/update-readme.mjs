/** Runs the commands of README.md's report blocks again and puts in what they print. A block is a fence that opens with ```console and `$ parity …`. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const PARITY = 'dist/src/cli/main.js'

const text = readFileSync('README.md', 'utf8').replace(/```console\n\$ parity (.*)\n[^`]*```/g, (_, line) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [PARITY, ...line.split(' '), '--reproducible'], { encoding: 'utf8' })
  if (status !== 0 && status !== 1) throw new Error(`parity ${line}: exit ${status}\n${stderr}`)
  return `\`\`\`console\n$ parity ${line}\n${stdout.trimEnd()}\n\`\`\``
})
writeFileSync('README.md', text)
