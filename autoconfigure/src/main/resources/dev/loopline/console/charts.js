// Three small charts on canvases: a line, the lane of a worker, a heat map over time.

const styles = getComputedStyle(document.documentElement);

export function color(name) {
	return styles.getPropertyValue('--' + name).trim();
}

/** Returns a context in CSS pixels, cleared. */
function prepare(canvas) {
	const { width, height } = canvas.getBoundingClientRect();
	const scale = devicePixelRatio || 1;
	const pixels = [Math.round(width * scale), Math.round(height * scale)];
	if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
		[canvas.width, canvas.height] = pixels;
	}
	const g = canvas.getContext('2d');
	g.setTransform(scale, 0, 0, scale, 0, 0);
	g.clearRect(0, 0, width, height);
	return { g, width, height };
}

/** Draws values, the last one at the right edge, over an area. */
export function sparkline(canvas, values, slots, top = 0) {
	const { g, width, height } = prepare(canvas);
	const max = Math.max(top, ...values) || 1;
	const step = width / (slots - 1);
	const x = (i) => width - (values.length - 1 - i) * step;
	const y = (value) => height - 1.5 - (height - 4) * value / max;
	if (values.length < 2) {
		return;
	}
	g.beginPath();
	values.forEach((value, i) => g.lineTo(x(i), y(value)));
	g.strokeStyle = color('accent');
	g.lineWidth = 1.5;
	g.lineJoin = 'round';
	g.stroke();
	g.lineTo(width, height);
	g.lineTo(x(0), height);
	g.closePath();
	g.globalAlpha = .13;
	g.fillStyle = color('accent');
	g.fill();
	g.globalAlpha = 1;
}

/** Draws a bar per step for each of [values, name of a colour], the later ones on top. */
export function bars(canvas, series) {
	const { g, width, height } = prepare(canvas);
	const slots = series[0][0].length;
	const step = width / slots;
	const sums = series[0][0].map((_, i) => series.reduce((sum, [values]) => sum + values[i], 0));
	const max = Math.max(1, ...sums);
	g.fillStyle = color('line');
	g.fillRect(0, height - 1, width, 1);
	for (let i = 0; i < slots; i++) {
		let bottom = height - 1;
		for (const [values, name] of series) {
			const tall = values[i] && Math.max(2, (height - 2) * values[i] / max);
			g.fillStyle = color(name);
			g.fillRect(i * step, bottom - tall, Math.max(1, step - 1), tall);
			bottom -= tall;
		}
	}
}

/** Draws columns {busy: 0..1, queue, steals, stuck}, the last one at the right edge. */
export function lane(canvas, columns, slots, maxQueue) {
	const { g, width, height } = prepare(canvas);
	const step = width / slots;
	const gap = step > 4 ? 1 : 0;
	const left = (i) => width - (columns.length - i) * step;
	columns.forEach((column, i) => {
		g.fillStyle = color(column.stuck ? 'stuck' : 'busy');
		const tall = Math.max(column.busy > 0.001 ? 1 : 0, column.busy * (height - 8));
		g.fillRect(left(i), height - tall, step - gap, tall);
		if (column.steals > 0) {
			g.fillStyle = color('steal');
			g.fillRect(left(i), 0, step - gap, 3);
		}
	});
	g.beginPath();
	g.strokeStyle = color('queue');
	g.lineWidth = 1.5;
	columns.forEach((column, i) => g.lineTo(left(i) + step / 2, height - 1 - (height - 10) * column.queue / Math.max(4, maxQueue)));
	if (columns.some((column) => column.queue > 0)) {
		g.stroke();
	}
}

const LABEL_WIDTH = 52;
const SHADES = 33;

/** Returns shades between the four colours of the theme. */
function ramp() {
	const stops = ['heat-1', 'heat-2', 'heat-3', 'heat-4'].map((name) => color(name).match(/\w\w/g).map((part) => parseInt(part, 16)));
	return Array.from({ length: SHADES }, (_, i) => {
		const place = i * (stops.length - 1) / (SHADES - 1);
		const from = Math.min(stops.length - 2, Math.floor(place));
		return `rgb(${stops[from].map((part, j) => Math.round(part + (stops[from + 1][j] - part) * (place - from)))})`;
	});
}

/**
 * Draws columns of counts per row, the last column at the right edge, the first row at the bottom.
 * @return what finds the cell under a point
 */
export function heatmap(canvas, columns, slots, rows, labels) {
	const { g, width, height } = prepare(canvas);
	const step = (width - LABEL_WIDTH) / slots;
	const tall = (height - 4) / rows;
	const heat = ramp();
	g.fillStyle = color('heat-0');
	g.fillRect(LABEL_WIDTH, 0, width - LABEL_WIDTH, rows * tall);
	const max = Math.max(1, ...columns.flat());
	const left = (i) => width - (columns.length - i) * step;
	columns.forEach((counts, i) => counts.forEach((count, row) => {
		if (count > 0) {
			g.fillStyle = heat[Math.round(Math.sqrt(count / max) * (heat.length - 1))];
			g.fillRect(left(i), (rows - 1 - row) * tall, Math.ceil(step), Math.ceil(tall));
		}
	}));
	g.fillStyle = color('soft');
	g.font = '12px system-ui, sans-serif';
	g.textAlign = 'right';
	g.textBaseline = 'middle';
	for (const [row, text] of labels) {
		const y = (rows - row) * tall;
		g.fillText(text, LABEL_WIDTH - 8, Math.min(height - 8, Math.max(7, y)));
		g.globalAlpha = .18;
		g.fillRect(LABEL_WIDTH, Math.min(height - 5, y), width - LABEL_WIDTH, 1);
		g.globalAlpha = 1;
	}
	return (x, y) => {
		const column = columns.length - 1 - Math.floor((width - x) / step);
		const row = rows - 1 - Math.floor(y / tall);
		return x > LABEL_WIDTH && column >= 0 && row >= 0 && row < rows ? { column, row } : null;
	};
}
