package dev.loopline.chart;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kubernetes' "restricted" pod security standard, and a root that cannot be written to.
 */
final class RestrictedPods {

	private RestrictedPods() {
	}

	/** Checks a pod, or the template of one. */
	static void check(Manifest pod) {
		assertThat(pod.<Object>get("spec", "securityContext")).asString()
			.contains("runAsNonRoot=true", "seccompProfile={type=RuntimeDefault}");
		assertThat(pod.<Object>get("spec", "containers", 0, "securityContext")).asString()
			.contains("allowPrivilegeEscalation=false", "drop=[ALL]", "readOnlyRootFilesystem=true");
	}

}
