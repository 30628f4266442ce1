import { heatmap, lane, sparkline } from './charts.js';
import { loadSamples } from './flame.js';
import { term } from './glossary.js';
import { drawVerdict, loadIdentity, loadIncident, loadRoutes, redrawIncident } from './incident.js';
import { drawLimits } from './limits.js';
import { $, chip, clock, element, fetchJson, number, setText, time, total } from './text.js';

// Everything that comes from the server is put on the page as text, never as markup: names of strands are those
// of strangers.

// The charts begin with half a minute, so that a page that was just opened is not empty, and grow to two.
const SLOTS = { first: 30, last: 120 };
const FOLDED = 8; // workers
const ROWS = { first: 10, last: 34 };
const LABELS = [[0, '1 µs'], [4, '16 µs'], [8, '0.3 ms'], [12, '4 ms'], [16, '67 ms'], [20, '1 s'], [24, '17 s']];
const RECENT = 10;
const STALE = 3; // snapshots, of which there is one a second
const LINTS = {
	'stalled': 'It has been running for longer than the stall threshold: others are served by another thread meanwhile.',
	'never-yielded': 'It has been running for a second and has never returned.',
	'slow-poll': 'One of its polls lasted longer than the stall threshold, in the last minute.',
	'starved': 'It has been waiting for a thread for 100 ms or more: there are not enough, or they are all busy.',
	'self-wakes': 'More than half of its polls of the last minute ended with work left, so that it woke itself.',
};
const COLUMNS = [
	{ title: 'State', sort: 'state', cell: (strand) => chip(strand.state, 'state') },
	{ title: 'Name', sort: 'name', type: 'name', cell: nameOf },
	{ title: 'Route', type: 'name wide', cell: (strand) => strand.route ?? '' },
	{ title: 'Life', type: 'wide', cell: split },
	{ title: 'Busy', sort: 'busy', type: 'number', cell: (strand) => time(strand.busyNanos) },
	{ title: 'Queued', sort: 'queued', type: 'number wide wider', cell: (strand) => time(strand.queuedNanos) },
	{ title: 'Longest poll', sort: 'longest-poll', type: 'number wide', cell: (strand) => time(strand.longestPollNanos) },
	{ title: 'Polls', sort: 'polls', type: 'number wide wider', cell: (strand) => number(strand.polls) },
	{ title: 'Moves', sort: 'moves', type: 'number wide wider', cell: (strand) => number(strand.moves) },
	{ title: 'Age', sort: 'age', type: 'number wide wider', cell: (strand) => time(strand.ageNanos) },
	{ title: 'Lints', term: 'lint', cell: (strand) => strand.lints.map((lint) => chip(lint, 'lint')) },
];

const history = [];
const query = { page: 0, size: 25, sort: '-busy' };
const waiting = [];
let last = null;
let paused = false;
let source = null;
let arrival = null;
let shutdown = false;
let listTimer = 0;
let allWorkers = false;
const seekers = new Map();

/** On a phone the route says more than the address of a stranger. */
function nameOf(strand) {
	const name = strand.name || '#' + strand.id;
	return strand.route ? [element('span', { class: 'wide' }, name), element('span', { class: 'narrow' }, strand.route)] : name;
}

function split(strand) {
	const bar = element('div', { class: 'split', title: `busy ${time(strand.busyNanos)}, queued ${time(strand.queuedNanos)}, idle ${time(strand.idleNanos)}` });
	const total = Math.max(1, strand.ageNanos);
	for (const [name, nanos] of [['busy', strand.busyNanos], ['queued', strand.queuedNanos]]) {
		const part = element('i', { class: name });
		part.style.width = Math.min(100, 100 * nanos / total) + '%';
		bar.append(part);
	}
	return bar;
}

/* ---------- Histograms ---------- */

/** What was counted between two snapshots, as a map from bound to count. */
function difference(now, before) {
	const old = new Map(before?.buckets ?? []);
	return now.buckets.map(([bound, count]) => [bound, count - (old.get(bound) ?? 0)]).filter(([, count]) => count > 0);
}

function perRow(buckets) {
	const rows = new Array(ROWS.last - ROWS.first + 1).fill(0);
	for (const [bound, count] of buckets) {
		const row = bound < 0 ? rows.length - 1 : Math.ceil(Math.log2(bound) - 1e-9) - ROWS.first;
		rows[Math.max(0, Math.min(rows.length - 1, row))] += count;
	}
	return rows;
}

function percentile(maps, share) {
	const sum = new Map();
	for (const [bound, count] of maps.flat()) {
		const key = bound < 0 ? Infinity : bound;
		sum.set(key, (sum.get(key) ?? 0) + count);
	}
	const bounds = [...sum.keys()].sort((a, b) => a - b);
	let left = share * [...sum.values()].reduce((a, b) => a + b, 0);
	for (const bound of bounds) {
		left -= sum.get(bound);
		if (left <= 1e-9) {
			return Math.min(bound, 2 ** 36);
		}
	}
	return 0;
}

/* ---------- Snapshots ---------- */

function receive(snapshot) {
	if (paused) {
		waiting.push(snapshot);
		waiting.splice(0, waiting.length - SLOTS.last - 1);
		return;
	}
	take(snapshot);
	drawFrame();
	if (history.at(-1)?.stalls > 0) {
		loadIncident(() => !paused).catch(() => {}); // the timer tries again
	}
}

function take(snapshot) {
	const before = last;
	last = snapshot;
	if (!before || snapshot.uptimeNanos < before.uptimeNanos) {
		loadIdentity().catch(() => {}); // the page does without
	}
	if (!before || snapshot.uptimeNanos < before.uptimeNanos) {
		history.length = 0;
		return;
	}
	const elapsed = snapshot.uptimeNanos - before.uptimeNanos;
	const rate = (now, old) => (now - old) * 1e9 / elapsed;
	const workers = snapshot.workers.map((worker, i) => {
		const old = before.workers[i];
		return {
			busy: Math.max(0, Math.min(1, (worker.busyNanos - old.busyNanos) / elapsed)),
			queue: worker.queueDepth,
			polls: rate(worker.polls, old.polls),
			parks: rate(worker.parks, old.parks),
			steals: rate(worker.steals, old.steals),
			stuck: worker.runningForNanos > 100e6,
		};
	});
	history.push({
		workers,
		busy: workers.reduce((sum, worker) => sum + worker.busy, 0) / workers.length,
		polls: workers.reduce((sum, worker) => sum + worker.polls, 0),
		latency: difference(snapshot.scheduleLatency, before.scheduleLatency),
		pollTime: difference(snapshot.pollTime, before.pollTime),
		stalls: total(snapshot.stalls) - total(before.stalls),
		exhaustions: snapshot.exhaustions - before.exhaustions,
		lane: rate(snapshot.lane.admissions, before.lane.admissions),
		strands: total(snapshot.strands),
		blocking: snapshot.blocking.threads - snapshot.blocking.idleThreads,
	});
	if (history.length > SLOTS.last) {
		history.shift();
	}
}

function slots() {
	return Math.max(SLOTS.first, history.length);
}

function drawFrame() {
	$('main').removeAttribute('aria-busy');
	$('loading').hidden = true;
	drawVerdict(last);
	drawFigures();
	drawLimits(last);
	drawWorkers();
	drawHeat('latency', 'latency');
	drawHeat('polls', 'pollTime');
}

/* ---------- Figures ---------- */

const FIGURES = [
	{ title: 'Workers busy', value: (now) => Math.round(now.busy * 100) + ' %', series: (each) => each.busy, top: 1,
		level: (now) => now.busy > .9 ? 'warn' : '' },
	{ title: 'Polls per second', term: 'poll', value: (now) => number(now.polls), series: (each) => each.polls },
	{ title: 'Schedule latency', term: 'schedule latency', value: () => time(recent('latency', .99)), small: 'p99', series: (each) => percentile([each.latency], .99),
		level: () => recent('latency', .99) > 100e6 ? 'bad' : recent('latency', .99) > 10e6 ? 'warn' : '' },
	{ title: 'Strands alive', value: (now) => number(now.strands), small: () => number(last.strands.connection) + ' connections', series: (each) => each.strands },
	{ title: 'Stalls', term: 'stall', value: (now) => number(total(last.stalls)), small: () => number(sum('stalls')) + ' /min', series: (each) => each.stalls, top: 4,
		level: () => sum('stalls') ? 'warn' : '' },
	{ title: 'Slow lane', term: 'slow lane', value: (now) => number(now.lane), small: () => '/s, ' + last.lane.depth + ' wait' + (last.blocking.refused ? ', ' + number(last.blocking.refused) + ' refused' : ''), series: (each) => each.lane, top: 4,
		level: () => last.lane.depth > 0 ? 'warn' : '' },
	{ title: 'Blocking threads', term: 'blocking pool', value: (now) => number(now.blocking), small: () => `of ${last.config.blockingMaxThreads}`, series: (each) => each.blocking, top: 4,
		level: () => sum('exhaustions') ? 'bad' : '' },
];

function recent(name, share) {
	return percentile(history.slice(-RECENT).map((each) => each[name]), share);
}

function sum(name) {
	return history.slice(-60).reduce((total, each) => total + each[name], 0);
}

function drawFigures() {
	const parent = $('figures');
	if (!parent.childElementCount) {
		for (const figure of FIGURES) {
			figure.number = element('span');
			figure.note = element('small');
			figure.canvas = element('canvas', { 'aria-hidden': 'true' });
			figure.node = element('div', { class: 'figure' }, element('h2', null, figure.term ? term(figure.term, figure.title) : figure.title),
				element('p', null, figure.number, figure.note), figure.canvas);
			parent.append(figure.node);
		}
	}
	const now = history.at(-1);
	for (const figure of FIGURES) {
		setText(figure.number, now ? figure.value(now) : '–');
		setText(figure.note, !now || !figure.small ? '' : typeof figure.small === 'string' ? figure.small : figure.small());
		figure.node.dataset.level = now && figure.level ? figure.level(now) : '';
		sparkline(figure.canvas, history.map(figure.series), slots(), figure.top);
	}
}

/* ---------- Workers ---------- */

function laneOf(index) {
	const parent = $('workers');
	while (parent.childElementCount > last.workers.length) {
		parent.lastElementChild.remove();
	}
	let node = parent.children[index];
	if (!node) {
		const names = ['busy', 'queue', 'parks/s', 'steals/s', 'channels'];
		node = element('div', { class: 'lane' },
			element('h3', null, 'Worker ' + index, element('small')),
			element('canvas', { role: 'img' }),
			element('dl', null, names.map((name) => element('div', null, element('dt', null, name), element('dd')))));
		parent.append(node);
	}
	return node;
}

function drawWorkers() {
	const maxQueue = Math.max(0, ...history.flatMap((each) => each.workers.map((worker) => worker.queue)));
	last.workers.forEach((worker, index) => {
		const node = laneOf(index);
		const now = history.at(-1)?.workers[index];
		const stuck = worker.runningForNanos > 100e6;
		setText(node.querySelector('small'), stuck ? `in one poll for ${time(worker.runningForNanos)}` : worker.thread);
		const values = now ? [Math.round(now.busy * 100) + ' %', number(now.queue), number(now.parks), number(now.steals), number(worker.ioRegistered)]
			: ['–', '–', '–', '–', '–'];
		node.querySelectorAll('dd').forEach((cell, i) => setText(cell, values[i]));
		node.hidden = index >= FOLDED && !allWorkers && !stuck;
		const canvas = node.querySelector('canvas');
		canvas.setAttribute('aria-label', `Worker ${index}: ${values[0]} busy, ${values[1]} strands queued`);
		lane(canvas, history.map((each) => each.workers[index]), slots(), maxQueue);
	});
	$('all-workers').hidden = last.workers.length <= FOLDED;
	$('all-workers').setAttribute('aria-expanded', allWorkers);
	setText($('all-workers'), allWorkers ? `Show ${FOLDED} only` : `Show all ${last.workers.length} workers`);
}

/* ---------- Heat maps ---------- */

function drawHeat(id, name) {
	const canvas = $(id);
	const columns = history.map((each) => perRow(each[name]));
	const seek = heatmap(canvas, columns, slots(), ROWS.last - ROWS.first + 1, LABELS);
	seekers.set(id, (x, y) => {
		const cell = seek(x, y);
		if (!cell) {
			return '';
		}
		const upper = 2 ** (ROWS.first + cell.row);
		const range = cell.row === 0 ? 'under ' + time(upper) : `${time(upper / 2)} to ${time(upper)}`;
		return `${range}: ${number(columns[cell.column][cell.row])}, ${columns.length - 1 - cell.column} s ago`;
	});
	const values = [['p50', .5], ['p90', .9], ['p99', .99], ['p99.9', .999]]
		.flatMap(([title, share]) => [title + ' ', element('b', null, history.length ? time(recent(name, share)) : '–')]);
	$(id + '-text').replaceChildren(...values, 'of\u00a0the\u00a0last\u00a010\u00a0s');
}

for (const id of ['latency', 'polls']) {
	$(id).addEventListener('pointermove', (event) => {
		const text = seekers.get(id)?.(event.offsetX, event.offsetY);
		$('tip').hidden = !text;
		setText($('tip'), text ?? '');
		$('tip').style.left = Math.min(event.clientX + 12, innerWidth - 230) + 'px';
		$('tip').style.top = event.clientY + 16 + 'px';
	});
	$(id).addEventListener('pointerleave', () => {
		$('tip').hidden = true;
	});
}

/* ---------- Strands ---------- */

function drawColumns() {
	$('columns').replaceChildren(...COLUMNS.map((column) => {
		const head = element('th', { scope: 'col', class: column.type });
		if (!column.sort) {
			head.append(column.term ? term(column.term, column.title) : column.title);
			return head;
		}
		if (query.sort.replace('-', '') === column.sort) {
			head.setAttribute('aria-sort', query.sort.startsWith('-') ? 'descending' : 'ascending');
		}
		const button = element('button', { type: 'button' }, column.title);
		button.addEventListener('click', () => {
			query.sort = query.sort === '-' + column.sort ? column.sort : '-' + column.sort;
			query.page = 0;
			drawColumns();
			$('columns').children[COLUMNS.indexOf(column)].querySelector('button').focus();
			refresh();
		});
		head.append(button);
		return head;
	}));
}

let request = 0;

function filters() {
	return ['kind', 'state', 'text'].filter((name) => $(name).value.trim());
}

async function loadStrands() {
	const mine = ++request;
	const parameters = new URLSearchParams({ page: query.page, size: query.size, sort: query.sort });
	for (const name of filters()) {
		parameters.set(name, $(name).value.trim());
	}
	const found = await fetchJson('strands?' + parameters);
	if (mine === request) {
		drawStrands(found);
	}
}

function drawStrands({ total, page, size, strands }) {
	const pages = Math.max(1, Math.ceil(total / size));
	if (page >= pages) {
		query.page = pages - 1;
		refresh();
		return;
	}
	setText($('strands-count'), number(total) + (filters().length ? ' match' : ' alive'));
	setText($('page'), `${page + 1} of ${pages}`);
	$('previous').disabled = page === 0;
	$('next').disabled = page + 1 >= pages || (page + 1) * size > 10000;
	$('no-rows').hidden = total > 0;
	const focused = document.activeElement?.closest('tr')?.dataset.id;
	$('rows').replaceChildren(...strands.map(rowOf));
	if (focused) {
		$('rows').querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
	}
	const open = $('details').open && strands.find((strand) => String(strand.id) === $('details').dataset.id);
	if (open) {
		drawDetails(open);
	}
}

function rowOf(strand) {
	const row = element('tr', { tabindex: 0, data: { id: strand.id } }, COLUMNS.map((column) => {
		const cell = column.cell(strand);
		return element('td', { class: column.type, title: column.type?.startsWith('name') ? (typeof cell === 'string' ? cell : strand.name) : null },
			Array.isArray(cell) ? cell : [cell]);
	}));
	const show = () => {
		drawDetails(strand);
		$('details').showModal();
	};
	row.addEventListener('click', show);
	row.addEventListener('keydown', (event) => {
		if (event.key === 'Enter') {
			event.preventDefault(); // else it also presses the button that closes what it opens
			show();
		}
		else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
			event.preventDefault();
			(event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling)?.focus();
		}
	});
	return row;
}

function drawDetails(strand) {
	$('details').dataset.id = strand.id;
	setText($('details-title'), strand.name || 'Strand ' + strand.id);
	$('details-lints').replaceChildren(...strand.lints.flatMap((lint) => [chip(lint, 'lint'), LINTS[lint] ?? '', element('br')]));
	const values = [['Number', strand.id], ['Kind', strand.kind], ['Route', strand.route ?? '–'], ['Handler', strand.handler ?? '–'], ['State', `${strand.state} for ${time(strand.stateForNanos)}`],
		['Busy', time(strand.busyNanos)], ['Queued', time(strand.queuedNanos)], ['Idle', time(strand.idleNanos)], ['Age', time(strand.ageNanos)],
		['Longest poll', time(strand.longestPollNanos)], ['Polls', strand.polls], ['Ended with work left', strand.yields],
		['Moves between workers', strand.moves], ['Last worker', strand.lastWorker < 0 ? '–' : strand.lastWorker]];
	$('details-list').replaceChildren(...values.map(([name, value]) => element('div', null, element('dt', null, name), element('dd', null, String(value)))));
	$('details-stack').hidden = $('details-stack-title').hidden = strand.stack.length === 0;
	setText($('details-stack'), strand.stack.join('\n'));
}

/* ---------- Connection ---------- */

function show(state, text) {
	$('status').dataset.state = state;
	setText($('status-text'), text);
	$('main').toggleAttribute('data-stale', state === 'lost' || state === 'stale');
}

function showArrival() {
	show(paused ? 'paused' : 'live', paused ? 'Paused' : 'Live');
}

function explain(title, text) {
	$('notice').hidden = !title;
	$('loading').hidden = Boolean(title || last);
	setText($('notice-title'), title ?? '');
	setText($('notice-text'), text ?? '');
}

const REASONS = {
	401: ['Signed out', 'The server wants to know who you are. Sign in to the application, then reload this page.'],
	403: ['Not allowed', 'You may not read the endpoint “loopline”.'],
	404: ['No such endpoint', 'The endpoint “loopline” is not exposed, or Loopline is switched off.'],
	429: ['Too many viewers', 'This server streams to a limited number of pages. Close another one; this page tries again.'],
};

function connect() {
	source = new EventSource('stream');
	source.addEventListener('snapshot', (event) => {
		arrival = Date.now();
		shutdown = false;
		explain(null);
		showArrival();
		receive(JSON.parse(event.data));
	});
	source.addEventListener('shutdown', () => {
		shutdown = true;
		source.close();
		lose();
	});
	source.addEventListener('error', async () => {
		source.close();
		lose();
		try {
			const { status } = await fetch('stream', { headers: { Accept: 'text/event-stream' }, signal: AbortSignal.timeout(1500) })
				.then((response) => (response.body?.cancel(), response));
			if (REASONS[status]) {
				show('lost', REASONS[status][0]);
				explain(...REASONS[status]);
			}
		}
		catch {
			// It is as explained.
		}
	});
}

/** Says that the stream has ended, and why if the server did, and tries again. */
function lose() {
	const seen = arrival ? ` The page shows what was seen last, at ${clock(arrival)}, and` : ' The page';
	show('lost', shutdown ? 'Shut down' : 'Disconnected');
	explain(shutdown ? 'The server shuts down' : 'Disconnected',
		`${shutdown ? 'It ended the stream itself.' : 'The server does not answer.'}${seen} tries again every two seconds.`);
	setTimeout(connect, 2000);
}

/** A server that is frozen keeps the connection: only what does not come shows it. */
function watch() {
	const missed = Math.floor((Date.now() - arrival) / 1000);
	if (paused || !arrival || missed < STALE || !['live', 'stale'].includes($('status').dataset.state)) {
		return;
	}
	if ($('status').dataset.state === 'live') {
		show('stale', 'Stale since ' + clock(arrival));
		explain('No news from the server', `It keeps the connection and sends nothing. The last snapshot came at ${clock(arrival)},`);
		$('notice-text').append(' ', element('span', { id: 'age', 'aria-hidden': 'true' })); // not to be read out twice a second
	}
	setText($('age'), `${missed < 120 ? missed + ' s' : time(missed * 1e9)} ago.`);
}

/** Loads the lists, and goes on doing so unless the page is paused or hidden. */
function refresh() {
	clearTimeout(listTimer);
	Promise.allSettled([loadStrands(), loadIncident(() => !paused), loadRoutes(() => !paused), loadSamples(() => !paused)]).then(() => {
		clearTimeout(listTimer);
		if (!paused && !document.hidden) {
			listTimer = setTimeout(refresh, 2000);
		}
	});
}

/* ---------- Controls ---------- */

function pause() {
	paused = !paused;
	$('pause').setAttribute('aria-pressed', paused);
	setText($('pause'), paused ? 'Resume' : 'Pause');
	if ($('status').dataset.state !== 'lost') {
		explain(null);
		showArrival();
		watch();
	}
	clearTimeout(listTimer);
	request++; // what is under way comes too late
	if (!paused) {
		waiting.splice(0).forEach(take);
		if (last) {
			drawFrame();
		}
		refresh();
	}
}

function switchTheme() {
	const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
	document.documentElement.dataset.theme = theme;
	try {
		localStorage.setItem('loopline-theme', theme);
	}
	catch {
		// Then it lasts as long as the page.
	}
	if (last) {
		drawFrame();
		redrawIncident();
	}
}

$('pause').addEventListener('click', pause);
$('theme').addEventListener('click', switchTheme);
$('all-workers').addEventListener('click', () => {
	allWorkers = !allWorkers;
	drawWorkers();
});
$('close').addEventListener('click', () => $('details').close());
$('details').addEventListener('click', (event) => {
	if (event.target === $('details')) {
		$('details').close();
	}
});
$('filter').addEventListener('submit', (event) => event.preventDefault());
$('filter').addEventListener('input', () => {
	query.page = 0;
	clearTimeout(listTimer);
	listTimer = setTimeout(refresh, 250);
});
$('previous').addEventListener('click', () => {
	query.page--;
	refresh();
});
$('next').addEventListener('click', () => {
	query.page++;
	refresh();
});
addEventListener('keydown', (event) => {
	if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select') || $('details').open) {
		return;
	}
	if (event.key === 'p') {
		pause();
	}
	else if (event.key === 't') {
		switchTheme();
	}
	else if (event.key === '/') {
		event.preventDefault();
		$('text').focus();
	}
});
addEventListener('visibilitychange', () => {
	clearTimeout(listTimer);
	if (!paused && !document.hidden) {
		refresh();
	}
});
// Within the frame what is drawn could change the size again, which browsers complain about
new ResizeObserver(() => requestAnimationFrame(() => last && (drawFrame(), redrawIncident()))).observe($('main'));

$('replicas').search = location.search;
for (const kind of ['connection', 'listener', 'stream', 'actor', 'scheduler', 'other']) {
	$('kind').append(element('option', null, kind));
}
drawColumns();
connect();
setInterval(watch, 500);
refresh();
