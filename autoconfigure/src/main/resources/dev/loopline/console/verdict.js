import { number, sum, time } from './text.js';

// How a server is, in one sentence, from its snapshot and what it kept of the last quarter of an hour.

const MINUTE = 4; // steps of the history

export const LEVELS = { good: ['✓', 'Calm'], warn: ['!', 'Stalls'], bad: ['✕', 'Incident'] };

export const plural = (count, one, many = one + 's') => `${number(count)} ${count === 1 ? one : many}`;

export function subject(culprit) {
	return culprit.route ?? culprit.handler ?? culprit.task;
}

/** Class and method without the package, and the line. */
export function place(culprit) {
	if (!culprit.frame && subject(culprit)) {
		return subject(culprit);
	}
	const [, method, line] = /^(?:.*\/)?(.*?)\((.*)\)$/.exec(culprit.frame ?? '') ?? [null, culprit.method, ''];
	const short = method.split('.').slice(-2).join('.');
	return line ? `${short} at ${line}` : short;
}

export function ago(millis, snapshot) {
	const passed = snapshot.timestamp - millis;
	return passed < 1000 ? 'just now' : time(passed * 1e6) + ' ago';
}

/** What stands where there are no culprits. */
export function nobody(stalls) {
	return sum(stalls) ? `${plural(sum(stalls), 'stall')} in the last 15 minutes, in no handler and no task that is known.`
		: 'No handler has kept a thread for longer than the stall threshold in the last 15 minutes.';
}

/** Lines of the application come first: they can be changed. */
export const sorted = (culprits) => [...culprits].sort((a, b) => !a.culprit.frame - !b.culprit.frame);

/** "last 3 s ago", or "just now". */
export function lastly(millis, snapshot) {
	return ago(millis, snapshot).replace(/^(?=\d)/, 'last ');
}

/** What the log says of it, too. */
export function remedy({ blocking, burning }) {
	return blocking < burning ? 'All share the processors: make it cheaper, do it in smaller steps, or list the route in loopline.web.blocking-routes.'
		: 'It costs a thread: return a Mono or Flux instead, call it through TaskRuntime.spawnBlocking, or list the route in loopline.web.blocking-routes.';
}

/** Returns the level, and the sentence. */
export function verdict(snapshot, past) {
	const taken = snapshot.blocking.threads - snapshot.blocking.idleThreads;
	const most = snapshot.config.blockingMaxThreads;
	const refused = sum(past.refused.slice(-MINUTE));
	if (taken >= most || refused > 0) {
		return ['bad', `${number(taken)} of ${most} threads for blocking work are taken; ${plural(refused, 'request was', 'requests were')} refused in the last minute.`];
	}
	const stuck = past.foreign.find((pool) => pool.lastStall.running);
	if (stuck) {
		return ['warn', `A thread of ${stuck.library} (${stuck.pool}) is held now: whoever else uses it waits.`];
	}
	const stalls = sum(past.stalls);
	const worst = sorted(past.culprits)[0];
	const who = worst ? `worst: ${place(worst.culprit)}, ${plural(worst.recent, 'stall')} in the last 15 minutes` : null;
	const held = past.running.length;
	if (held > 0) {
		return ['warn', `${plural(held, 'handler holds a thread', 'handlers hold threads')} now${who ? '; ' + who : ''}.`];
	}
	if (stalls > 0) {
		const when = worst ? `, the last one ${ago(Date.parse(worst.culprit.lastSeen), snapshot)}` : '';
		return ['warn', `No handler holds a thread now; ${who ?? plural(stalls, 'stall') + ' in the last 15 minutes'}${when}.`];
	}
	if (past.foreign.length) {
		const last = past.foreign[0];
		return ['warn', `A thread of ${last.library} (${last.pool}) was held, the last time ${ago(snapshot.timestamp - last.lastStall.ageNanos / 1e6, snapshot)}.`];
	}
	const young = snapshot.uptimeNanos < 900e9;
	return ['good', young ? `Nothing has stalled since the start, ${time(snapshot.uptimeNanos)} ago.` : 'Nothing has stalled for 15 minutes.'];
}
