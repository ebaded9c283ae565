// What the server does: figures, and plots of the last 15 minutes or 24 hours.

import { type Child, h, show } from '../dom';
import { ago, bytes, count, ms, rough } from '../format';
import { day, recent, type Moments } from '../moments';
import type { Life, Page } from '../page';
import { plot, type Plot } from '../plot';

const perSecond = (value: number) => `${rough(value)}/s`;

interface Figure {
  plot: Plot;
  values: (from: Moments) => (number | null)[][];
}

function figures(life: Life): Figure[] {
  const of = (names: string[]) => (from: Moments) => names.map((name) => from.of(name));
  const rates = ['executed', 'refused', 'replayed', 'reads'];
  return [
    {
      plot: plot({ title: 'Requests by outcome', unit: perSecond, lines: rates.map((label, i) => ({ label, color: i + 1 })) }, life),
      values: (from) => rates.map((name) => from.rate(name)),
    },
    {
      plot: plot({ title: 'Time to answer', unit: ms, lines: ['p50', 'p99', 'p99.9'].map((label, i) => ({ label, color: i + 1 })) }, life),
      values: (from) => ['p50_us', 'p99_us', 'p999_us'].map((name) => from.of(name).map((value) => (value > 0 ? value / 1000 : null))),
    },
    { plot: plot({ title: 'Requests in flight', unit: rough, lines: [{ label: 'waiting for an answer', color: 1 }] }, life), values: of(['in_flight']) },
    {
      plot: plot({ title: 'Group commit', unit: rough, lines: [{ label: 'records a sync', color: 1 }] }, life),
      values: (from) => [from.per('records', 'syncs')],
    },
    {
      plot: plot({ title: 'Sync latency', unit: ms, lines: [{ label: 'a sync', color: 1 }] }, life),
      values: (from) => [from.per('sync_us', 'syncs', 1e-3)],
    },
    {
      plot: plot({ title: 'Entities by tier', unit: rough, lines: ['live', 'dormant', 'at rest'].map((label, i) => ({ label, color: i + 1 })) }, life),
      values: of(['entities_live', 'entities_dormant', 'entities_resting']),
    },
    {
      plot: plot({ title: 'Idempotency keys', unit: rough, lines: ['in memory', 'on disk'].map((label, i) => ({ label, color: i + 1 })) }, life),
      values: of(['keys_in_memory', 'keys_on_disk']),
    },
    { plot: plot({ title: 'Log written', unit: (value) => `${bytes(value)}/s`, lines: [{ label: 'a second', color: 1 }] }, life), values: (from) => [from.rate('log_bytes')] },
  ];
}

function tile(label: string, value: string, note: Child, tone = ''): HTMLElement {
  return h('div', { class: `tile ${tone}` }, h('dt', {}, label), h('dd', {}, value, h('small', {}, note)));
}

function tiles(): HTMLElement[] {
  const at = (name: string) => recent.last(name);
  const rate = (name: string) => recent.rate(name).at(-1) ?? 0;
  const alerts = at('alerts');
  const took = (name: string) => (at(name) > 0 ? ms(at(name) / 1000) : '\u2013'); // nobody asked
  return [
    tile('Commands', perSecond(rate('executed') + rate('refused')), `${perSecond(rate('refused'))} refused`),
    tile('p99', took('p99_us'), `p50 ${took('p50_us')}, p99.9 ${took('p999_us')}`),
    tile('In flight', rough(at('in_flight')), 'requests'),
    tile('Group', rough(recent.per('records', 'syncs').at(-1) ?? 0), `records; a sync ${ms(recent.per('sync_us', 'syncs', 1e-3).at(-1) ?? 0)}`),
    tile('Memory', bytes(at('entities_bytes')), `${count(at('entities_live') + at('entities_dormant'))} entities, ${count(at('entities_resting'))} at rest`),
    tile('Snapshot', ago(at('snapshot_age_s')), `old; ${bytes(at('disk_free_bytes'))} of disk free`),
    tile('Alerts', count(alerts), alerts > 0 ? h('a', { href: '#/work' }, 'needs a person') : 'nobody needed', alerts > 0 ? 'bad' : ''),
  ];
}

export const overview: Page = (root, life) => {
  const list = h('dl', { class: 'tiles' });
  const all = figures(life);
  let from: Moments = recent;
  const draw = () => {
    show(list, ...tiles());
    const times = from.of('time_s');
    for (const figure of all) figure.plot.set(times, figure.values(from));
  };
  const choose = (which: Moments) => async () => {
    from = which;
    for (const button of range.children) button.setAttribute('aria-pressed', String(button === range.children[which === recent ? 0 : 1]));
    await from.update();
    draw();
  };
  const range = h('div', { class: 'choice', role: 'group', 'aria-label': 'Time shown' },
    h('button', { type: 'button', 'aria-pressed': 'true', click: choose(recent) }, '15 min'),
    h('button', { type: 'button', 'aria-pressed': 'false', click: choose(day) }, '24 h'));
  show(root, h('header', {}, h('h1', {}, 'Overview'), range), list, h('div', { class: 'plots' }, ...all.map((figure) => figure.plot.element)));
  life.every(1000, async () => {
    await recent.update();
    if (from === day && recent.last('time_s') - day.last('time_s') >= day.stepS) await day.update();
    draw();
  });
};
