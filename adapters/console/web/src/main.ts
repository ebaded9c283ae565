// The console: who signs in, and which page is shown.

import { account, signIn, signOut } from './api';
import { field, h, show } from './dom';
import { Life, tell, type Page } from './page';
import { entity, search } from './pages/entity';
import { followers } from './pages/followers';
import { log } from './pages/log';
import { overview } from './pages/overview';
import { radar } from './pages/radar';
import { saga } from './pages/saga';
import { tryIt } from './pages/tryit';
import { work } from './pages/work';
import 'uplot/dist/uPlot.min.css';
import './style.css';

interface Place {
  page: Page;
  label?: string; // in the navigation
}
const places: Record<string, Place> = {
  overview: { page: overview, label: 'Overview' },
  radar: { page: radar, label: 'Radar' },
  entities: { page: search, label: 'Entity' },
  work: { page: work, label: 'Work' },
  followers: { page: followers, label: 'Followers' },
  log: { page: log, label: 'Log' },
  try: { page: tryIt, label: 'Try it' },
  entity: { page: entity },
  saga: { page: saga },
};
const below: Record<string, string> = { entity: 'entities', saga: 'work' };

let life = new Life();

function open(root: HTMLElement, nav: HTMLElement): void {
  life.end();
  life = new Life();
  const [name = 'overview', ...parts] = location.hash.replace(/^#\/?/, '').split('/').map(decoded);
  const known = Object.hasOwn(places, name) ? name : 'overview';
  for (const link of nav.querySelectorAll('a'))
    if (link.getAttribute('href') === `#/${below[known] ?? known}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  show(root);
  document.title = `${places[known]?.label ?? known} \u00b7 Tote`;
  Promise.resolve(places[known]?.page(root, life, parts)).catch(tell);
  root.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function begin(): void {
  const root = h('main', { id: 'main', tabindex: -1 });
  const links = Object.entries(places).flatMap(([name, place]) => (place.label ? [h('a', { href: `#/${name}` }, place.label)] : []));
  const nav = h('nav', { 'aria-label': 'Pages' }, ...links);
  const who = account === null ? '' : account.open ? 'no token asked for' : `${account.name === '' ? account.role : `${account.name}, ${account.role}`}`;
  const bar = h('div', { class: 'side' },
    h('a', { href: '#/overview', class: 'brand' }, h('img', { src: '/console/icon.svg', alt: '', width: 24, height: 24 }), 'Tote'), nav,
    h('div', { class: 'who' }, h('b', {}, account?.tenant ?? ''), h('span', {}, who),
      account?.open ? null : h('button', { type: 'button', class: 'second', click: () => { signOut(); location.reload(); } }, 'Sign out')));
  show(document.body, h('a', { href: '#main', class: 'skip', click: (event) => { event.preventDefault(); root.focus(); } }, 'To the content'), bar, root);
  window.addEventListener('hashchange', () => open(root, nav));
  open(root, nav);
}

function askForToken(): void {
  const token = h('input', { type: 'password', required: true, autocomplete: 'off', name: 'token', spellcheck: 'false' });
  const wrong = h('p', { class: 'bad', role: 'alert' });
  const form = h('form', { class: 'card sign-in', submit: async (event) => {
    event.preventDefault();
    wrong.textContent = '';
    try {
      if ((await signIn(token.value.trim())) !== null) return begin();
      wrong.textContent = 'No tenant of this server has this token.';
    } catch (error) {
      wrong.textContent = error instanceof Error ? error.message : 'The server doesn\u2019t answer.';
    }
  } }, h('h1', {}, 'Tote'), field('API token', token, 'Kept for this tab alone.'), wrong, h('button', { type: 'submit' }, 'Sign in'));
  show(document.body, h('main', { class: 'alone' }, form));
  token.focus();
}

signIn().then((known) => (known === null ? askForToken() : begin())).catch((error: unknown) => {
  show(document.body, h('main', { class: 'alone' }, h('p', {}, 'The server doesn\u2019t answer yet.'), h('button', { type: 'button', click: () => location.reload() }, 'Again')));
  tell(error);
});
