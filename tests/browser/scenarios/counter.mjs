import assert from 'node:assert/strict'
import { eventually, texts } from '../pages.mjs'

// Clicks count, text follows in place, a boolean attribute comes and goes.
export async function clicks(pages, { url }) {
  const page = await pages.open('counter', url)
  await eventually('start', ['0'], () => texts(page, '.count'))
  await eventually('start', ['0 is zero'], () => texts(page, '.kind'))
  assert.ok(await page.locator('.reset').isDisabled(), 'nothing to reset yet')

  const count = await page.evaluateHandle(() => document.querySelector('.count').firstChild)
  await page.click('.more')
  await page.click('.more')
  await page.click('.more')
  await eventually('three clicks', ['3 is odd'], () => texts(page, '.kind'))
  assert.equal(await count.evaluate(node => node.isConnected && node.data), '3', 'the text node is updated in place')
  assert.ok(await page.locator('.reset').isEnabled())

  await page.click('.reset')
  await page.click('.less')
  await eventually('below zero', ['-1 is negative'], () => texts(page, '.kind'))
  await page.click('.less')
  await eventually('below zero', ['-2'], () => texts(page, '.count'))
  assert.deepEqual(pages.problems('counter'), [])
  await pages.close('counter')
}
