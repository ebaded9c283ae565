// The page's elements, made of names and text. Text is always a text node: whatever an id or a reference says, it is
// never read as markup.

export type Child = Node | string | number | null | undefined | false;
type Listener = (event: Event) => void;
export type Props = Record<string, string | number | boolean | Listener | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  set(element, props);
  append(element, children);
  return element;
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  set(element, props);
  append(element, children);
  return element;
}

function set(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

export function append(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(typeof child === 'number' ? String(child) : child);
  }
}

export function show(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

export function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  return h('label', { class: 'field' }, h('span', {}, label), control, hint ? h('small', {}, hint) : null);
}

// A table whose head says what its columns are; the class `n` sets numbers to the right.
export function table(caption: string, heads: string[], rows: HTMLTableRowElement[], numbers: number[] = []): HTMLElement {
  const head = h('tr', {}, ...heads.map((text, i) => h('th', { scope: 'col', class: numbers.includes(i) ? 'n' : undefined }, text)));
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', {}, h('caption', { class: 'quiet' }, caption), h('thead', {}, head), h('tbody', {}, ...rows)));
}

export function row(...cells: Child[]): HTMLTableRowElement {
  return h('tr', {}, ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : h('td', {}, cell))));
}

export function number(text: Child): HTMLTableCellElement {
  return h('td', { class: 'n' }, text);
}

export function card(title: string, ...children: Child[]): HTMLElement {
  return h('section', { class: 'card' }, h('h2', {}, title), ...children);
}

export function badge(text: string, tone: 'good' | 'bad' | 'warn' | 'plain' = 'plain'): HTMLElement {
  return h('span', { class: `badge ${tone}` }, text);
}

export function empty(text: string): HTMLElement {
  return h('p', { class: 'empty' }, text);
}

// Asks for a reason; null: it was left.
export function askReason(title: string, verb: string): Promise<string | null> {
  return new Promise((resolve) => {
    const reason = h('textarea', { required: true, maxlength: 256, rows: 3, name: 'reason' });
    const form = h('form', { method: 'dialog' },
      h('h2', {}, title), field('Reason', reason, 'It is recorded, with your name.'),
      h('div', { class: 'actions' },
        h('button', { type: 'button', class: 'second', click: () => close(null) }, 'Leave it'),
        h('button', { type: 'submit' }, verb)));
    const dialog = h('dialog', { 'aria-label': title }, form);
    const close = (answer: string | null) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      close(reason.value.trim());
    });
    dialog.addEventListener('cancel', () => close(null));
    document.body.append(dialog);
    dialog.showModal();
  });
}
