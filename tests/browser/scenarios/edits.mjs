// When a change of the program reaches the page: a mutation observer notes the time, so that no polling blurs it.

export async function watch(pages, { page, selector, text }) {
  await pages.get(page).evaluate(([selector, text]) => {
    window.seenAt = null
    new MutationObserver((_, observer) => {
      if (document.querySelector(selector)?.textContent !== text) return
      window.seenAt = Date.now()
      observer.disconnect()
    }).observe(document, { subtree: true, childList: true, characterData: true })
  }, [selector, text])
}

// The time in milliseconds since 1970.
export async function seen(pages, { page }) {
  const seen = await pages.get(page).waitForFunction(() => window.seenAt, undefined, { timeout: 10_000 })
  return seen.jsonValue()
}
