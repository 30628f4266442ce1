// What all parts of the page are written with: everything that comes from the server becomes text, never markup.

export const $ = (id) => document.getElementById(id);

export function time(nanos) {
	if (nanos < 1e3) {
		return nanos > 0 ? '<1 µs' : '0';
	}
	const [value, unit] = nanos < 1e6 ? [nanos / 1e3, 'µs'] : nanos < 1e9 ? [nanos / 1e6, 'ms'] : [nanos / 1e9, 's'];
	if (unit === 's' && value >= 120) {
		return value < 7200 ? Math.round(value / 60) + ' min' : value < 172800 ? Math.round(value / 3600) + ' h'
			: Math.round(value / 86400) + ' d';
	}
	return (value < 10 ? value.toFixed(1) : Math.round(value)) + ' ' + unit;
}

export function number(value) {
	return value < 10000 ? String(Math.round(value))
		: value < 1e6 ? (value / 1e3).toFixed(value < 1e5 ? 1 : 0) + ' k' : (value / 1e6).toFixed(1) + ' M';
}

export function element(name, attributes, ...content) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (key === 'data') {
			Object.assign(made.dataset, value);
		}
		else if (value !== null && value !== undefined) {
			made.setAttribute(key, value);
		}
	}
	made.append(...content.flat());
	return made;
}

/** Returns the parts of a qualified name, between which a line may break. */
export const words = (name) => name.split(/(?<=[.(])/);

export const breakable = (name) => words(name).flatMap((word) => [word, element('wbr')]);

export function chip(text, key) {
	return element('span', { class: 'chip', data: { [key]: text } }, text);
}

export function setText(node, text) {
	if (node.textContent !== text) {
		node.textContent = text;
	}
}

export async function fetchJson(path) {
	const response = await fetch(path, { headers: { Accept: 'application/json' } });
	if (!response.ok) {
		throw Object.assign(new Error(path), { status: response.status });
	}
	return response.json();
}

export function total(counts) {
	return sum(Object.values(counts));
}

export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

export function clock(millis) {
	return new Date(millis).toLocaleTimeString([], { hour12: false });
}
