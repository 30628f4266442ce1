import { bars } from './charts.js';
import { redrawFlame } from './flame.js';
import { $, breakable, chip, clock, element, fetchJson, number, setText, sum, time } from './text.js';
import { LEVELS, lastly, nobody, place, plural, remedy, sorted, subject, verdict } from './verdict.js';

// Who this is, how it is in one sentence, and what happened in the last quarter of an hour, as the server kept it.

const SHOWN = 5;

let identity = null;
let snapshot = null;
let past = null;
let routes = [];
let all = false;

/* ---------- Identity ---------- */

export async function loadIdentity() {
	identity = await fetchJson('identity');
	setText($('application'), identity.application);
	setText($('version'), identity.version ?? '');
	if (snapshot) {
		drawVerdict(snapshot);
	}
}

function drawIdentity(level) {
	const { application, version, instance, pid, jdk } = identity ?? {};
	const up = 'up ' + time(identity ? (snapshot.timestamp - identity.started) * 1e6 : snapshot.uptimeNanos);
	setText($('about'), [instance, pid && 'pid ' + pid, up, jdk && 'JDK ' + jdk.replace(/^.* /, '')].filter(Boolean).join(' · '));
	$('about').title = [jdk, snapshot.flavour].filter(Boolean).join(', ');
	const name = [application, version].filter(Boolean).join(' ');
	const title = (level === 'good' ? '' : LEVELS[level][0] + ' ') + (name ? `${name} on ${instance} (${pid})` : 'Console') + ' · Loopline';
	if (document.title !== title) {
		document.title = title;
	}
}

/* ---------- Verdict ---------- */

export function drawVerdict(now) {
	snapshot = now;
	const [level, sentence] = past ? verdict(snapshot, past) : ['good', ''];
	drawIdentity(level);
	$('verdict').hidden = !past;
	$('verdict').dataset.level = level;
	setText($('verdict-icon'), LEVELS[level][0]);
	setText($('verdict-level'), LEVELS[level][1]); // this alone is read out: the sentence changes every second
	setText($('verdict-text'), sentence);
}

/* ---------- Culprits ---------- */

export async function loadIncident(wanted) {
	const found = await fetchJson('history');
	if (wanted()) {
		past = found;
		redrawIncident();
	}
}

export function redrawIncident() {
	if (!past || !snapshot) {
		return;
	}
	drawVerdict(snapshot);
	bars($('timeline'), [[past.stalls, 'stuck'], [past.refused, 'queue']]);
	$('timeline').setAttribute('aria-label', `The last 15 minutes: ${plural(sum(past.stalls), 'stall')}, ${number(sum(past.refused))} refused`);
	setText($('timeline-text'), `${plural(sum(past.stalls), 'stall')}, ${number(sum(past.refused))} refused in 15 min`);
	drawCulprits(sorted(past.culprits), past.foreign);
	redrawFlame();
}

function drawCulprits(culprits, foreign) {
	setText($('culprits-hint'), culprits.length ? 'of the last 15 minutes: who kept a thread for longer than the stall threshold' : '');
	$('export').hidden = culprits.length + foreign.length === 0;
	$('more').hidden = culprits.length <= SHOWN;
	$('more').setAttribute('aria-expanded', all);
	setText($('more'), all ? 'Show fewer' : `Show ${culprits.length - SHOWN} more`);
	if (!culprits.length && !foreign.length) {
		$('culprits').replaceChildren(element('p', { class: 'empty' }, nobody(past.stalls)));
		return;
	}
	const open = new Set([...$('culprits').querySelectorAll('details[open]')].map((each) => each.dataset.key));
	const focused = document.activeElement?.closest('.culprit');
	const tag = focused && document.activeElement.localName;
	const nodes = culprits.slice(0, all ? undefined : SHOWN).map((entry) => culpritOf(entry, open));
	$('culprits').replaceChildren(...nodes, ...foreign.map((pool) => foreignOf(pool, open)));
	nodes.forEach((node, i) => bars(node.querySelector('canvas'), [[culprits[i].steps, 'stuck']]));
	[...$('culprits').children].find((node) => node.dataset.key === focused?.dataset.key)?.querySelector(tag)?.focus();
}

function culpritOf({ recent, steps, culprit }, open) {
	const kinds = [culprit.blocking && 'blocks', culprit.burning && 'burns processor', culprit.running && `${culprit.running} now`].filter(Boolean).join(', ');
	const key = [culprit.frame ?? culprit.method, subject(culprit)].join(' ');
	const copy = element('button', { type: 'button' }, 'Copy for a ticket');
	copy.addEventListener('click', async () => setText(copy, await copied(ticket(recent, culprit)) ? 'Copied' : 'Not allowed to copy'));
	const node = element('details', { class: 'culprit', data: { key } },
		element('summary', null,
			element('span', { class: 'who' }, element('b', null, subject(culprit) ?? 'unknown route'), element('code', null, breakable(culprit.frame ?? culprit.method))),
			element('canvas', { role: 'img', 'aria-label': `${number(sum(steps))} stalls over 15 minutes` }),
			element('span', { class: 'cost' }, plural(recent, 'stall'), element('small', null, `longest ${time(culprit.maxNanos)}`)),
			element('span', { class: 'when' }, lastly(Date.parse(culprit.lastSeen), snapshot),
				element('small', null, `first ${clock(Date.parse(culprit.firstSeen))}${kinds ? ' · ' + kinds : ''}`))),
		element('p', { class: 'advice' }, remedy(culprit)),
		element('div', { class: 'tools' }, copy, element('span', { class: 'hint' }, `${plural(culprit.count, 'stall')} and ${time(culprit.totalNanos)} since ${new Date(culprit.firstSeen).toLocaleString()}`)),
		stackOf(culprit));
	if (culprit.running) {
		node.dataset.running = '';
	}
	node.open = open.has(key);
	return node;
}

function stackOf({ frame, stack }) {
	return element('pre', { tabindex: 0, 'aria-label': 'Stack of the last stall' },
		stack.map((each) => element('span', { class: frame === each ? 'own' : null }, each + '\n')));
}

/** A thread that is not Loopline's: nobody can take its work over. */
function foreignOf({ library, pool, stalls, advice, lastStall }, open) {
	const key = [library, pool].join(' ');
	const node = element('details', { class: 'culprit', data: { key, foreign: '' } },
		element('summary', null,
			element('span', { class: 'who' }, element('b', null, chip(library, 'library'), pool), element('code', null, breakable(lastStall.frame ?? ''))),
			element('span', { class: 'advice' }, 'Others wait for this thread. ', advice ? advice + '.' : ''),
			element('span', { class: 'cost' }, plural(stalls, 'stall'), element('small', null, `last one ${time(lastStall.nanos)}`)),
			element('span', { class: 'when' }, lastStall.running ? 'now' : lastly(snapshot.timestamp - lastStall.ageNanos / 1e6, snapshot),
				element('small', null, lastStall.kind === 'burning' ? 'burns processor' : 'blocks'))),
		stackOf(lastStall));
	if (lastStall.running) {
		node.dataset.running = '';
	}
	node.open = open.has(key);
	return node;
}

/* ---------- Tickets and files ---------- */

function ticket(recent, culprit) {
	const { application, version, instance, pid, jdk } = identity ?? {};
	return [`${place(culprit)} keeps a thread: ${plural(recent, 'stall')} in 15 minutes, the longest ${time(culprit.maxNanos)}`, '',
		`Route: ${subject(culprit) ?? 'unknown'}`,
		`First seen: ${culprit.firstSeen}`, `Last seen: ${culprit.lastSeen}`,
		`Since then: ${culprit.count} stalls (${culprit.blocking} blocking, ${culprit.burning} burning), ${time(culprit.totalNanos)}`,
		`Application: ${[application, version].filter(Boolean).join(' ')} on ${instance}, pid ${pid}, ${jdk}`, '',
		...culprit.stack.map((frame) => '    at ' + frame)].join('\n');
}

async function copied(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	}
	catch {
		// Only pages that came encrypted or from this machine have a clipboard; the old way asks nobody.
		const area = element('textarea', { class: 'skip' });
		area.value = text;
		document.body.append(area);
		area.select();
		const done = document.execCommand('copy');
		area.remove();
		return done;
	}
}

function save() {
	const file = new Blob([JSON.stringify({ exported: new Date().toISOString(), identity, snapshot, history: past, routes }, null, '\t')], { type: 'application/json' });
	const link = element('a', { href: URL.createObjectURL(file), download: `loopline-${identity?.application ?? 'console'}-${Date.now()}.json` });
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/* ---------- Routes ---------- */

export async function loadRoutes(wanted) {
	const found = await fetchJson('routes');
	if (wanted()) {
		routes = found.routes;
		drawRoutes();
	}
}

function drawRoutes() {
	const cell = (value, level = '', more = '') => element('td', { class: 'number ' + more, data: { level: value ? level : '' } }, value ? String(number(value)) : '·');
	$('routes-section').hidden = routes.length === 0;
	setText($('routes-count'), plural(routes.length, 'route') + '; requests are timed while a page like this is open');
	$('routes').replaceChildren(...routes.map((route) => {
		const timed = (nanos) => route.requests ? time(nanos) : '·';
		return element('tr', null, element('th', { scope: 'row', class: 'name', title: route.route }, route.route),
			cell(route.requests, '', 'wide'), element('td', { class: 'number wide' }, timed(route.p50Nanos)), element('td', { class: 'number' }, timed(route.p99Nanos)),
			cell(route.running), cell(route.queued + route.lane, 'warn'), cell(route.blocked, 'bad'), cell(route.stalls, 'warn', 'wide'),
			element('td', { class: 'number wide' }, route.maxNanos ? time(route.maxNanos) : '·'), cell(route.refused, 'bad', 'wide'));
	}));
}

$('more').addEventListener('click', () => {
	all = !all;
	redrawIncident();
});
$('export').addEventListener('click', save);
