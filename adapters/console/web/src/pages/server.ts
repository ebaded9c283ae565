// The server itself: who has how much of it, and its backups.

import { account, find, get, may, post, Refusal } from '../api';
import { badge, card, empty, h, number, row, show, table } from '../dom';
import { ago, bytes, clock, count } from '../format';
import { hashOf, tell, type Page } from '../page';

interface Tenant {
  id: string;
  connections: number;
  requests_in_flight: number;
  streams: number;
  requests: number;
  refused: number;
}
interface Backup {
  status: 'none' | 'running' | 'done' | 'failed';
  name?: string;
  lsn?: number;
  began_at?: string;
  ended_at?: string;
  copied_bytes?: number;
  linked_bytes?: number;
  reason?: string;
  age_s?: number | null;
}

async function tenants(): Promise<HTMLElement> {
  const page = await get<{ tenants: Tenant[]; next: string | null }>('/v1/tenants?limit=1000');
  const rows = page.tenants.map((tenant) => row(
    account?.server === true ? h('a', { class: 'id', href: hashOf('in', tenant.id, 'log') }, tenant.id) : h('span', { class: 'id' }, tenant.id),
    number(count(tenant.connections)), number(count(tenant.requests_in_flight)), number(count(tenant.streams)), number(count(tenant.requests)),
    number(tenant.refused > 0 ? h('b', { class: 'warn' }, count(tenant.refused)) : '0')));
  return card('Tenants', table(page.next === null ? 'What each has now; requests since the start' : 'The first thousand by name', ['Tenant', 'Connections', 'In flight', 'Streams', 'Requests', 'Beyond a limit'], rows, [1, 2, 3, 4, 5]));
}

const tones = { none: 'plain', running: 'plain', done: 'good', failed: 'bad' } as const;

function backupFields(backup: Backup): HTMLElement {
  const of = (name: string, value: string | undefined) => (value === undefined ? null : h('div', {}, h('dt', {}, name), h('dd', {}, value)));
  return h('dl', { class: 'fields' }, of('name', backup.name), of('up to LSN', backup.lsn === undefined ? undefined : count(backup.lsn)), of('began', backup.began_at && clock(backup.began_at)),
    of('ended', backup.ended_at && clock(backup.ended_at)), of('copied', backup.copied_bytes === undefined ? undefined : bytes(backup.copied_bytes)),
    of('linked', backup.linked_bytes === undefined ? undefined : bytes(backup.linked_bytes)), of('why not', backup.reason));
}

async function backups(again: () => void): Promise<HTMLElement> {
  if (account?.server !== true && account?.open !== true) return card('Backups', empty('They are the whole server\u2019s operators\u2019.'));
  const backup = await find<Backup>('/v1/admin/backup');
  if (backup === null) return card('Backups', empty('No directory for them is configured: [backup] directory.'));
  const start = async () => {
    try {
      await post('/v1/admin/backup', {});
      tell('The backup has begun', 'good');
    } catch (refused) {
      tell(refused instanceof Refusal ? refused : String(refused));
    }
    again();
  };
  const age = backup.age_s === null || backup.age_s === undefined ? 'There is none yet.' : `The newest is ${ago(backup.age_s)} old.`;
  return card('Backups', h('p', {}, badge(backup.status === 'none' ? 'not asked for' : backup.status, tones[backup.status]), ` ${age}`), backupFields(backup),
    may('operator') ? h('div', { class: 'actions' }, h('button', { type: 'button', disabled: backup.status === 'running', click: () => void start() }, 'Back up now')) : h('p', { class: 'quiet' }, 'Making one needs the role operator.'));
}

export const server: Page = (root, life) => {
  const place = h('div');
  show(root, h('header', {}, h('h1', {}, 'Server')), place);
  const draw = async () => {
    const parts = await Promise.all([tenants(), backups(() => void draw())]);
    if (!life.over) show(place, ...parts);
  };
  life.every(3000, async () => {
    if (!place.contains(document.activeElement)) await draw();
  });
};
