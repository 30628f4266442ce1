{{- define "loopline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
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
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "loopline.selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "loopline.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "loopline.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "loopline.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{- /* Fewest pods there will be, "true" if that is more than one */}}
{{- define "loopline.severalPods" -}}
{{- $pods := ternary .Values.autoscaling.minReplicas .Values.replicas .Values.autoscaling.enabled }}
{{- if gt (int $pods) 1 }}true{{ end }}
{{- end }}

{{- /* Readiness must have been seen to fail before the application stops accepting */}}
{{- define "loopline.gracePeriodSeconds" -}}
{{- $probe := .Values.probes.readiness }}
{{- $seen := add (mul $probe.periodSeconds $probe.failureThreshold) 1 }}
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

{{- define "loopline.probe" -}}
httpGet:
  path: {{ .path }}
  port: management
{{ toYaml .settings }}
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
    {{- include "loopline.labels" $ | nindent 4 }}
    app.kubernetes.io/component: test
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  {{- with $.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml $.Values.podSecurityContext | nindent 4 }}
  containers:
    - name: test
      image: {{ printf "%s:%s" $.Values.tests.image.repository $.Values.tests.image.tag }}
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

{{- define "loopline.managementUrl" -}}
http://{{ include "loopline.fullname" . }}:{{ .Values.management.port }}{{ trimSuffix "/" .Values.management.basePath }}
{{- end }}
