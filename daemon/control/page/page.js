// The page of reeld: what it shows and what its buttons do, against the control API under /v1.
//
// The server's word is the truth: /v1/events brings STATUS and the shots that changed; a batch's shots are
// fetched by ranges as they come into view. Nothing here decides anything, and a button only asks.
// What comes from the server may hold anything a storyboard or a provider wrote. It becomes text and
// attributes, never markup, and a clip's address is used only when it is http or https.
'use strict';

// ---- 1. Small things --------------------------------------------------------------------------------------

const $ = id => document.getElementById(id);

// An element with attributes and children; children that are strings become text.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

// Setters that leave alone what is already so: what changes every second must not repaint every second.
function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

function setShare(node, share) {
  const text = Math.min(1, Math.max(0, share)).toFixed(3);
  if (node.share !== text) node.style.setProperty('--share', node.share = text);
}

// Makes the children of `parent` those of `items`, one each, and keeps the nodes (and the focus) of those
// that stay.
function reconcile(parent, items, keyOf, make, update) {
  const keys = new Set(items.map(keyOf));
  const kept = new Map();
  for (const node of [...parent.children]) {
    if (keys.has(node.dataset.key)) kept.set(node.dataset.key, node);
    else node.remove();
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let node = kept.get(key);
    if (!node) {
      node = make(item);
      node.dataset.key = key;
    }
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
    update(node, item);
  }
}

// The address when it is one that a browser may load or open as a clip, else null. One with a user in it
// names another host than a person reads.
function clipUrl(address) {
  try {
    const url = new URL(address);
    const is_web = url.protocol === 'https:' || url.protocol === 'http:';
    return is_web && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

// The arrow keys go through what `selector` finds in `list`; Tab goes past it.
function roveWithArrows(list, selector) {
  list.addEventListener('keydown', event => {
    const all = [...list.querySelectorAll(selector)];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? all.length - 1 : at + (step ?? NaN);
    if (at < 0 || !all[to]) return;
    event.preventDefault();
    all[to].focus();
  });
  list.addEventListener('focusin', event => makeTabStop(list, selector, event.target.closest(selector)));
}

// One element of the list is reached by Tab: `wanted`, else the one that was, else the first.
function makeTabStop(list, selector, wanted = null) {
  const all = [...list.querySelectorAll(selector)];
  const stop = all.includes(wanted) ? wanted : all.find(node => node.tabStop) ?? all[0];
  for (const node of all) {
    node.tabStop = node === stop;
    node.tabIndex = node === stop ? 0 : -1;
  }
}

// ---- 2. Words ---------------------------------------------------------------------------------------------

const kStates = {
  rendering: 'rendering', creating: 'creating', in_doubt: 'in doubt', held: 'held', failed: 'failed',
  cancelled: 'cancelled', queued: 'waiting', succeeded: 'done',
};
const kFinal = new Set(['succeeded', 'failed', 'cancelled']);
const kReelOrder = [
  'succeeded', 'failed', 'cancelled', 'held', 'in_doubt', 'rendering', 'creating', 'queued',
];

const timeFormat = seconds => new Intl.DateTimeFormat('en-GB',
  { hour: '2-digit', minute: '2-digit', second: seconds ? '2-digit' : undefined, hourCycle: 'h23' });
const kMinutes = timeFormat(false);
const kSeconds = timeFormat(true);
const kDay = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });

// "03:12", with the day before it when that is not today's or close by.
function timeOf(when, format = kMinutes) {
  const at = new Date(when);
  if (Number.isNaN(at.getTime())) return '–';
  return isFar(at) ? `${kDay.format(at)}, ${format.format(at)}` : format.format(at);
}

const isFar = at => Math.abs(at.getTime() - serverNow()) > 18 * 3600e3;

// "2:27", for counters.
function counter(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = number => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// "40 s", "12 min", "1 h 05 min", for sentences.
function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 100) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 600) return `${Math.round(minutes / 60)} h`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const money = dollars => dollars.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
const number = count => count.toLocaleString('en-US');
const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
const join = (...parts) => parts.filter(Boolean).join(' · ');
const ageOf = since => (serverNow() - Date.parse(since)) / 1000;

// "10 rendering, 34 done", in the order of kReelOrder.
function countsInWords(counts) {
  const present = kReelOrder.filter(key => counts[key] > 0);
  const parts = present.map(key => `${number(counts[key])} ${kStates[key]}`);
  return `${parts.join(', ')} of ${number(counts.total)}`;
}

// What `count` more renders of this batch will cost, as far as its finished ones tell.
function priceOf(batch, count) {
  if (!batch?.cost || !batch.counts.succeeded) return 'Each is billed by the provider.';
  const each = batch.cost / batch.counts.succeeded;
  return `By what this batch has cost so far, that is about ${money(each * count)}.`;
}

// Something for a screen reader, said when it is idle.
function speak(words) {
  setText($('spoken'), words);
}

// A short note for the eye and the ear, which goes away by itself unless it is about a failure.
function note(words, bad = false) {
  const close = el('button', { type: 'button', class: 'plain', 'aria-label': 'Close this note' }, '×');
  const kind = { class: bad ? 'note bad' : 'note', role: bad ? 'alert' : 'status' };
  const box = el('div', kind, el('p', {}, words), close);
  close.addEventListener('click', () => box.remove());
  $('notes').append(box);
  while ($('notes').children.length > 4) $('notes').firstChild.remove();
  if (!bad) setTimeout(() => box.remove(), 6000);
}

// ---- 3. The server ----------------------------------------------------------------------------------------

const batchPath = batch => `/v1/batches/${encodeURIComponent(batch)}`;
const shotPath = (batch, shot) => `${batchPath(batch)}/shots/${encodeURIComponent(shot)}`;

async function ask(path, options = {}) {
  const reply = await fetch(path, { cache: 'no-store', credentials: 'same-origin', ...options });
  const body = await reply.json().catch(() => null);
  if (reply.ok && body) return body;
  const said = body?.error ?? {};
  const words = [said.message ?? `reeld answered with HTTP ${reply.status}`, said.remedy].filter(Boolean);
  throw Object.assign(new Error(words.join('; ')), { status: reply.status });
}

// Asks for a change; `done` is what to say then, or makes it of the reply. The button that asked rests
// meanwhile, but keeps the focus.
async function act(path, body, button, done) {
  if (button.ariaBusy) return;
  button.ariaBusy = 'true';
  try {
    const reply = await ask(path, {
      method: 'POST',
      headers: { 'X-Reeld-Action': '1', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    takeReply(reply);
    note(typeof done === 'function' ? done(reply) : done);
  } catch (error) {
    if (error.status === 401 || error.status === 403) mayAct(false);
    const unheard = error instanceof TypeError;  // What fetch() throws when no answer came.
    note(unheard ? 'reeld did not answer: it may have done that, or not. Look before you ask again.'
      : `That was not done: ${error.message}`, true);
  } finally {
    button.ariaBusy = null;
  }
}

// A reply to a change has the batch, and the shot if it was about one, as they are now.
function takeReply(reply) {
  if (reply.batch?.batch && state.status) {
    const at = state.status.batches.findIndex(batch => batch.batch === reply.batch.batch);
    if (at >= 0) state.status.batches[at] = reply.batch;
    if (reply.shot) takeShots({ batch: reply.batch.batch, shots: [reply.shot] });
  }
  if (state.status && typeof reply.paused === 'boolean') state.status.account.paused = reply.paused;
  if (state.status) showStatus();
  refreshView();
}

function mayAct(yes) {
  document.body.dataset.act = yes ? 'yes' : 'no';
  setHidden($('read-only'), yes);
}

async function askSession() {
  try {
    mayAct((await ask('/v1/session')).may_act === true);
  } catch {
    mayAct(false);
  }
}

// ---- 4. The live link -------------------------------------------------------------------------------------

const kSilenceMax = 15e3;  // ms. reeld says something every 5 s at least; three times that is no hiccup.
const kRetryAfter = 1e3;   // ms. On one's own machine or network, trying again costs nobody much.
const kConnectMax = 5e3;   // ms. A try that takes longer is given up for another.
const kBlinkMax = 2.5e3;   // ms. A link that is back within this was never worth a word.

const state = { status: null, batch: null, follow: true, version: null };
const link = { source: null, live: false, heard_at: 0, tried_at: 0, offset: 0, behind: false };

// The server's clock, which stands still while nothing is heard: nobody would vouch for the ages it tells.
function serverNow() {
  return (link.behind ? link.heard_at : Date.now()) + link.offset;
}

function connect() {
  link.source?.close();
  link.live = false;
  link.tried_at = Date.now();
  const source = new EventSource('/v1/events');
  link.source = source;
  const hear = take => event => {
    heard();
    take(JSON.parse(event.data));
  };
  source.addEventListener('status', hear(status => {
    link.offset = Date.parse(status.now) - Date.now();
    if (state.version && state.version !== status.reeld) location.reload();
    state.version = status.reeld;
    takeStatus(status);
  }));
  source.addEventListener('shots', hear(takeShots));
  source.addEventListener('error', () => {
    if (link.source === source) link.live = false;
    // From another machine, looking takes a session, too: the page says so.
    if (!link.heard_at) askSession();
  });
}

function heard() {
  const fresh = !link.live;
  link.live = true;
  link.heard_at = Date.now();
  if (!fresh) return;
  // What changed while the link was away was not told: all that is shown is asked for again.
  askSession();
  askHistory();
  forgetShots();
  showLink();
}

// Looks after the link; every second. A source that waits for its next try by itself is closed and made anew,
// so that one rule holds for all that can go wrong.
function tendLink() {
  const now = Date.now();
  if (link.live && now - link.heard_at > kSilenceMax) link.live = false;
  const patience = link.source?.readyState === EventSource.CONNECTING ? kConnectMax : kRetryAfter;
  if (!link.live && now - link.tried_at > patience) connect();
  showLink();
}

function showLink() {
  const was = link.behind;
  link.behind = !link.live && link.heard_at > 0 && Date.now() - link.heard_at > kBlinkMax;
  const mode = link.behind ? 'behind' : link.heard_at ? 'live' : 'connecting';
  setAttribute(document.body, 'data-link', mode);
  const since = link.heard_at ? kSeconds.format(new Date(link.heard_at)) : '';
  const words = {
    live: 'live', connecting: 'connecting …', behind: `no word from reeld since ${since}; trying again`,
  };
  setText($('link'), words[mode]);
  if (was !== link.behind && state.status) showStatus();
}

// ---- 5. Status --------------------------------------------------------------------------------------------

function takeStatus(status) {
  const before = state.status;
  state.status = status;
  if (before) speakOfChanges(before, status);
  showStatus();
}

function speakOfChanges(before, status) {
  const finished = status.batches.find(batch => batch.state === 'finished' &&
    before.batches.some(old => old.batch === batch.batch && old.state !== 'finished'));
  if ((status.held_count ?? 0) > (before.held_count ?? 0)) speak('A shot is held and needs a person.');
  else if (status.account.suspended && !before.account.suspended) speak('The account is suspended.');
  else if (finished) speak(`${finished.batch} is finished: ${countsInWords(finished.counts)}.`);
}

function showStatus() {
  const status = state.status;
  chooseBatch(status.batches);
  const batch = status.batches.find(one => one.batch === state.batch);
  showAccount(status.account);
  showAlerts(status);
  showBatches(status.batches);
  setHidden($('empty'), status.batches.length > 0);
  for (const id of ['batch', 'shots']) setHidden($(id), !batch);
  if (batch) showBatch(batch);
  setText($('provider'), status.provider ?? '');
  showTitle(batch, status);
}

// Without a batch in the address the page follows what renders: the batch that it shows until that is
// finished, then the next one that is served.
function chooseBatch(batches) {
  const named = location.hash.startsWith('#/') ? decoded(location.hash.slice(2)) : null;
  const current = batches.find(batch => batch.batch === (named ?? state.batch));
  if (current && (named || current.state !== 'finished')) return choose(current.batch);
  const next = batches.find(batch => batch.state === 'running') ??
    batches.find(batch => batch.state !== 'finished');
  choose((next ?? current ?? batches[0])?.batch ?? null);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function choose(name) {
  if (name === state.batch) return;
  state.batch = name;
  sheet.filter = '';
  openList();
}

function showTitle(batch, status) {
  const held = status.held_count ? `(${status.held_count} held) ` : '';
  const progress = batch ? `${batch.counts.succeeded}/${batch.counts.total} ${batch.batch} · ` : '';
  const title = `${link.behind ? '⚠ ' : ''}${held}${progress}reeld`;
  if (document.title !== title) document.title = title;
}

// ---- 6. The account: slots, tokens, the last hours --------------------------------------------------------

const kCellsMax = 60;      // More slots than a wall can count are told as a number.
const kDotsMax = 120;      // More tokens than that share a dot.
const cells = { keys: [] };

function showAccount(account) {
  const now = account.slots_now ?? account.slots;
  const slots = Math.max(now, account.in_slots.length);
  const lowered = account.slots_now < account.slots ? `, ${account.slots} when all is well` : '';
  setText($('slots-count'), `${account.slots_taken} of ${now} taken${lowered}`);
  const shown = cellsOf(account.in_slots, Math.min(slots, kCellsMax));
  reconcile($('slots'), shown, cell => String(cell.at), makeCell, fillCell);
  makeTabStop($('slots'), 'button');
  showTokens(account);
  setHidden($('pause-all'), account.paused);
}

// A shot keeps its cell for as long as it holds a slot, so that the eye finds it where it was.
function cellsOf(inSlots, count) {
  const keyOf = one => `${one.batch}/${one.shot}`;
  const taken = new Map(inSlots.map(one => [keyOf(one), one]));
  cells.keys = cells.keys.slice(0, count).map(key => (taken.has(key) ? key : null));
  while (cells.keys.length < count) cells.keys.push(null);
  for (const key of taken.keys()) {
    const free = cells.keys.includes(key) ? -1 : cells.keys.indexOf(null);
    if (free >= 0) cells.keys[free] = key;
  }
  return cells.keys.map((key, at) => ({ at, one: key ? taken.get(key) : null }));
}

function makeCell() {
  const line = (...parts) => el('span', { class: 'line' }, ...parts);
  const parts = [line(el('b'), el('small'), el('em')), line(el('small'), el('small')), el('i')];
  const cell = el('li', { class: 'cell' }, el('button', { type: 'button' }, ...parts));
  cell.firstChild.addEventListener('click', () => cell.one && openShot(cell.one.batch, cell.one.shot));
  return cell;
}

function fillCell(cell, { at, one }) {
  const [[name, batch, word], [since, age]] = [...cell.firstChild.children].map(line => [...line.children]);
  cell.one = one;
  setAttribute(cell, 'data-state', one ? one.state : 'free');
  setAttribute(cell.firstChild, 'disabled', one ? null : '');
  setText(name, one ? one.shot : 'free');
  setText(batch, one && one.batch !== state.batch ? one.batch : '');
  setText(word, one && one.state !== 'rendering' ? kStates[one.state] ?? one.state : '');
  setText(since, one ? `since ${timeOf(one.since)}` : `slot ${at + 1}`);
  // Of what is held or in doubt nobody knows whether it renders.
  const expected_s = one?.state === 'rendering' ? one.expected_s : 0;
  setText(age, one ? ageWords({ since: one.since, expected_s }, ' of ') : '');
  setShare(cell.firstChild.lastChild, expected_s ? ageOf(one.since) / expected_s : 0);
}

// How old it is, and how old it will be when it is done, as far as that is known.
function ageWords({ since, expected_s }, between) {
  return counter(ageOf(since)) + (expected_s ? between + counter(expected_s) : '');
}

function showTokens(account) {
  const each = Math.ceil(account.creates / kDotsMax);
  const dots = Math.ceil(account.creates / each);
  const next = account.tokens === 0 && account.next_token_at
    ? `, the next in ${span(-ageOf(account.next_token_at))}` : '';
  setText($('tokens-count'), `${account.tokens} of ${account.creates} per ${span(account.per_s)}${next}`);
  const box = $('tokens');
  while (box.children.length > dots) box.lastChild.remove();
  while (box.children.length < dots) box.append(el('i'));
  const full = Math.ceil(account.tokens / each);
  [...box.children].forEach((dot, at) => setAttribute(dot, 'class', at < full ? null : 'out'));
}

const chart = { points: [], columns: [] };

async function askHistory() {
  try {
    chart.points = (await ask('/v1/history')).points ?? [];
    drawChart();
  } catch { /* The link's own line says that reeld cannot be reached. */ }
}

const kMinutesMin = 30;  // A young night begins at the right: one minute is not the whole chart.

// The minutes since the first that had anything in it, two hours at least where there are as many, folded
// into `most` columns.
function columnsOf(points, most) {
  const first = points.findIndex(point => point.creates || point.in_flight || point.failed);
  const shown = points.slice(Math.max(0, Math.min(first < 0 ? points.length : first, points.length - 120)));
  while (shown.length && shown.length < kMinutesMin) {
    const at = new Date(Date.parse(shown[0].at) - 60e3).toISOString();
    shown.unshift({ at, creates: 0, in_flight: 0, failed: 0 });
  }
  const each = Math.max(1, Math.ceil(shown.length / most));
  const columns = [];
  for (let at = 0; at < shown.length; at += each) {
    const part = shown.slice(at, at + each);
    columns.push({
      at: part[0].at,
      creates: part.reduce((sum, point) => sum + point.creates, 0),
      failed: part.reduce((sum, point) => sum + point.failed, 0),
      in_flight: Math.max(...part.map(point => point.in_flight)),
      minutes: part.length,
    });
  }
  return columns;
}

function svg(tag, attributes, text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}

// Three lanes over one axis of time: two measures on one scale each would lie.
function drawChart() {
  const width = Math.max(200, $('chart').clientWidth);
  const columns = columnsOf(chart.points, Math.floor(width / 4));
  chart.columns = columns;
  const step = width / Math.max(1, columns.length);
  const root = svg('svg', { viewBox: `0 0 ${width} 128`, width, height: 128, 'aria-hidden': 'true' });
  const slots = Math.max(1, state.status?.account.slots ?? 1, ...columns.map(column => column.in_flight));
  const most = Math.max(1, ...columns.map(column => column.creates / column.minutes));
  drawLevel(root, columns, { step, top: 16, height: 34, most: slots });
  drawBars(root, columns, { step, top: 66, height: 24, most });
  drawFailures(root, columns, { step, middle: 104 });
  const label = (x, y, words, end) =>
    root.append(svg('text', { x, y, 'text-anchor': end ? 'end' : 'start' }, words));
  label(0, 10, 'in flight');
  label(width, 10, `${slots} slots`, true);
  label(0, 62, 'creates a minute');
  label(width, 62, `at most ${Math.round(most)}`, true);
  label(0, 126, columns.length ? timeOf(columns[0].at) : '');
  label(width, 126, 'now', true);
  if (columns.length) root.append(svg('line', { class: 'axis', x1: 0, x2: width, y1: 113, y2: 113 }));
  if (columns.some(column => column.failed)) label(width / 2, 126, '● failed');
  $('chart').replaceChildren(root);
  setText($('chart-words'), chartWords());
}

function drawLevel(root, columns, { step, top, height, most }) {
  const y = value => top + height * (1 - value / most);
  const end = columns.length * step;
  const stair = (height_at, at) => `${at * step},${height_at} ${(at + 1) * step},${height_at}`;
  const level = columns.map(({ in_flight }, at) => stair(y(in_flight), at));
  root.append(svg('line', { class: 'limit', x1: 0, x2: end, y1: y(most), y2: y(most) }));
  if (!level.length) return;
  root.append(svg('polygon', { class: 'area', points: `0,${y(0)} ${level.join(' ')} ${end},${y(0)}` }));
  root.append(svg('polyline', { class: 'level', points: level.join(' ') }));
}

function drawBars(root, columns, { step, top, height, most }) {
  columns.forEach((column, at) => {
    const tall = height * column.creates / column.minutes / most;
    const where = { x: at * step, y: top + height - tall, width: Math.max(1, step - 1), height: tall };
    if (tall) root.append(svg('rect', { class: 'bar', ...where }));
  });
}

function drawFailures(root, columns, { step, middle }) {
  columns.forEach(({ failed }, at) => {
    const where = { cx: (at + .5) * step, cy: middle, r: Math.min(6, 2.5 + failed / 2) };
    if (failed) root.append(svg('circle', { class: 'fail', ...where }));
  });
}

function chartWords(column = null) {
  const begun = chart.columns.find(next => next.creates || next.in_flight || next.failed);
  const one = column ?? chart.columns.reduce((all, next) => ({
    at: begun?.at, creates: all.creates + next.creates, failed: all.failed + next.failed,
  }), { creates: 0, failed: 0 });
  if (!one.at) return 'Nothing yet.';
  const counts = `${plural(one.creates, 'create')}, ${plural(one.failed, 'failure')}`;
  if (!column) return `Since ${timeOf(one.at)}: ${counts}`;
  return `${timeOf(one.at)}: ${one.in_flight} in flight, ${counts}`;
}

// ---- 7. What needs a person -------------------------------------------------------------------------------

const kHeldShown = 3;  // So many at once: a hundred would push the night off the wall.

function showAlerts(status) {
  const { suspended, paused } = status.account;
  const held = status.held ?? [];
  const count = status.held_count ?? held.length;
  const stalled = status.journal_stalled;
  showSuspended(suspended, stalled);
  setHidden($('paused'), !paused);
  setHidden($('held-panel'), !held.length);
  setText($('held-title'), count === 1 ? 'A shot is held' : `${number(count)} shots are held`);
  const more = $('held-more');
  const shown = more.dataset.open ? held : held.slice(0, kHeldShown);
  reconcile($('held'), shown, one => `${one.batch}/${one.shot}`, makeHeld, fillHeld);
  setHidden(more, count <= kHeldShown);
  setText(more, more.dataset.open ? 'Show fewer' : `Show all ${number(Math.min(count, held.length))}`);
  setHidden($('alerts'), !suspended && !stalled && !paused && !held.length);
}

function showSuspended(suspended, stalled) {
  const box = $('suspended');
  setHidden(box, !suspended && !stalled);
  if (!suspended && !stalled) return;
  if (!box.firstChild) box.append(el('p', {}, el('b'), el('span')), el('p', { class: 'soft' }));
  const [main, rest] = box.children;
  if (stalled) {
    setText(main.firstChild, 'The journal cannot be written, such as on a full disk.');
    setText(main.lastChild, '');
    return setText(rest, 'Nothing is sent until it can; it is tried again by itself. The log says why.');
  }
  const since = timeOf(suspended.since, kSeconds);
  setText(main.firstChild, `The account is suspended since ${since}: ${suspended.words}.`);
  setText(main.lastChild, suspended.message ? ` The provider says: ${suspended.message}` : '');
  const again = suspended.until ? ` It asks again at ${timeOf(suspended.until, kSeconds)}.` : '';
  setText(rest, `Shots stay in the queue, and what renders goes on.${again}`);
}

function button(words, click, kind = '') {
  const node = el('button', { type: 'button', class: kind }, words);
  node.addEventListener('click', click);
  return node;
}

const tools = (...buttons) => el('div', { class: 'tools act' }, ...buttons);

function makeHeld() {
  const row = el('li', {}, el('p', {}), tools(
    button('It was created …', event => resolveCreated(row.one, event.currentTarget)),
    button('It was not created …', event => resolveNotCreated(row.one, event.currentTarget))));
  const name = button('', () => openShot(row.one.batch, row.one.shot), 'name');
  row.firstChild.append(name, el('span'), el('span', { class: 'soft' }));
  return row;
}

function fillHeld(row, one) {
  row.one = one;
  const [name, since, reason] = row.firstChild.children;
  setText(name, one.shot);
  setText(since, ` of ${one.batch}, sent ${timeOf(one.since, kSeconds)}. `);
  setText(reason, sentence(one.reason));
}

function sentence(words) {
  const text = (words ?? '').trim();
  if (!text) return '';
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

// ---- 8. Batches -------------------------------------------------------------------------------------------

const kFinishedShown = 4;

function showBatches(batches) {
  const more = $('batches-more');
  const finished = batches.filter(batch => batch.state === 'finished');
  const old = new Set(more.dataset.open ? [] : finished.slice(kFinishedShown).map(batch => batch.batch));
  old.delete(state.batch);
  const shown = batches.filter(batch => !old.has(batch.batch));
  reconcile($('batches'), shown, batch => batch.batch, makeBatch, fillBatch);
  makeTabStop($('batches'), 'a');
  setHidden($('batches-nav'), batches.length === 0);
  setHidden(more, finished.length <= kFinishedShown);
  const earlier = plural(finished.length - kFinishedShown, 'earlier one');
  setText(more, more.dataset.open ? 'Show fewer' : `Show ${earlier}`);
}

function makeBatch() {
  const parts = [el('b'), el('span'), el('div', { class: 'reel thin' }), el('span', { class: 'soft' })];
  return el('li', {}, el('a', {}, ...parts));
}

function fillBatch(row, batch) {
  const anchor = row.firstChild;
  const [name, ratio, reel, words] = anchor.children;
  setAttribute(anchor, 'href', `#/${encodeURIComponent(batch.batch)}`);
  setAttribute(anchor, 'aria-current', batch.batch === state.batch ? 'true' : null);
  setText(name, batch.batch);
  setText(ratio, `${number(batch.counts.succeeded)}/${number(batch.counts.total)}`);
  fillStack(reel, batch.counts);
  setText(words, join(batchWords(batch), troubleWords(batch.counts)));
}

function batchWords(batch) {
  if (batch.state === 'finished')
    return `${batch.status ?? 'finished'} ${batch.finished_at ? timeOf(batch.finished_at) : ''}`;
  if (batch.state === 'paused') return 'paused';
  if (batch.eta) return `${batch.state}, done ${rangeOf(batch.eta).times}`;
  return batch.state;
}

function troubleWords(counts) {
  return join(counts.held ? `${counts.held} held` : '', counts.failed ? `${counts.failed} failed` : '');
}

function rangeOf(eta) {
  const [from, to] = [new Date(eta.earliest), new Date(eta.latest)];
  const sameDay = kDay.format(from) === kDay.format(to);
  const times = [timeOf(from), sameDay ? kMinutes.format(to) : timeOf(to)];
  const waits = [span(-ageOf(eta.earliest)), span(-ageOf(eta.latest))];
  const one = kMinutes.format(from) === times[1];
  return {
    words: one ? 'done at about' : 'done between', times: one ? times[0] : times.join(' – '),
    wait: waits[1] === '0 s' ? 'any moment' : waits[0] === waits[1] ? `in about ${waits[0]}`
      : `in ${waits.join(' to ')}`,
  };
}

// A bar of as many parts as there are states with a shot in them.
function fillStack(reel, counts) {
  const parts = kReelOrder.filter(key => counts[key] > 0);
  reconcile(reel, parts, key => key, key => el('i', { 'data-state': key }), (part, key) => {
    const grow = String(counts[key]);
    if (part.style.flexGrow !== grow) part.style.flexGrow = grow;
  });
}

function showBatch(batch) {
  setText($('batch-name'), batch.batch);
  setText($('batch-facts'), join(`dropped ${timeOf(batch.accepted_at)}`, `priority ${batch.priority}`,
    batch.cost ? `${money(batch.cost)} so far` : ''));
  const finished = batch.state === 'finished';
  const range = !finished && batch.eta ? rangeOf(batch.eta) : null;
  const but = batch.counts.held ? 'but for what is held, ' : '';
  setText($('eta-words'), finished ? batch.status ?? '' : range ? but + range.words : '');
  setText($('eta'), finished ? timeOf(batch.finished_at) : range?.times ?? batch.state);
  setText($('eta-in'), range?.wait ?? '');
  setText($('waits'), batch.waits && !finished ? `Next shot: ${batch.waits}.` : '');
  showTools(batch);
  showFilters(batch.counts);
  noticeCounts(batch.counts);
  showReel(batch);
}

function showTools(batch) {
  const { counts } = batch;
  const finished = batch.state === 'finished';
  setHidden($('batch-pause'), finished);
  setText($('batch-pause'), batch.paused ? 'Resume' : 'Pause');
  setHidden($('batch-priority'), finished);
  setHidden($('batch-retry'), !(counts.failed + counts.cancelled));
  setHidden($('batch-cancel'), finished);
}

// In storyboard order, a frame a shot, when that many fit and all are known; else by state.
function showReel(batch) {
  const reel = $('reel');
  const { total } = batch.counts;
  setAttribute(reel, 'aria-label', countsInWords(batch.counts));
  const frames = total <= kReelFramesMax && sheet.all?.complete(total);
  setAttribute(reel, 'data-frames', frames ? (total <= 160 ? 'wide' : 'close') : null);
  if (!frames) return fillStack(reel, batch.counts);
  const shots = Array.from({ length: total }, (_, at) => sheet.all.shots[at]);
  reconcile(reel, shots, shot => `frame ${shot.index}`, () => el('i'), (frame, shot) => {
    setAttribute(frame, 'data-state', shot.state);
    if (frame.style.flexGrow !== '1') frame.style.flexGrow = '1';
  });
}

const kFilterOrder = [
  'succeeded', 'rendering', 'creating', 'queued', 'in_doubt', 'held', 'failed', 'cancelled',
];

function showFilters(counts) {
  const choices = ['', ...kFilterOrder.filter(key => counts[key] > 0 || key === sheet.filter)];
  reconcile($('filters'), choices, key => `is ${key}`, makeFilter, (chip, key) => {
    setAttribute(chip, 'aria-pressed', key === sheet.filter);
    setText(chip.lastChild, number(key ? counts[key] : counts.total));
  });
}

function makeFilter(key) {
  const chip = button('', () => {
    sheet.filter = key;
    openList();
    showStatus();
  }, 'chip');
  setAttribute(chip, 'data-state', key || null);
  chip.append(el('span', {}, key ? kStates[key] : 'all'), ' ', el('b'));
  return chip;
}

// ---- 9. The contact sheet: which shots are known ----------------------------------------------------------

const kChunk = 100;          // Shots a request: a few milliseconds of the daemon's time.
const kChunksMax = 60;       // More are forgotten, those furthest from the view first.
const kReelFramesMax = 600;

// The shots of a batch, or those in one state, by position. Fetches what is wanted, one request at a time, so
// that a quick scroll through ten thousand leaves no queue behind: what has passed is not asked for.
class ShotList {
  constructor(batch, filter) {
    Object.assign(this, { batch, filter, shots: [], total: 0 });
    Object.assign(this, { known: new Set(), wanted: [0, 0], asking: false });
  }

  want(first, last) {
    this.wanted = [first, last];
    this.fetchMissing();
  }

  // Positions keep their shots, which are shown until they come anew.
  forget() {
    this.known.clear();
    this.fetchMissing();
  }

  complete(total) {
    for (let at = 0; at < total; ++at) if (!this.shots[at]) return false;
    return true;
  }

  nextMissing() {
    const chunkOf = position => Math.floor(position / kChunk);
    for (let chunk = chunkOf(this.wanted[0]); chunk <= chunkOf(this.wanted[1]); ++chunk)
      if (!this.known.has(chunk) && chunk * kChunk < this.total) return chunk;
    if (this.filter || this.total > kReelFramesMax) return null;
    for (let chunk = 0; chunk * kChunk < this.total; ++chunk) if (!this.known.has(chunk)) return chunk;
    return null;
  }

  async fetchMissing() {
    if (this.asking) return;
    this.asking = true;
    try {
      for (let next = this.nextMissing(); next !== null && this.isShown(); next = this.nextMissing()) {
        this.known.add(next);
        await this.fetchRange(next * kChunk, kChunk).catch(error => {
          this.known.delete(next);
          throw error;
        });
        this.forgetFar();
      }
    } catch { /* The next second asks again. */ } finally {
      this.asking = false;
    }
  }

  async fetchRange(offset, limit) {
    const state_wanted = this.filter ? `&state=${this.filter}` : '';
    const page = await ask(`${batchPath(this.batch)}?offset=${offset}&limit=${limit}${state_wanted}`);
    page.shots.forEach((shot, at) => { this.shots[offset + at] = shot; });
    if (this.filter) this.total = this.shots.length = page.total;
    if (this.isShown()) planSheet();
  }

  forgetFar() {
    const middle = (this.wanted[0] + this.wanted[1]) / 2 / kChunk;
    while (this.known.size > kChunksMax) {
      const far = [...this.known].reduce((a, b) => (Math.abs(a - middle) > Math.abs(b - middle) ? a : b));
      this.known.delete(far);
      for (let at = far * kChunk; at < (far + 1) * kChunk; ++at) delete this.shots[at];
    }
  }

  isShown() {
    return sheet.list === this || sheet.all === this;
  }

  put(shot) {
    if (!this.filter) this.shots[shot.index] = shot;
    else {
      const at = this.shots.findIndex(one => one?.index === shot.index);
      if (at >= 0) this.shots[at] = shot;
    }
  }
}

const sheet = {
  filter: '', all: null, list: null, tiles: new Map(), pool: [], current: 0, counted: '', moved_at: 0,
  columns: 1, tile_width: 0, row_height: 1, first: 0, last: -1, planned: false,
};

function openList() {
  const total = state.status?.batches.find(batch => batch.batch === state.batch)?.counts.total ?? 0;
  if (sheet.all?.batch !== state.batch) sheet.all = new ShotList(state.batch, '');
  sheet.all.total = total;
  sheet.list = sheet.filter ? new ShotList(state.batch, sheet.filter) : sheet.all;
  if (sheet.filter) sheet.list.total = 1;  // Unknown: enough to ask for the first ones.
  sheet.current = 0;
  sheet.counted = '';
  for (const position of [...sheet.tiles.keys()]) dropTile(position);
  planSheet();
}

function takeShots({ batch, shots, reload }) {
  if (batch !== state.batch || !sheet.list) return;
  if (reload) return forgetShots();
  for (const shot of shots) {
    sheet.all.put(shot);
    if (sheet.list !== sheet.all) sheet.list.put(shot);
    if (detail.batch === batch && detail.shot === shot.shot) refreshDetail();
  }
  planSheet();
}

function forgetShots() {
  for (const list of new Set([sheet.list, sheet.all])) list?.forget();
}

// The counts say that a filtered list has other members now: what is in view is asked for again.
function noticeCounts(counts) {
  sheet.all.total = counts.total;
  const now = String(sheet.filter ? counts[sheet.filter] : counts.total);
  if (sheet.filter && now !== sheet.counted) {
    sheet.list.total = Math.max(counts[sheet.filter], sheet.list.total);
    sheet.list.forget();
  }
  sheet.counted = now;
  setHidden($('sheet-empty'), !sheet.filter || counts[sheet.filter] > 0);
}

// What a shot waits for changes without an event, as time passes: what is in view is looked at again.
function refreshView() {
  const { list, first, last } = sheet;
  if (!list || document.hidden || !link.live || last < first) return;
  const inView = Array.from({ length: last - first + 1 }, (_, at) => list.shots[first + at]);
  const waits = inView.some(shot => shot && !kFinal.has(shot.state) && shot.state !== 'held');
  if (waits) list.fetchRange(first, Math.min(kChunk, last - first + 1)).catch(() => {});
  list.fetchMissing();
}

// ---- 10. The contact sheet: tiles -------------------------------------------------------------------------

const kRestBeforeClips = 150;  // ms. Clips load once the view has come to rest.
const kClipsPerFrame = 3;      // A decoder costs a millisecond or more to set up.

function measureSheet() {
  const style = getComputedStyle($('sheet'));
  const gap = parseFloat(style.getPropertyValue('--gap')) || 16;
  const least = parseFloat(style.getPropertyValue('--tile-min')) || 210;
  const below = parseFloat(style.getPropertyValue('--caption')) || 64;
  const width = $('sheet').clientWidth;
  sheet.columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  sheet.tile_width = (width - gap * (sheet.columns - 1)) / sheet.columns;
  sheet.row_height = Math.round(sheet.tile_width * 9 / 16 + below + gap);
  sheet.gap = gap;
}

function planSheet() {
  if (sheet.planned) return;
  sheet.planned = true;
  requestAnimationFrame(() => {
    sheet.planned = false;
    if (sheet.list) showSheet();
  });
}

// Puts tiles where the view is, and a little around it; all others are only room.
function showSheet() {
  const box = $('sheet');
  if (sheet.width !== box.clientWidth) measureSheet();
  sheet.width = box.clientWidth;
  const { list, columns, row_height } = sheet;
  const height = `${Math.ceil(list.total / columns) * row_height}px`;
  if (box.style.height !== height) box.style.height = height;
  const top = -box.getBoundingClientRect().top;
  const around = row_height;
  sheet.first = Math.max(0, Math.floor((top - around) / row_height) * columns);
  sheet.last = Math.min(list.total, Math.ceil((top + innerHeight + around) / row_height) * columns) - 1;
  list.want(sheet.first, Math.max(sheet.first, sheet.last));
  placeTiles();
  loadClipsSoon();
}

function placeTiles() {
  const keep = document.activeElement?.closest?.('.tile');
  for (const [position, tile] of sheet.tiles) {
    const away = position < sheet.first || position > sheet.last;
    if (away && (tile !== keep || position >= sheet.list.total)) dropTile(position);
  }
  // In storyboard order also for who reads the document: a tile goes before the first that follows it.
  let next = $('sheet').firstElementChild;
  for (let position = sheet.first; position <= sheet.last; ++position) {
    let tile = sheet.tiles.get(position);
    while (next && next !== tile && next.position < position) next = next.nextElementSibling;
    if (!tile) {
      tile = sheet.pool.pop() ?? makeTile();
      Object.assign(tile, { position, stale: true });
      sheet.tiles.set(position, tile);
      $('sheet').insertBefore(tile, next);
    }
    const shot = sheet.list.shots[position] ?? null;
    if (tile.stale || tile.shot !== shot) fillTile(tile, shot, position);
    placeTile(tile, position);
  }
}

// Tiles are filled anew when their shot is, and when time or the tab stop changed what they say.
function restateTiles() {
  for (const tile of sheet.tiles.values()) tile.stale = true;
  planSheet();
}

function placeTile(tile, position) {
  const x = (position % sheet.columns) * (sheet.tile_width + sheet.gap);
  const y = Math.floor(position / sheet.columns) * sheet.row_height;
  const where = `translate(${x.toFixed(1)}px, ${y}px)`;
  if (tile.where !== where) tile.style.transform = tile.where = where;
  const width = `${sheet.tile_width.toFixed(1)}px`;
  if (tile.style.width !== width) tile.style.width = width;
}

function dropTile(position) {
  const tile = sheet.tiles.get(position);
  sheet.tiles.delete(position);
  dropClip(tile);
  tile.remove();
  if (sheet.pool.length < 100) sheet.pool.push(tile);
}

function makeTile() {
  const parts = {
    words: el('span', { class: 'words' }), bar: el('i', { class: 'bar' }),
    play: el('button', { type: 'button', class: 'play' }), place: el('span', { class: 'place' }),
    name: el('button', { type: 'button', class: 'name' }), facts: el('span', { class: 'facts' }),
    say: el('p', { class: 'say' }),
  };
  parts.frame = el('div', { class: 'frame' }, parts.words, parts.bar, parts.play);
  // The name comes first for who listens or goes by Tab; the eye has the picture first.
  const tile = el('li', { class: 'tile' },
    el('div', { class: 'cap' }, parts.place, parts.name, parts.facts), parts.say, parts.frame);
  tile.parts = parts;
  parts.name.addEventListener('click', () => tile.shot && openShot(sheet.list.batch, tile.shot.shot));
  parts.play.addEventListener('click', () => playClip(tile));
  parts.frame.addEventListener('click', event => event.target === parts.frame && parts.name.click());
  return tile;
}

function fillTile(tile, shot, position) {
  const { words, play, place, name, facts, say, bar } = tile.parts;
  if (tile.shot?.url !== shot?.url) dropClip(tile);
  Object.assign(tile, { shot, stale: false });
  setAttribute(tile, 'data-state', shot?.state ?? 'unknown');
  setAttribute(tile, 'aria-posinset', position + 1);
  setAttribute(tile, 'aria-setsize', sheet.list.total);
  setAttribute(name, 'tabindex', position === sheet.current ? 0 : -1);
  setAttribute(play, 'tabindex', position === sheet.current ? 0 : -1);
  setText(place, shot ? number(shot.index + 1) : '');
  setText(name, shot?.shot ?? '…');
  setText(facts, shot ? factsOf(shot) : '');
  setText(say, shot ? saysOf(shot) : '');
  setAttribute(say, 'title', shot ? saysOf(shot) : null);
  setText(words, shot ? frameWords(shot) : '');
  setText(play, shot?.clip_seconds ? counter(shot.clip_seconds) : 'play');
  setHidden(play, !(shot?.state === 'succeeded' && clipUrl(shot.url)));
  setAttribute(play, 'aria-label', shot ? `Play ${shot.shot}` : null);
  setShare(bar, shot?.state === 'rendering' && shot.expected_s ? ageOf(shot.since) / shot.expected_s : 0);
}

function frameWords(shot) {
  if (shot.state === 'succeeded') return clipUrl(shot.url) ? '' : 'done, without a clip that can be shown';
  if (shot.state === 'failed') return shot.error?.message ?? 'failed';
  if (shot.state === 'rendering' && shot.since)
    return `rendering ${ageWords(shot, ' of about ')}`;
  return kStates[shot.state] ?? shot.state;
}

function factsOf(shot) {
  const tries = shot.attempts > 1 ? `attempt ${shot.attempts}` : '';
  if (shot.state === 'succeeded')
    return join(tries, shot.predict_time && counter(shot.predict_time), shot.cost && money(shot.cost));
  if (kFinal.has(shot.state))
    return join(kStates[shot.state], shot.attempts && plural(shot.attempts, 'attempt'));
  return tries;
}

// Why it is where it is; of a shot that is done, what it shows.
function saysOf(shot) {
  if (shot.state === 'held') return shot.held?.reason ?? shot.why?.text ?? '';
  if (shot.state === 'failed') return join(shot.error?.code, shot.prompt);
  if (!kFinal.has(shot.state) && shot.error && shot.state !== 'in_doubt')
    return `last attempt: ${shot.error.message}`;
  if (shot.state === 'queued' || shot.state === 'in_doubt') return shot.why?.text ?? '';
  return shot.prompt ?? '';
}

// ---- 11. Clips in the sheet -------------------------------------------------------------------------------

const kQuietMotion = matchMedia('(prefers-reduced-motion: reduce)');

function loadClipsSoon() {
  clearTimeout(sheet.clips_due);
  sheet.clips_due = setTimeout(loadSomeClips, kRestBeforeClips);
}

function loadSomeClips() {
  let left = kClipsPerFrame;
  for (const tile of sheet.tiles.values()) {
    const url = tile.shot?.state === 'succeeded' && !tile.video ? clipUrl(tile.shot.url) : null;
    if (!url) continue;
    if (left-- === 0) return requestAnimationFrame(loadSomeClips);
    addClip(tile, url);
  }
}

// The time in the address makes every browser draw the first picture, though only metadata is loaded.
function addClip(tile, url) {
  const video = el('video', { preload: 'metadata', playsinline: '', tabindex: -1, src: `${url}#t=0.05` });
  video.muted = true;
  tile.video = video;
  video.addEventListener('error', () => {
    setText(tile.parts.words, 'The clip cannot be loaded; providers keep clips for a day or so.');
    setHidden(tile.parts.play, true);
  });
  video.addEventListener('ended', () => restClip(tile));
  video.addEventListener('click', event => !video.controls && (event.preventDefault(), playClip(tile)));
  video.addEventListener('pointerenter', event => event.pointerType === 'mouse' && previewClip(tile));
  video.addEventListener('pointerleave', () => !video.controls && restClip(tile));
  tile.parts.frame.prepend(video);
}

function dropClip(tile) {
  if (!tile?.video) return;
  tile.video.removeAttribute('src');
  tile.video.load();
  tile.video.remove();
  tile.video = null;
  setAttribute(tile, 'data-playing', null);
}

// A glance at what moves, without sound, while the pointer rests on it.
function previewClip(tile) {
  if (kQuietMotion.matches || tile.video.controls) return;
  tile.video.play().catch(() => {});
}

function playClip(tile) {
  if (!tile.video) addClip(tile, clipUrl(tile.shot.url));
  for (const other of sheet.tiles.values()) if (other !== tile && other.video?.controls) restClip(other);
  Object.assign(tile.video, { muted: false, controls: true });
  setAttribute(tile, 'data-playing', '');
  tile.video.play().catch(error => note(`${tile.shot.shot} cannot be played: ${error.message}`, true));
  tile.video.focus();
}

function restClip(tile) {
  if (!tile.video) return;
  const focused = document.activeElement === tile.video;
  tile.video.pause();
  Object.assign(tile.video, { muted: true, controls: false, currentTime: 0.05 });
  setAttribute(tile, 'data-playing', null);
  if (focused) tile.parts.play.focus();
}

// The sheet is one stop for Tab; the arrow keys go through its shots, also through those not yet on the page.
function moveInSheet(event) {
  if (event.target.tagName === 'VIDEO' && event.key !== 'Escape') return;
  const tile = event.target.closest('.tile');
  if (!tile) return;
  if (event.key === 'Escape' && tile.video?.controls) return restClip(tile);
  const rows = Math.max(1, Math.floor(innerHeight / sheet.row_height));
  const steps = {
    ArrowRight: 1, ArrowLeft: -1, ArrowDown: sheet.columns, ArrowUp: -sheet.columns,
    PageDown: rows * sheet.columns, PageUp: -rows * sheet.columns, Home: -Infinity, End: Infinity,
  };
  if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  focusShot(Math.min(sheet.list.total - 1, Math.max(0, tile.position + steps[event.key])));
}

function focusShot(position) {
  sheet.current = position;
  scrollToShot(position);
  restateTiles();
  showSheet();
  sheet.tiles.get(position)?.parts.name.focus({ preventScroll: true });
}

function scrollToShot(position) {
  const head = $('filters').offsetHeight + 16;
  const row = Math.floor(position / sheet.columns) * sheet.row_height;
  const top = $('sheet').getBoundingClientRect().top + row;
  const beyond = top + sheet.row_height - innerHeight;
  if (top < head) scrollBy(0, top - head);
  else if (beyond > 0) scrollBy(0, beyond);
}

// Clips play from the hosts that reeld knew when the page was loaded. One of a new host, which the policy
// forbade, brings the page anew once nobody is in the middle of something: once for each host, since reeld
// may not want to know it, and once a minute, since hosts may be without number.
const kAnewAfter = 60e3;  // ms
const strange = { waiting: false };

function noticeForbidden({ effectiveDirective, blockedURI }) {
  if (effectiveDirective !== 'media-src' || !clipUrl(blockedURI)) return;
  const key = `reeld knows ${new URL(blockedURI).origin}`;
  if (sessionStorage.getItem(key)) return;
  sessionStorage.setItem(key, 'yes');
  strange.waiting = true;
}

function comeAnew() {
  const busy = document.querySelector('dialog[open], [data-playing], [aria-busy=true]');
  const last = Number(sessionStorage.getItem('reeld came anew') ?? 0);
  const is_soon = Math.abs(Date.now() - last) < kAnewAfter;
  if (!strange.waiting || busy || is_soon) return;
  sessionStorage.setItem('reeld came anew', Date.now());
  location.reload();
}

// ---- 12. Questions before what costs something ------------------------------------------------------------

// Resolves to what was typed (or true) when the person says yes, else to null.
function confirmed({ title, lines, yes, danger = false, field = null }) {
  const dialog = $('ask');
  setText($('ask-title'), title);
  $('ask-lines').replaceChildren(...lines.filter(Boolean).map(line => el('p', {}, line)));
  setText($('ask-yes'), yes);
  setAttribute($('ask-yes'), 'class', danger ? 'do danger' : 'do');
  setHidden($('ask-field'), !field);
  setText($('ask-label'), field?.label ?? '');
  for (const name of ['type', 'min', 'max', 'maxlength']) setAttribute($('ask-input'), name, field?.[name]);
  setAttribute($('ask-input'), 'required', field ? '' : null);
  $('ask-input').value = field?.value ?? '';
  dialog.returnValue = 'no';
  dialog.showModal();
  (field ? $('ask-input') : $('ask-no')).focus();
  return new Promise(resolve => dialog.addEventListener('close', () => {
    resolve(dialog.returnValue === 'yes' ? (field ? $('ask-input').value.trim() : true) : null);
  }, { once: true }));
}

const batchNamed = name => state.status?.batches.find(batch => batch.batch === name);

async function resolveCreated({ batch, shot }, by) {
  const id = await confirmed({
    title: `${shot} was created`,
    lines: ['Give the id that the provider shows for it.',
      'reeld follows that prediction to its end and sends nothing more.'],
    field: { label: 'Prediction id', type: 'text', maxlength: 200 },
    yes: 'Follow it',
  });
  if (id) act(`${shotPath(batch, shot)}/resolve`, { created: id }, by, `${shot} follows ${id}.`);
}

async function resolveNotCreated({ batch, shot, nth }, by) {
  const sure = await confirmed({
    title: `${shot} was not created`,
    lines: ['Look at the provider first: the shot is then sent once more.',
      'If the lost create did arrive after all, you pay for this shot twice. ' +
      priceOf(batchNamed(batch), 1)],
    yes: 'Send it again', danger: true,
  });
  const done = `${shot} waits to be sent again.`;
  if (sure) act(`${shotPath(batch, shot)}/resolve`, { not_created: nth }, by, done);
}

async function cancelShot(batch, shot, by) {
  const sent = shot.state !== 'queued';
  const sure = await confirmed({
    title: `Cancel ${shot.shot}?`,
    lines: sent ? ['The provider is asked to stop it. There will be no clip.',
      `What was sent may be billed all the same. ${priceOf(batchNamed(batch), 1)}`]
      : ['It waits and is not at the provider now: cancelling it costs nothing more.'],
    yes: 'Cancel the shot', danger: true,
  });
  if (sure) act(`${shotPath(batch, shot.shot)}/cancel`, null, by, `${shot.shot} is cancelled.`);
}

async function retryShot(batch, shot, by) {
  const sure = await confirmed({
    title: `Render ${shot.shot} again?`,
    lines: [`It is sent as a new create. ${priceOf(batchNamed(batch), 1)}`],
    yes: 'Render it again',
  });
  if (sure) act(`${shotPath(batch, shot.shot)}/retry`, null, by, `${shot.shot} waits to be sent again.`);
}

async function cancelBatch(event) {
  const by = event.currentTarget;
  const { batch, counts } = batchNamed(state.batch);
  const sent = counts.rendering + counts.creating + counts.in_doubt + counts.held;
  const sure = await confirmed({
    title: `Cancel what is left of ${batch}?`,
    lines: [counts.queued ? `${plural(counts.queued, 'shot')} will not be sent.` : '',
      sent ? `${plural(sent, 'shot')} at the provider will be stopped, and may be billed all the same.` : '',
      `${plural(counts.succeeded, 'finished clip')} stay as they are.`],
    yes: 'Cancel the batch', danger: true,
  });
  const done = reply => `${plural(reply.changed ?? 0, 'shot')} of ${batch} cancelled.`;
  if (sure) act(`${batchPath(batch)}/cancel`, null, by, done);
}

async function retryBatch(event) {
  const by = event.currentTarget;
  const one = batchNamed(state.batch);
  const count = one.counts.failed + one.counts.cancelled;
  const sure = await confirmed({
    title: `Render ${plural(count, 'shot')} of ${one.batch} again?`,
    lines: [`${number(one.counts.failed)} failed and ${number(one.counts.cancelled)} cancelled.`,
      `Each is sent as a new create. ${priceOf(one, count)}`],
    yes: 'Render them again',
  });
  const done = reply => `${plural(reply.changed ?? 0, 'shot')} of ${one.batch} to be rendered again.`;
  if (sure) act(`${batchPath(one.batch)}/retry`, null, by, done);
}

async function changePriority(event) {
  const by = event.currentTarget;
  const { batch, priority } = batchNamed(state.batch);
  const wish = await confirmed({
    title: `Priority of ${batch}`,
    lines: ['From -100 to 100. Batches with a higher one are served first; what renders goes on.'],
    field: { label: 'Priority', type: 'number', min: -100, max: 100, value: priority },
    yes: 'Set it',
  });
  if (wish === null) return;
  act(`${batchPath(batch)}/priority`, { priority: Number(wish) }, by, `${batch} has priority ${wish}.`);
}

function pauseBatch(event) {
  const { batch, paused } = batchNamed(state.batch);
  const words = paused ? `${batch} goes on.` : `${batch} is paused; what renders goes on.`;
  act(`${batchPath(batch)}/${paused ? 'resume' : 'pause'}`, null, event.currentTarget, words);
}

// ---- 13. One shot, with all that is known of it -----------------------------------------------------------

const detail = { batch: null, shot: null, asked: 0 };

async function openShot(batch, shot) {
  Object.assign(detail, { batch, shot });
  if (await refreshDetail() && !$('shot').open) $('shot').showModal();
}

async function refreshDetail() {
  const asked = ++detail.asked;
  try {
    const shot = await ask(shotPath(detail.batch, detail.shot));
    if (asked === detail.asked && detail.shot) fillDetail(shot);
    return asked === detail.asked;
  } catch (error) {
    note(`${detail.shot} cannot be shown: ${error.message}`, true);
    return false;
  }
}

function fillDetail(shot) {
  const dialog = $('shot');
  const url = shot.state === 'succeeded' ? clipUrl(shot.url) : null;
  const focus = document.activeElement?.dataset?.focus;
  if (dialog.url !== url || dialog.of !== shot.shot) {
    const how = { controls: '', preload: 'metadata', playsinline: '', 'data-focus': 'clip' };
    const clip = url ? el('video', { src: url, ...how }) : null;
    dialog.replaceChildren(el('div', { class: 'clip' }, clip), el('div', { class: 'about' }));
    Object.assign(dialog, { url, of: shot.shot });
  }
  setHidden(dialog.firstChild, !url);
  const close = button('Close', () => dialog.close(), 'plain');
  close.dataset.focus = 'close';
  dialog.lastChild.replaceChildren(
    el('div', { class: 'head' }, el('h2', { id: 'shot-name' }, shot.shot), close),
    el('p', { class: 'soft' },
      join(`shot ${number(shot.index + 1)} of ${detail.batch}`, kStates[shot.state] ?? shot.state)),
    ...detailParts(shot));
  if (focus) dialog.querySelector(`[data-focus="${focus}"]`)?.focus();
}

function detailParts(shot) {
  const prompt = promptOf(shot);
  const why = shot.why && !kFinal.has(shot.state) ? sentence(shot.why.text) : '';
  return [
    shot.error ? el('p', { class: 'said bad' }, join(shot.error.code, shot.error.message)) : null,
    shot.error?.details ? el('pre', {}, asText(shot.error.details)) : null,
    shot.held ? el('p', { class: 'said' }, sentence(shot.held.reason)) : why ? el('p', {}, why) : null,
    detailTools(shot),
    prompt ? el('blockquote', {}, prompt) : null,
    detailFacts(shot),
    detailAttempts(shot.attempts_made ?? []),
    shot.input ? detailInput(shot.input) : null,
  ].filter(Boolean);
}

function detailInput(input) {
  const summary = el('summary', { 'data-focus': 'input' }, 'What is sent');
  return el('details', {}, summary, el('pre', {}, asText(input)));
}

const asText = value => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

function promptOf(shot) {
  const several = shot.input?.multi_prompt;
  if (Array.isArray(several)) return several.map(one => one?.prompt ?? '').join('\n');
  return asText(shot.input?.prompt ?? shot.prompt ?? '');
}

function detailTools(shot) {
  const { batch } = detail;
  const named = { batch, shot: shot.shot, nth: shot.held?.nth };
  const after = make => event => make(event.currentTarget);
  const all = [];
  if (shot.state === 'held') {
    all.push(button('It was created …', after(by => resolveCreated(named, by)), 'do'),
      button('It was not created …', after(by => resolveNotCreated(named, by))));
  }
  if (!kFinal.has(shot.state)) all.push(button('Cancel …', after(by => cancelShot(batch, shot, by))));
  if (shot.state === 'failed' || shot.state === 'cancelled')
    all.push(button('Render again …', after(by => retryShot(batch, shot, by)), 'do'));
  all.forEach((one, at) => { one.dataset.focus = `tool ${at}`; });
  return all.length ? tools(...all) : null;
}

function detailFacts(shot) {
  const rows = [
    ['Model', shot.model], ['Clip', shot.clip_seconds && `${shot.clip_seconds} s`],
    ['Attempts', shot.attempts && String(shot.attempts)], ['Prediction', shot.prediction_id],
    ['Created', shot.created_at && timeOf(shot.created_at, kSeconds)],
    ['Finished', shot.finished_at && timeOf(shot.finished_at, kSeconds)],
    ['Rendered in', shot.predict_time && span(shot.predict_time)], ['Cost', shot.cost && money(shot.cost)],
    ['Note', shot.note], ['Tags', shot.tags?.join(', ')],
  ].filter(([, value]) => value);
  const list = el('dl');
  for (const [name, value] of rows) list.append(el('dt', {}, name), el('dd', {}, String(value)));
  for (const address of shot.urls ?? (shot.url ? [shot.url] : []))
    list.append(el('dt', {}, 'Address'), el('dd', {}, addressOf(address)));
  return list;
}

function addressOf(address) {
  const url = clipUrl(address);
  if (!url) return String(address);
  const how = { target: '_blank', rel: 'noreferrer noopener', 'data-focus': 'address' };
  return el('a', { href: url, ...how }, address);
}

function detailAttempts(attempts) {
  if (!attempts.length) return null;
  const items = attempts.map(one => el('li', {},
    el('b', {}, `#${one.number} `),
    join(one.sent_at && timeOf(one.sent_at, kSeconds), one.outcome,
      one.http_status && `HTTP ${one.http_status}`, one.settled_by && `settled by the ${one.settled_by}`,
      one.end, one.cost && money(one.cost)),
    ...[one.words, one.held_because, one.end_words].filter(Boolean)
      .map(words => el('p', { class: 'soft' }, words))));
  return el('div', {}, el('h3', {}, 'Attempts'), el('ol', { class: 'attempts' }, ...items));
}

// ---- 14. Start --------------------------------------------------------------------------------------------

function everySecond() {
  comeAnew();
  tendLink();
  setText($('clock'), kSeconds.format(new Date()));
  if (document.hidden || !state.status || link.behind) return;
  showAccount(state.status.account);
  if (batchNamed(state.batch)) showBatch(batchNamed(state.batch));
  restateTiles();
  everySecond.count = (everySecond.count ?? 0) + 1;
  if (everySecond.count % 5 === 0) refreshView();
  if (everySecond.count % 60 === 0) askHistory();
}

function toggleMore(event) {
  if (event.currentTarget.dataset.open) delete event.currentTarget.dataset.open;
  else event.currentTarget.dataset.open = 'yes';
  showStatus();
}

function readChart(event) {
  const at = Math.floor((event.offsetX / $('chart').clientWidth) * chart.columns.length);
  setText($('chart-words'), chartWords(chart.columns[at]));
}

function start() {
  const clicks = {
    'pause-all': event =>
      act('/v1/pause', null, event.currentTarget, 'All creates are paused; what renders goes on.'),
    'batch-pause': pauseBatch, 'batch-priority': changePriority, 'batch-retry': retryBatch,
    'batch-cancel': cancelBatch,
    'resume-all': event => act('/v1/resume', null, event.currentTarget, 'Creates go on.'),
    'ask-no': () => $('ask').close('no'), 'held-more': toggleMore, 'batches-more': toggleMore,
  };
  for (const [id, click] of Object.entries(clicks)) $(id).addEventListener('click', click);
  roveWithArrows($('slots'), 'button:enabled');
  roveWithArrows($('batches'), 'a');
  $('sheet').addEventListener('keydown', moveInSheet);
  $('sheet').addEventListener('focusin', event => {
    const tile = event.target.closest('.tile');
    if (!tile || tile.position === sheet.current) return;
    sheet.current = tile.position;
    restateTiles();
  });
  $('chart').addEventListener('pointermove', readChart);
  $('chart').addEventListener('pointerleave', () => setText($('chart-words'), chartWords()));
  $('reel').addEventListener('click', event => {
    const at = event.target.dataset.key?.match(/^frame (\d+)$/);
    if (at && !sheet.filter) focusShot(Number(at[1]));
  });
  $('shot').addEventListener('close', () => {
    $('shot').replaceChildren();
    Object.assign(detail, { batch: null, shot: null });
    $('shot').of = null;
  });
  addEventListener('scroll', planSheet, { passive: true });
  new ResizeObserver(planSheet).observe($('sheet'));
  new ResizeObserver(() => state.status && drawChart()).observe($('chart'));
  document.addEventListener('securitypolicyviolation', noticeForbidden);
  addEventListener('hashchange', () => state.status && showStatus());
  document.addEventListener('visibilitychange', () => document.hidden || everySecond());
  setInterval(everySecond, 1000);
  everySecond();
}

start();
