{{- /* Refuses values of which each is fine and which make no sense together */}}
{{- define "loopline.checks" -}}
{{- range $probe := list "startup" "liveness" "readiness" }}
{{- if not (dig $probe dict ($.Values.probes | default dict)) }}
{{- fail (printf "probes.%s: must not be null or empty, the chart has no pods without it; set its numbers instead" $probe) }}
{{- end }}
{{- end }}
{{- if not .Values.resources }}
{{- fail "resources: must not be null or empty, the heap is sized by the memory limit; set single ones to null to leave them out" }}
{{- end }}
{{- if eq (int .Values.containerPort) (int .Values.management.port) }}
{{- fail (printf "containerPort: is %v, as is management.port; the management port must be another" .Values.containerPort) }}
{{- end }}
{{- with .Values.autoscaling }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "autoscaling.minReplicas: %v is more than maxReplicas, which is %v" .minReplicas .maxReplicas) }}
{{- end }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- fail "ingress.hosts: is empty, and an ingress needs at least one host" }}
{{- end }}
{{- range $value := list "commonLabels" "podLabels" }}
{{- range $label, $_ := get $.Values $value }}
{{- if has $label (list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component") }}
{{- fail (printf "%s: %s is what the selectors go by and cannot be set here; nameOverride sets the name" $value $label) }}
{{- end }}
{{- end }}
{{- end }}
{{- include "loopline.checkSettings" . }}
{{- include "loopline.checkEnv" . }}
{{- end }}

{{- /* Probes, services and scrapes go by the values of the chart, whatever the application is told */}}
{{- define "loopline.checkSettings" -}}
{{- $values := dict "server.port" (list "containerPort" .Values.containerPort) }}
{{- $_ := set $values "management.server.port" (list "management.port" .Values.management.port) }}
{{- $_ := set $values "management.endpoints.web.basepath" (list "management.basePath" .Values.management.basePath) }}
{{- range $line := include "loopline.settings" . | splitList "\n" }}
{{- $setting := splitn "=" 2 $line }}
{{- with get $values $setting._0 }}
{{- if and $setting._1 (ne (toString (last .)) $setting._1) }}
{{- fail (printf "%s: is %s, and %s is %v; set %s alone" $setting._0 $setting._1 (first .) (last .) (first .)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "loopline.checkEnv" -}}
{{- $seen := dict "SPRING_CONFIG_ADDITIONAL_LOCATION" "config" }}
{{- if include "loopline.jvmOptions" . }}
{{- $_ := set $seen "JAVA_TOOL_OPTIONS" "jvmOptions and processors" }}
{{- end }}
{{- range $env := .Values.extraEnv }}
{{- with get $seen $env.name }}
{{- fail (printf "extraEnv: %s is set twice, it is there already for %s" $env.name .) }}
{{- end }}
{{- $_ := set $seen $env.name "extraEnv" }}
{{- end }}
{{- end }}
