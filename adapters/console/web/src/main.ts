// The console: who signs in, and which page is shown.

import { account, chooseTenant, chosenTenant, get, looksAtAll, signIn, signOut } from './api';
import { empty, field, h, show } from './dom';
import { hashOf, Life, tell, type Page } from './page';
import { entity, search } from './pages/entity';
import { followers } from './pages/followers';
import { log } from './pages/log';
import { overview } from './pages/overview';
import { radar } from './pages/radar';
import { saga } from './pages/saga';
import { server } from './pages/server';
import { tryIt } from './pages/tryit';
import { work } from './pages/work';
import 'uplot/dist/uPlot.min.css';
import './style.css';

interface Place {
  page: Page;
  label?: string; // in the navigation
  ofOneTenant?: boolean; // it shows nothing of all tenants together
}
const places: Record<string, Place> = {
  overview: { page: overview, label: 'Overview' },
  radar: { page: radar, label: 'Radar' },
  entities: { page: search, label: 'Entity', ofOneTenant: true },
  work: { page: work, label: 'Work' },
  followers: { page: followers, label: 'Followers' },
  log: { page: log, label: 'Log' },
  server: { page: server, label: 'Server' },
  try: { page: tryIt, label: 'Try it' },
  entity: { page: entity, ofOneTenant: true },
  saga: { page: saga, ofOneTenant: true },
};
const below: Record<string, string> = { entity: 'entities', saga: 'work' };

let life = new Life();

function open(root: HTMLElement, nav: HTMLElement, choice: HTMLSelectElement | null, isFirst = false): void {
  const [first = 'overview', ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decoded);
  // "#/in/shop/entity/…" leads an operator of the whole server to that tenant's.
  if (first === 'in') {
    chooseTenant(rest[0] ?? '');
    if (choice !== null) choice.value = chosenTenant();
    return location.replace(hashOf(...rest.slice(1)));
  }
  life.end();
  life = new Life();
  const [name, parts] = [first, rest];
  const known = Object.hasOwn(places, name) ? name : 'overview';
  for (const link of nav.querySelectorAll('a'))
    if (link.getAttribute('href') === `#/${below[known] ?? known}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  show(root);
  document.title = `${places[known]?.label ?? known} \u00b7 Tote`;
  const place = places[known];
  if (place?.ofOneTenant === true && looksAtAll()) show(root, h('header', {}, h('h1', {}, place.label ?? known)), empty('It is of one tenant: choose which.'));
  else Promise.resolve(place?.page(root, life, parts)).catch(tell);
  if (!isFirst) root.focus({ preventScroll: true }); // at first the tab key begins at the top
  window.scrollTo(0, 0);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

interface Tenants {
  tenants: { id: string }[];
  next: string | null;
}

// Which tenant an operator of the whole server looks at.
function tenantChoice(changed: () => void): HTMLSelectElement {
  const choice = h('select', { 'aria-label': 'Tenant', change: () => {
    chooseTenant(choice.value);
    changed();
  } }, h('option', { value: '' }, 'all tenants'));
  const fill = async () => {
    for (let after: string | null = ''; after !== null; ) {
      const page: Tenants = await get<Tenants>(`/v1/tenants?limit=1000${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
      for (const tenant of page.tenants) choice.append(h('option', {}, tenant.id));
      after = page.next;
    }
    choice.value = chosenTenant();
  };
  void fill().catch(tell);
  return choice;
}

function begin(): void {
  const root = h('main', { id: 'main', tabindex: -1 });
  const links = Object.entries(places).flatMap(([name, place]) => (place.label ? [h('a', { href: `#/${name}` }, place.label)] : []));
  const nav = h('nav', { 'aria-label': 'Pages' }, ...links);
  const choice = account?.server === true ? tenantChoice(() => open(root, nav, choice)) : null;
  const who = account === null ? '' : account.open ? 'no token asked for' : `${account.name === '' ? account.role : `${account.name}, ${account.role}`}`;
  const bar = h('header', { class: 'side' },
    h('a', { href: '#/overview', class: 'brand' }, h('img', { src: '/console/icon.svg', alt: '', width: 24, height: 24 }), 'Tote'), nav,
    h('div', { class: 'who' }, choice ?? h('b', {}, account?.tenant ?? ''), h('span', {}, who),
      account?.open ? null : h('button', { type: 'button', class: 'second', click: () => { signOut(); location.reload(); } }, 'Sign out')));
  show(document.body, h('a', { href: '#main', class: 'skip', click: (event) => { event.preventDefault(); root.focus(); } }, 'To the content'), bar, root);
  window.addEventListener('hashchange', () => open(root, nav, choice));
  open(root, nav, choice, true);
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
