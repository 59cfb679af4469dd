{{/* What holds for every pod: nobody in particular, without rights, and no word with Kubernetes. */}}
{{- define "chess.pod" -}}
automountServiceAccountToken: false
# Kubernetes would say CHESS_ANALYTICS_PORT=tcp://… of a service of such a name.
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{/* What holds for every container. */}}
{{- define "chess.container" -}}
image: {{ include "chess.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Where pods go. Of (dict "root" $ "role" … "pool" … "of" VALUES "kind" "server"). */}}
{{- define "chess.placing" -}}
{{- with include "chess.priorityClass" (dict "root" .root "own" .of.priorityClassName "kind" .kind) }}
priorityClassName: {{ . }}
{{- end }}
{{- with .of.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .of.spreadOver }}
topologySpreadConstraints:
  {{- $all := . }}
  {{- range .of.spreadOver }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "chess.selector" $all | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Numbers as numbers: Helm would write a million as 1e+06. */}}
{{- define "chess.plain" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{ int64 . }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end -}}

{{- define "chess.databaseEnv" -}}
- name: CHESS_ANALYTICS_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: {{ .Values.database.key }}
{{- if .Values.database.caSecret.name }}
- name: PGSSLROOTCERT
  value: /etc/chess-analytics/database/ca.crt
{{- end }}
{{- end -}}

{{/* Of (dict "root" $ "folder" FOLDER "shown" true): what all roles that stay are told. */}}
{{- define "chess.env" -}}
{{- include "chess.databaseEnv" .root }}
- name: CHESS_ANALYTICS_BROKER_URL
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.broker.existingSecret }}
      key: {{ .root.Values.broker.key }}
- name: CHESS_ANALYTICS_PUBLIC_URL
  value: {{ .root.Values.publicUrl | quote }}
- name: CHESS_ANALYTICS_DATA_DIR
  value: {{ .folder }}
{{- if .shown }}
{{- with .root.Values.sentry.existingSecret }}
- name: CHESS_ANALYTICS_SENTRY_DSN
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.root.Values.sentry.key }}
{{- end }}
{{- if .root.Values.monitoring.enabled }}
- name: CHESS_ANALYTICS_METRICS_HOST
  value: 0.0.0.0
- name: CHESS_ANALYTICS_METRICS_PORT
  value: {{ .root.Values.monitoring.port | quote }}
{{- end }}
{{- end }}
{{- range $name, $value := .root.Values.settings }}
- name: CHESS_ANALYTICS_{{ upper $name }}
  value: {{ include "chess.plain" $value | quote }}
{{- end }}
{{- range $name, $value := .root.Values.environment }}
- name: {{ $name }}
  value: {{ include "chess.plain" $value | quote }}
{{- end }}
{{- end -}}

{{/* Of (dict "root" $ "shared" true): folders that may be written, and what has to be read. */}}
{{- define "chess.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 1Gi
{{- if .shared }}
# Locks between a worker's processes, and what engines share of their nets.
- name: shared-memory
  emptyDir:
    medium: Memory
    sizeLimit: 256Mi
{{- end }}
{{- with .root.Values.database.caSecret }}
{{- if .name }}
- name: database-ca
  secret:
    secretName: {{ .name }}
    items:
      - key: {{ .key }}
        path: ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{- define "chess.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .shared }}
- name: shared-memory
  mountPath: /dev/shm
{{- end }}
{{- if .root.Values.database.caSecret.name }}
- name: database-ca
  mountPath: /etc/chess-analytics/database
  readOnly: true
{{- end }}
{{- end -}}

{{/* A check of ours as a probe, of (dict "words" (list …) "every" 60 "failures" 5). It starts a process: 1 to 2 s. */}}
{{- define "chess.checked" -}}
exec:
  command: {{ prepend .words "chess-analytics" | toJson }}
periodSeconds: {{ .every }}
timeoutSeconds: 30
failureThreshold: {{ .failures }}
{{- end -}}
