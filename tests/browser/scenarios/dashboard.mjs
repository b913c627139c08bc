import assert from 'node:assert/strict'
import { eventually, texts } from '../pages.mjs'

const users = page => texts(page, '.user-list li')
const feed = page => texts(page, '.event-feed li')

// Without a token the users stay away and the rest of the page works.
export async function withoutToken(pages, { url }) {
  const page = await pages.open('dashboard', url)
  await eventually('heading', ['Dashboard'], () => texts(page, 'h1'))
  await eventually('socket', ['Connected'], () => texts(page, '.status'))
  // The browser itself also complains about the request.
  await eventually('told once', 1, () => pages.problems('dashboard').filter(text => text.startsWith('console: list_users:')).length)
  assert.deepEqual(await users(page), [])
}

// With a token in the tab's storage the users come over RPC.
export async function withToken(pages, { token, users: wanted }) {
  const page = pages.get('dashboard')
  await page.evaluate(token => sessionStorage.setItem('tova.token', token), token)
  await page.reload()
  await eventually('users', wanted, () => users(page))
  await eventually('socket', ['Connected'], () => texts(page, '.status'))
}

// Remembers the rows of the feed as they are now.
export async function remember(pages) {
  await pages.get('dashboard').evaluate(() => { window.rows = [...document.querySelectorAll('.event-feed li')] })
}

// Events stand newest first; the rows that were there before are the same nodes, moved by nobody.
export async function feedShows(pages, { events }) {
  const page = pages.get('dashboard')
  await eventually('feed', events, () => feed(page))
  const kept = await page.evaluate(() => {
    const now = [...document.querySelectorAll('.event-feed li')]
    const before = window.rows ?? []
    return before.every((row, index) => row === now[now.length - before.length + index])
  })
  assert.ok(kept, 'the rows that were there are the same nodes')
}

export async function disconnected(pages) {
  await eventually('socket', ['Disconnected'], () => texts(pages.get('dashboard'), '.status'))
}
