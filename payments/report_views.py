"""The office's reports: on a page with a chart, and as files. Behind OfficeSite.admin_view: managers and the owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from movy.lib.charts import Bar, bar_chart
from movy.lib.clock import database_now
from movy.lib.exports import Cell, Column, Table, cell_text, csv_parts, xlsx_file
from movy.lib.money import Money
from movy.lib.pdf import pdf_table
from payments.report_forms import FORMATS, ReportForm
from payments.reports.attention import first_steps, matters_of
from payments.reports.catalogue import REPORTS, Report
from payments.reports.home import today_of, weeks_of
from payments.reports.scope import presets
from theatres.models import Theatre

CHART_BARS = 31
ROWS_SHOWN = 1000
"""Rows of a table on the page; files have all of them."""

PDF_ROWS_MAX = 5000
KEPT = ("first", "last", "by")
"""What stays asked when another theatre is chosen; its films are others."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRESETS = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "week": gettext_lazy("This week"),
    "week_before": gettext_lazy("Last week"),
    "month": gettext_lazy("This month"),
    "month_before": gettext_lazy("Last month"),
}


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses for a site's own list; they are named admin:reports and admin:report."""
    return [
        path("reports/", site.admin_view(report_list), name="reports"),
        path("reports/<slug:name>/", site.admin_view(report_page), name="report"),
    ]


def theatre_asked(request: HttpRequest) -> tuple[Theatre | None, list[Theatre]]:
    """Return the theatre named in the query, else the first, and all that this person may choose from. One query.

    Raises Http404 for a theatre that isn't among them, whether or not there is one.
    """
    own = list(Theatre.objects.visible_to(request.user).order_by("name", "pk"))
    asked = request.GET.get("theatre", "")
    if not asked:
        return (own[0] if own else None), own
    for theatre in own:
        if str(theatre.pk) == asked:
            return theatre, own
    raise Http404


def home_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the office's first page shows of one theatre, by default the first. Raises Http404 as above."""
    theatre, own = theatre_asked(request)
    context: dict[str, Any] = {"theatre": theatre, "own_theatres": own, "reports": REPORTS}
    if theatre is None:
        return context
    now = database_now()
    if steps := first_steps(theatre):
        return context | {"first_steps": steps}
    return context | {
        "now": now.astimezone(theatre.zone),
        "today": today_of(theatre, now),
        "weeks": weeks_of(theatre, now),
        "matters": matters_of(theatre, now),
    }


def report_list(request: HttpRequest) -> HttpResponse:
    """The reports there are."""
    theatre, own = theatre_asked(request)
    context = {"reports": REPORTS, "theatre": theatre, "own_theatres": own, "title": _("Reports")}
    return render(request, "admin/reports/index.html", admin.site.each_context(request) | context)


def report_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """One report: its page, or with `format` its file. What can't be read is said beside the field, with a 400."""
    report = REPORTS.get(name)
    theatre, own = theatre_asked(request)
    if report is None or theatre is None:
        raise Http404
    spans = presets(theatre, database_now())
    form = ReportForm(request.GET, theatre=theatre, report=report, days=spans[report.days])
    table = report.make(form.scope, form.grouping) if form.is_valid() else None
    if table and (file_format := form.cleaned_data["format"]):
        if file_format != "pdf" or len(table.rows) <= PDF_ROWS_MAX:
            return file_response(table, file_format)
        form.add_error(None, _("These are too many rows for a PDF. Choose fewer days, or take CSV or XLSX."))
    context = {
        "report": report,
        "name": name,
        "title": str(report.title),
        "theatre": theatre,
        "own_theatres": own,
        "form": form,
        "table": table,
        "rows": _texts(table, table.rows[:ROWS_SHOWN]) if table else [],
        "totals": _texts(table, table.totals) if table else [],
        "rows_shown": ROWS_SHOWN,
        "chart": table and _chart(report, table),
        "spans": _span_links(request, spans),
        "kept": "".join(f"&{urlencode({key: request.GET[key]})}" for key in KEPT if key in request.GET),
        "files": [(file_format.upper(), _with(request, format=file_format)) for file_format in FORMATS],
    }
    context = admin.site.each_context(request) | context
    return render(request, "admin/reports/report.html", context, status=200 if form.is_valid() else 400)


def file_response(table: Table, file_format: str) -> HttpResponseBase:
    """Return the table as a download named after its theatre and days."""
    name = f"{table.file_stem}.{file_format}"
    if file_format == "xlsx":
        return FileResponse(xlsx_file(table), as_attachment=True, filename=name, content_type=XLSX)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if file_format == "csv":
        return StreamingHttpResponse(csv_parts(table), content_type="text/csv; charset=utf-8", headers=headers)
    return HttpResponse(pdf_table(table), content_type="application/pdf", headers=headers)


def _chart(report: Report, table: Table) -> SafeString | None:
    """Return one column of a table as bars; nothing for one row, for too many, or for two currencies."""
    if report.chart_column is None or not 2 <= len(table.rows) <= CHART_BARS or len(table.totals) > 1:
        return None
    bars = [
        Bar(_label(table, row), _size(row[report.chart_column]), cell_text(row[report.chart_column]))
        for row in table.rows
    ]
    return bar_chart(bars, name=f"{table.title}: {table.columns[report.chart_column].title}")


def _label(table: Table, row: Sequence[Cell]) -> str:
    texts = [cell_text(cell) for cell, column in zip(row, table.columns, strict=True) if not column.is_number]
    return " · ".join(texts[:2])


def _size(cell: Cell) -> float:
    return float(cell.amount_minor if isinstance(cell, Money) else cell or 0)  # type: ignore[arg-type]


def _texts(table: Table, rows: Sequence[Sequence[Cell]]) -> list[list[tuple[str, str]]]:
    """Return each cell's text and its class."""

    def look(cell: Cell, column: Column) -> str:
        return "number" if column.is_number else "time" if isinstance(cell, date) else ""

    return [
        [(cell_text(cell), look(cell, column)) for cell, column in zip(row, table.columns, strict=True)] for row in rows
    ]


def _span_links(request: HttpRequest, spans: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (str(title), _with(request, first=spans[name][0].isoformat(), last=spans[name][1].isoformat()))
        for name, title in PRESETS.items()
    ]


def _with(request: HttpRequest, **changes: str) -> str:
    """Return the query of this page with some of it changed."""
    query = request.GET.copy()
    query.pop("format", None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"
