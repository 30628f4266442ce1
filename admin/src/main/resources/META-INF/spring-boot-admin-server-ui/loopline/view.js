import { clock, number, sum, time, total, words } from './text.js';
import { LEVELS, lastly, nobody, plural, remedy, sorted, subject, verdict } from './verdict.js';

// What an instance of an application does now, and who kept its threads in the last quarter of an hour: its endpoint, asked through
// Spring Boot Admin. Vue makes text of all that comes from there.

const { h, resolveComponent } = Vue;

const PERIOD = 2500; // milliseconds, as Spring Boot Admin's own charts
const SHOWN = 10; // culprits
const STUCK = 100e6; // nanoseconds

export default {
	name: 'LooplineView',
	props: { instance: { type: Object, required: true } },
	data: () => ({ found: null, error: null, all: false }),
	watch: {
		'instance.id'() {
			this.found = this.error = null;
			this.load();
		},
	},
	created() {
		this.load();
	},
	beforeUnmount() {
		this.stop();
	},
	methods: {
		stop() {
			clearTimeout(this.timer);
			this.current = null; // what is on its way comes too late
		},
		async load() {
			this.stop();
			const mine = this.current = {};
			try {
				const parts = await Promise.all(['', '/history', '/routes'].map((path) => this.fetch(path)));
				if (this.current === mine) {
					this.found = facts(parts, this.found);
					this.error = null;
				}
			}
			catch (error) {
				if (this.current === mine) {
					this.error = error;
				}
			}
			if (this.current === mine) {
				this.timer = setTimeout(() => this.load(), PERIOD);
			}
		},
		async fetch(path) {
			const { data } = await this.instance.axios.get('actuator/loopline' + path,
				{ headers: { Accept: 'application/json' }, suppressToast: true });
			return data;
		},
	},
	render() {
		const found = this.found;
		return h('section', { class: ['loopline', { 'loopline-stale': found && this.error }] }, [
			this.error && h(resolveComponent('sba-alert'), { severity: 'WARN', title: 'Loopline does not answer', error: reason(this.error) }),
			!found && !this.error && h(resolveComponent('sba-loading-spinner')),
			found && [
				verdictOf(found, this.instance),
				figures(found),
				culprits(found, this.all, () => this.all = !this.all),
				found.routes.length > 0 && routes(found),
				workers(found),
			],
		]);
	},
};

/** Returns what is shown of three answers, and how it changed since the last ones. */
function facts([snapshot, past, { routes }], before) {
	const old = before && snapshot.uptimeNanos > before.snapshot.uptimeNanos ? before.snapshot : null;
	const elapsed = old && snapshot.uptimeNanos - old.uptimeNanos;
	const workers = snapshot.workers.map((worker, i) => ({
		...worker,
		busy: old?.workers[i] ? Math.max(0, Math.min(1, (worker.busyNanos - old.workers[i].busyNanos) / elapsed)) : null,
		rate: old?.workers[i] ? (worker.polls - old.workers[i].polls) * 1e9 / elapsed : null,
	}));
	return { snapshot, past, routes, workers };
}

function reason({ response, message }) {
	switch (response?.status) {
		case 401:
		case 403:
			return 'The application does not let Spring Boot Admin read its endpoint "loopline".';
		case 404:
			return 'The endpoint "loopline" is not exposed: management.endpoints.web.exposure.include has to name it.';
		default:
			return message;
	}
}

/* ---------- Parts ---------- */

function panel(title, subtitle, content) {
	return h(resolveComponent('sba-panel'), { title, subtitle }, { default: () => content });
}

function verdictOf({ snapshot, past }, instance) {
	const [level, sentence] = verdict(snapshot, past);
	const [icon, word] = LEVELS[level];
	const address = consoleOf(instance);
	return h('div', { class: 'loopline-verdict', 'data-level': level }, [
		h('span', { class: 'loopline-icon', 'aria-hidden': true }, icon),
		h('p', [h('b', { role: 'status' }, word), ' ', sentence]),
		address && h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, 'Open the console ↗'),
	]);
}

/** Returns where the application's own page is, unless addresses are not to be shown. What registers can say anything. */
function consoleOf(instance) {
	const { managementUrl } = instance.registration;
	return instance.showUrl() && /^https?:/i.test(managementUrl ?? '') ? managementUrl.replace(/\/*$/, '/loopline/console') : null;
}

function bars(steps, label) {
	const most = Math.max(1, ...steps);
	return h('svg', { class: 'loopline-bars', viewBox: `0 0 ${steps.length} 10`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
		steps.map((count, i) => count > 0 && h('rect', { x: i + .1, width: .8, y: 10 - Math.max(1, 10 * count / most), height: Math.max(1, 10 * count / most) })));
}

function figures({ snapshot, past, workers }) {
	const taken = snapshot.blocking.threads - snapshot.blocking.idleThreads;
	const stalls = sum(past.stalls);
	const refused = sum(past.refused);
	const busy = workers.every((worker) => worker.busy !== null) ? sum(workers.map((worker) => worker.busy)) / workers.length : null;
	const figure = (title, value, note, level, more) => h('div', { class: 'loopline-figure', 'data-level': level }, [
		h('h3', title), h('p', [h('span', value), ' ', h('small', note)]), more]);
	return h('div', { class: 'loopline-figures' }, [
		figure('Stalls', number(stalls), 'in 15 min', stalls && 'warn', bars(past.stalls, plural(stalls, 'stall') + ' in 15 minutes')),
		figure('Refused', number(refused), 'in 15 min', refused && 'bad', bars(past.refused, plural(refused, 'request') + ' refused in 15 minutes')),
		figure('Blocking threads', number(taken), `of ${snapshot.config.blockingMaxThreads}`, taken >= snapshot.config.blockingMaxThreads && 'bad'),
		figure('Workers busy', busy === null ? '–' : Math.round(busy * 100) + ' %', `of ${workers.length}`, busy > .9 && 'warn'),
		figure('Connections', number(snapshot.strands.connection ?? 0), `of ${number(total(snapshot.strands))} strands`),
	]);
}

/* ---------- Culprits ---------- */

function culprits({ past, snapshot }, all, toggle) {
	const culprits = sorted(past.culprits);
	const { foreign } = past;
	if (!culprits.length && !foreign.length) {
		return panel('Culprits', undefined, h('p', { class: 'loopline-empty' }, nobody(past.stalls)));
	}
	return panel('Culprits', 'of the last 15 minutes', h('div', { class: 'loopline-culprits' }, [
		culprits.slice(0, all ? undefined : SHOWN).map((entry) => culpritOf(entry, snapshot)),
		foreign.map((pool) => foreignOf(pool, snapshot)),
		culprits.length > SHOWN && h(resolveComponent('sba-button'), { 'aria-expanded': all, onClick: toggle },
			{ default: () => all ? 'Show fewer' : `Show ${culprits.length - SHOWN} more` }),
	]));
}

function culpritOf({ recent, steps, culprit }, snapshot) {
	const kinds = [culprit.blocking && 'blocks', culprit.burning && 'burns processor', culprit.running && `${culprit.running} now`];
	return entry(`${culprit.method} ${culprit.frame} ${subject(culprit)}`, culprit.running > 0,
		[h('b', subject(culprit) ?? 'unknown route'), h('code', breakable(culprit.frame ?? culprit.method))],
		bars(steps, `${number(sum(steps))} stalls over 15 minutes`),
		[h('b', plural(recent, 'stall')), `longest ${time(culprit.maxNanos)}`],
		[lastly(Date.parse(culprit.lastSeen), snapshot), h('small', [`first ${clock(Date.parse(culprit.firstSeen))}`, ...kinds].filter(Boolean).join(' · '))],
		culprit, remedy(culprit));
}

/** A thread that is not Loopline's: nobody can take its work over. */
function foreignOf({ library, pool, stalls, advice, lastStall }, snapshot) {
	return entry(`${library} ${pool}`, lastStall.running,
		[h('b', `${library}: ${pool}`), h('code', breakable(lastStall.frame ?? ''))],
		h('p', ['Others wait for this thread. ', advice && advice + '.']),
		[h('b', plural(stalls, 'stall')), `last one ${time(lastStall.nanos)}`],
		[lastStall.running ? 'now' : lastly(snapshot.timestamp - lastStall.ageNanos / 1e6, snapshot),
			h('small', lastStall.kind === 'burning' ? 'burns processor' : 'blocks')],
		lastStall);
}

const breakable = (name) => words(name).flatMap((word) => [word, h('wbr')]);

function entry(key, running, who, middle, cost, when, { frame, stack }, advice) {
	return h('details', { key, class: 'loopline-culprit', 'data-running': running || null }, [
		h('summary', [h('span', who), middle, h('span', cost), h('span', when)]),
		advice && h('p', { class: 'loopline-advice' }, advice),
		h('pre', { tabindex: 0, 'aria-label': 'Stack of the last stall' }, stack.map((each) => h('span', { class: { 'loopline-own': each === frame } }, each + '\n'))),
	]);
}

/* ---------- Tables ---------- */

/** Returns a table whose columns have [title, class], and its rows a key and then [value, level] each. */
function table(name, columns, rows) {
	return h('div', { class: 'loopline-scroll', tabindex: 0, role: 'region', 'aria-label': name }, h('table', [
		h('thead', h('tr', columns.map(([title, kind]) => h('th', { scope: 'col', class: kind }, title)))),
		h('tbody', rows.map(([key, ...cells]) => h('tr', { key }, [
			h('th', { scope: 'row' }, key),
			cells.map(([value, level], i) => h('td', { class: columns[i + 1][1], 'data-level': level || null }, value)),
		]))),
	]));
}

const count = (value, level) => [value ? number(value) : '·', value > 0 && level];

function routes({ routes }) {
	const wide = 'loopline-wide';
	return panel('Routes', 'timed while somebody looks', table('Routes',
		[['Route'], ['Requests', wide], ['p50', wide], ['p99'], ['Running', wide], ['Queued', wide], ['Blocked'], ['Stalls'], ['Longest', 'loopline-widest'], ['Refused', wide]],
		routes.map((route) => [route.route, count(route.requests), [route.requests ? time(route.p50Nanos) : '·'], [route.requests ? time(route.p99Nanos) : '·'],
			count(route.running), count(route.queued + route.lane, 'warn'), count(route.blocked, 'bad'), count(route.stalls, 'warn'),
			[route.maxNanos ? time(route.maxNanos) : '·'], count(route.refused, 'bad')])));
}

function workers({ workers }) {
	const wide = 'loopline-wide';
	const busy = (share) => h('span', { class: 'loopline-busy' }, [h('i', h('i', { style: { width: share * 100 + '%' } })), Math.round(share * 100) + ' %']);
	return panel('Workers', undefined, table('Workers',
		[['Worker'], ['Thread', 'loopline-text'], ['Busy'], ['Polls/s', wide], ['Queued', wide], ['Channels', wide], ['Timers', wide]],
		workers.map((worker) => {
			const stuck = worker.runningForNanos > STUCK;
			return [String(worker.index), [stuck ? `in one poll for ${time(worker.runningForNanos)}` : worker.thread, stuck && 'bad'],
				[worker.busy === null ? '–' : busy(worker.busy)], [worker.rate === null ? '–' : number(worker.rate)],
				count(worker.queueDepth), count(worker.ioRegistered), count(worker.timersArmed)];
		})));
}
