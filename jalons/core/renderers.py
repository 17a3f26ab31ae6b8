"""How forms are written on a page: our templates instead of Django's, for every form."""

from django.forms.renderers import TemplatesSetting


class JalonsRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
