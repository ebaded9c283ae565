// One entity: its state, and how it came to be: every change with what caused it, as of any LSN, and its balance over
// time.

import { find, get, Refusal } from '../api';
import { badge, card, empty, h, number, row, show, table, type Child } from '../dom';
import { clock, count, money } from '../format';
import { hashOf, namedLink, type Life, type Page } from '../page';
import { plot } from '../plot';

type State = Record<string, unknown>;
interface Entry {
  version: number;
  lsn: number;
  time: string;
  event: string;
  amount?: number;
  balance?: number;
  key?: string;
  actor?: string;
  with?: string[];
  [more: string]: unknown;
}

const resources: Record<string, string> = { wallet: 'wallets', item: 'items', match: 'matches', order: 'orders', pass: 'passes', bet: 'bets', payment: 'payment-events' };
const withHistory = new Set(['wallet', 'item', 'match', 'order']);
const moneyFields = new Set(['balance', 'held', 'available', 'debt', 'overdraft_limit', 'amount']);
const pageSize = 200;

// A value of a state or an event, whatever it is.
function value(name: string, of: unknown, currency: string): Child {
  if (typeof of === 'number') return moneyFields.has(name) && currency !== '' ? money(of, currency) : count(of);
  if (Array.isArray(of)) return of.length === 0 ? 'none' : h('ul', { class: 'plain' }, ...of.map((one) => h('li', {}, value('', one, currency))));
  if (typeof of === 'object' && of !== null) return Object.entries(of).map(([key, inner]) => `${key} ${String(inner)}`).join(', ');
  return String(of);
}

function fieldsOf(state: State, currency: string): HTMLElement {
  return h('dl', { class: 'fields' }, ...Object.entries(state).map(([name, of]) => h('div', { class: Array.isArray(of) ? 'wide' : undefined }, h('dt', {}, name.replaceAll('_', ' ')), h('dd', {}, value(name, of, currency)))));
}

// Where nothing is held what is available is the balance, which has a column of its own.
const saysNothing = (entry: Entry, name: string): boolean => entry['held'] === 0 && (name === 'held' || (name === 'available' && entry['available'] === entry.balance));

function causeOf(entry: Entry, currency: string): Child[] {
  const known = new Set(['version', 'lsn', 'time', 'event', 'amount', 'balance', 'key', 'actor', 'with']);
  const text = (name: string, of: unknown): string => {
    if (typeof of === 'number' && moneyFields.has(name) && currency !== '') return money(of, currency);
    return typeof of === 'object' ? JSON.stringify(of) : String(of);
  };
  const more = Object.entries(entry).filter(([name]) => !known.has(name) && !saysNothing(entry, name)).map(([name, of]) => `${name.replaceAll('_', ' ')} ${text(name, of)}`);
  return [
    more.length > 0 ? h('span', {}, more.join(', ')) : null,
    entry.key ? h('a', { href: hashOf('log', 'key', entry.key), class: 'id' }, `key ${entry.key}`) : null,
    entry.actor ? h('span', {}, `by ${entry.actor}`) : null,
    ...(entry.with ?? []).map((name) => h('span', {}, 'with ', namedLink(name))),
    !entry.key && !entry.actor && !entry.with && more.length === 0 ? h('span', { class: 'quiet' }, 'a request without a key, or time') : null,
  ];
}

function line(entry: Entry, currency: string): HTMLTableRowElement {
  const amount = entry.amount === undefined ? '' : currency === '' ? count(entry.amount) : money(entry.amount, currency);
  const made = row(number(entry.version), h('a', { href: hashOf('log', 'lsn', entry.lsn) }, entry.lsn), clock(entry.time), h('b', {}, entry.event),
    number(amount), number(entry.balance === undefined ? '' : currency === '' ? count(entry.balance) : money(entry.balance, currency)),
    h('div', { class: 'cause' }, ...causeOf(entry, currency)));
  made.dataset['version'] = String(entry.version);
  return made;
}

// "150.00 EUR = 1000 - 300 - 450 - 100", of what is loaded.
function sumOf(entries: Entry[], upTo: Entry, currency: string): string {
  const steps = entries.filter((entry) => entry.version <= upTo.version && (entry.amount ?? 0) !== 0 && entry.balance !== undefined);
  const changes: number[] = [];
  let before: number | undefined;
  for (const step of steps) {
    if (before !== undefined && step.balance !== before) changes.push((step.balance ?? 0) - before);
    else if (before === undefined) changes.push(step.balance ?? 0);
    before = step.balance;
  }
  const told = changes.slice(-8);
  const start = changes.slice(0, -8).reduce((sum, change) => sum + change, 0);
  const terms = (changes.length > told.length ? [start, ...told] : told).map((change, i) => `${change < 0 ? '\u2212 ' : i > 0 ? '+ ' : ''}${money(Math.abs(change), currency)}`);
  return terms.join(' ');
}

function asOf(entries: Entry[], currency: string, mark: (entry: Entry) => void): HTMLElement {
  const last = entries.length - 1;
  const told = h('output', { class: 'as-of', 'aria-live': 'polite' });
  const slider = h('input', { type: 'range', min: 0, max: last, value: last, step: 1, 'aria-label': 'As of which change' });
  const tell = () => {
    const entry = entries[slider.valueAsNumber];
    if (entry === undefined) return;
    const balance = entry.balance === undefined || currency === '' ? '' : ` the balance was ${money(entry.balance, currency)}`;
    const sum = currency === '' ? '' : sumOf(entries, entry, currency);
    slider.setAttribute('aria-valuetext', `LSN ${entry.lsn}`);
    show(told, h('b', {}, `As of LSN ${entry.lsn}`), `, version ${entry.version}, ${clock(entry.time)}:${balance}${balance === '' ? ` ${entry.event}` : ''}`,
      sum === '' ? null : h('span', { class: 'sum' }, `= ${sum}`));
    mark(entry);
  };
  slider.addEventListener('input', tell);
  queueMicrotask(tell);
  return h('div', {}, slider, told);
}

async function history(root: HTMLElement, life: Life, path: string, state: State, currency: string): Promise<void> {
  let entries: Entry[] = [];
  let first = Math.max(Number(state['version'] ?? 0) - pageSize, 0);
  const place = h('div');
  const balance = plot({ title: 'Balance by change', unit: (minor) => money(Math.round(minor), currency), lines: [{ label: 'balance', color: 1, stepped: true }], height: 160, axis: 128 }, life);
  const load = async (after: number, limit: number) => {
    const page = await get<{ entries: Entry[] }>(`${path}/history?after_version=${after}&limit=${limit}`);
    entries = [...page.entries, ...entries];
    draw();
  };
  const draw = () => {
    const rows = entries.map((entry) => line(entry, currency)).reverse();
    const mark = (entry: Entry) => {
      for (const one of rows) one.classList.toggle('later', Number(one.dataset['version']) > entry.version);
    };
    const older = first === 0 ? null : h('button', { type: 'button', class: 'second', click: () => {
      const after = Math.max(first - pageSize, 0);
      const limit = first - after;
      first = after;
      void load(after, limit);
    } }, `Older than version ${first + 1}`);
    show(place, entries.length === 0 ? empty('No history is left of it.') : asOf(entries, currency, mark),
      table('Newest first', ['Version', 'LSN', 'Time', 'What happened', 'Amount', 'Balance', 'Cause'], rows, [0, 4, 5]), older);
    const points = entries.filter((entry) => entry.balance !== undefined);
    balance.set(points.map((entry) => Date.parse(entry.time) / 1000), [points.map((entry) => entry.balance ?? 0)]);
  };
  if (currency !== '') root.append(balance.element);
  root.append(card('How it came to be', place));
  await load(first, pageSize);
}

export const entity: Page = async (root, life, [kind = '', id = '']) => {
  if (kind === 'saga') return void (location.hash = hashOf('saga', id));
  const title = h('header', {}, h('h1', {}, `${kind}/`, h('span', { class: 'id' }, id)));
  const resource = resources[kind];
  if (resource === undefined) return show(root, title, empty(`A ${kind} has no page of its own: look for it in the log.`), h('p', {}, h('a', { href: hashOf('log', 'entity', `${kind}/${id}`) }, 'Its records')));
  const path = `/v1/${resource}/${encodeURIComponent(id)}`;
  try {
    const state = await get<State>(path);
    const currency = typeof state['currency'] === 'string' ? state['currency'] : '';
    const status = typeof state['status'] === 'string' ? badge(state['status'], state['status'] === 'open' || state['status'] === 'confirmed' ? 'good' : 'warn') : null;
    title.append(...(status ? [status] : []));
    show(root, title, card('State', fieldsOf(state, currency)));
    if (kind === 'wallet') await holds(root, path, currency);
    if (kind === 'order') root.append(h('p', {}, h('a', { href: hashOf('saga', `order:${id}`) }, 'Its saga')));
    if (withHistory.has(kind)) await history(root, life, path, state, currency);
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    show(root, title, empty(refused.message));
  }
};

async function holds(root: HTMLElement, path: string, currency: string): Promise<void> {
  const listed = await find<{ holds: { id: string; amount: number; expires_at: string; status?: string }[] }>(`${path}/holds`);
  if (listed === null || listed.holds.length === 0) return;
  root.append(card('Open holds', table('What is promised', ['Hold', 'Amount', 'Until'], listed.holds.map((hold) => row(h('span', { class: 'id' }, hold.id), number(money(hold.amount, currency)), clock(hold.expires_at))), [1])));
}

// Look for one by its name.
export const search: Page = (root) => {
  const kind = h('select', { name: 'kind' }, ...Object.keys(resources).map((name) => h('option', {}, name)));
  const id = h('input', { name: 'id', required: true, autocomplete: 'off', spellcheck: 'false', maxlength: 128 });
  const form = h('form', { class: 'line', submit: (event) => {
    event.preventDefault();
    location.hash = hashOf('entity', kind.value, id.value.trim());
  } }, kind, id, h('button', { type: 'submit' }, 'Show'));
  kind.setAttribute('aria-label', 'Kind');
  id.setAttribute('aria-label', 'Id');
  show(root, h('header', {}, h('h1', {}, 'Entity')), h('div', { class: 'card' }, h('p', {}, 'Every wallet, item, match, order: its state, and why it is so.'), form));
  id.focus();
};
