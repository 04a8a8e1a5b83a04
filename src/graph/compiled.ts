/** Ops that a compiler for one accelerator puts in the place of a network: what they compute is machine code, and no runtime elsewhere runs it. */

interface Compiler {
  name: string
  accelerator: string
}

const COMPILERS: { readonly [op: string]: Compiler } = {
  'ethos-u': { name: 'Vela', accelerator: 'an Arm Ethos-U' },
  'edgetpu-custom-op': { name: 'the Edge TPU compiler', accelerator: 'an Edge TPU' },
}

/** What made an op of this type; undefined where it is an op like others. */
export const compilerOf = (type: string): Compiler | undefined => (Object.hasOwn(COMPILERS, type) ? COMPILERS[type] : undefined)

/** What such an op is, for messages. */
export const spellCompiled = ({ name, accelerator }: Compiler): string =>
  `machine code for ${accelerator}, which ${name} made of the network`

export const uncompiled = ({ name }: Compiler): string => `Give the file that ${name} was given`
