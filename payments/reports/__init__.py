"""What a theatre sold, showed, gave back and paid for. docs/reports.md defines every figure.

Everything here reads. Each report is a function of a Scope that returns a movy.lib.exports.Table in a fixed number of
queries; payments/report_views.py shows and exports them. Money of two currencies is never added.
"""
