import { $, clock, element, number, setText, sum, time, total } from './text.js';
import { LEVELS, verdict } from './verdict.js';

// Several servers side by side. Nobody is asked before somebody says so: the addresses may come with a link. What comes from other
// servers is put on the page as text, as are their addresses.

const MAX = 16;
const EVERY = 5000;
const PATIENCE = 4000;
const OWN = new URL('.', location.href);
const REASONS = {
	401: 'It wants to know who asks; other servers are asked without cookies and passwords.',
	403: 'It does not let this page ask.',
	404: 'It has no endpoint “loopline” there.',
};
const ROWS = [
	{ title: 'Requests', note: 'ended in the last minutes', value: ({ routes }) => sum(routes.map((route) => route.requests)), text: number },
	{ title: 'Slowest p99', note: 'of a route', value: ({ routes }) => Math.max(0, ...routes.map((route) => route.p99Nanos)) || NaN, text: time, worse: 2 },
	{ title: 'On a thread', note: 'requests now', value: ({ routes }) => sum(routes.map((route) => route.running)), text: number },
	{ title: 'Waiting', note: 'requests now', value: ({ routes }) => sum(routes.map((route) => route.queued + route.lane)), text: number, worse: 2, least: 10 },
	{ title: 'Stalls', note: 'in 15 minutes', value: ({ past }) => sum(past.stalls), text: number, worse: 1.2 },
	{ title: 'Refused', note: 'in 15 minutes', value: ({ past }) => sum(past.refused), text: number, worse: 1 },
	{ title: 'Threads taken', note: 'for blocking work', value: ({ now }) => now.blocking.threads - now.blocking.idleThreads, text: number, worse: 2, least: 10 },
	{ title: 'Connections', note: 'alive', value: ({ now }) => now.strands.connection ?? 0, text: number },
	{ title: 'Strands', note: 'alive', value: ({ now }) => total(now.strands), text: number },
];

let round = 0;
let timer = 0;

/** Returns the address of the endpoint, or null for what is no address of the web. */
function endpoint(text) {
	try {
		const url = new URL(text);
		if (!['http:', 'https:'].includes(url.protocol)) {
			return null;
		}
		url.search = url.hash = url.username = url.password = '';
		url.pathname = url.pathname === '/' ? OWN.pathname : url.pathname.replace(/(\/(console|replicas))?\/?$/, '/');
		return url;
	}
	catch {
		return null;
	}
}

function servers() {
	const given = [...new Set($('addresses').value.split(/[\s,]+/).filter(Boolean))];
	const others = given.map((text) => ({ text, url: endpoint(text) })).filter(({ url }) => url?.href !== OWN.href);
	return [{ text: 'this server', url: OWN }, ...others.slice(0, MAX - 1)];
}

async function ask(url, path) {
	const response = await fetch(new URL(path, url), { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(PATIENCE), cache: 'no-store' });
	if (!response.ok) {
		throw new Error(REASONS[response.status] ?? `It answers with ${response.status}.`);
	}
	try {
		const answer = await response.json();
		if (Object(answer) === answer) {
			return answer;
		}
	}
	catch {
		// as below
	}
	throw new Error('It does not answer as Loopline does.');
}

async function look({ text, url }) {
	if (!url) {
		return { text, problem: 'This is no address: it has to begin with http:// or https://.' };
	}
	try {
		const [now, identity, past, { routes }] = await Promise.all(['../' + url.pathname.split('/').at(-2), 'identity', 'history', 'routes'].map((path) => ask(url, path)));
		const found = { now, identity, past, routes };
		const [level, sentence] = verdict(now, past);
		return { text, url, identity, level, sentence, values: ROWS.map((row) => row.value(found)), started: now.timestamp - now.uptimeNanos / 1e6 };
	}
	catch (error) {
		const problem = error.name === 'TimeoutError' ? `No answer within ${PATIENCE / 1000} seconds.`
			: error.message.startsWith('It ') ? error.message
			: error instanceof TypeError && !navigator.onLine ? 'This machine is offline.'
			: 'It is not there, it does not answer as Loopline does, or it does not let pages of ' + location.origin + ' ask it.';
		return { text, url, problem };
	}
}

function isWorse(row, value, best) {
	return value > row.worse * best && value - best >= (row.least ?? 1);
}

function card(found, best) {
	const { text, url, problem, identity, level, sentence, values } = found;
	const address = element('p', { class: 'hint address' }, url === OWN ? `this server, ${OWN.host}` : text);
	if (problem) {
		return element('article', { class: 'card', data: { level: 'lost' } }, element('h2', null, url?.host ?? 'Not an address'), address, element('p'),
			element('p', { class: 'sentence' }, element('b', null, 'Not reachable'), ' ' + problem));
	}
	const name = [identity.application, identity.version].filter(Boolean).join(' ');
	return element('article', { class: 'card', data: { level } }, element('h2', null, name), address,
		element('p', { class: 'hint' }, `${identity.instance} · pid ${identity.pid} · up ${time((Date.now() - found.started) * 1e6)}`),
		element('p', { class: 'sentence' }, element('b', null, `${LEVELS[level][0]} ${LEVELS[level][1]}`), ' ' + sentence),
		element('dl', null, ROWS.map((row, i) => element('div', null, element('dt', null, row.title, element('small', null, row.note)),
			element('dd', { data: { level: isWorse(row, values[i], best[i]) ? 'warn' : '' } }, Number.isNaN(values[i]) ? '–' : String(row.text(values[i])))))));
}

async function compare() {
	const mine = ++round;
	clearTimeout(timer);
	const asked = servers();
	setText($('status'), $('cards').childElementCount ? $('status').textContent : 'Asking');
	const found = await Promise.all(asked.map(look));
	if (mine !== round) {
		return;
	}
	const answers = found.filter((each) => !each.problem);
	const best = ROWS.map((_, i) => Math.min(...answers.map((each) => each.values[i]).filter((value) => value >= 0)));
	$('cards').replaceChildren(...found.map((each) => card(each, answers.length > 1 ? best : best.map(() => Infinity))));
	setText($('status'), `${answers.length} of ${found.length} answer`);
	$('status').title = 'Asked at ' + clock(Date.now());
	if (!document.hidden) {
		timer = setTimeout(compare, EVERY);
	}
}

$('ask').addEventListener('submit', (event) => {
	event.preventDefault();
	const given = $('addresses').value.trim();
	history.replaceState(null, '', given ? '?' + new URLSearchParams({ replicas: given.replace(/[\s,]+/g, ',') }) : location.pathname);
	$('cards').replaceChildren();
	compare();
});
addEventListener('visibilitychange', () => round && !document.hidden && compare());
$('addresses').value = (new URLSearchParams(location.search).get('replicas') ?? '').replaceAll(',', '\n');
setText($('origin'), location.origin);
