{{- /* Named after the chart only if nothing else is said: most applications are not the demo */}}
{{- define "loopline.name" -}}
{{- coalesce .Values.nameOverride .Values.fullnameOverride .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "loopline.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "loopline.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "loopline.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "loopline.selectorLabels" -}}
app.kubernetes.io/name: {{ include "loopline.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "loopline.labels" -}}
{{- include "loopline.labelsWith" (dict "root" . "labels" dict) }}
{{- end }}

{{- /* The labels of an object with some of its own, each key once: root, labels */}}
{{- define "loopline.labelsWith" -}}
{{- with .root }}
{{- $chart := dict "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_") }}
{{- $_ := set $chart "app.kubernetes.io/managed-by" .Release.Service }}
{{- $_ := set $chart "app.kubernetes.io/version" (.Values.image.tag | default .Chart.AppVersion | trunc 63) }}
{{- toYaml (merge (dict) $.labels .Values.commonLabels (include "loopline.selectorLabels" . | fromYaml) $chart) }}
{{- end }}
{{- end }}

{{- define "loopline.podLabels" -}}
{{- $server := include "loopline.selectorLabels" . | fromYaml | merge (dict "app.kubernetes.io/component" "server") }}
{{- toYaml (merge $server .Values.podLabels .Values.commonLabels) }}
{{- end }}

{{- define "loopline.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "loopline.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "loopline.image" -}}
{{- $repository := include "loopline.repository" (dict "root" . "image" .Values.image) }}
{{- if .Values.image.digest }}
{{- printf "%s@%s" $repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{- /* Where an image is, with its registry: root, image */}}
{{- define "loopline.repository" -}}
{{- $global := .root.Values.global | default dict }}
{{- with $global.imageRegistry | default .image.registry }}{{ . }}/{{ end }}{{ .image.repository }}
{{- end }}

{{- define "loopline.imagePullSecrets" -}}
{{- $global := .Values.global | default dict }}
{{- with concat ($global.imagePullSecrets | default list) (.Values.imagePullSecrets | default list) | uniq }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* OpenShift gives each namespace its own range of users, and refuses others */}}
{{- define "loopline.podSecurityContext" -}}
{{- $context := .Values.podSecurityContext | default dict }}
{{- toYaml (.Values.openshift | ternary (omit $context "runAsUser" "runAsGroup" "fsGroup") $context) }}
{{- end }}

{{- /* Fewest pods there will be, "true" if that is more than one */}}
{{- define "loopline.severalPods" -}}
{{- $pods := ternary .Values.autoscaling.minReplicas .Values.replicas .Values.autoscaling.enabled }}
{{- if gt (int $pods) 1 }}true{{ end }}
{{- end }}

{{- /* Readiness must have been seen to fail before the application stops accepting */}}
{{- define "loopline.gracePeriodSeconds" -}}
{{- $probe := .Values.probes.readiness }}
{{- $seen := add (mul ($probe.periodSeconds | default 10) ($probe.failureThreshold | default 3)) 1 }}
{{- if lt (int .Values.shutdown.delaySeconds) (int $seen) }}
{{- fail (printf "shutdown.delaySeconds: %v is too short, the readiness probe takes %v seconds to notice (periodSeconds * failureThreshold + 1)" .Values.shutdown.delaySeconds $seen) }}
{{- end }}
{{- $needed := add .Values.shutdown.delaySeconds .Values.shutdown.drainSeconds 15 }}
{{- $wanted := int .Values.shutdown.gracePeriodSeconds }}
{{- if and $wanted (lt $wanted (int $needed)) }}
{{- fail (printf "shutdown.gracePeriodSeconds: %v is too short, delaySeconds + drainSeconds + 15 are %v seconds" $wanted $needed) }}
{{- end }}
{{- $wanted | default $needed }}
{{- end }}

{{- /* What the chart itself configures */}}
{{- define "loopline.ownConfig" -}}
loopline:
  shutdown:
    delay: {{ .Values.shutdown.delaySeconds }}s
  workers: {{ .Values.workers }}
management:
  endpoint:
    health:
      probes:
        enabled: true
  endpoints:
    web:
      base-path: {{ .Values.management.basePath }}
      exposure:
        include: {{ join "," .Values.management.endpoints }}
  server:
    address: 0.0.0.0
    port: {{ .Values.management.port }}
server:
  address: 0.0.0.0
  port: {{ .Values.containerPort }}
  shutdown: graceful
spring:
  lifecycle:
    timeout-per-shutdown-phase: {{ .Values.shutdown.drainSeconds }}s
{{- end }}

{{- define "loopline.config" -}}
{{- toYaml (mergeOverwrite (include "loopline.ownConfig" . | fromYaml) (deepCopy .Values.config)) }}
{{- end }}

{{- define "loopline.jvmOptions" -}}
{{- $options := .Values.jvmOptions }}
{{- with int .Values.processors }}
{{- $options = append $options (printf "-XX:ActiveProcessorCount=%d" .) }}
{{- end }}
{{- join " " $options }}
{{- end }}

{{- /* A probe of the management port: root, group, settings */}}
{{- define "loopline.probe" -}}
{{- $own := false }}
{{- range list "httpGet" "tcpSocket" "grpc" "exec" }}
{{- $own = or $own (hasKey $.settings .) }}
{{- end }}
{{- $path := printf "%s/health/%s" (trimSuffix "/" .root.Values.management.basePath) .group }}
{{- $get := dict "path" $path "port" "management" }}
{{- if eq (include "loopline.managementScheme" .root) "https" }}
{{- $_ := set $get "scheme" "HTTPS" }}
{{- end }}
{{- toYaml ($own | ternary .settings (merge (dict "httpGet" $get) .settings)) }}
{{- end }}

{{- /* A pod of "helm test" that runs a script: root, name, script */}}
{{- define "loopline.testPod" -}}
{{- $ := .root -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "loopline.fullname" $ }}-test-{{ .name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "loopline.labelsWith" (dict "root" $ "labels" (dict "app.kubernetes.io/component" "test")) | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  {{- with include "loopline.imagePullSecrets" $ }}
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    {{- include "loopline.podSecurityContext" $ | nindent 4 }}
  containers:
    - name: test
      image: {{ include "loopline.repository" (dict "root" $ "image" $.Values.tests.image) }}:{{ $.Values.tests.image.tag }}
      command: [sh, -ec]
      args:
        - |
          {{- .script | nindent 10 }}
      resources:
        requests:
          cpu: 10m
          memory: 16Mi
        limits:
          memory: 32Mi
      securityContext:
        {{- toYaml $.Values.securityContext | nindent 8 }}
{{- end }}

{{- define "loopline.managementName" -}}
{{ include "loopline.fullname" . | trunc 52 | trimSuffix "-" }}-management
{{- end }}

{{- define "loopline.managementUrl" -}}
{{ include "loopline.managementScheme" . }}://{{ include "loopline.managementName" . }}:{{ .Values.management.port }}{{ trimSuffix "/" .Values.management.basePath }}
{{- end }}

{{- /* Spring Boot's management port speaks TLS where the application does, unless it is told something of its own */}}
{{- define "loopline.managementScheme" -}}
{{- $own := include "loopline.tls" (dict "root" . "prefix" "management.server.ssl.") }}
{{- $said := lower .Values.management.scheme }}
{{- $said | default (ternary "http" "https" (ne ($own | default (include "loopline.scheme" .)) "https")) }}
{{- end }}

{{- define "loopline.scheme" -}}
{{- include "loopline.tls" (dict "root" . "prefix" "server.ssl.") | default "http" }}
{{- end }}

{{- /* What the settings say of TLS, "https", "http" or nothing: root, prefix */}}
{{- define "loopline.tls" -}}
{{- $scheme := "" }}
{{- range $line := include "loopline.settings" .root | splitList "\n" }}
{{- if hasPrefix $.prefix $line }}
{{- $scheme = $scheme | default "https" }}
{{- if eq $line (printf "%senabled=false" $.prefix) }}
{{- $scheme = "http" }}
{{- end }}
{{- end }}
{{- end }}
{{- $scheme }}
{{- end }}

{{- /* A line "key=value" for each setting of the application that the values name, however it is spelt */}}
{{- define "loopline.settings" -}}
{{- include "loopline.flat" (dict "prefix" "" "map" .Values.config) }}
{{- range .Values.extraEnv }}
{{- printf "%s=%v\n" (.name | lower | replace "_" ".") (.value | default "") }}
{{- end }}
{{- range .Values.extraArgs }}
{{- $argument := trimPrefix "--" . | splitn "=" 2 }}
{{- printf "%s=%s\n" ($argument._0 | lower | replace "-" "") ($argument._1 | default "") }}
{{- end }}
{{- end }}

{{- /* The same for a map, with a prefix: prefix, map */}}
{{- define "loopline.flat" -}}
{{- range $key, $value := .map }}
{{- $path := printf "%s%s" $.prefix ($key | lower | replace "-" "" | replace "_" "") }}
{{- if kindIs "map" $value }}
{{- include "loopline.flat" (dict "prefix" (printf "%s." $path) "map" $value) }}
{{- else }}
{{- printf "%s=%v\n" $path $value }}
{{- end }}
{{- end }}
{{- end }}
