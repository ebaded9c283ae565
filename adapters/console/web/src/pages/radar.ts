// The hot-actor radar: which entities have most requests now, make them wait, refuse them.

import { chosenTenant, get } from '../api';
import { empty, h, number, row, show, svg, table } from '../dom';
import { count, ms, rough } from '../format';
import { entityLink, type Page } from '../page';

interface Hot {
  tenant?: string; // where all tenants are told of
  kind: string;
  id: string;
  rate: number;
  queue: number;
  p99_ms: number;
  refused: number;
  refusals: { code: string; count: number }[];
}
type Order = 'rate' | 'queue' | 'p99_ms' | 'refused';

const shown = 25;
const remembered = 120; // seconds
const traces = new Map<string, number[]>();

const nameOf = (entity: Hot) => `${entity.tenant === undefined ? '' : `${entity.tenant}: `}${entity.kind}/${entity.id}`;
// Of the tenant that is looked at: others may have entities of the same names.
const traceOf = (entity: Hot) => `${chosenTenant()} ${nameOf(entity)}`;

function remember(entities: Hot[]): void {
  const rates = new Map(entities.map((entity) => [traceOf(entity), entity.rate]));
  for (const name of rates.keys()) if (!traces.has(name)) traces.set(name, []);
  for (const [name, trace] of traces) {
    trace.push(rates.get(name) ?? 0);
    if (trace.length > remembered) trace.shift();
    if (trace.every((rate) => rate === 0)) traces.delete(name);
  }
}

function spark(trace: number[]): SVGElement {
  const width = 96, height = 22;
  const most = Math.max(...trace, 1e-9);
  const points = trace.map((rate, i) => `${(width - ((trace.length - 1 - i) * width) / (remembered - 1)).toFixed(1)},${(height - 1 - (rate / most) * (height - 3)).toFixed(1)}`);
  return svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': 'Requests a second over two minutes' },
    svg('polyline', { points: points.join(' ') }));
}

function bar(part: number): SVGElement {
  return svg('svg', { class: 'bar', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { width: Math.max(part * 100, 0.5).toFixed(1), height: 6, rx: 1 }));
}

function line(entity: Hot, most: number): HTMLTableRowElement {
  const refusals = entity.refusals.map((refusal) => `${refusal.code} ${count(refusal.count)}`).join(', ');
  const made = row(
    h('div', {}, entityLink(entity.kind, entity.id, entity.tenant), entity.tenant === undefined ? null : h('span', { class: 'quiet' }, ` of ${entity.tenant}`)),
    number(h('span', {}, `${rough(entity.rate)}/s`, bar(most > 0 ? entity.rate / most : 0))),
    spark(traces.get(traceOf(entity)) ?? []),
    number(rough(entity.queue)),
    number(ms(entity.p99_ms)),
    number(entity.refused > 0 ? h('b', { class: 'warn' }, count(entity.refused)) : '0'),
    h('span', { class: 'quiet' }, refusals));
  made.dataset['entity'] = nameOf(entity);
  return made;
}

export const radar: Page = (root, life) => {
  const orders: [Order, string][] = [['rate', 'most requests'], ['queue', 'longest queue'], ['p99_ms', 'slowest'], ['refused', 'most refused']];
  const order = h('select', { 'aria-label': 'Order' }, ...orders.map(([value, text]) => h('option', { value }, text)));
  const kind = h('select', { 'aria-label': 'Kind' }, h('option', { value: '' }, 'all kinds'));
  const place = h('div');
  let entities: Hot[] = [];
  const draw = () => {
    for (const name of new Set(entities.map((entity) => entity.kind)))
      if (![...kind.options].some((option) => option.value === name)) kind.append(h('option', { value: name }, name));
    const by = order.value as Order;
    const listed = entities.filter((entity) => kind.value === '' || entity.kind === kind.value).sort((one, other) => other[by] - one[by]).slice(0, shown);
    const most = Math.max(...listed.map((entity) => entity.rate), 0);
    const at = document.activeElement instanceof HTMLAnchorElement ? document.activeElement.href : null;
    show(place, listed.length === 0
      ? empty('No entity had a request in the last ten seconds.')
      : table('Requests of the last ten seconds, estimated from samples', ['Entity', 'Requests', 'Two minutes', 'Waiting', 'p99', 'Refused', 'Why'], listed.map((entity) => line(entity, most)), [1, 3, 4, 5]));
    if (at !== null) [...place.querySelectorAll('a')].find((link) => link.href === at)?.focus();
  };
  order.addEventListener('change', draw);
  kind.addEventListener('change', draw);
  show(root, h('header', {}, h('h1', {}, 'Radar'), h('div', { class: 'choice' }, kind, order)), h('div', { class: 'card' }, place));
  life.every(1000, async () => {
    entities = (await get<{ entities: Hot[] }>('/v1/hot?limit=100')).entities;
    remember(entities);
    draw();
  });
};
