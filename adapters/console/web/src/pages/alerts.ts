// What can't go on by itself, as the server tells it: since when, how often, and what to do.

import { get, looksAtAll } from '../api';
import { badge, card, empty, h, number, row, table } from '../dom';
import { clock, count } from '../format';
import { entityLink } from '../page';

export interface Alert {
  number: number;
  tenant?: string; // none: of the server itself
  kind: string;
  entity?: string;
  text: string;
  lasts: boolean; // it does now; else it happened
  since: string;
  last: string;
  times: number;
  what_to_do: string;
}
interface Alerts {
  alerts: Alert[];
  total: number;
  next: number | null;
}

const shown = 100;

function whose(alert: Alert): HTMLElement {
  const name = alert.entity === undefined ? h('span', { class: 'id' }, alert.kind) : entityLink(alert.kind, alert.entity, looksAtAll() ? alert.tenant : undefined);
  return h('div', {}, name, looksAtAll() ? h('span', { class: 'quiet' }, alert.tenant === undefined ? ' the server' : ` of ${alert.tenant}`) : null);
}

// What stands between backticks is to be typed.
const coded = (text: string): HTMLElement => h('span', {}, ...text.split('`').map((part, i) => (i % 2 === 1 ? h('code', {}, part) : part)));

export async function alertsCard(): Promise<HTMLElement> {
  const page = await get<Alerts>(`/v1/alerts?limit=${shown}`);
  if (page.alerts.length === 0) return card('Alerts', empty('None.'));
  const rows = page.alerts.map((alert) => row(whose(alert), badge(alert.lasts ? 'lasts' : 'happened', alert.lasts ? 'bad' : 'warn'), alert.text, clock(alert.since), number(count(alert.times)), coded(alert.what_to_do)));
  const caption = page.total > rows.length ? `The newest ${count(rows.length)} of ${count(page.total)}` : 'Newest first';
  return card(`Alerts: ${count(page.total)}`, table(caption, ['Of what', 'State', 'It says', 'Since', 'Times', 'What to do'], rows, [4]));
}
