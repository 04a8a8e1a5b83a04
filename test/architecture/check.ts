/**
 * Holds the imports of source files against the rules. Each function gives one sentence a problem, and none where all is well; each also
 * reports the rows of its table that nothing needs any more.
 */
import { circlesOf } from './circles.js'
import type { Import, Sources } from './imports.js'

/** A module is a folder, or a file by itself; a file belongs to the longest one that holds it. */
export interface OrderRules {
  /** Modules by rank: each may import itself and those of a lower rank; modules of one rank do not know each other. */
  ranks: readonly (readonly string[])[]
  /** Modules outside the ranks, and all that they may import besides themselves. */
  aside: { readonly [module: string]: readonly string[] }
  /** Modules of the ranks that may import some from outside them. */
  also: { readonly [module: string]: readonly string[] }
}

/** Of one module, some others may import these files alone. */
export interface DoorRule {
  module: string
  files: readonly string[]
  importers: readonly string[]
}

/** Packages and parts of Node that the files below a place may import; of several places that hold a file the longest decides. */
export interface PackageRule {
  place: string
  packages: readonly string[]
  /** Runs when the project is worked on, and is no part of what is published. */
  development?: boolean
}

/** An import of an expression, which a parser cannot follow. */
export interface ComputedRule {
  file: string
  /** As it is written. */
  expression: string
  /** Packages that it may name; each stands in the file as a text. */
  packages: readonly string[]
  reason: string
}

/** Files that import each other in a circle, for now. */
export interface CircleRule {
  files: readonly string[]
  reason: string
}

/** What package.json declares. */
export interface Manifest {
  dependencies: readonly string[]
  peerDependencies: readonly string[]
}

interface Edge extends Import {
  from: string
}

const edgesOf = (sources: Sources): Edge[] => [...sources].flatMap(([from, { imports }]) => imports.map((found) => ({ from, ...found })))

const holds = (place: string, path: string): boolean => path === place || path.startsWith(`${place}/`)

/** The longest of the places that hold a path. */
const placeOf = (places: readonly string[], path: string): string | undefined =>
  places
    .filter((place) => holds(place, path))
    .reduce<string | undefined>((best, place) => (place.length > (best?.length ?? -1) ? place : best), undefined)

const modulesOf = ({ ranks, aside }: OrderRules): string[] => [...ranks.flat(), ...Object.keys(aside)]

export function mayImport({ ranks, aside, also }: OrderRules, from: string, to: string): boolean {
  if (from === to || also[from]?.includes(to)) return true
  const allowed = aside[from]
  if (allowed) return allowed.includes(to)
  const rankOf = (name: string) => ranks.findIndex((rank) => rank.includes(name))
  return rankOf(to) >= 0 && rankOf(to) < rankOf(from)
}

/** Imports against the order, files outside every module, imports of files that are not there. */
export function orderProblems(sources: Sources, rules: OrderRules, exists: (path: string) => boolean): string[] {
  const modules = modulesOf(rules)
  const problems = [...sources.keys()].filter((path) => placeOf(modules, path) === undefined).map((path) => `${path} belongs to no module`)
  const used = new Set<string>()
  for (const { from, line, target } of edgesOf(sources)) {
    if (target.kind !== 'file') continue
    const [module, imported] = [placeOf(modules, from), placeOf(modules, target.path)]
    if (!exists(target.path)) problems.push(`${from}:${line} imports ${target.path}, which is not there`)
    else if (imported === undefined) problems.push(`${from}:${line} imports ${target.path}, which belongs to no module`)
    else if (module !== undefined && !mayImport(rules, module, imported))
      problems.push(`${from}:${line} imports ${target.path}: ${module} may not import ${imported}`)
    used.add(`${module} ${imported}`)
  }
  for (const module of modules)
    if (![...sources.keys()].some((path) => placeOf(modules, path) === module)) problems.push(`module ${module} holds no file`)
  for (const [module, others] of Object.entries({ ...rules.aside, ...rules.also }))
    for (const other of others) if (!used.has(`${module} ${other}`)) problems.push(`${module} does not import ${other}, as it may`)
  return problems
}

/** Imports past a module's door. */
export function doorProblems(sources: Sources, rules: readonly DoorRule[]): string[] {
  return rules.flatMap(({ module, files, importers }) => {
    const problems: string[] = []
    const used = new Set<string>()
    for (const { from, line, target } of edgesOf(sources)) {
      if (target.kind !== 'file' || !holds(module, target.path) || placeOf(importers, from) === undefined) continue
      used.add(target.path)
      if (!files.includes(target.path))
        problems.push(`${from}:${line} imports ${target.path}: of ${module} it may import ${files.join(', ')}`)
    }
    for (const file of files) if (!used.has(file)) problems.push(`door ${file} of ${module}: nobody uses it`)
    for (const importer of importers)
      if (![...sources.keys()].some((path) => holds(importer, path))) problems.push(`door of ${module}: ${importer} holds no file`)
    return problems
  })
}

/** Packages that each file imports, computed imports included. */
function packagesOf(sources: Sources, computed: readonly ComputedRule[]): { from: string; line: number; name: string }[] {
  return edgesOf(sources).flatMap(({ from, line, target }) => {
    if (target.kind === 'package') return [{ from, line, name: target.name }]
    if (target.kind !== 'computed') return []
    const rule = computed.find(({ file, expression }) => file === from && expression === target.expression)
    return (rule?.packages ?? []).map((name) => ({ from, line, name }))
  })
}

/** Packages that a file may not import. */
export function packageProblems(sources: Sources, rules: readonly PackageRule[], computed: readonly ComputedRule[]): string[] {
  const problems: string[] = []
  const used = new Set<string>()
  const places = rules.map(({ place }) => place)
  for (const { from, line, name } of packagesOf(sources, computed)) {
    const place = placeOf(places, from)
    used.add(`${place} ${name}`)
    if (!rules.some((rule) => rule.place === place && rule.packages.includes(name)))
      problems.push(`${from}:${line} imports ${name}: ${place ?? 'it'} may not import this package`)
  }
  for (const { place, packages } of rules)
    for (const name of packages) if (!used.has(`${place} ${name}`)) problems.push(`${place} does not import ${name}, as it may`)
  return problems
}

/** Imports of expressions that no rule explains. */
export function computedProblems(sources: Sources, rules: readonly ComputedRule[]): string[] {
  const problems: string[] = []
  const used = new Set<ComputedRule>()
  for (const { from, line, target } of edgesOf(sources)) {
    if (target.kind !== 'computed') continue
    const rule = rules.find(({ file, expression }) => file === from && expression === target.expression)
    if (rule) used.add(rule)
    else problems.push(`${from}:${line} imports whatever ${target.expression} is`)
  }
  for (const rule of rules) {
    if (!used.has(rule)) problems.push(`${rule.file} does not import ${rule.expression}, as it may`)
    for (const name of rule.packages)
      if (!sources.get(rule.file)?.texts.has(name)) problems.push(`${rule.file} does not name ${name}, which ${rule.expression} may be`)
  }
  return problems
}

/** Circles of files that import each other, types included. */
export const circlesIn = (sources: Sources): string[][] =>
  circlesOf(
    new Map(
      [...sources].map(([path, { imports }]) => [path, imports.flatMap(({ target }) => (target.kind === 'file' ? [target.path] : []))]),
    ),
  )

/** Circles that no rule knows, and rules for what is no circle. */
export function circleProblems(sources: Sources, known: readonly CircleRule[]): string[] {
  const nameOf = (files: readonly string[]) => [...files].sort().join(', ')
  const found = circlesIn(sources).map(nameOf)
  const listed = known.map(({ files }) => nameOf(files))
  return [
    ...found.filter((circle) => !listed.includes(circle)).map((circle) => `these files import each other: ${circle}`),
    ...listed.filter((circle) => !found.includes(circle)).map((circle) => `these files are no circle of their own: ${circle}`),
  ]
}

/** Packages that the published files import and package.json does not declare, and the other way round. */
export function manifestProblems(
  sources: Sources,
  rules: readonly PackageRule[],
  computed: readonly ComputedRule[],
  { dependencies, peerDependencies }: Manifest,
): string[] {
  const places = rules.map(({ place }) => place)
  const development = new Set(rules.filter((rule) => rule.development).map(({ place }) => place))
  const published = packagesOf(sources, computed).filter(({ from }) => !development.has(placeOf(places, from) ?? ''))
  const used = new Set(published.map(({ name }) => name).filter((name) => !name.startsWith('node:')))
  return [
    ...[...used]
      .filter((name) => ![...dependencies, ...peerDependencies].includes(name))
      .map((name) => `${name} is imported but no dependency`),
    ...dependencies.filter((name) => !used.has(name)).map((name) => `dependency ${name} is not imported`),
  ]
}
