// Opens a report in headless Chromium, from the folder and without a network, and says what it found as JSON.
// node browser.mjs FOLDER-OF-MODULES CHROMIUM SITE WHAT
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, executablePath, site, what] = process.argv.slice(2);
const require = createRequire(join(modules, 'node_modules', 'here.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const address = (place) => pathToFileURL(join(site, place)).href;
const pages = () => {
  const below = ['account', 'contact', 'lead', 'opportunity'].filter((kind) => existsSync(join(site, kind)));
  return below.flatMap((kind) => readdirSync(join(site, kind)).map((name) => `${kind}/${name}`)).sort();
};
const faults = [];
const expect = (holds, message) => { if (!holds) faults.push(message); };

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

// A page that reports whatever it asks for or complains about.
async function open(options = {}) {
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  page.asked = [];
  page.on('request', (request) => page.asked.push(request.url()));
  page.on('console', (message) => { if (message.type() === 'error') faults.push(`${page.url()}: ${message.text()}`); });
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error}`));
  page.on('dialog', (dialog) => { faults.push(`${page.url()}: a dialog`); dialog.dismiss(); });
  return page;
}

// Every figure of every record's page, with the table, column and row that it says it is of.
async function figures() {
  const page = await open();
  const read = {};
  for (const place of pages()) {
    page.asked.length = 0;
    await page.goto(address(place));
    expect(page.asked.length === 1 && page.asked[0] === address(place), `${place} asks for ${page.asked}`);
    read[place] = await page.evaluate(() => ({
      record: document.querySelector('main').dataset.record,
      widgets: [...document.querySelectorAll('.card')].map((card) => card.id),
      figures: [...document.querySelectorAll('[data-of]')].map((shown) => [
        shown.closest('[data-key]')?.dataset.key ?? null,
        shown.dataset.of,
        shown.tagName === 'DATA' ? shown.getAttribute('value') : null,
        shown.textContent.trim(),
      ]),
    }));
  }
  return read;
}

async function axeOf(page, place, how) {
  await page.goto(address(place));
  // Closed details hide what is in them from the rules.
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  for (const { id, nodes } of found.violations) faults.push(`${place}, ${how}: ${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide <= 0, `${place}, ${how}: ${wide} pixels wider than the window`);
}

// The overview, a list and the largest page of each kind, in both schemes and three widths.
async function accessible() {
  const largest = ['account', 'contact', 'lead', 'opportunity'].map((kind) => {
    const sizes = pages().filter((place) => place.startsWith(`${kind}/`)).map((place) => [readFileSync(join(site, place)).length, place]);
    return sizes.sort((one, other) => other[0] - one[0])[0][1];
  });
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 360], ['light', 2400]]) {
    const page = await open({ colorScheme, viewport: { width, height: 900 } });
    for (const place of [...overviews, 'opportunities.html', ...largest]) await axeOf(page, place, `${colorScheme} ${width}`);
  }
}

const overviews = ['index.html', 'attention.html', 'changes.html', 'coverage.html'];
const lists = ['accounts.html', 'contacts.html', 'leads.html', 'opportunities.html'];

// The same in fewer ways, for other languages and other names.
async function accessibleElsewhere() {
  const first = ['account', 'contact', 'lead', 'opportunity'].flatMap((kind) => pages().filter((place) => place.startsWith(`${kind}/`)).slice(0, 1));
  for (const [colorScheme, width] of [['light', 1280], ['dark', 360]]) {
    const page = await open({ colorScheme, viewport: { width, height: 900 } });
    for (const place of [...overviews, 'opportunities.html', ...first]) await axeOf(page, place, `${colorScheme} ${width}`);
  }
}

// Nothing stands outside of the window, and no text outside of its chart, at any width, on any page of a site. Fonts
// differ between machines, so that one machine alone may not see it; names of 300 letters without a break and the
// widest letters show it everywhere.
async function fits() {
  const page = await open();
  for (const place of [...overviews, ...lists, ...pages()]) {
    await page.goto(address(place));
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    for (const [width, media] of [[320, 'screen'], [360, 'screen'], [768, 'screen'], [1440, 'screen'], [688, 'print']]) {
      await page.emulateMedia({ media });
      await page.setViewportSize({ width, height: 900 });
      // Tables are stacked in the frame after.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const outside = await page.evaluate(() => {
        const edge = document.documentElement.clientWidth;
        const name = (element) => `${element.tagName}.${element.getAttribute('class') ?? ''} "${element.textContent.trim().slice(0, 30)}"`;
        const past = (box, left, right) => box.width > 0 && (box.right > right + 1 || box.left < left - 1);
        const found = [];
        if (document.documentElement.scrollWidth > edge) found.push(`the page by ${document.documentElement.scrollWidth - edge}`);
        // On a phone nothing is wider than what it scrolls in.
        for (const part of edge <= 360 ? document.querySelectorAll('.scroll') : []) {
          const over = part.scrollWidth - part.clientWidth;
          if (over > 1) found.push(`what scrolls by ${over} in "${part.getAttribute('aria-label')}"`);
        }
        for (const element of document.querySelectorAll('body *:not(svg *)')) {
          if (element.parentElement.closest('.scroll') || element.closest('.hidden,.skip,[hidden]')) continue;
          if (getComputedStyle(element).position === 'absolute') continue;
          if (past(element.getBoundingClientRect(), 0, edge)) found.push(name(element));
        }
        // Columns do not run into each other.
        for (const part of document.querySelectorAll('.needs p')) {
          if (part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0) found.push(`into its neighbour ${name(part)}`);
        }
        for (const text of document.querySelectorAll('svg.chart text')) {
          const chart = text.closest('svg').getBoundingClientRect();
          if (past(text.getBoundingClientRect(), chart.left, chart.right)) found.push(`in a chart ${name(text)}`);
        }
        return found.slice(0, 3);
      });
      expect(outside.length === 0, `${place}, ${media} ${width}: ${outside.join('; ')}`);
    }
    await page.emulateMedia({ media: 'screen' });
  }
}

// How many sheets of paper pages take, and whether they fit their width.
async function printed() {
  const page = await open();
  const largest = ['account', 'contact', 'lead', 'opportunity'].map((kind) => {
    const sizes = pages().filter((place) => place.startsWith(`${kind}/`)).map((place) => [readFileSync(join(site, place)).length, place]);
    return sizes.sort((one, other) => other[0] - one[0])[0][1];
  });
  const counts = {};
  for (const place of ['index.html', ...largest]) {
    await page.goto(address(place));
    const file = await page.pdf({ preferCSSPageSize: true });
    counts[place] = (file.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 688, height: 1000 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide <= 0, `${place} is ${wide} pixels wider than the paper`);
    await page.emulateMedia({ media: null });
  }
  return counts;
}

// How a page looks from afar: the mean luminance of each square of 100 pixels. Letters of another font stand elsewhere by
// some pixels, which hardly shows; a lost style sheet, or columns that fall below each other, change most squares.
const SQUARE = 100;
const VIEW = { width: 1000, height: 1200 };

async function seenFromAfar(page) {
  const shot = (await page.screenshot({ animations: 'disabled' })).toString('base64');
  const blank = await open();
  const squares = await blank.evaluate(async ([shot, square]) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${shot}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const rows = [];
    for (let y = 0; y < image.height; y += square) {
      const row = [];
      for (let x = 0; x < image.width; x += square) {
        const { data } = context.getImageData(x, y, square, square);
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) sum += 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
        row.push(Math.round(sum / (data.length / 4)));
      }
      rows.push(row);
    }
    return rows;
  }, [shot, SQUARE]);
  await blank.context().close();
  return squares;
}

// A small picture has a pixel per square.
async function pictureOf(squares) {
  const blank = await open();
  const bytes = await blank.evaluate(async (rows) => {
    const canvas = new OffscreenCanvas(rows[0].length, rows.length);
    const context = canvas.getContext('2d');
    const pixels = context.createImageData(rows[0].length, rows.length);
    rows.flat().forEach((value, at) => pixels.data.set([value, value, value, 255], at * 4));
    context.putImageData(pixels, 0, 0);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
  }, squares);
  await blank.context().close();
  return Buffer.from(bytes);
}

async function squaresOf(picture) {
  const blank = await open();
  const squares = await blank.evaluate(async (picture) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const values = [...data].filter((_, at) => at % 4 === 0);
    return Array.from({ length: image.height }, (_, row) => values.slice(row * image.width, (row + 1) * image.width));
  }, picture.toString('base64'));
  await blank.context().close();
  return squares;
}

// Pages against the pictures beside this file, as they are, in another font, and without their style sheet; each is the
// mean difference of the squares, of 255. RAPPORT_NEW_LOOKS=1 writes the pictures.
async function looks() {
  const differences = {};
  for (const [name, place] of [['overview', 'index.html'], ['opportunity', 'opportunity/902a07b5-2c88-4e6f-89e6-5855d2141cdc.html']]) {
    const page = await open({ viewport: VIEW, bypassCSP: true });
    await page.goto(address(place));
    const now = await seenFromAfar(page);
    const file = new URL(`looks/${name}.png`, import.meta.url);
    if (process.env.RAPPORT_NEW_LOOKS) writeFileSync(file, await pictureOf(now));
    const then = await squaresOf(readFileSync(file));
    const apart = (other) => {
      const all = other.flat().map((value, at) => Math.abs(value - (then.flat()[at] ?? 0)));
      return all.reduce((sum, one) => sum + one, 0) / all.length;
    };
    const of = { asItIs: apart(now) };
    await page.addStyleTag({ content: 'body{font-family:"DejaVu Serif","Liberation Serif",serif!important}' });
    of.inAnotherFont = apart(await seenFromAfar(page));
    await page.evaluate(() => document.querySelectorAll('style').forEach((style) => style.remove()));
    of.withoutStyles = apart(await seenFromAfar(page));
    differences[name] = of;
  }
  return differences;
}

// Sorting, filtering, switching, and the draft of a mail; all of them by the keyboard.
async function used() {
  const page = await open();
  await page.goto(address('opportunities.html'));
  const column = (name) => page.locator('thead button', { hasText: name });
  const shown = (cell) => page.locator('tbody tr:visible').evaluateAll((rows, cell) => rows.map((row) => row.cells[cell].dataset.sort ?? row.cells[cell].innerText.trim()), cell);
  const scores = async () => (await shown(2)).map((score) => (score === '' ? null : Number(score)));
  const ordered = (values, way) => {
    const known = values.filter((value) => value !== null);
    const right = known.every((value, at) => at === 0 || way * (value - known[at - 1]) >= 0);
    return right && values.slice(known.length).every((value) => value === null);
  };
  await column('Health').focus();
  await page.keyboard.press('Enter');
  expect(ordered(await scores(), 1), 'health is not ascending, or the unknown are not last');
  expect(await page.locator('th[aria-sort=ascending]').count() === 1, 'the sorted column says so');
  await page.keyboard.press('Enter');
  expect(ordered(await scores(), -1), 'health is not descending, or the unknown are not last');
  const all = (await shown(0)).length;
  await page.fill('input[type=search]', 'breeze');
  const names = await page.locator('tbody tr:visible').allInnerTexts();
  expect(names.length > 0 && names.length < all && names.every((name) => name.toLowerCase().includes('breeze')), 'the filter by text');
  expect((await page.locator('output').innerText()) === `${names.length} of ${all} shown`, 'the number that is shown');
  await page.fill('input[type=search]', '');
  await page.selectOption('select', 'poor');
  const states = await page.locator('tbody tr:visible .state').allInnerTexts();
  expect(states.length > 0 && states.every((state) => state.includes('poor')), 'the filter by state');

  // A list has lines of even height where there is room; where there is not, as with large letters, names stay as the rest
  // moves past them.
  await page.goto(address('contacts.html'));
  const heights = await page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height).sort((a, b) => a - b));
  expect(heights[Math.floor(heights.length * 0.9)] < 1.5 * heights[0], `rows of contacts are ${heights[0]} to ${heights.at(-1)} high`);
  await page.goto(address('coverage.html'));
  await page.setViewportSize({ width: 780, height: 900 });
  await page.evaluate(() => { document.documentElement.style.fontSize = '24px'; });
  const moved = await page.locator('#lost-contacts .scroll').evaluate((scroll) => {
    const name = scroll.querySelector('tbody th');
    const before = name.getBoundingClientRect().left;
    scroll.scrollLeft = 40;
    return { far: scroll.scrollLeft, name: name.getBoundingClientRect().left - before };
  });
  expect(moved.far === 40 && Math.abs(moved.name) < 1, `names move by ${moved.name} of ${moved.far}`);
  await page.setViewportSize({ width: 1280, height: 900 });

  const place = pages().find((place) => readFileSync(join(site, place), 'utf8').includes('mailto:'));
  await page.goto(address(place));
  const visible = async (view) => page.locator(`.view[data-view=${view}]`).isVisible();
  expect((await visible('graph')) && !(await visible('list')), 'the graph is first');
  await page.locator('.switch button[data-view=list]').focus();
  await page.keyboard.press('Space');
  expect((await visible('list')) && !(await visible('graph')), 'the list after the switch');
  const link = await page.locator('.asks a.button').first().getAttribute('href');
  const draft = new URL(link);
  expect(draft.protocol === 'mailto:' && /^[^@]+@nordwind\.example$/.test(draft.pathname), `the recipient of ${link}`);
  expect(draft.searchParams.get('subject').startsWith('Could you introduce me to '), `the subject of ${link}`);
  expect(draft.searchParams.get('body').includes('Could you introduce us?'), `the body of ${link}`);
  const file = await page.locator('.asks a[download]').first().evaluate((link) => link.href);
  const message = readFileSync(new URL(file), 'utf8');
  const body = Buffer.from(message.split('\r\n\r\n')[1], 'base64').toString('utf8');
  expect(message.startsWith(`X-Unsent: 1\r\nTo: ${draft.pathname}\r\n`), 'the file names the same recipient');
  expect(body === draft.searchParams.get('body'), 'the file has the same body');
}

// What the policy keeps from happening, whoever tries; here there is a server to reach.
async function policy() {
  let reached = 0;
  const server = createServer((request, response) => { reached += 1; response.end(); });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const page = await open({ offline: false });
  await page.goto(address('index.html'));
  page.removeAllListeners('console');
  const followed = await page.evaluate(async (url) => {
    const script = document.createElement('script');
    script.textContent = 'window.followed = true';
    document.body.append(script);
    const markup = document.createElement('div');
    markup.innerHTML = `<img src="${url}" onerror="window.followed = true"><iframe src="${url}"></iframe><link rel="stylesheet" href="${url}">`;
    document.body.append(markup);
    await fetch(url).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 500));
    return window.followed ?? false;
  }, url);
  server.close();
  expect(!followed, 'a script that is not ours was run');
  expect(reached === 0, `${reached} requests left the page`);
}

// Without scripts everything is there to read.
async function scriptless() {
  const page = await open({ javaScriptEnabled: false });
  const place = pages().find((place) => readFileSync(join(site, place), 'utf8').includes('mailto:'));
  await page.goto(address(place));
  for (const view of ['graph', 'list']) expect(await page.locator(`.view[data-view=${view}]`).isVisible(), `${view} without scripts`);
  expect(!(await page.locator('.switch').isVisible()), 'no switch without scripts');
}

// Long lists of the overview on a phone: the first rows, and the rest when it is asked for, by the keyboard too. On a desk
// and on paper all rows are there. The height of the page as it opens is told.
async function folded() {
  const lists = ['#to-do .to-do > li', '#changes tbody tr', '#deals tbody tr'];
  const page = await open({ viewport: { width: 390, height: 844 } });
  const shown = (rows, at = page) => at.locator(`${rows}:visible`).count();
  await page.goto(address('index.html'));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (const rows of lists) {
    const [card] = rows.split(' ');
    const all = await page.locator(rows).count();
    expect(all >= 8, `${card} has ${all} rows, too few to fold`);
    expect((await shown(rows)) === 5, `${card} shows ${await shown(rows)} of ${all} rows on a phone`);
    const summary = page.locator(`${card} .rest summary`);
    expect((await summary.innerText()) === `Show ${all - 5} more`, `${card} offers "${await summary.innerText()}"`);
    expect((await summary.boundingBox()).height >= 40, `${card}: a thumb misses what opens the rest`);
    await summary.focus();
    await page.keyboard.press('Enter');
    expect((await shown(rows)) === all, `${card} does not show all rows when it is open`);
    expect((await summary.innerText()) === 'Show fewer', `${card} does not offer to close`);
    await page.keyboard.press('Enter');
    await page.emulateMedia({ media: 'print' });
    expect((await shown(rows)) === all, `${card} is cut on paper`);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1280, height: 900 });
    expect((await shown(rows)) === all && !(await summary.isVisible()), `${card} is folded on a desk`);
    await page.setViewportSize({ width: 390, height: 844 });
  }
  expect(!(await page.locator('#deals output').isVisible()), 'a folded list says that all of it is shown');
  await page.fill('#deals input[type=search]', 'a');
  const hits = await page.locator('#deals tbody tr:not([hidden])').count();
  expect((await shown(lists[2])) === hits && hits > 5, 'what is looked for is behind the fold');
  const scriptless = await open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  await scriptless.goto(address('index.html'));
  const deals = await scriptless.locator(lists[2]).count();
  expect((await shown(lists[2], scriptless)) === 5, 'a fold needs a script');
  await scriptless.locator('#deals .rest summary').click();
  expect((await shown(lists[2], scriptless)) === deals, 'the rest needs a script');
  return height;
}

// Pages of long lists on a phone: their first rows, each value with its head unless it says by itself what it is, nothing
// of what is unknown, and a list of orders in place of the heads. The heights of the pages as they open are told.
async function onAPhone() {
  const page = await open({ viewport: { width: 390, height: 844 } });
  const heights = {};
  for (const place of [...overviews.slice(1), ...lists]) {
    await page.goto(address(place));
    heights[place] = await page.evaluate(() => document.documentElement.scrollHeight);
    const first = place === 'coverage.html' ? 5 : 20;
    for (const table of await page.locator('table.list').all()) {
      const [all, shown] = [await table.locator('tbody tr').count(), await table.locator('tbody tr:visible').count()];
      expect(shown === (all < first + 3 ? all : first), `${place} shows ${shown} of ${all} rows on a phone`);
    }
    expect((await page.locator('thead button:visible').count()) === 0, `${place} has heads to press where no columns are`);
    expect((await page.locator('.list .unknown:not(.severity .unknown):visible').count()) === 0, `${place} gives room to what is unknown`);
  }
  await page.goto(address('opportunities.html'));
  const heads = await page.locator('tbody tr:visible').evaluateAll((rows) => rows.flatMap((row) => [...row.cells].slice(1).map(
    (cell) => [cell.dataset.label, getComputedStyle(cell, '::before').content !== 'none'].join(' '))));
  for (const told of ['State false', 'Trend false', 'Account false', 'Health true', 'Close date true', 'Owner true']) {
    expect(heads.includes(told) && !heads.includes(told.replace(/false|true/, (is) => is === 'false')), `the head of ${told}`);
  }
  const scores = () => page.locator('tbody tr:visible').evaluateAll((rows) => rows.map((row) => Number(row.cells[2].dataset.sort)));
  const orders = page.getByLabel('Sort');
  for (const [label, way] of [['Health ↓', -1], ['Health ↑', 1]]) {
    await orders.selectOption({ label });
    const found = await scores();
    expect(found.every((score, at) => at === 0 || way * (score - found[at - 1]) >= 0), `${label}: ${found}`);
  }
  return heights;
}

// Pages of records on a phone: what matters is open, the rest is a line that opens it, by the keyboard and without scripts
// too. On a desk and on paper all of it is there. The heights of the pages as they open are told.
async function unfolded() {
  const page = await open({ viewport: { width: 390, height: 844 } });
  const heights = {};
  const first = {};
  for (const place of pages()) {
    await page.goto(address(place));
    heights[place] = await page.evaluate(() => document.documentElement.scrollHeight);
    if (await page.locator('.fold').count() > 4) first[place.split('/')[0]] ??= place;
  }
  const parts = '.card:has(>.fold) > :not(h2,.fold,.gist,[hidden])';
  for (const place of Object.values(first)) {
    const scriptless = await open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    for (const phone of [page, scriptless]) {
      await phone.goto(address(place));
      const seen = (what) => phone.locator(`${what}:visible`).count();
      const [folds, all] = [await phone.locator('.fold').count(), await phone.locator(parts).count()];
      for (const id of ['health', 'attention', 'summary']) {
        expect((await seen(`#${id}`)) === 1 && (await seen(`#${id} .fold`)) === 0, `${place}: ${id} is folded on a phone`);
      }
      expect((await seen(parts)) === 0 && (await seen('.gist')) === folds, `${place} is not folded on a phone`);
      const summary = phone.locator('#response-times .fold summary');
      expect((await summary.boundingBox()).height >= 44, `${place}: a thumb misses what opens the rest`);
      await summary.focus();
      await phone.keyboard.press('Enter');
      expect((await seen('#response-times table')) === 1 && (await seen('#response-times .gist')) === 0, `${place} does not unfold`);
      for (const [media, width] of [['print', 390], ['print', 688], ['screen', 1280]]) {
        await phone.emulateMedia({ media });
        await phone.setViewportSize({ width, height: 900 });
        const closed = media === 'print' ? await phone.locator('.card:has(>.fold) > details:not([open],.fold), .card:has(>.fold) > .asks, .card:has(>.fold) > .asks-note').count() : 0;
        expect((await seen(parts)) === all - closed, `${place}, ${media} ${width}: ${await seen(parts)} of ${all - closed} parts are there`);
        expect((await seen('.fold')) === 0 && (await seen('.gist')) === 0, `${place}, ${media} ${width} offers to unfold`);
      }
      await phone.emulateMedia({ media: 'screen' });
      await phone.setViewportSize({ width: 390, height: 844 });
    }
  }
  return heights;
}

// Lists on a tablet, upright and lying: nothing is to be pushed aside.
async function onATablet() {
  for (const width of [700, 744, 768, 834, 1024, 1180]) {
    const page = await open({ viewport: { width, height: 1024 } });
    for (const place of [...overviews, ...lists]) {
      await page.goto(address(place));
      for (const scroll of await page.locator('.scroll:has(>.list)').all()) {
        const over = await scroll.evaluate((part) => part.scrollWidth - part.clientWidth);
        expect(over <= 1, `${place}, ${width}: "${await scroll.getAttribute('aria-label')}" scrolls by ${over}`);
      }
    }
  }
}

// Pages whose names are markup.
async function hostile() {
  const page = await open();
  const read = {};
  for (const place of ['index.html', ...pages()]) {
    await page.goto(address(place));
    read[place] = await page.locator('h1').evaluate((head) => head.textContent);
    const made = await page.locator('main img, main script, main [onload], main [onerror]').count();
    expect(made === 0, `${place}: markup of a name became elements`);
  }
  return read;
}

const found = await { figures, accessible, accessible_elsewhere: accessibleElsewhere, fits, looks, printed, used, policy, scriptless, folded, on_a_phone: onAPhone, unfolded, on_a_tablet: onATablet, hostile }[what]();
await browser.close();
process.stdout.write(JSON.stringify({ faults, found: found ?? null }));
