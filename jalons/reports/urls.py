from django.urls import path

from jalons.reports.views import comparing, dashboard, taking

app_name = "reports"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("evolution/", dashboard.trends, name="trends"),
    path("fiche.<slug:extension>", taking.sheet, name="sheet"),
    path("dessin/", taking.chart, name="chart"),
    path("comparer/", comparing.compare, name="compare"),
    path("comparer/export", comparing.export_comparison, name="compare_export"),
]
