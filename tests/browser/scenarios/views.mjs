// The pages of `tests/pages`: one function for each, named like its program.
import assert from 'node:assert/strict'
import { eventually } from '../pages.mjs'

const text = (page, selector) => page.locator(selector).textContent()

// Opens a page and collects what it prints.
async function open(pages, name, url) {
  const page = await pages.open(name, 'about:blank')
  const lines = []
  page.on('console', message => message.type() === 'log' && lines.push(message.text()))
  await page.goto(url)
  await page.waitForSelector('#app > *')
  const printed = () => lines.splice(0)
  const click = async id => (await page.click(`#${id}`), printed())
  return { page, printed, click }
}

// Each row's first text beside its present one: nodes that stay keep the first.
const rows = page => page.evaluate(() =>
  [...document.querySelectorAll('#rows li')].map(row => `${row.first ??= row.textContent} > ${row.textContent}`))

export async function list(pages, { url }) {
  const { page, click } = await open(pages, 'list', url)
  await rows(page)
  await page.click('#rows li:nth-child(2) button')
  await page.click('#rows li:nth-child(2) button')
  await click('prepend')
  assert.deepEqual(await rows(page), ['0 z:0 > 0 z:0', '0 a:0 > 1 a:0', '1 b:0 > 2 b:2', '2 c:0 > 3 c:0', '3 d:0 > 4 d:0'])
  await click('reverse')
  assert.deepEqual(await rows(page), ['3 d:0 > 0 d:0', '2 c:0 > 1 c:0', '1 b:0 > 2 b:2', '0 a:0 > 3 a:0', '0 z:0 > 4 z:0'])
  await click('swap')
  assert.deepEqual(await rows(page), ['3 d:0 > 0 n4:0', '1 b:0 > 1 n2:2', '2 c:0 > 2 n3:0', '0 a:0 > 3 n1:0'])
  await click('mix')
  assert.deepEqual(await rows(page), ['2 c:0 > 0 n3:0', '1 n7:0 > 1 n7:0', '0 a:0 > 2 n1:0', '3 n8:0 > 3 n8:0', '3 d:0 > 4 n4:0'])
  await click('double')
  assert.deepEqual((await rows(page)).map(row => row.split(' > ')[1]), ['0 n1:0', '1 n1:0', '2 n2:0', '3 n1:0'])
  await click('clear')
  assert.deepEqual(await rows(page), [])
  await click('words2')
  assert.deepEqual(await page.locator('#words li').allTextContents(), ['x', 'x', 'z', 'y', 'x'])
  assert.equal(await text(page, '#pairs'), 'start xx!xx!zz!yy!xx! end')
  assert.deepEqual(pages.problems('list'), [])
}

// Swapping two rows moves two nodes; appending adds one.
export async function moves(pages, { url }) {
  const { page, click } = await open(pages, 'moves', url)
  const count = async id => {
    await page.evaluate(() => {
      window.added = 0
      window.observer = new MutationObserver(all => { for (const one of all) window.added += one.addedNodes.length })
      window.observer.observe(document.getElementById('rows'), { childList: true })
    })
    await click(id)
    return page.evaluate(() => (window.observer.disconnect(), window.added))
  }
  assert.equal(await count('swap'), 2)
  assert.equal(await count('prepend'), 1)
}

export async function branch(pages, { url }) {
  const { page, click } = await open(pages, 'branch', url)
  const state = () => page.evaluate(() => ['if', 'mixed', 'match', 'option', 'pick'].map(id => document.getElementById(id).textContent).join('|'))
  assert.equal(await state(), 'few|ace|dot||none')
  for (const _ of [1, 2, 3]) await click('inc')
  assert.equal(await state(), 'n is 3|ab3cde|dot||small')
  const bold = await page.evaluateHandle(() => document.querySelector('#if b'))
  assert.deepEqual(await click('inc'), [], 'the branch stays')
  assert.ok(await bold.evaluate(node => node.isConnected && node.textContent === 'n is 4'))
  await click('inc')
  assert.deepEqual(await click('inc'), ['gone small'])
  await click('disc')
  await click('inc')
  const disc = await page.evaluateHandle(() => document.querySelector('#match span'))
  await click('disc')
  assert.equal(await disc.evaluate(node => node.isConnected && node.textContent), 'disc 7', 'the value changes in place')
  await click('box')
  await click('name')
  assert.equal(await state(), 'n is 7|ab7cde|box 7x2|ann|big')
  await click('noname')
  assert.deepEqual(await click('zero'), ['gone big'])
  assert.equal(await state(), 'few|ace|box 7x2||none')
  assert.deepEqual(pages.problems('branch'), [])
}

export async function effects(pages, { url }) {
  const { page, printed, click } = await open(pages, 'effects', url)
  assert.deepEqual(printed(), ['both 3 6', 'positive true', 'nan 0'])
  assert.deepEqual(await click('both'), ['both 30 60', 'second 1', 'first 1'], 'two writes are one batch')
  assert.deepEqual(await click('swap'), ['second 10', 'first 10'], 'what comes out equal tells nobody')
  await click('step')
  assert.equal(await text(page, '#steps'), '5', 'an effect that writes what it reads runs until it rests')
  assert.deepEqual(pages.problems('effects'), [])
  await click('run')
  assert.equal(pages.problems('effects').length, 1)
  assert.match(pages.problems('effects')[0], /an effect keeps changing what it reads/)
  assert.equal(await text(page, '#runaway'), 'true', 'the others go on')
  assert.deepEqual(await click('nan'), ['nan NaN'])
  assert.deepEqual(await click('nan'), [], 'a NaN is the same as itself')
  const late = async wanted => {
    const all = await click('late')
    await eventually('printed', wanted, () => (all.push(...printed()), all))
  }
  await late(['waited 1'])
  await late(['cleaned 1', 'inner 1', 'waited 2'])
}

export async function attributes(pages, { url }) {
  const { page, click } = await open(pages, 'attributes', url)
  const html = id => page.evaluate(id => document.getElementById(id).outerHTML, id)
  assert.equal(await html('target'), '<button id="target" class="base other" aria-pressed="false" data-size="10" style="width: 10px">t</button>')
  assert.equal(await html('show'), '<p id="show" style="display: none;">shown</p>')
  assert.equal(await page.inputValue('#select'), 'b', 'chosen after the choices are there')
  await click('toggle')
  assert.equal(await html('target'), '<button id="target" class="base is-on" aria-pressed="true" data-size="10" style="width: 10px" disabled="">t</button>')
  assert.equal(await html('field'), '<input id="field" readonly="">')
  assert.ok(await page.isChecked('#check') && await page.isVisible('#show'))
  await click('check')
  assert.equal(await html('field'), '<input id="field">', 'a binding writes back')
  await click('text')
  assert.equal(await html('link'), '<a id="link" href="hello &amp; &lt;b&gt;">link</a>')
  await click('evil')
  assert.equal(await html('link'), '<a id="link" href="">link</a>', 'an address that runs code is dropped')
  await click('notext')
  assert.equal(await html('link'), '<a id="link">link</a>')
  await page.fill('#field', 'typed')
  assert.equal(await text(page, '#draft'), 'typed')
  await click('clear')
  assert.equal(await page.inputValue('#field'), '')
  await page.selectOption('#select', 'a')
  assert.equal(await text(page, '#choice'), 'a')
  await click('pick')
  assert.equal(await page.inputValue('#select'), 'c')
  await click('late')
  await click('offer')
  assert.equal(await page.inputValue('#select'), 'z', 'chosen when the choice is offered')
  assert.deepEqual(pages.problems('attributes'), [])
}

export async function events(pages, { url }) {
  const { page, click } = await open(pages, 'events', url)
  let seen = 0
  const news = async () => {
    const all = JSON.parse(await text(page, '#log'))
    const fresh = all.slice(seen)
    seen = all.length
    return fresh.join(' ')
  }
  const after = async id => (await click(id), news())
  assert.equal(await after('inner'), 'inner outer')
  assert.equal(await after('stop'), 'stop')
  assert.equal(await after('once'), 'once outer')
  assert.equal(await after('once'), 'outer')
  assert.equal(await after('inside'), '', 'an event of an element inside is not of the element itself')
  assert.equal(await after('send'), 'submit')
  assert.equal(new URL(page.url()).search, '', 'the form was not sent')
  assert.equal(await after('focus'), 'focus')
  assert.equal(await after('keys'), 'blur')
  await page.press('#keys', 'a')
  await page.press('#keys', 'Enter')
  await page.press('#keys', 'Escape')
  assert.equal(await news(), 'key a enter key Enter escape key Escape')
  assert.equal(pages.problems('events').length, 1, 'the effect has told')
  await click('fault')
  assert.equal(pages.problems('events').length, 2, 'told once')
  assert.match(pages.problems('events')[1], /index 5 is out of range for a list of length 1/)
  assert.equal(await after('inner'), 'inner outer', 'the page goes on')
}

export async function values(pages, { url }) {
  const { page, click } = await open(pages, 'values', url)
  const state = () => page.evaluate(() => ['fn', 'list', 'lambda', 'pairs', 'table'].map(id => document.getElementById(id).textContent).join('|'))
  assert.equal(await state(), 'x 1|a 1b 1|ab|nonenill11|a1b1')
  await click('inc')
  await click('more')
  assert.equal(await state(), 'x 2|a 2b 2c2 2|abc2|nonenill22|a2b2c22')
  const svg = await page.evaluate(() => [...document.querySelectorAll('#svg *')].map(node => `${node.namespaceURI} ${node.localName}`))
  assert.deepEqual(svg, ['http://www.w3.org/2000/svg circle', 'http://www.w3.org/2000/svg rect'])
  assert.equal(await text(page, '#plain'), '22 again')
  assert.equal(await page.inputValue('#area'), 'a')
  assert.equal(await page.locator('#frag').innerHTML(), 'one &amp; &lt;two&gt;')
  assert.deepEqual(pages.problems('values'), [])
}

export async function faults(pages, { url }) {
  const { page, click } = await open(pages, 'faults', url)
  const problems = () => pages.problems('faults').map(problem => problem.match(/index \d is out of range for a list of length \d/)?.[0])
  const told = ['index 3 is out of range for a list of length 1', 'index 1 is out of range for a list of length 1']
  assert.deepEqual(problems(), told, 'each is told once')
  assert.equal(await text(page, 'h1'), 'Title')
  await click('inc')
  assert.equal(await text(page, '#count'), '1')
  assert.equal(await text(page, '#started'), '1 1', 'what the first try began has ended')
  await click('mend')
  assert.equal(await text(page, '#broken'), 'item 0')
  assert.deepEqual(await page.locator('li').allTextContents(), ['1: 2', '2: 3', '3: 0', '0: 1'])
  assert.deepEqual(problems(), told)
}
