// The log: live, filtered, a record in full; and looked up by key, entity or LSN.

import { ask, follow, looksAtAll, Refusal } from '../api';
import { badge, empty, h, show } from '../dom';
import { clock, count } from '../format';
import { entityLink, hashOf, tell, type Life, type Page } from '../page';

type Entry = Record<string, unknown>;

const kept = 500;
const back = 200; // records before the newest

function entitiesOf(entry: Entry): string[] {
  const changes = Array.isArray(entry['changes']) ? (entry['changes'] as Entry[]) : [];
  return [...new Set((changes.length > 0 ? changes : [entry]).map((one) => `${String(one['kind'])}/${String(one['entity'])}`))];
}

function eventsOf(entry: Entry): string {
  const changes = Array.isArray(entry['changes']) ? (entry['changes'] as Entry[]) : [];
  const names = changes.flatMap((change) => (Array.isArray(change['events']) ? (change['events'] as Entry[]).map((event) => String(event['event'] ?? '')) : []));
  return names.join(', ');
}

function linkOf(name: string, entry: Entry): HTMLElement {
  const [kind = '', id = ''] = name.split(/\/(.*)/s);
  return entityLink(kind, id, looksAtAll() ? String(entry['tenant'] ?? '') : undefined);
}

function line(entry: Entry): HTMLElement {
  const code = String(entry['code'] ?? '');
  return h('details', { class: 'record' },
    h('summary', {}, h('span', { class: 'lsn' }, `${String(entry['lsn'])}`), h('time', {}, clock(String(entry['time'] ?? ''))),
      looksAtAll() ? h('span', { class: 'quiet' }, String(entry['tenant'] ?? '')) : null, h('span', { class: 'id' }, entitiesOf(entry).join(' ')), h('b', {}, eventsOf(entry)),
      code !== '' && code !== 'ok' && code !== 'created' && code !== 'accepted' ? badge(code, 'warn') : null,
      entry['key'] ? h('span', { class: 'quiet' }, `key ${String(entry['key'])}`) : null),
    h('pre', {}, JSON.stringify(entry, null, 2)),
    h('p', {}, ...entitiesOf(entry).filter((name) => name.includes('/')).map((name) => linkOf(name, entry))));
}

function parsed(text: string): Entry | null {
  try {
    return JSON.parse(text) as Entry;
  } catch {
    return null;
  }
}

async function newest(): Promise<number> {
  const answer = await ask('GET', '/v1/hot?limit=1');
  return Number(answer.headers.get('Tote-Lsn') ?? 0);
}

// The newest records that pass the filter. More may come than anybody reads, or a page can show: they are put there
// some times a second, and of those that came between no more than are kept.
class Tail {
  private readonly shown: { text: string; element: HTMLElement }[] = [];
  private arrived: string[] = [];

  constructor(private readonly place: HTMLElement, private readonly filter: HTMLInputElement) {
    filter.addEventListener('input', () => {
      for (const record of this.shown) record.element.hidden = !this.passes(record.text);
    });
  }
  take(data: string): void {
    if (!this.passes(data.toLowerCase())) return;
    this.arrived.push(data);
    if (this.arrived.length > 2 * kept) this.arrived = this.arrived.slice(-kept);
  }
  render(): void {
    for (const data of this.arrived.splice(0).slice(-kept)) {
      const entry = parsed(data);
      if (entry === null) continue;
      const record = { text: data.toLowerCase(), element: line(entry) };
      this.shown.unshift(record);
      this.place.prepend(record.element);
    }
    for (const record of this.shown.splice(kept)) record.element.remove();
  }
  private passes(text: string): boolean {
    return this.filter.value === '' || text.includes(this.filter.value.toLowerCase());
  }
}

function live(place: HTMLElement, life: Life, filter: HTMLInputElement, state: HTMLElement): void {
  const tail = new Tail(place, filter);
  const rate = h('span', { class: 'quiet' });
  let came = 0; // new ones, in this second
  const ends = new AbortController();
  life.onEnd(() => ends.abort());
  life.every(250, async () => tail.render());
  life.every(1000, async () => {
    show(rate, ` ${count(came)} a second`);
    came = 0;
  });
  const listen = async (began: number) => {
    let last = Math.max(began - back, 0);
    while (!life.over) {
      try {
        show(state, badge('live', 'good'), rate);
        await follow(last, ends.signal, (event) => {
          if (event.name !== 'record') return;
          tail.take(event.data);
          last = Number(event.id);
          if (last > began) came += 1;
        });
      } catch (error) {
        if (life.over) return;
        if (error instanceof Refusal && error.code === 'trimmed') last = await newest();
      }
      show(state, badge('connecting again', 'warn'));
      await new Promise((resolve) => window.setTimeout(resolve, 2000));
    }
  };
  void newest().then((lsn) => listen(lsn)).catch(tell);
}

// From a time on; a time without a zone is the reader's own.
async function foundByTime(place: HTMLElement, what: string): Promise<void> {
  const time = new Date(what);
  if (Number.isNaN(time.getTime())) return show(place, empty('That isn\u2019t a time, such as 2026-01-02T03:04:05Z.'));
  const answer = await ask('GET', `/v1/log?from=${time.toISOString()}&limit=${back}`);
  const problem = answer.status === 200 ? null : parsed(answer.text);
  if (problem !== null) return show(place, empty(`${String(problem['detail'] ?? '')}${problem['lsn'] ? ` It is LSN ${String(problem['lsn'])}: tote log --from reads the archive.` : ''}`));
  const entries = answer.text.split('\n').filter((text) => text !== '').map(parsed);
  if (entries.length === 0) return show(place, empty('Nothing has happened since.'));
  show(place, h('p', { class: 'quiet' }, `The first ${entries.length} since ${clock(time.toISOString())}, oldest first`), ...entries.map((entry) => line(entry ?? {})));
}

async function found(place: HTMLElement, by: string, what: string): Promise<void> {
  if (by === 'entity') return void (location.hash = hashOf('entity', ...what.split(/\/(.*)/s).slice(0, 2)));
  if (by === 'time') return foundByTime(place, what);
  const lsn = Math.max(Number(what) - 1, 0);
  const answer = by === 'key' ? await ask('GET', `/v1/outcomes/${encodeURIComponent(what)}`) : await ask('GET', `/v1/log?after=${lsn}&limit=1`);
  const entries = answer.text.split('\n').filter((text) => text !== '').map(parsed);
  if (answer.status !== 200 || entries.length === 0) {
    const problem = parsed(answer.text);
    return show(place, empty(String(problem?.['detail'] ?? 'No record of this tenant is there.')));
  }
  if (by === 'lsn') {
    const record = line(entries[0] ?? {});
    record.setAttribute('open', '');
    return show(place, record);
  }
  const body = entries[0]?.['lsn'];
  show(place, h('h2', {}, 'What the key came to'), h('pre', {}, JSON.stringify(entries[0], null, 2)), body ? h('a', { href: hashOf('log', 'lsn', String(body)) }, `Record ${String(body)}`) : null);
}

export const log: Page = async (root, life, [by = '', what = '']) => {
  const place = h('div', { class: 'records' });
  const state = h('span');
  const filter = h('input', { type: 'search', placeholder: 'Only records with \u2026', 'aria-label': 'Filter', spellcheck: 'false' });
  const choice = h('select', { 'aria-label': 'Look up by' }, h('option', { value: 'key' }, 'idempotency key'), h('option', { value: 'entity' }, 'entity (wallet/alice)'), h('option', { value: 'lsn' }, 'LSN'), h('option', { value: 'time' }, 'time (2026-01-02T03:04:05Z)'));
  const wanted = h('input', { required: true, 'aria-label': 'What to look up', spellcheck: 'false', autocomplete: 'off' });
  const form = h('form', { class: 'line', submit: (event) => {
    event.preventDefault();
    location.hash = hashOf('log', choice.value, wanted.value.trim());
  } }, choice, wanted, h('button', { type: 'submit' }, 'Look up'));
  if (by !== '') choice.value = by;
  wanted.value = what;
  show(root, h('header', {}, h('h1', {}, 'Log'), state, by === '' ? filter : h('a', { href: '#/log' }, 'Live')), h('div', { class: 'card' }, form), h('div', { class: 'card' }, place));
  if (by === '') live(place, life, filter, state);
  else await found(place, by, what);
};
