'use strict';
// Sorting, filtering and switching of what is on the page already. Without it everything is there to read.
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].innerText.trim();
      const order = (one, other) => {
        const [a, b] = [value(one), value(other)];
        // What is unknown stands last, whichever way.
        if (a === '' || b === '') return (a === '') - (b === '');
        const numbers = a - b;
        const way = Number.isNaN(numbers) ? a.localeCompare(b, document.documentElement.lang) : numbers;
        return up ? way : -way;
      };
      body.append(...[...body.rows].sort(order));
    });
  });
}
for (const listed of document.querySelectorAll('.listed')) {
  const form = listed.querySelector('form');
  if (!form) continue;
  const [text, state, output] = ['input', 'select', 'output'].map((name) => form.querySelector(name));
  const rows = [...listed.querySelectorAll('tbody tr')];
  const rest = listed.querySelector('.rest');
  const filter = () => {
    const sought = text.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(row.textContent.toLowerCase().includes(sought) && (!state?.value || row.dataset.state.split(' ').includes(state.value)));
      shown += !row.hidden;
    }
    // Whoever looks for something wants all of it.
    if (rest && (sought || state?.value)) rest.open = true;
    output.textContent = output.dataset.frame.replace('{n}', shown).replace('{m}', rows.length);
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', filter);
  form.hidden = false;
  filter();
}
for (const switched of document.querySelectorAll('.switched')) {
  const buttons = [...switched.querySelectorAll('.switch button')];
  const show = (name) => {
    for (const view of switched.querySelectorAll('.view')) view.hidden = view.dataset.view !== name;
    for (const button of buttons) button.setAttribute('aria-pressed', button.dataset.view === name);
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.dataset.view));
  switched.querySelector('.switch').hidden = false;
  show('graph');
}
// On a phone, tables stand row below row, each value with the head of its column, so that nothing scrolls sideways. Roles
// say what the looks no longer do.
const narrow = matchMedia('(max-width:47.95rem)');
function stack(table) {
  const heads = [];
  for (const row of table.tHead.rows) {
    let column = 0;
    for (const head of row.cells) {
      while (heads[column]?.done) column += 1;
      for (const end = column + head.colSpan; column < end; column += 1) {
        const text = head.textContent.trim();
        const above = heads[column]?.text;
        heads[column] = { text: above ? `${above}, ${text}` : text, done: head.rowSpan > 1 };
      }
    }
  }
  for (const row of table.rows) row.setAttribute('role', 'row');
  for (const part of [table.tHead, ...table.tBodies]) part.setAttribute('role', 'rowgroup');
  for (const head of table.tHead.querySelectorAll('th')) head.setAttribute('role', 'columnheader');
  for (const body of table.tBodies) {
    for (const row of body.rows) {
      for (const [column, cell] of [...row.cells].entries()) {
        cell.setAttribute('role', cell.tagName === 'TH' ? 'rowheader' : 'cell');
        if (column > 0 && cell.colSpan === 1) cell.dataset.label = heads[column]?.text ?? '';
      }
    }
  }
  table.setAttribute('role', 'table');
  table.classList.add('stacked');
  if ('sortable' in table.dataset) offerOrders(table);
}
// The heads are out of sight then: a list of orders takes the place of their buttons.
function offerOrders(table) {
  const [label, select] = ['label', 'select'].map((name) => document.createElement(name));
  label.className = 'sort';
  label.append(`${table.dataset.sortable} `, select);
  select.add(new Option('–', ''));
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    for (const [way, arrow] of [['ascending', '↑'], ['descending', '↓']]) {
      select.add(new Option(`${head.textContent.trim()} ${arrow}`, `${column} ${way}`));
    }
  }
  select.addEventListener('change', () => {
    const [column, way] = select.value.split(' ');
    const head = table.tHead.rows[0].cells[column];
    while (head && head.getAttribute('aria-sort') !== way) head.querySelector('button').click();
  });
  const form = table.closest('.listed')?.querySelector('form');
  if (form) form.querySelector('output').before(label);
  else table.closest('.scroll').before(label);
}
function stackAll() {
  if (narrow.matches) for (const table of document.querySelectorAll('table.plain:not(.stacked)')) stack(table);
}
stackAll();
narrow.addEventListener('change', stackAll);
