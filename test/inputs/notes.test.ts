import { describe, expect, it } from 'vitest'
import { Notes } from '../../src/inputs/notes.js'

describe('Notes', () => {
  it('keeps a remark once, with its first place and how many there are', () => {
    const notes = new Notes()
    for (const where of ['b', 'a', 'b', 'c']) notes.add('resized', where)
    notes.add('once', 'a')
    notes.add('of the run')
    expect(notes.list()).toEqual(['resized (b and 2 more)', 'once (a)', 'of the run'])
  })
})
