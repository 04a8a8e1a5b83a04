import { expect, it } from 'vitest'
import { reportEndings, reporterFor } from '../../reports/index.js'
import { json } from '../../reports/json.js'

it('the ending chooses the reporter, in any case', () => {
  expect(reporterFor('out/record.json')).toBe(json)
  expect(reporterFor('C:\\out\\RECORD.JSON')).toBe(json)
})

it.each(['record', 'record.', 'record.exe', '.json/record', 'a.constructor', ''])('%o has no reporter', (path) => {
  expect(reporterFor(path)).toBeUndefined()
})

it('lists the endings', () => {
  expect(reportEndings()).toEqual(['.json'])
})
