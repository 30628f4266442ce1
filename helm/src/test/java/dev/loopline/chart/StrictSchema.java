package dev.loopline.chart;

import java.lang.reflect.Method;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;

/**
 * Refuses an object with a field that its kind does not have, a value of the wrong type
 * or, where the kind is one of Kubernetes' own, without a field that it must have.
 */
final class StrictSchema {

	/**
	 * By API version and kind: a model that is strict on types, and one on what is
	 * required.
	 */
	private static final Map<String, Models> KINDS = Map.ofEntries(
			Map.entry("v1/ConfigMap", new Models(ConfigMap.class, V1ConfigMap.class)),
			Map.entry("v1/Pod", new Models(Pod.class, V1Pod.class)),
			Map.entry("v1/Secret", new Models(Secret.class, V1Secret.class)),
			Map.entry("v1/Service", new Models(Service.class, V1Service.class)),
			Map.entry("v1/ServiceAccount", new Models(ServiceAccount.class, V1ServiceAccount.class)),
			Map.entry("apps/v1/Deployment", new Models(Deployment.class, V1Deployment.class)),
			Map.entry("autoscaling/v2/HorizontalPodAutoscaler",
					new Models(HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler.class)),
			Map.entry("networking.k8s.io/v1/Ingress", new Models(Ingress.class, V1Ingress.class)),
			Map.entry("networking.k8s.io/v1/NetworkPolicy", new Models(NetworkPolicy.class, V1NetworkPolicy.class)),
			Map.entry("policy/v1/PodDisruptionBudget",
					new Models(PodDisruptionBudget.class, V1PodDisruptionBudget.class)),
			Map.entry("gateway.networking.k8s.io/v1/HTTPRoute", new Models(HTTPRoute.class)),
			Map.entry("monitoring.coreos.com/v1/PrometheusRule", new Models(PrometheusRule.class)),
			Map.entry("monitoring.coreos.com/v1/ServiceMonitor", new Models(ServiceMonitor.class)));

	private static final ObjectMapper mapper = JsonMapper.builder()
		.annotationIntrospector(new NoCatchAll())
		.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
		.build();

	private StrictSchema() {
	}

	static void check(Manifest manifest) {
		Models models = KINDS.get(manifest.apiVersion() + "/" + manifest.kind());
		if (models == null) {
			throw new AssertionError("No model for " + manifest.apiVersion() + " " + manifest.kind());
		}
		try {
			mapper.treeToValue(mapper.valueToTree(manifest.content()), models.types());
		}
		catch (JsonProcessingException ex) {
			throw new AssertionError(manifest + ": " + ex.getMessage(), ex);
		}
		if (models.required() != Void.class) {
			checkRequired(manifest, models.required());
		}
	}

	private static void checkRequired(Manifest manifest, Class<?> model) {
		try {
			Method validate = model.getMethod("validateJsonElement", JsonElement.class);
			validate.invoke(null, new Gson().toJsonTree(manifest.content()));
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(manifest + ": " + ex.getCause(), ex);
		}
	}

	private record Models(Class<?> types, Class<?> required) {

		Models(Class<?> types) {
			this(types, Void.class);
		}

	}

	/**
	 * Closes the door through which the models let in unknown fields.
	 */
	private static final class NoCatchAll extends JacksonAnnotationIntrospector {

		@Override
		public Boolean hasAnySetter(Annotated annotated) {
			return false;
		}

	}

}
