import { element } from './text.js';

// What words of the page mean, in those of docs/glossary.md. A word shows it to who points at it, comes to it by keyboard or touches it.

const TERMS = {
	'worker': 'a driver, a timer wheel and the right to run work; as many as processors. It changes threads',
	'strand': 'a serial queue that is scheduled and stolen as a unit: its items run one at a time, in order, on whichever worker polls it. The word is Boost.Asio\'s',
	'poll': 'one turn of work on a thread, from when it is dequeued until it is done, has nothing to do, or yields',
	'stall': 'a poll that outlasts loopline.stall.threshold, by its own time: the wait for a processor is taken off',
	'culprit': 'the line of the application that stalled, and its route or task. (unsampled) where nobody could look',
	'handoff': 'the monitor moves a stuck thread\'s worker to another thread',
	'slow lane': 'where work that stalled runs next time, beside the workers: blockers at once, burners as far as their share of the processors goes',
	'blocking pool': 'the threads for jobs, the lane and stand-ins; loopline.blocking.max-threads of them',
	'schedule latency': 'how long work was in a queue before a worker polled it',
	'permit': 'the right of a request to be handled, of which a limit has so many; who gets none waits in its queue or is refused',
	'lint': 'what may be wrong with a strand now or in the last minute, in the console',
};

const tip = element('div', { id: 'definition', class: 'definition', role: 'tooltip', hidden: '' });

let shown = null;

function show(word) {
	if (shown !== word) {
		hide();
		shown = word;
		const name = word.dataset.term;
		tip.replaceChildren(element('b', null, name), ' ', TERMS[name], '.');
		tip.hidden = false;
		word.setAttribute('aria-describedby', tip.id);
	}
	const { left, bottom, top } = word.getBoundingClientRect();
	const below = bottom + tip.offsetHeight + 8 < innerHeight;
	tip.style.left = Math.max(8, Math.min(left, innerWidth - tip.offsetWidth - 8)) + 'px';
	tip.style.top = (below ? bottom + 4 : top - tip.offsetHeight - 4) + 'px';
}

function hide() {
	shown?.removeAttribute('aria-describedby');
	shown = null;
	tip.hidden = true;
}

/** Returns a word that can be asked. */
export function term(name, text) {
	const word = element('button', { type: 'button', class: 'term', data: { term: name } }, text);
	const leave = () => setTimeout(() => shown === word && document.activeElement !== word && !tip.matches(':hover') && hide(), 150);
	word.addEventListener('pointerenter', () => show(word));
	word.addEventListener('pointerleave', leave);
	word.addEventListener('focus', () => show(word));
	word.addEventListener('blur', hide);
	word.addEventListener('click', () => show(word));
	return word;
}

tip.addEventListener('pointerleave', () => document.activeElement !== shown && hide());
document.body.append(tip);
// Who comes to a word by keyboard makes the page scroll to it
addEventListener('scroll', () => shown && (document.activeElement === shown ? show(shown) : hide()), { passive: true, capture: true });
addEventListener('pointerdown', (event) => event.target.closest('.term, .definition') || hide());
addEventListener('keydown', (event) => event.key === 'Escape' && hide());
for (const each of document.querySelectorAll('[data-term]')) {
	each.replaceWith(term(each.dataset.term, each.textContent));
}
