// What every page can be asked.
import { eventually, texts } from '../pages.mjs'

export async function open(pages, { page, url }) {
  await pages.open(page, url)
}

export async function close(pages, { page }) {
  await pages.close(page)
}

export async function reload(pages, { page }) {
  await pages.get(page).reload()
}

export async function click(pages, { page, selector }) {
  await pages.get(page).click(selector)
}

// Waits until the elements have these texts.
export async function shows(pages, { page, selector, texts: wanted, limit }) {
  await eventually(selector, wanted, () => texts(pages.get(page), selector), limit)
}

// Waits until a text is somewhere on the page.
export async function contains(pages, { page, text, limit }) {
  await pages.get(page).getByText(text).first().waitFor({ timeout: limit ?? 10_000 })
}

export async function problems(pages, { page }) {
  return pages.problems(page)
}

// Leaves a mark on the page that a reload would wipe away.
export async function mark(pages, { page }) {
  await pages.get(page).evaluate(() => { window.mark = true })
}

export async function isMarked(pages, { page }) {
  return pages.get(page).evaluate(() => window.mark === true)
}

export async function screenshot(pages, { page, file, width, height }) {
  await pages.get(page).setViewportSize({ width, height })
  await pages.get(page).screenshot({ path: file })
}

// Waits until a text is nowhere on the page.
export async function gone(pages, { page, text, limit }) {
  await pages.get(page).getByText(text).first().waitFor({ state: 'hidden', timeout: limit ?? 10_000 })
}
