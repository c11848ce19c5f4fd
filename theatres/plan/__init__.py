"""Seating plans apart from the database: read, written and checked. Nothing here asks or changes a row."""

from theatres.plan.drawn import plan_drawing, plan_of_drawing
from theatres.plan.model import PlacedSeat, Plan, plan_of_places
from theatres.plan.rules import PlanUnreadable, Problem
from theatres.plan.text import plan_of_text, plan_text

__all__ = [
    "PlacedSeat",
    "Plan",
    "PlanUnreadable",
    "Problem",
    "plan_drawing",
    "plan_of_drawing",
    "plan_of_places",
    "plan_of_text",
    "plan_text",
]
