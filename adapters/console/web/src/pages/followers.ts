// Who follows the log: how far each is, what holds it up, what was put aside.

import { get } from '../api';
import { badge, empty, h, number, row, show, table } from '../dom';
import { ago, count, rough } from '../format';
import { recent } from '../moments';
import type { Page } from '../page';
import { plot, type Plot } from '../plot';

export interface Follower {
  name: string;
  role: string;
  lsn: number;
  lag_records: number;
  lag_ms: number;
  connected: boolean;
  told: number;
  failures: number;
  put_aside: number;
  problem?: string;
}

export const followers: Page = (root, life) => {
  const place = h('div');
  const plots = h('div', { class: 'plots' });
  let lags: Plot | null = null;
  show(root, h('header', {}, h('h1', {}, 'Followers')), h('div', { class: 'card' }, place), plots);
  life.every(1000, async () => {
    const all = (await get<{ followers: Follower[] }>('/v1/followers')).followers;
    const rows = all.map((follower) => row(h('b', {}, follower.name), badge(follower.connected ? 'goes on' : 'stands still', follower.connected ? 'good' : 'bad'),
      number(count(follower.lag_records)), number(ago(follower.lag_ms / 1000)), number(count(follower.lsn)), number(count(follower.told)),
      number(count(follower.failures)), number(count(follower.put_aside)), follower.problem ?? ''));
    show(place, rows.length === 0 ? empty('Nobody follows this server\u2019s log: no PostgreSQL, NATS or webhook is configured.')
      : table('Each at its own pace', ['Follower', 'State', 'Behind', 'For', 'LSN', 'Told', 'Failures', 'Put aside', 'Problem'], rows, [2, 3, 4, 5, 6, 7]));
    await recent.update();
    const names = recent.lags;
    if (lags === null && names.length > 0) {
      lags = plot({ title: 'Records behind', unit: rough, lines: names.slice(0, 6).map((name, i) => ({ label: name.slice(4), color: i + 1 })) }, life);
      plots.append(lags.element);
    }
    lags?.set(recent.of('time_s'), names.slice(0, 6).map((name) => recent.of(name)));
  });
};
