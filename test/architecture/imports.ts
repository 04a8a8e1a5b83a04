/**
 * What each source file imports, read from its syntax tree: `import` and `export … from`, with or without `type`, `import()` of a value
 * or a type, `import … = require()`, `import.meta.resolve()` and `new URL(…, import.meta.url)`.
 *
 * Parsed by @babel/parser: TypeScript's own parser is a native program since version 7, which its library starts and talks to under an
 * interface that is called unstable.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { parse } from '@babel/parser'

export type Target =
  /** A file or folder of the project; paths are relative to its root, with slashes. */
  | { kind: 'file'; path: string }
  /** 'fflate', '@tensorflow/tfjs-core', 'node:fs': a subpath counts as its package. */
  | { kind: 'package'; name: string }
  /** An expression that only a run decides, as it is written. */
  | { kind: 'computed'; expression: string }

export interface Import {
  line: number
  target: Target
}

export interface SourceFile {
  imports: readonly Import[]
  /** Every string literal of the file. */
  texts: ReadonlySet<string>
}

/** Source files by path. */
export type Sources = ReadonlyMap<string, SourceFile>

interface SyntaxNode {
  type: string
  loc: { start: { line: number } }
  start: number
  end: number
  [field: string]: unknown
}

interface Reference {
  /** Names a package unless it begins with a dot; of a URL, a path always. */
  base: 'module' | 'url'
  argument: SyntaxNode
}

const nodeIn = (value: unknown): SyntaxNode | undefined =>
  typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string' ? (value as SyntaxNode) : undefined

const isMeta = (node: SyntaxNode | undefined, property: string): boolean =>
  node?.type === 'MemberExpression' && nodeIn(node['object'])?.type === 'MetaProperty' && nodeIn(node['property'])?.['name'] === property

const named = (field: string) => (node: SyntaxNode) => nodeIn(node[field])

const argumentOf = (node: SyntaxNode, index: number): SyntaxNode | undefined => nodeIn((node['arguments'] as unknown[])[index])

/** How each kind of node refers to another file; undefined where this one does not. */
const FORMS: { readonly [type: string]: { base: Reference['base']; argument(node: SyntaxNode): SyntaxNode | undefined } } = {
  ImportDeclaration: { base: 'module', argument: named('source') },
  ExportNamedDeclaration: { base: 'module', argument: named('source') },
  ExportAllDeclaration: { base: 'module', argument: named('source') },
  ImportExpression: { base: 'module', argument: named('source') },
  TSImportType: { base: 'module', argument: named('argument') },
  TSExternalModuleReference: { base: 'module', argument: named('expression') },
  CallExpression: {
    base: 'module',
    argument: (node) => (isMeta(nodeIn(node['callee']), 'resolve') ? argumentOf(node, 0) : undefined),
  },
  NewExpression: {
    base: 'url',
    argument: (node) =>
      nodeIn(node['callee'])?.['name'] === 'URL' && isMeta(argumentOf(node, 1), 'url') ? argumentOf(node, 0) : undefined,
  },
}

/** The text of a literal, or of a template without a hole; undefined for any other expression. */
function textOf(node: SyntaxNode): string | undefined {
  if (node.type === 'StringLiteral') return node['value'] as string
  if (node.type !== 'TemplateLiteral' || (node['expressions'] as unknown[]).length > 0) return undefined
  return (node['quasis'] as { value: { cooked: string } }[])[0]!.value.cooked
}

function targetOf({ base, argument }: Reference, path: string, text: string): Target {
  const specifier = textOf(argument)
  if (specifier === undefined) return { kind: 'computed', expression: text.slice(argument.start, argument.end) }
  const local = base === 'url' ? !/^[a-z]+:/.test(specifier) : /^\.{1,2}(\/|$)/.test(specifier)
  if (local) return { kind: 'file', path: posix.join(posix.dirname(path), specifier) }
  const parts = specifier.split('/')
  return { kind: 'package', name: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') }
}

/** Imports of one file whose text is given; local ones as they are written, the extension included. */
export function parseFile(path: string, text: string): SourceFile {
  const tree = parse(text, { sourceType: 'module', plugins: ['typescript'], createImportExpressions: true, sourceFilename: path })
  const imports: Import[] = []
  const texts = new Set<string>()
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'StringLiteral') texts.add(node['value'] as string)
    const form = FORMS[node.type]
    const argument = form?.argument(node)
    if (form && argument) imports.push({ line: node.loc.start.line, target: targetOf({ base: form.base, argument }, path, text) })
    for (const field of Object.values(node)) {
      for (const part of Array.isArray(field) ? field : [field]) {
        const child = nodeIn(part)
        if (child) visit(child)
      }
    }
  }
  visit(tree.program as unknown as SyntaxNode)
  return { imports, texts }
}

/** TypeScript's sources by the extension that imports name. */
const SOURCE_OF: { readonly [extension: string]: string } = { '.js': '.ts', '.mjs': '.mts', '.cjs': '.cts' }

/** The file behind a path that an import names: the source where the path is that of the compiled file. */
function sourceOf(root: string, path: string): string {
  if (existsSync(join(root, path))) return path
  const extension = posix.extname(path)
  const source = `${path.slice(0, path.length - extension.length)}${SOURCE_OF[extension] ?? extension}`
  return existsSync(join(root, source)) ? source : path
}

/** Files below a folder, relative to `root`. */
export const filesUnder = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()

/** Every source file below the folders. */
export function readSources(root: string, folders: readonly string[]): Sources {
  const paths = folders.flatMap((folder) => filesUnder(root, folder)).filter((path) => /\.[mc]?[tj]sx?$/.test(path))
  return new Map(
    paths.map((path) => {
      const { imports, texts } = parseFile(path, readFileSync(join(root, path), 'utf8'))
      const resolved = imports.map(({ line, target }): Import => {
        return { line, target: target.kind === 'file' ? { kind: 'file', path: sourceOf(root, target.path) } : target }
      })
      return [path, { imports: resolved, texts }]
    }),
  )
}
