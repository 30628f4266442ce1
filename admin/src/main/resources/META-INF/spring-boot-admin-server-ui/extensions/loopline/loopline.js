// Spring Boot Admin runs this as a script. The view is a module elsewhere, as all scripts in this folder would be run.
(() => {
	const view = new URL('../../loopline/view.js', document.currentScript.src).href;
	SBA.use({
		install({ viewRegistry }) {
			viewRegistry.setGroupIcon('loopline', `<svg class="h-5 w-5 mr-3" fill="none" viewBox="0 0 24 24" stroke="currentColor"
				stroke-width="2.5" stroke-linecap="round" aria-hidden="true"><path d="M19 6.5A9 9 0 1 0 19 17.5"/></svg>`);
			viewRegistry.addView({
				name: 'instances/loopline',
				parent: 'instances',
				path: 'loopline',
				label: 'Loopline',
				group: 'loopline',
				order: 130,
				component: () => import(view),
				isEnabled: ({ instance }) => instance.hasEndpoint('loopline'),
			});
		},
	});
})();
