import assert from 'node:assert/strict'
import { eventually, texts } from '../pages.mjs'

const titles = page => texts(page, '.todo .title')

async function add(page, title) {
  await page.fill('.draft', title)
  await page.press('.draft', 'Enter')
}

function row(page, title) {
  return page.locator('.todo', { hasText: title })
}

// Add, toggle, filter, delete; everything is still there after a reload.
export async function tour(pages, { url }) {
  const page = await pages.open('todo', url)
  await eventually('empty list', ['0 left'], () => texts(page, '.left'))

  await add(page, 'Write')
  await eventually('one', ['Write'], () => titles(page))
  assert.equal(await page.inputValue('.draft'), '', 'the draft is cleared')
  const first = await page.evaluateHandle(() => document.querySelector('.todo'))
  await add(page, 'Test')
  await add(page, '  ')
  await add(page, 'Ship')
  await eventually('three', ['Write', 'Test', 'Ship'], () => titles(page))
  assert.ok(await first.evaluate(node => node === document.querySelector('.todo')), 'the first row is the same node')

  await row(page, 'Test').locator('input').click()
  await eventually('toggled', ['2 left'], () => texts(page, '.left'))
  await eventually('struck through', ['Test'], () => texts(page, '.todo.done .title'))

  await page.click('.choice:has-text("Active")')
  await eventually('active', ['Write', 'Ship'], () => titles(page))
  await page.click('.choice:has-text("Done")')
  await eventually('done', ['Test'], () => titles(page))
  await eventually('chosen', ['Done'], () => texts(page, '.choice.chosen'))
  await page.click('.choice:has-text("All")')
  await eventually('all', ['Write', 'Test', 'Ship'], () => titles(page))

  await row(page, 'Write').locator('.delete').click()
  await eventually('deleted', ['Test', 'Ship'], () => titles(page))
  await page.reload()
  await eventually('after a reload', ['Test', 'Ship'], () => titles(page))
  await eventually('after a reload', ['Test'], () => texts(page, '.todo.done .title'))
  assert.ok(await row(page, 'Test').locator('input').isChecked())
  assert.deepEqual(pages.problems('todo'), [])
}

// A call that fails is told once, and the page goes on.
export async function survivesFailure(pages) {
  const page = pages.get('todo')
  await page.route('**/rpc/add_todo', route => route.fulfill({
    status: 500,
    contentType: 'application/json',
    body: JSON.stringify({ error: { code: 'INTERNAL', message: 'the disk is full' } }),
  }))
  await add(page, 'Lost')
  await eventually('told once', 1, () => pages.problems('todo').filter(text => text.includes('the disk is full')).length)
  await page.unroute('**/rpc/add_todo')
  await add(page, 'Kept')
  await eventually('goes on', ['Test', 'Ship', 'Kept'], () => titles(page))
  await pages.close('todo')
}
