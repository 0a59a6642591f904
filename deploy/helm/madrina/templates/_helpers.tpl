{{- define "madrina.image" -}}
{{- with .Values.image }}{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}{{ end }}
{{- end }}

{{- define "madrina.host" -}}
{{- (urlParse .Values.config.WEB_URL).hostname }}
{{- end }}
