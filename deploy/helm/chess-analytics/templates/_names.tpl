{{/* The name of all that the release makes; room is left for what is added to it. */}}
{{- define "chess.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* By these a role's pods are found. Of (dict "root" $ "role" "worker" "pool" "batch"), the pool where there is one. */}}
{{- define "chess.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- with .pool }}
chess-analytics/pool: {{ . }}
{{- end }}
{{- end -}}

{{/* Of the same. */}}
{{- define "chess.labels" -}}
{{ include "chess.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "chess.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "chess.publicHost" -}}
{{- $url := required "publicUrl is required: the address by which users reach the server, such as https://chess.example" .Values.publicUrl -}}
{{- index (splitList ":" (urlParse $url).host) 0 -}}
{{- end -}}

{{- define "chess.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ include "chess.fullname" . }}
{{- else -}}
{{ required "serviceAccount.name is required where none is created" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{/* Of (dict "root" $ "own" NAME "kind" "server"): the class that is named, or else the one that is created. */}}
{{- define "chess.priorityClass" -}}
{{- if .own -}}
{{ .own }}
{{- else if .root.Values.priorityClasses.create -}}
{{ printf "%s-%s-%s" .root.Release.Namespace (include "chess.fullname" .root) .kind }}
{{- end -}}
{{- end -}}
