// Runs before the page is drawn, so that it never flashes in the wrong theme.
(() => {
	let chosen = null;
	try {
		chosen = localStorage.getItem('loopline-theme');
	}
	catch {
		// Storage may be forbidden: the system's theme it is.
	}
	const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
	document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
