import { $, element, number, setText, time } from './text.js';

// What the server lets in: the limits of routes, and how much of everything while it is overloaded.

let before = null;

/** Per second, between this snapshot and the one before. */
function rates(snapshot) {
	const elapsed = before && snapshot.uptimeNanos > before.uptimeNanos ? snapshot.uptimeNanos - before.uptimeNanos : 0;
	const old = new Map((before?.limits ?? []).map((limit) => [limit.name, limit]));
	return (limit, name) => elapsed && old.has(limit.name) ? (limit[name] - old.get(limit.name)[name]) * 1e9 / elapsed : 0;
}

function cell(value, level) {
	return element('td', { class: 'number', data: { level: value && level ? level : '' } }, value ? String(number(value)) : '·');
}

function inFlight(limit) {
	const text = limit.maxConcurrent === null ? '·' : `${number(limit.inFlight)} of ${number(limit.maxConcurrent)}`;
	return element('td', { class: 'number', data: { level: limit.maxConcurrent !== null && limit.inFlight >= limit.maxConcurrent ? 'warn' : '' } }, text);
}

export function drawLimits(snapshot) {
	const { limits, overload } = snapshot;
	const rate = rates(snapshot);
	$('limits-section').hidden = limits.length === 0 && !overload?.overloaded;
	setText($('limits-hint'), overload?.overloaded
		? `Overloaded: work waits ${time(overload.delayNanos)} for a worker, ${Math.round(overload.admitted * 100)} % of the requests are served`
		: 'per second, and what is in force now');
	$('limits-table').hidden = limits.length === 0;
	$('limits').replaceChildren(...limits.map((limit) => element('tr', null,
		element('th', { scope: 'row', class: 'name', title: limit.routes.join(', ') }, limit.name), inFlight(limit), cell(limit.queued, 'warn'),
		cell(rate(limit, 'accepted')), cell(rate(limit, 'refused'), 'bad'), cell(rate(limit, 'rateLimited'), 'warn'), cell(rate(limit, 'timedOut'), 'bad'))));
	before = snapshot;
}
