{{- define "labels" -}}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/name: gatewright
{{- with .labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
