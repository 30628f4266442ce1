import { $, element, fetchJson, setText, sum } from './text.js';
import { place, plural, subject } from './verdict.js';

// The stacks of stalls as a flame graph: callers above, what they called below, as wide as they were often seen.

const ROW = 24;
const NARROWEST = 3;
const LEGIBLE = 32;
const REFRESH = 8000;

let culprits = [];
let root = null;
let zoom = []; // methods from the root inwards
let cells = [];
let loaded = 0;

function svg(name, attributes, ...content) {
	const made = document.createElementNS('http://www.w3.org/2000/svg', name);
	Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
	made.append(...content);
	return made;
}

const samples = (frames) => sum(frames.map((frame) => frame.samples));

/** Frames of the same method below the same callers are one. */
function merge(frames) {
	const found = new Map();
	frames.forEach((frame) => found.set(frame.method, [...found.get(frame.method) ?? [], frame]));
	return [...found.values()].map((same) => ({ ...same[0], samples: samples(same), callees: merge(same.flatMap((frame) => frame.callees)) }))
		.sort((a, b) => b.samples - a.samples);
}

const route = (culprit) => subject(culprit) ?? 'unknown route';

const key = (culprit) => [culprit.frame ?? culprit.method, subject(culprit)].join(' ');

/** Where each frame is. What was chosen and its callers are as wide as everything. */
function layOut(width) {
	const found = [];
	const put = (node, path, x, wide) => {
		found.push({ node, path, x, wide });
		const next = path.every((method, i) => method === zoom[i]) ? zoom[path.length] : undefined;
		let left = x;
		for (const callee of node.callees) {
			const part = next === undefined ? wide * callee.samples / node.samples : callee.method === next ? wide : 0;
			if (part >= NARROWEST) {
				put(callee, [...path, callee.method], left, part);
			}
			left += part;
		}
	};
	put(root, [], 0, width);
	return found;
}

/** Cut off, not shortened: half a word has no name. */
function nameOf({ node, x, wide }, y) {
	const name = node.route ? node.method : node.method.split('.').slice(-2).join('.');
	return wide < LEGIBLE ? '' : svg('svg', { x, y, width: wide - 5, height: ROW }, svg('text', { x: 5, y: 16 }, name));
}

function describe({ node }) {
	return `${node.method}: ${+(100 * node.samples / root.samples).toFixed(1)} %, ${plural(node.samples, 'stack')}`;
}

function kind({ node }) {
	return node.route ? 'route' : node.application ? 'own' : 2 * samples(node.callees) < node.samples ? 'leaf' : 'other';
}

function draw(cell) {
	const { path, x, wide } = cell;
	const y = path.length * ROW;
	cell.drawn = svg('g', { class: kind(cell), role: 'button', tabindex: -1, 'aria-label': describe(cell), 'data-path': path.join('\n') },
		svg('rect', { x, y, width: wide - 1, height: ROW - 1, rx: 2 }), nameOf(cell, y));
	return cell.drawn;
}

export function redrawFlame() {
	const width = $('flame').clientWidth - 2;
	if (!root?.samples || width < 0) {
		return;
	}
	const focused = document.activeElement.closest('#flame g')?.dataset.path;
	cells = layOut(width);
	const height = ROW * (1 + Math.max(...cells.map((cell) => cell.path.length)));
	$('flame').replaceChildren(svg('svg', { width: width + 2, height, viewBox: `-1 -1 ${width + 2} ${height}`, role: 'group', 'aria-labelledby': 'flame-title' }, ...cells.map(draw)));
	const current = cells.find((cell) => cell.drawn.dataset.path === (focused ?? zoom.join('\n'))) ?? cells[0];
	current.drawn.setAttribute('tabindex', 0);
	if (focused !== undefined) {
		current.drawn.focus();
	}
	say(current);
}

const say = (cell) => setText($('flame-text'), describe(cell));

function zoomTo(path) {
	zoom = path;
	redrawFlame();
}

function go(from, to) {
	if (to) {
		from.drawn.setAttribute('tabindex', -1);
		to.drawn.setAttribute('tabindex', 0);
		to.drawn.focus();
	}
}

const KEYS = {
	ArrowRight: (at) => go(at, row(at, 0).find((cell) => cell.x > at.x)),
	ArrowLeft: (at) => go(at, row(at, 0).findLast((cell) => cell.x < at.x)),
	ArrowUp: (at) => go(at, row(at, -1).find((cell) => calls(cell, at))),
	ArrowDown: (at) => go(at, row(at, 1).find((cell) => calls(at, cell))),
	Enter: (at) => zoomTo(at.path),
	' ': (at) => zoomTo(at.path),
	Escape: () => zoomTo([]),
};

const row = (at, below) => cells.filter((cell) => cell.path.length === at.path.length + below);

const calls = (outer, inner) => outer.path.every((method, i) => method === inner.path[i]);

/** Asks for the stacks, but not at every look: there may be many. */
export async function loadSamples(wanted) {
	if (culprits.length && Date.now() - loaded < REFRESH) {
		return;
	}
	const found = await fetchJson('samples');
	if (!wanted()) {
		return;
	}
	loaded = Date.now();
	({ culprits } = found);
	const chosen = $('flame-of').value;
	$('flame-section').hidden = !culprits.length;
	$('flame-of').replaceChildren(element('option', { value: '' }, 'All culprits'),
		...culprits.map((each) => element('option', { value: key(each) }, `${route(each)} · ${place(each)}`)));
	$('flame-of').value = culprits.some((each) => key(each) === chosen) ? chosen : '';
	choose();
}

function choose() {
	const chosen = $('flame-of').value;
	const routes = merge(culprits.filter((each) => !chosen || key(each) === chosen).map((each) => ({ ...each, method: route(each), route: true })));
	root = { method: 'all stalls', route: true, samples: samples(routes), callees: routes };
	for (let at = root, i = 0; i < zoom.length; i++) {
		at = at.callees.find((callee) => callee.method === zoom[i]);
		if (!at) {
			zoom = []; // it is no longer known
		}
	}
	setText($('flame-hint'), `${plural(root.samples, 'stack')} of stalls that were looked at in the last 15 minutes`);
	redrawFlame();
}

$('flame-of').addEventListener('change', choose);
for (const name of ['pointerover', 'focusin', 'click', 'keydown']) {
	$('flame').addEventListener(name, (event) => {
		const cell = cells.find((each) => each.drawn === event.target.closest('g'));
		const act = name === 'click' ? KEYS.Enter : KEYS[event.key];
		if (cell && act) {
			event.preventDefault();
			cell.drawn.focus();
			act(cell);
		}
		else if (cell) {
			say(cell);
		}
	});
}
